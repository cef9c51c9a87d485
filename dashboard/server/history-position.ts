/** How far the history writer has come, from the small file it keeps beside its own. */
import { openDatabase } from '#store/sqlite/database.ts';

export interface HistoryPosition {
  readonly offset: number;
  readonly atMs: number;
  /** In the writer's words: `ok`, or what holds it up. */
  readonly state: string;
  readonly detail: string | null;
}

export function openHistoryPosition(path: string): { read(): HistoryPosition | undefined; close(): void } {
  const database = openDatabase(path, { mode: 'read' });
  return {
    read() {
      const row = database.prepare('SELECT offset, at_ms, state, detail FROM position LIMIT 1').get();
      if (row === undefined) return undefined;
      const { detail } = row;
      return {
        offset: Number(row['offset']),
        atMs: Number(row['at_ms']),
        state: String(row['state']),
        detail: typeof detail === 'string' && detail !== '' ? detail : null,
      };
    },
    close: () => {
      database.close();
    },
  };
}
