/**
 * What has come already, per sender and outbox file: the highest number, and the holes below it. No time window: a batch
 * that was on the way for a week is still recognised.
 */
import type { Database } from '#store/sqlite/database.ts';
import { number, text } from '#store/sqlite/values.ts';

export interface Sender {
  readonly library: string;
  readonly source: string;
  readonly epoch: string;
}

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

export interface Marks {
  /** True the first time a number comes. Belongs into the transaction that stores the entry. */
  take(sender: Sender, seq: number): boolean;
  /** Writes what `take` changed, in the same transaction. */
  save(): void;
  /** After a transaction that failed: what is on the disk counts. */
  forget(): void;
}

export function openMarks(database: Database): Marks {
  const select = database.prepare('SELECT high, gaps FROM mark WHERE library = ? AND source = ? AND epoch = ?');
  const upsert = database.prepare(
    `INSERT INTO mark(library, source, epoch, high, gaps) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET high = excluded.high, gaps = excluded.gaps`,
  );
  const known = new Map<string, Mark>();
  const changed = new Map<string, Sender>();

  const load = ({ library, source, epoch }: Sender): Mark => {
    const row = select.get([library, source, epoch]);
    return row === undefined
      ? { high: 0, gaps: [] }
      : { high: number(row, 'high'), gaps: JSON.parse(text(row, 'gaps')) as Gap[] };
  };

  return {
    take(sender, seq) {
      const key = JSON.stringify([sender.library, sender.source, sender.epoch]);
      const mark = known.get(key) ?? load(sender);
      const next = takeSeq(mark, seq);
      known.set(key, next ?? mark);
      if (next !== undefined) changed.set(key, sender);
      return next !== undefined;
    },
    save() {
      for (const [key, { library, source, epoch }] of changed) {
        const mark = known.get(key);
        if (mark !== undefined) upsert.run([library, source, epoch, mark.high, JSON.stringify(mark.gaps)]);
      }
      changed.clear();
      if (known.size > SENDERS_IN_MEMORY_MAX) known.clear();
    },
    forget() {
      known.clear();
      changed.clear();
    },
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
