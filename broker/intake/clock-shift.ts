/**
 * How far a batch's times must be moved so that they are the broker's times.
 *
 * An old `sentAt` says nothing: a batch composed during an outage comes hours later and is right. What tells a wrong clock
 * from a late batch is the gateway's live status, which carries the gateway's time *now*: received minus `at` is the
 * error of its clock. So, in this order:
 *
 * 1. the status shows the clock more than 60 s off, or the batch says `unsynced` and a status was heard: move by that error;
 * 2. `unsynced` and no status heard yet: take the batch for fresh, that is move `sentAt` to its receipt (too late for a
 *    backlog, never in the future; gateways send their status before their backlog, so this is rare);
 * 3. otherwise leave it;
 * 4. in every case `sentAt` ends at most two seconds after the receipt.
 *
 * Limits: the error is that of the present; a batch composed before the clock was set, and marked `synced`, is believed.
 */
export const CLOCK_ERROR_MS_MAX = 60_000;
export const FUTURE_MS_MAX = 2_000;

export interface ClockEvidence {
  readonly receivedAtMs: number;
  readonly sentAtMs: number;
  readonly isSynced: boolean;
  /** The broker's time minus the gateway's when its last live status came; `undefined` before the first. */
  readonly offsetMs: number | undefined;
}

/** Whole milliseconds to add to every time of the batch; 0 for a good clock. */
export function clockShiftMs({ receivedAtMs, sentAtMs, isSynced, offsetMs }: ClockEvidence): number {
  const toReceiptMs = Math.trunc(receivedAtMs - sentAtMs);
  let shiftMs = 0;
  if (offsetMs !== undefined && (!isSynced || Math.abs(offsetMs) > CLOCK_ERROR_MS_MAX)) shiftMs = Math.trunc(offsetMs);
  else if (!isSynced) shiftMs = toReceiptMs;
  return sentAtMs + shiftMs > receivedAtMs + FUTURE_MS_MAX ? toReceiptMs : shiftMs;
}
