/**
 * SQLite as the rest of the project sees it. The only place that knows libsql, whose traps are guarded here and in the
 * files beside.
 */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import Libsql from 'libsql';
import { assert } from '#contract/assert.ts';
import { AppError } from '#contract/errors.ts';
import { nameSqliteError } from './errors.ts';
import { migrate, requireMigrated } from './migrate.ts';
import { createStatement, type Statement } from './statement.ts';
import { lockForWriting } from './writer-lock.ts';

export interface OpenOptions {
  /** `write` creates the file and its folder and takes the writer's lock; `read` wants the file to be there. */
  readonly mode: 'write' | 'read';
  /** FULL: a commit is on the disk when it returns. NORMAL: the last moments may be lost with the power, never torn. */
  readonly synchronous?: 'FULL' | 'NORMAL';
  /** `migrations[n]` leads from schema version n to n + 1. */
  readonly migrations?: readonly string[];
}

export interface Database {
  readonly path: string;
  /** Prepared once per text and kept: build few texts (use `json_each(?)` for lists). */
  prepare(sql: string): Statement;
  /** Several statements without parameters. */
  exec(sql: string): void;
  /** All or nothing; `body` must not wait for anything. */
  transaction<T>(body: () => T): T;
  /** Writes a consistent copy while everything goes on; replaces `target` only when it is whole. */
  backup(target: string): void;
  /** Safe to call twice. */
  close(): void;
}

/** With one writer per file nobody waits for long; a checkpoint or a backup may take this. */
const BUSY_TIMEOUT_MS = 5000;
/** 4 MiB of log between checkpoints: small enough to be quick, large enough to be rare. */
const WAL_PAGES_BEFORE_CHECKPOINT = 1000;
/** What a burst may leave behind of the log file once it is checkpointed. */
const WAL_BYTES_KEPT = 67_108_864;
/** Statements are few and fixed; beyond this the oldest goes, so that a text built per call cannot eat the memory. */
const STATEMENTS_MAX = 500;

/** Errors: `STO_UNAVAILABLE`, `STO_CORRUPT`, `STO_MIGRATION`. */
export function openDatabase(path: string, options: OpenOptions): Database {
  const isWriter = options.mode === 'write';
  if (isWriter) makeFolder(path);
  else if (!existsSync(path)) throw new AppError('STO_UNAVAILABLE', `${path} does not exist yet`, { path });

  const unlock = isWriter ? lockForWriting(path) : undefined;
  let raw: Libsql.Database | undefined;
  try {
    raw = new Libsql(path, { timeout: BUSY_TIMEOUT_MS });
    configure(raw, options);
    const database = wrap(raw, path, { isWriter, unlock });
    if (options.migrations !== undefined) (isWriter ? migrate : requireMigrated)(database, options.migrations);
    return database;
  } catch (error: unknown) {
    raw?.close();
    unlock?.();
    throw nameSqliteError(error, path);
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (cause: unknown) {
    throw new AppError('STO_UNAVAILABLE', `the folder of ${path} cannot be made`, { path }, { cause });
  }
}

function configure(raw: Libsql.Database, options: OpenOptions): void {
  raw.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  raw.exec('PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF');
  if (options.mode === 'read') {
    // libsql ignores its `readonly` option; this holds.
    raw.exec('PRAGMA query_only = ON');
    return;
  }
  raw.exec('PRAGMA journal_mode = WAL');
  raw.exec(`PRAGMA synchronous = ${options.synchronous ?? 'FULL'}`);
  raw.exec(`PRAGMA wal_autocheckpoint = ${WAL_PAGES_BEFORE_CHECKPOINT}; PRAGMA journal_size_limit = ${WAL_BYTES_KEPT}`);
}

function wrap(
  raw: Libsql.Database,
  path: string,
  { isWriter, unlock }: { readonly isWriter: boolean; readonly unlock: (() => void) | undefined },
): Database {
  const statements = new Map<string, Statement>();
  let isOpen = true;
  const owner = {
    path,
    // libsql goes on answering from statements of a closed database.
    assertOpen(): void {
      if (!isOpen) throw new AppError('STO_UNAVAILABLE', `${path} is closed`, { path });
    },
  };
  const isInTransaction = (): boolean => raw.inTransaction;
  const exec = (sql: string): void => {
    owner.assertOpen();
    try {
      raw.exec(sql);
    } catch (error: unknown) {
      throw nameSqliteError(error, path);
    }
  };
  const prepare = (sql: string): Statement => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    owner.assertOpen();
    const statement = createStatement(raw, sql, owner);
    const oldest = statements.keys().next();
    if (statements.size >= STATEMENTS_MAX && oldest.done !== true) statements.delete(oldest.value);
    statements.set(sql, statement);
    return statement;
  };

  return {
    path,
    prepare,
    exec,
    transaction(body) {
      assert(!isInTransaction(), 'a transaction does not start inside another');
      exec(isWriter ? 'BEGIN IMMEDIATE' : 'BEGIN');
      try {
        const result = body();
        assert(!(result instanceof Promise), 'a transaction does not wait');
        exec('COMMIT');
        return result;
      } catch (error: unknown) {
        // A full disk has rolled back by itself already.
        if (isInTransaction()) raw.exec('ROLLBACK');
        throw error;
      }
    },
    backup(target) {
      const draft = `${target}.part`;
      rmSync(draft, { force: true });
      prepare('VACUUM INTO ?').run([draft]);
      renameSync(draft, target);
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      statements.clear();
      raw.close();
      unlock?.();
    },
  };
}
