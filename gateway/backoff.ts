/** The one policy for trying again: twice as long each time, spread by chance, so that a hundred do not come at once. */
export interface BackoffPolicy {
  readonly firstMs: number;
  readonly maxMs: number;
}

/** Pause before attempt `failures + 1`; `chance` is 0..1. Between half of the full step and all of it. */
export function backoffMs(policy: BackoffPolicy, failures: number, chance: number): number {
  const stepMs = Math.min(policy.maxMs, policy.firstMs * 2 ** Math.min(30, Math.max(0, failures - 1)));
  return Math.round(stepMs * (0.5 + 0.5 * chance));
}

/** Ends early, without an error, when `signal` aborts. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

export const systemSleep: Sleep = (ms, signal) =>
  new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    signal.addEventListener('abort', finish, { once: true });
    if (signal.aborted) finish();
  });
