/**
 * What has come already, per sender and outbox file: the highest number, and the holes below it. No time window: a batch
 * that was on the way for a week is still recognised.
 *
 * The entries themselves say what has come, so the table of marks need not be written with every commit: it is true up to
 * the offset it carries, and the few entries after that are taken in again when the journal is opened.
 */
import { bulkInsert } from '#store/sqlite/bulk.ts';
import type { Database } from '#store/sqlite/database.ts';
import { number, text, type SqlRow, type SqlValue } from '#store/sqlite/values.ts';
import type { Sender } from './journal.ts';

/** First and last number that has not come. */
type Gap = readonly [first: number, last: number];

interface Mark {
  readonly high: number;
  /** Ascending, never touching. */
  readonly gaps: readonly Gap[];
}

/**
 * A gateway sends in order with at most a few hundred batches in flight, so holes beyond that are batches its outbox
 * dropped for want of room: they never come. The oldest is forgotten, which makes it count as seen.
 */
export const GAPS_MAX = 1000;
/** Senders kept in memory, about 200 bytes each; the others are read again when they speak. */
const SENDERS_IN_MEMORY_MAX = 10_000;
/** Taken in again at a start: some 20 ms. */
export const ENTRIES_BETWEEN_SAVES = 10_000;
const NOTHING_CAME: Mark = { high: 0, gaps: [] };

export interface Marks {
  /** True the first time a number comes. Belongs into the transaction that stores the entry. */
  take(sender: Sender, seq: number): boolean;
  /** In the same transaction, behind its entries: writes the marks once in a while. */
  saveWhenDue(lastOffset: number): void;
  /** In a transaction: the entries up to here may go, so the marks must stand for themselves. */
  save(lastOffset: number): void;
  /** After the transaction: what `take` changed holds, or never was. */
  settle(isCommitted: boolean): void;
}

export function openMarks(database: Database): Marks {
  const select = database.prepare(SELECT_MARK);
  const upsert = bulkInsert(database, {
    before: 'INSERT INTO mark(library, source, epoch, high, gaps) VALUES',
    columns: 5,
    after: 'ON CONFLICT DO UPDATE SET high = excluded.high, gaps = excluded.gaps',
  });
  const setSavedUpTo = database.prepare('UPDATE marked SET up_to = ?');
  const known = new Map<string, Mark>();
  /** Changed since the table was written. */
  const unsaved = new Map<string, Sender>();
  /** As they were before the transaction under way. */
  const before = new Map<string, Mark>();
  let savedUpTo = number(database.prepare('SELECT up_to FROM marked').get() ?? {}, 'up_to');
  let savingUpTo: number | undefined;

  const markOf = (key: string, { library, source, epoch }: Sender): Mark => {
    const mark = known.get(key) ?? toMark(select.get([library, source, epoch])) ?? NOTHING_CAME;
    known.set(key, mark);
    return mark;
  };
  const take = (sender: Sender, seq: number): boolean => {
    // No text of ours holds a NUL, so two senders never share a key.
    const key = `${sender.library}\0${sender.source}\0${sender.epoch}`;
    const mark = markOf(key, sender);
    const next = takeSeq(mark, seq);
    if (next === undefined) return false;
    if (!before.has(key)) before.set(key, mark);
    known.set(key, next);
    unsaved.set(key, sender);
    return true;
  };
  const save = (lastOffset: number): void => {
    const rows: SqlValue[] = [];
    for (const [key, { library, source, epoch }] of unsaved) {
      const { high, gaps } = known.get(key) ?? NOTHING_CAME;
      rows.push(library, source, epoch, high, JSON.stringify(gaps));
    }
    upsert(rows);
    setSavedUpTo.run([lastOffset]);
    savingUpTo = lastOffset;
  };

  for (const { sender, seq } of entriesAfter(database, savedUpTo)) take(sender, seq);
  before.clear();
  return {
    take,
    save,
    saveWhenDue(lastOffset) {
      if (lastOffset - savedUpTo >= ENTRIES_BETWEEN_SAVES || known.size > SENDERS_IN_MEMORY_MAX) save(lastOffset);
    },
    settle(isCommitted) {
      if (!isCommitted) for (const [key, mark] of before) known.set(key, mark);
      before.clear();
      if (isCommitted && savingUpTo !== undefined) {
        savedUpTo = savingUpTo;
        unsaved.clear();
        if (known.size > SENDERS_IN_MEMORY_MAX) known.clear();
      }
      savingUpTo = undefined;
    },
  };
}

const SELECT_MARK = 'SELECT high, gaps FROM mark WHERE library = ? AND source = ? AND epoch = ?';

function toMark(row: SqlRow | undefined): Mark | undefined {
  return row && { high: number(row, 'high'), gaps: JSON.parse(text(row, 'gaps')) as Gap[] };
}

/** All of them at once: there are never many more than {@link ENTRIES_BETWEEN_SAVES}. */
function entriesAfter(database: Database, offset: number): { readonly sender: Sender; readonly seq: number }[] {
  const rows = database
    .prepare(
      `SELECT library, source, epoch, seq FROM entry
       WHERE offset > ? AND epoch IS NOT NULL AND seq IS NOT NULL ORDER BY offset`,
    )
    .all([offset]);
  return rows.map((row) => ({
    sender: { library: text(row, 'library'), source: text(row, 'source'), epoch: text(row, 'epoch') },
    seq: number(row, 'seq'),
  }));
}

/** Whether the file holds, or once held, this number of this sender. For readers in any process. */
export function openHolds(database: Database): (sender: Sender, seq: number) => boolean {
  const savedUpTo = database.prepare('SELECT up_to FROM marked');
  const select = database.prepare(SELECT_MARK);
  const find = database.prepare(
    'SELECT 1 AS found FROM entry WHERE offset > ? AND library = ? AND source = ? AND epoch = ? AND seq = ? LIMIT 1',
  );
  return ({ library, source, epoch }, seq) => {
    // First how far the marks stand: what the writer adds meanwhile is then looked at twice rather than never.
    const upTo = number(savedUpTo.get() ?? {}, 'up_to');
    const mark = toMark(select.get([library, source, epoch])) ?? NOTHING_CAME;
    if (takeSeq(mark, seq) === undefined) return true;
    return find.get([upTo, library, source, epoch, seq]) !== undefined;
  };
}

/** The mark with `seq` taken in, or `undefined` when it had come before. */
function takeSeq({ high, gaps }: Mark, seq: number): Mark | undefined {
  if (seq === high + 1) return { high: seq, gaps };
  if (seq > high) return { high: seq, gaps: [...gaps, [high + 1, seq - 1] as const].slice(-GAPS_MAX) };
  const index = gaps.findIndex(([first, last]) => first <= seq && seq <= last);
  const gap = gaps[index];
  if (gap === undefined) return undefined;
  const [first, last] = gap;
  const rest: Gap[] = [];
  if (first < seq) rest.push([first, seq - 1]);
  if (seq < last) rest.push([seq + 1, last]);
  return { high, gaps: [...gaps.slice(0, index), ...rest, ...gaps.slice(index + 1)].slice(-GAPS_MAX) };
}
