/**
 * The files of the embedded history: raw evidence by day, everything else by year, so that forgetting is deleting a file.
 * They are opened when needed; for writing only by the process that writes, so that others may read beside it.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase, type Database } from '#store/sqlite/database.ts';
import type { Measurement } from './history.ts';
import { retentionOf } from './point.ts';

const HISTORY_MIGRATIONS = [
  `CREATE TABLE series(
     id INTEGER PRIMARY KEY,
     measurement TEXT NOT NULL,
     library TEXT NOT NULL,
     branch TEXT NOT NULL,
     floor TEXT NOT NULL,
     zone TEXT NOT NULL,
     subject TEXT NOT NULL,
     kind TEXT NOT NULL,
     UNIQUE (library, measurement, subject, kind, zone, floor, branch)
   ) STRICT;
   -- low: the digits below the millisecond; the same event always has the same.
   CREATE TABLE point(
     series INTEGER NOT NULL REFERENCES series(id),
     at_ms INTEGER NOT NULL,
     low INTEGER NOT NULL,
     fields TEXT NOT NULL,
     PRIMARY KEY (series, at_ms, low)
   ) STRICT, WITHOUT ROWID;`,
];

/** Late data opens old days; more than this at once would be handles for nothing. */
const OPEN_FILES_MAX = 16;
const FILE_NAME = /^history-(\d{4})(?:-(\d{2})-(\d{2}))?\.db$/;
/** SQLite's own companions, and those of the writer's lock. */
const COMPANIONS = ['', '-wal', '-shm', '.lock', '.pid'];

export interface HistoryFiles {
  forWriting(name: string): Database;
  /** `undefined`: nothing was written there yet. */
  forReading(name: string): Database | undefined;
  remove(name: string): void;
  /** Names with the time at which what they hold ends. */
  list(): readonly { readonly name: string; readonly isRaw: boolean; readonly endMs: number }[];
  close(): void;
}

export function fileNameOf(measurement: Measurement, atMs: number): string {
  const date = new Date(atMs).toISOString();
  return `history-${date.slice(0, retentionOf(measurement) === 'raw' ? 10 : 4)}.db`;
}

/** The files that hold a measurement between two times. */
export function fileNamesBetween(measurement: Measurement, fromMs: number, toMs: number): readonly string[] {
  const names = new Set<string>();
  const isRaw = retentionOf(measurement) === 'raw';
  const cursor = new Date(fromMs);
  cursor.setUTCHours(0, 0, 0, 0);
  if (!isRaw) cursor.setUTCMonth(0, 1);
  while (cursor.getTime() < toMs) {
    names.add(fileNameOf(measurement, cursor.getTime()));
    if (isRaw) cursor.setUTCDate(cursor.getUTCDate() + 1);
    else cursor.setUTCFullYear(cursor.getUTCFullYear() + 1);
  }
  return [...names];
}

export function openHistoryFiles(folder: string): HistoryFiles {
  const open = new Map<string, { readonly database: Database; readonly mode: 'read' | 'write' }>();

  const close = (name: string): void => {
    open.get(name)?.database.close();
    open.delete(name);
  };
  const take = (name: string, mode: 'read' | 'write'): Database => {
    const known = open.get(name);
    if (known?.mode === 'write' || known?.mode === mode) return known.database;
    close(name);
    const oldest = open.keys().next();
    if (open.size >= OPEN_FILES_MAX && oldest.done !== true) close(oldest.value);
    const database = openDatabase(join(folder, name), { mode, synchronous: 'NORMAL', migrations: HISTORY_MIGRATIONS });
    open.set(name, { database, mode });
    return database;
  };

  return {
    forWriting: (name) => take(name, 'write'),
    forReading: (name) => (existsSync(join(folder, name)) ? take(name, 'read') : undefined),
    remove(name) {
      close(name);
      for (const companion of COMPANIONS) rmSync(join(folder, `${name}${companion}`), { force: true });
    },
    list() {
      if (!existsSync(folder)) return [];
      return readdirSync(folder).flatMap((name) => {
        const [, year, month, day] = FILE_NAME.exec(name) ?? [];
        if (year === undefined) return [];
        const isRaw = month !== undefined;
        const endMs = isRaw
          ? Date.UTC(Number(year), Number(month) - 1, Number(day) + 1)
          : Date.UTC(Number(year) + 1, 0, 1);
        return [{ name, isRaw, endMs }];
      });
    },
    close() {
      for (const name of [...open.keys()]) close(name);
    },
  };
}
