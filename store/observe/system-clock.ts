import { performance } from 'node:perf_hooks';
import type { Clock } from '#contract/clock.ts';

/** The clock of this machine. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  uptimeMs: () => performance.now(),
};
