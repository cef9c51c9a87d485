/** What a room shows, by key. */
import type { News } from './library-news.ts';

export type Rows = ReadonlyMap<string, unknown>;

export interface RoomSource {
  all(): Rows;
  /** Only what the news touches; `null` removes. */
  touched(news: News): Rows;
}
