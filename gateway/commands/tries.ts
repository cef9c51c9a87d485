/**
 * Trying again at the edge of the field, where an access that failed may succeed a moment later. Drivers give one try
 * each; how often it is repeated is decided here, within the time the command has.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '#contract/errors.ts';
import { err, type Result } from '#contract/result.ts';
import type { AccessFault } from '#gateway/drivers/tag-access.ts';

export interface Fault {
  readonly code: AccessFault['code'] | 'reader-away' | 'not-verified';
  readonly detail: string;
}

/** One tag, what can be done to it, and the time there is. */
export interface Field<Access> {
  readonly access: Access;
  readonly signal: AbortSignal;
}

/** Writing practice of library software: security up to 100 times, a block 10 times, reading a few times. */
export const TRIES = { read: 10, write: 10, security: 100, inventory: 3, few: 3 } as const;

/** A hand that moves the tag needs some time for it. */
const PAUSE_MS_MAX = 100;
const PAUSE_MS_STEP = 10;

const HOPELESS: ReadonlySet<Fault['code']> = new Set([
  'locked',
  'wrong-password',
  'not-supported',
  'no-such-block',
  'reader-away',
]);

/** Trying again would change nothing. */
export function isFinal({ code }: Fault): boolean {
  return HOPELESS.has(code);
}

/** The first good answer, or the last fault. Ends early where trying again is useless or the time is over. */
export async function trying<T>(
  signal: AbortSignal,
  triesMax: number,
  attempt: () => Promise<Result<T, Fault>>,
): Promise<Result<T, Fault>> {
  let last: Result<T, Fault> = err({ code: 'unanswered', detail: 'the time of the command is over' });
  for (let count = 1; count <= triesMax && !signal.aborted; count += 1) {
    last = await guarded(attempt);
    if (last.ok || isFinal(last.error)) return last;
    const pauseMs = Math.min(PAUSE_MS_MAX, PAUSE_MS_STEP * count);
    // Aborted: the loop ends by itself.
    if (count < triesMax) await pause(pauseMs, undefined, { signal }).catch(() => undefined);
  }
  return last;
}

/** A reader that goes away ends the work on its tags, not the gateway. */
async function guarded<T>(attempt: () => Promise<Result<T, Fault>>): Promise<Result<T, Fault>> {
  try {
    return await attempt();
  } catch (error: unknown) {
    if (!(error instanceof AppError) || !error.code.startsWith('DRV_')) throw error;
    return err({ code: error.code === 'DRV_READER_SILENT' ? 'unanswered' : 'reader-away', detail: error.message });
  }
}
