/** What a page and its service worker agree on. */
export const WORKER_FILE = '/worker.js';
export const WORDS_CACHE = 'shelfwise-words';
export const TAKE_OVER = 'take-over';

export interface TakeOver {
  readonly kind: typeof TAKE_OVER;
  /** Path of the script that the asking page runs: it tells which build the page is of. */
  readonly script: string;
}
