/**
 * The broker's end of the journal. Appends are collected until the event loop turns and go to the disk as one transaction
 * (group commit): one fsync serves everybody who waits, and answers come in the order of the calls.
 */
import type { Clock } from '#contract/clock.ts';
import { AppError } from '#contract/errors.ts';
import { systemClock } from '#store/observe/system-clock.ts';
import { bulkInsert } from '#store/sqlite/bulk.ts';
import { openDatabase, type Database } from '#store/sqlite/database.ts';
import { checkParameters, type SqlValue } from '#store/sqlite/values.ts';
import { readingFrom } from './journal-reader.ts';
import { JOURNAL_MIGRATIONS } from './journal-schema.ts';
import type { Appended, JournalWriter, NewEntry } from './journal.ts';
import { openMarks } from './marks.ts';
import { openTrim } from './trim.ts';

/** A transaction of this size takes 10 to 20 ms; the rest waits for the next turn. */
const ENTRIES_A_COMMIT = 1000;
/** And no more text than this: a thousand batches of the largest size would be 250 MB in one go. */
const CHARS_A_COMMIT = 8_388_608;
const COLUMNS = 9;
/**
 * A commit costs as much as reading twenty messages, so it waits while more keep arriving: a turn without any costs some
 * microseconds, and nobody waits for more than these.
 */
const GATHER_TURNS_MAX = 4;

interface Waiting {
  readonly entry: NewEntry;
  resolve(appended: Appended): void;
  reject(error: unknown): void;
}

/** Errors: `STO_UNAVAILABLE` (another process writes it), `STO_CORRUPT`, `STO_MIGRATION`. */
export function openJournalWriter(path: string, options: { readonly clock?: Clock } = {}): JournalWriter {
  const database = openDatabase(path, { mode: 'write', synchronous: 'FULL', migrations: JOURNAL_MIGRATIONS });
  return createJournalWriter(database, options.clock ?? systemClock);
}

/** Over a file opened by the caller, which this closes in the end. */
export function createJournalWriter(database: Database, clock: Clock): JournalWriter {
  const reading = readingFrom(database);
  const marks = openMarks(database);
  const trim = openTrim(database, marks);
  const insert = bulkInsert(database, {
    before: 'INSERT INTO entry(offset, library, kind, received_at_ms, source, epoch, seq, shift_ms, body) VALUES',
    columns: COLUMNS,
  });
  const listeners = new Set<(offset: number) => void>();
  let waiting: Waiting[] = [];
  let newest = reading.lastOffset();
  let isClosed = false;

  /** All of the group or none; the newest offset moves only when the disk has it. */
  const commit = (group: readonly Waiting[]): readonly Appended[] =>
    database.transaction(() => {
      const rows: SqlValue[] = [];
      let offset = newest;
      const outcomes = group.map(({ entry }): Appended => {
        const { library, source, epoch, seq } = entry;
        if (epoch !== null && seq !== null && !marks.take({ library, source, epoch }, seq))
          return { outcome: 'duplicate' };
        offset += 1;
        rows.push(offset, ...toValues(entry));
        return { outcome: 'stored', offset };
      });
      insert(rows);
      marks.saveWhenDue(offset);
      return outcomes;
    });

  /** Commits once a turn of the event loop brings nothing more, or enough have gathered. */
  const gather = (knownCount: number, turns: number): void => {
    const count = waiting.length;
    if (count > knownCount && count < ENTRIES_A_COMMIT && turns < GATHER_TURNS_MAX) {
      setImmediate(gather, count, turns + 1);
    } else flush();
  };

  const flush = (): void => {
    const group = takeGroup(waiting);
    waiting = waiting.slice(group.length);
    if (group.length === 0) return;
    if (waiting.length > 0) setImmediate(flush);
    try {
      const outcomes = commit(group);
      marks.settle(true);
      const before = newest;
      outcomes.forEach((appended, index) => {
        if (appended.outcome === 'stored') newest = appended.offset;
        group[index]?.resolve(appended);
      });
      if (newest > before)
        listeners.forEach((listener) => {
          listener(newest);
        });
    } catch (error: unknown) {
      marks.settle(false);
      for (const one of group) one.reject(error);
    }
  };

  return {
    ...reading,
    lastOffset: () => newest,
    append(entry) {
      return new Promise((resolve, reject) => {
        if (isClosed) throw new AppError('STO_UNAVAILABLE', `${database.path} is closed`, { path: database.path });
        // One entry that cannot be stored must not take the others of its group with it.
        checkEntry(entry);
        waiting.push({ entry, resolve, reject });
        if (waiting.length === 1) setImmediate(gather, 0, 1);
      });
    },
    trim: ({ beforeOffset, olderThanMs, bytesMax }) =>
      trim({ beforeOffset, receivedBeforeMs: clock.nowMs() - olderThanMs, bytesMax, newest }),
    onCommit(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    close() {
      if (isClosed) return Promise.resolve();
      isClosed = true;
      while (waiting.length > 0) flush();
      listeners.clear();
      database.close();
      return Promise.resolve();
    },
  };
}

function takeGroup(waiting: readonly Waiting[]): readonly Waiting[] {
  let chars = 0;
  let count = 0;
  for (const { entry } of waiting) {
    chars += entry.body.length;
    if (count === ENTRIES_A_COMMIT || (chars > CHARS_A_COMMIT && count > 0)) break;
    count += 1;
  }
  return waiting.slice(0, count);
}

/** Times are kept in whole milliseconds. */
function toValues(entry: NewEntry): SqlValue[] {
  const { library, kind, receivedAtMs, source, epoch, seq, shiftMs, body } = entry;
  return [library, kind, Math.round(receivedAtMs), source, epoch, seq, Math.round(shiftMs), body];
}

function checkEntry(entry: NewEntry): void {
  checkParameters(toValues(entry), COLUMNS - 1, 'append to the journal');
  const { seq } = entry;
  if (seq !== null && !(Number.isSafeInteger(seq) && seq > 0)) {
    throw new AppError('STO_BAD_VALUE', `the sequence number ${seq} is no whole number from 1`, { seq });
  }
}
