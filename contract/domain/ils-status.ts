/**
 * What the library's own system (ILS) says of a copy. It is kept apart from what the radio says: where the two disagree is
 * what the work list is for. No borrower is ever part of it.
 */
import { z } from 'zod';
import { barcode } from './ids.ts';

export const ilsStatusName = z.enum([
  'available',
  'on-loan',
  /** Somebody waits for it: to be pulled from its shelf, or on the hold shelf of `pickupPlace`. */
  'on-hold',
  'in-transit',
  'lost',
  'missing',
  'withdrawn',
  'unknown',
]);
export type IlsStatusName = z.infer<typeof ilsStatusName>;

export const ilsStatus = z.object({
  barcode,
  status: ilsStatusName,
  /** When the ILS knew it; an older word never replaces a newer one. */
  at: z.iso.datetime(),
  /** Loans only. */
  dueAt: z.iso.datetime().nullable().default(null),
  /** Holds only: id of the place where it is fetched, or the name the ILS has for it. */
  pickupPlace: z.string().max(64).nullable().default(null),
  /** Holds only: the last moment at which it waits on the hold shelf. */
  expiresAt: z.iso.datetime().nullable().default(null),
});
export type IlsStatus = z.infer<typeof ilsStatus>;

/** By that word the copy is not expected on its shelf: its absence is no question, its presence there is one. */
export const GONE_BY_ILS: ReadonlySet<IlsStatusName> = new Set([
  'on-loan',
  'in-transit',
  'lost',
  'missing',
  'withdrawn',
]);
