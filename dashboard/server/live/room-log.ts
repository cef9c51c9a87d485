/**
 * What one room has told its members: the rows as they are, a number per diff, and the last diffs, so that somebody who
 * was away gets what was missed. Knows nothing of sockets.
 */
import type { Diff, JoinAnswer } from '#contract/wire/live.ts';

/** A minute at ten diffs a second: a phone that slept, a line that dropped. */
const RING_DIFFS = 600;
/** Beyond this share of a room the whole room is said again: it costs little more and heals whatever went wrong. */
const SNAPSHOT_SHARE = 0.6;

export interface Stamp {
  /** Server time, ISO 8601. */
  readonly at: string;
  readonly asOf: string | null;
}

type Rows = readonly (readonly [key: string, row: unknown])[];

export interface RoomLog {
  readonly name: string;
  seq(): number;
  keys(): Iterable<string>;
  /** Takes new rows in (`null` removes) and returns the diff, or `undefined` when nothing is different. */
  take(changes: ReadonlyMap<string, unknown>, stamp: Stamp): Diff | undefined;
  /** Replaces all rows. */
  replace(rows: ReadonlyMap<string, unknown>, stamp: Stamp): Diff | undefined;
  /** An empty diff with a number of its own: without one, a lost diff before it would go unnoticed. */
  beat(stamp: Stamp): Diff;
  /** A diff of the ring, if it is still there. */
  diff(seq: number): Diff | undefined;
  /** What somebody who knows everything up to `since` must be told. */
  answer(since: { readonly epoch: string; readonly seq: number } | undefined, stamp: Stamp): JoinAnswer;
}

/** `firstSeq` must lie above every number this name had before in the same epoch. */
export function createRoomLog(name: string, epoch: string, firstSeq: number): RoomLog {
  const rows = new Map<string, { readonly row: unknown; readonly text: string }>();
  const ring: Diff[] = [];
  let seq = firstSeq;

  function append(changed: Rows, stamp: Stamp): Diff {
    seq += 1;
    const diff: Diff = { room: name, epoch, seq, ...stamp, rows: changed };
    ring.push(diff);
    if (ring.length > RING_DIFFS) ring.shift();
    return diff;
  }

  function snapshot(): Rows {
    return [...rows].map(([key, { row }]) => [key, row] as const);
  }

  function take(changes: ReadonlyMap<string, unknown>, stamp: Stamp): Diff | undefined {
    const changed: (readonly [string, unknown])[] = [];
    for (const [key, row] of changes) {
      const text = JSON.stringify(row);
      if (row === null ? !rows.has(key) : rows.get(key)?.text === text) continue;
      if (row === null) rows.delete(key);
      else rows.set(key, { row, text });
      changed.push([key, row]);
    }
    if (changed.length === 0) return undefined;
    const isMost = changed.length > SNAPSHOT_SHARE * rows.size && changed.length < rows.size;
    const removed = changed.filter(([, row]) => row === null);
    return append(isMost ? [...snapshot(), ...removed] : changed, stamp);
  }

  /** Diffs after `known`, unless one is missing or they weigh more than the room itself. */
  function missed(known: number): readonly Diff[] | undefined {
    const oldest = ring[0]?.seq ?? seq + 1;
    if (known > seq || known < oldest - 1) return undefined;
    const diffs = ring.slice(ring.length - (seq - known));
    const rowCount = diffs.reduce((sum, diff) => sum + diff.rows.length, 0);
    return rowCount > rows.size + RING_DIFFS ? undefined : diffs;
  }

  return {
    name,
    seq: () => seq,
    keys: () => rows.keys(),
    take,
    replace(next, stamp) {
      const gone = [...rows.keys()].filter((key) => !next.has(key)).map((key) => [key, null] as const);
      return take(new Map<string, unknown>([...next, ...gone]), stamp);
    },
    beat: (stamp) => append([], stamp),
    diff: (wanted) => ring[ring.length - 1 - (seq - wanted)],
    answer(since, stamp) {
      const head = { ok: true, room: name, epoch, seq, ...stamp } as const;
      const diffs = since?.epoch === epoch ? missed(since.seq) : undefined;
      return diffs === undefined ? { ...head, rows: snapshot() } : { ...head, diffs };
    },
  };
}
