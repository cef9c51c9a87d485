/** REST shapes of an earlier time: what stood where, minute by minute, and what moved. Times are ISO 8601 UTC. */
import { z } from 'zod';
import { barcode, placeId } from '#contract/domain/ids.ts';

/** Longest stretch one answer holds: a slider has an hour, an export may want a shift. */
export const PAST_MINUTES_MAX = 240;

/** `unknown`: no antenna of the shelf had spoken yet. */
export const pastShelfState = z.enum(['live', 'unscheduled', 'blind', 'dead', 'unequipped', 'unknown']);
export type PastShelfState = z.infer<typeof pastShelfState>;

const shelfThen = z.object({ place: placeId, items: z.int(), wrong: z.int(), state: pastShelfState });

export const pastFloor = z.object({
  floor: placeId,
  /** First and last minute of the stretch. */
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  /** Nothing is known of the time before; `null`: nothing is known at all yet. */
  knownFrom: z.iso.datetime().nullable(),
  /** Nothing is known of the time after. */
  asOf: z.iso.datetime().nullable(),
  /** Every shelf of the floor at `from`. */
  shelves: z.array(shelfThen),
  /** Shelves as they were from that minute on, in order of time. */
  changes: z.array(shelfThen.extend({ at: z.iso.datetime() })),
});
export type PastFloor = z.infer<typeof pastFloor>;

export const pastMove = z.object({
  n: z.int(),
  at: z.iso.datetime(),
  kind: z.enum(['item-arrived', 'item-moved', 'item-departed']),
  barcode,
  title: z.string(),
  callNumber: z.string(),
  from: placeId.nullable(),
  to: placeId.nullable(),
  confidence: z.number().nullable(),
});
export type PastMove = z.infer<typeof pastMove>;
export const pastMoves = z.object({ rows: z.array(pastMove), next: z.string().nullable() });
export type PastMoves = z.infer<typeof pastMoves>;

export const pastItem = z.object({
  barcode,
  title: z.string(),
  author: z.string(),
  year: z.number().nullable(),
  language: z.string(),
  callNumber: z.string(),
  since: z.iso.datetime(),
  /** When it left; `null`: it is there still. */
  until: z.iso.datetime().nullable(),
  /** Of the moment it came. */
  confidence: z.number().nullable(),
  misshelved: z.boolean(),
});
export type PastItem = z.infer<typeof pastItem>;
export const pastItems = z.object({ rows: z.array(pastItem), next: z.string().nullable() });
