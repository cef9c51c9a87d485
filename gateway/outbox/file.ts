/** The file of the outbox: its schema, and what happens when it is damaged. */
import { existsSync, renameSync } from 'node:fs';
import { AppError } from '#contract/errors.ts';
import { openDatabase, type Database } from '#store/sqlite/database.ts';

const MIGRATIONS: readonly string[] = [
  `CREATE TABLE outbox (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     at INTEGER NOT NULL,
     routine INTEGER NOT NULL,
     observations INTEGER NOT NULL,
     size INTEGER NOT NULL,
     bytes BLOB NOT NULL
   );
   CREATE INDEX outbox_routine ON outbox (seq) WHERE routine = 1;
   CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
   CREATE TABLE command (id TEXT PRIMARY KEY, keep_until INTEGER NOT NULL, answered INTEGER NOT NULL) WITHOUT ROWID;`,
  // See gateway/commands: answers are said again, writes that were cut off are recognised, refused passwords not guessed.
  `ALTER TABLE command ADD COLUMN reply TEXT;
   ALTER TABLE command ADD COLUMN answered_at INTEGER;
   CREATE TABLE torn_write (
     tag TEXT PRIMARY KEY, at INTEGER NOT NULL, before BLOB NOT NULL, after BLOB NOT NULL, content TEXT NOT NULL
   ) WITHOUT ROWID;
   CREATE TABLE refused_password (
     tag TEXT NOT NULL, name TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (tag, name)
   ) WITHOUT ROWID;`,
  // A lane of their own for answers, see lane.ts.
  `CREATE TABLE reply_batch (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     at INTEGER NOT NULL,
     routine INTEGER NOT NULL,
     observations INTEGER NOT NULL,
     size INTEGER NOT NULL,
     bytes BLOB NOT NULL
   );`,
];

export interface OutboxFile {
  readonly database: Database;
  /** Where a damaged file was put, if there was one. */
  readonly damagedPath: string | undefined;
}

/** Opens the file; one that is damaged is put aside and a new one begun. Errors: STO_UNAVAILABLE (somebody else writes it). */
export function openOutboxFile(path: string, nowMs: number): OutboxFile {
  let damagedPath: string | undefined;
  let database: Database;
  try {
    database = openSound(path);
  } catch (error: unknown) {
    if (!isDamage(error)) throw error;
    damagedPath = putAside(path, nowMs);
    database = openSound(path);
  }
  return { database, damagedPath };
}

export function isDamage(error: unknown): boolean {
  return error instanceof AppError && (error.code === 'STO_CORRUPT' || error.code === 'OUT_CORRUPT');
}

function openSound(path: string): Database {
  const database = openDatabase(path, { mode: 'write', synchronous: 'FULL', migrations: MIGRATIONS });
  try {
    const verdict = Object.values(database.prepare('PRAGMA quick_check(1)').get() ?? {})[0];
    if (verdict !== 'ok') throw new AppError('OUT_CORRUPT', `${path} is damaged: ${String(verdict)}`, { path });
    return database;
  } catch (error: unknown) {
    database.close();
    throw error;
  }
}

/** Kept for a person to look at; the write-ahead log belongs to it. */
export function putAside(path: string, nowMs: number): string {
  const aside = `${path}.damaged-${nowMs}`;
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
  }
  return aside;
}
