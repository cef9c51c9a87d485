import { pino } from 'pino';
import { systemClock } from '#store/observe/system-clock.ts';

export const silentLog = pino({ level: 'silent' });
export const clock = systemClock;

/** Waits until `condition` holds; fails by itself after `timeoutMs`. */
export async function until(condition: () => boolean, timeoutMs = 20_000): Promise<void> {
  const startedMs = performance.now();
  while (!condition()) {
    if (performance.now() - startedMs > timeoutMs)
      throw new Error(`still not so after ${String(timeoutMs)} ms: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
