/**
 * A gateway's batch: `{epoch, seq, sentAt, uptimeMs, clock, observations}`. `(gateway, epoch, seq)` names it for ever: a
 * composed batch never changes, so that a redelivery is recognised by number alone.
 */
import { z } from 'zod';

/** At most 500 observations and 250 kB: well under the broker's 256 kB packet limit, topic and header included. */
export const OBSERVATIONS_MAX = 500;
export const BATCH_BYTES_MAX = 250_000;

/** Observations are checked one by one where they are used, so that one of a newer kind does not spoil its batch. */
export const envelope = z.looseObject({
  /** Names one row of numbers: a new outbox file is a new epoch, and answers may have a row of their own beside observations. */
  epoch: z.string().regex(/^[0-9A-Za-z-]{8,36}$/),
  /** Rises by one within the epoch, from 1. */
  seq: z.int().min(1).max(Number.MAX_SAFE_INTEGER),
  sentAt: z.iso.datetime(),
  uptimeMs: z.number().min(0),
  clock: z.enum(['synced', 'unsynced']),
  observations: z.array(z.looseObject({ kind: z.string().min(1).max(64) })).max(OBSERVATIONS_MAX),
});
export type Envelope = z.infer<typeof envelope>;

/** Id of one event: unique for ever, the same at every redelivery. */
export function eventId(source: string, epoch: string, seq: number, index: number): string {
  return `${source}:${epoch}:${String(seq)}:${String(index)}`;
}
