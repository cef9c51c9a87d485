/**
 * Live updates over socket.io: rooms with a snapshot and numbered diffs.
 *
 *     client: emit('join', {room, since?}, ack)      ack: {ok: true, epoch, seq, rows | diffs} or {ok: false, code, detail}
 *     server: emit('diff', {room, epoch, seq, at, rows})     rows: [key, row | null][]; null removes
 *     client: emit('leave', {room})
 *
 * `epoch` names one server start; a client that sees another epoch, or a gap in `seq`, joins again.
 * Every diff carries the server's time, and an empty one leaves once a second, so that a screen can say how old it is.
 */
import { z } from 'zod';
import { barcode, libraryKey, placeId, readerId } from '#contract/domain/ids.ts';
import { sweepSession } from '#contract/domain/sweep.ts';

export const DIFF_INTERVAL_MS = 100;

/** Room names are values, so that rights are a question of the parsed room and never of a string prefix. */
export const room = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('floor'), library: libraryKey, floor: placeId }),
  z.strictObject({ kind: z.literal('space'), library: libraryKey }),
  z.strictObject({ kind: z.literal('work-list'), library: libraryKey }),
  z.strictObject({ kind: z.literal('devices'), library: libraryKey }),
  /** The newest events at the gates. Keys are numbers of facts, rows `gateEventRow` of `rest-gates.ts`. */
  z.strictObject({ kind: z.literal('gates'), library: libraryKey }),
  z.strictObject({ kind: z.literal('item'), library: libraryKey, item: barcode }),
  /** All sweeps of the last day, and search lists. Keys `sweep:<session>` (`sweepSummary`) and `search-lists` (`ChangeRow`). */
  z.strictObject({ kind: z.literal('sweeps'), library: libraryKey }),
  /** One sweep while it runs. Keys `sweep`, `shelf:<place>`, `bay:<place>`, `finding:<id>`; rows as in `rest-sweeps.ts`. */
  z.strictObject({ kind: z.literal('sweep'), library: libraryKey, session: sweepSession }),
  /** Find one: how strongly a wand hears the tags it looks for. Keys are tags, rows `findSignalView`. */
  z.strictObject({ kind: z.literal('find'), library: libraryKey, wand: readerId }),
]);
export type Room = z.infer<typeof room>;

/** One string per room, for socket.io. */
export function roomName(value: Room): string {
  switch (value.kind) {
    case 'floor':
      return `lib:${value.library}:floor:${value.floor}`;
    case 'item':
      return `lib:${value.library}:item:${value.item}`;
    case 'sweep':
      return `lib:${value.library}:sweep:${value.session}`;
    case 'find':
      return `lib:${value.library}:find:${value.wand}`;
    default:
      return `lib:${value.library}:${value.kind}`;
  }
}

export const joinRequest = z.strictObject({
  room,
  since: z.strictObject({ epoch: z.string().max(40), seq: z.int().min(0) }).optional(),
});
export type JoinRequest = z.infer<typeof joinRequest>;

/** A shelf on a floor map. Key: place id. */
export interface ShelfRow {
  readonly items: number;
  readonly wrong: number;
  /** `dead` and `blind`: what is shown there may be old; nothing is concluded from silence. */
  readonly state: 'live' | 'unscheduled' | 'blind' | 'dead' | 'unequipped';
  readonly lastHeardAt: string | null;
}

/** A zone or room with people. Key: place id. `null` is unknown. */
export interface SpaceRow {
  readonly people: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly capacity: number | null;
  readonly at: string | null;
  readonly stale: boolean;
}

/** Whatever changed on the work list or the devices page is fetched again over REST; the row says only what. */
export interface ChangeRow {
  readonly changedAt: string;
}

export interface Diff {
  readonly room: string;
  readonly epoch: string;
  readonly seq: number;
  /** Server time, ISO 8601. */
  readonly at: string;
  /** Journal time up to which the engine has taken everything in; stands still while the broker or engine is down. */
  readonly asOf: string | null;
  readonly rows: readonly (readonly [key: string, row: unknown])[];
}

export type JoinAnswer =
  | {
      readonly ok: true;
      readonly room: string;
      readonly epoch: string;
      readonly seq: number;
      readonly at: string;
      readonly asOf: string | null;
      /** The whole room, unless `diffs` could close the gap. */
      readonly rows?: readonly (readonly [key: string, row: unknown])[];
      readonly diffs?: readonly Diff[];
    }
  | { readonly ok: false; readonly code: string; readonly detail: string };
