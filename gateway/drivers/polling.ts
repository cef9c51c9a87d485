/** The round of a reader that speaks only when asked: poll, tell, rest, again. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '#contract/clock.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';

export interface PollingOptions {
  /** One round. What it throws ends the reader. */
  poll(): Promise<readonly ReaderEvent[]>;
  /** From the beginning of one round to that of the next, if the round itself does not take longer. */
  readonly pollMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Gives the link back, however the polling ended. */
  close(): Promise<void>;
}

/** Ends when the signal aborts. Errors: those of `poll`. */
export async function* polling(options: PollingOptions): AsyncGenerator<readonly ReaderEvent[], void, undefined> {
  const { clock, pollMs, signal } = options;
  try {
    for (;;) {
      const startedMs = clock.uptimeMs();
      const events = await options.poll();
      if (events.length > 0) yield events;
      const restMs = Math.max(0, pollMs - (clock.uptimeMs() - startedMs));
      await pause(restMs, undefined, { signal });
    }
  } catch (error: unknown) {
    if (!signal.aborted) throw error;
  } finally {
    await options.close();
  }
}

/** Bytes on the line that belonged to no answer, as an event; none when the line is clean. */
export function lineNoise(noiseBytes: number, atMs: number): readonly ReaderEvent[] {
  return noiseBytes === 0 ? [] : [{ kind: 'vendor', name: 'line-noise', detail: `${noiseBytes} bytes`, atMs }];
}
