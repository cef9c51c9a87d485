/**
 * Wrong passwords per name: beyond a number the name is locked for a while, whether it exists or not, so that the lock
 * tells nothing either. The map is bounded: guessing many names forgets the oldest ones.
 */
import type { Clock } from '#contract/clock.ts';

const NAMES_MAX = 10_000;

export interface LockOut {
  /** Seconds until the name may be tried again; 0 when it may now. */
  lockedSeconds(name: string): number;
  failed(name: string): void;
  succeeded(name: string): void;
}

export function createLockOut(
  clock: Clock,
  limits: { readonly failuresMax: number; readonly lockMs: number },
): LockOut {
  const failures = new Map<string, { count: number; lastMs: number }>();

  function current(name: string): { count: number; lastMs: number } | undefined {
    const entry = failures.get(keyOf(name));
    return entry !== undefined && clock.uptimeMs() - entry.lastMs < limits.lockMs ? entry : undefined;
  }

  return {
    lockedSeconds(name) {
      const entry = current(name);
      if (entry === undefined || entry.count < limits.failuresMax) return 0;
      return Math.ceil((entry.lastMs + limits.lockMs - clock.uptimeMs()) / 1000);
    },
    failed(name) {
      const count = (current(name)?.count ?? 0) + 1;
      failures.delete(keyOf(name));
      failures.set(keyOf(name), { count, lastMs: clock.uptimeMs() });
      const oldest = failures.keys().next();
      if (failures.size > NAMES_MAX && oldest.done !== true) failures.delete(oldest.value);
    },
    succeeded(name) {
      failures.delete(keyOf(name));
    },
  };
}

function keyOf(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
