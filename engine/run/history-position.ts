/**
 * How far the history is written, in a small file of its own (`history-position.db`): the journal's offset, the last fact
 * of each library, and for other processes how it is going.
 */
import { openDatabase } from '#store/sqlite/database.ts';

export const HISTORY_POSITION_FILE = 'history-position.db';

export interface HistoryState {
  /** `behind`: writing, but not caught up; `down`: the history does not answer. */
  readonly state: 'ok' | 'behind' | 'down';
  /** Journal entries not yet written. */
  readonly behind: number;
  readonly detail: string;
}

const MIGRATIONS = [
  `CREATE TABLE position(id INTEGER PRIMARY KEY CHECK (id = 1), offset INTEGER NOT NULL, at_ms INTEGER NOT NULL,
     state TEXT NOT NULL, detail TEXT NOT NULL, behind INTEGER NOT NULL);
   INSERT INTO position VALUES (1, 0, 0, 'ok', '', 0);
   CREATE TABLE fact_position(library TEXT PRIMARY KEY, n INTEGER NOT NULL);`,
];

export interface HistoryPosition {
  offset(): number;
  factNumber(library: string): number;
  /** Everything of one step at once. */
  put(step: {
    readonly offset: number;
    readonly atMs: number;
    readonly state: HistoryState;
    readonly facts: ReadonlyMap<string, number>;
  }): void;
  close(): void;
}

export function openHistoryPosition(path: string): HistoryPosition {
  const database = openDatabase(path, { mode: 'write', synchronous: 'NORMAL', migrations: MIGRATIONS });
  const readOffset = database.prepare('SELECT offset FROM position');
  const readFact = database.prepare('SELECT n FROM fact_position WHERE library = ?');
  const putPosition = database.prepare('UPDATE position SET offset = ?, at_ms = ?, state = ?, detail = ?, behind = ?');
  const putFact = database.prepare('INSERT OR REPLACE INTO fact_position(library, n) VALUES (?, ?)');
  return {
    offset: () => Number(readOffset.get([])?.['offset'] ?? 0),
    factNumber: (library) => Number(readFact.get([library])?.['n'] ?? 0),
    put({ offset, atMs, state, facts }) {
      database.transaction(() => {
        putPosition.run([offset, Math.round(atMs), state.state, state.detail, state.behind]);
        for (const [library, n] of facts) putFact.run([library, n]);
      });
    },
    close: () => {
      database.close();
    },
  };
}
