/**
 * One writing process per database file. The lock is the operating system's: an exclusive transaction held open on a small
 * file beside the database, so that a process that dies, however it dies, leaves nothing to clean up and a reused process
 * number deceives nobody. The number beside it (`.pid`) is only for the message.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import Libsql from 'libsql';
import { AppError } from '#contract/errors.ts';

/** Takes the lock of `path` and returns the way to give it back. Errors: `STO_UNAVAILABLE` (someone else holds it). */
export function lockForWriting(path: string): () => void {
  const pidPath = `${path}.pid`;
  let holder: Libsql.Database | undefined;
  try {
    holder = new Libsql(`${path}.lock`);
    holder.exec('BEGIN EXCLUSIVE');
    writeFileSync(pidPath, `${process.pid}\n`);
  } catch (cause: unknown) {
    holder?.close();
    const pid = readPid(pidPath);
    const sentence = isBusy(cause)
      ? `${path} is being written by process ${pid ?? 'unknown'}; only one process may write it`
      : `${path} cannot be locked for writing: ${cause instanceof Error ? cause.message : 'unknown reason'}`;
    throw new AppError('STO_UNAVAILABLE', sentence, { path, pid }, { cause });
  }
  const held = holder;
  return () => {
    rmSync(pidPath, { force: true });
    held.exec('ROLLBACK');
    held.close();
  };
}

function isBusy(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'SQLITE_BUSY';
}

function readPid(pidPath: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(pidPath, 'utf8'), 10);
    return Number.isSafeInteger(pid) ? pid : null;
  } catch {
    // The holder may be between the lock and its note; the message then says "unknown".
    return null;
  }
}
