/**
 * Slows down whoever guesses. Failures are counted per address, and per name together with the address: a name alone is
 * never locked, or a stranger could lock a library's gateways out by failing in their names. Against guessing a secret
 * of 256 bits the count per address is enough.
 */
export interface FailureLimits {
  readonly failuresPerNameMax: number;
  readonly failuresPerAddressMax: number;
  readonly lockoutMs: number;
}

export interface FailureLimiter {
  isLocked(address: string, name: string): boolean;
  addFailure(address: string, name: string): void;
}

const WINDOW_MS = 60_000;
/** The oldest are forgotten beyond this: about 2 MB. */
const KEYS_MAX = 10_000;

interface Count {
  failures: number;
  windowStartMs: number;
  lockedUntilMs: number;
}

export function createFailureLimiter(limits: FailureLimits, uptimeMs: () => number): FailureLimiter {
  const counts = new Map<string, Count>();

  const isKeyLocked = (key: string): boolean => (counts.get(key)?.lockedUntilMs ?? -Infinity) > uptimeMs();

  const addTo = (key: string, failuresMax: number): void => {
    const nowMs = uptimeMs();
    const known = counts.get(key);
    const isFresh = known !== undefined && nowMs - known.windowStartMs < WINDOW_MS;
    const count = isFresh ? known : { failures: 0, windowStartMs: nowMs, lockedUntilMs: -Infinity };
    count.failures += 1;
    if (count.failures >= failuresMax) {
      count.lockedUntilMs = nowMs + limits.lockoutMs;
      count.failures = 0;
      count.windowStartMs = nowMs;
    }
    counts.delete(key);
    counts.set(key, count);
    if (counts.size <= KEYS_MAX) return;
    for (const oldest of counts.keys()) {
      counts.delete(oldest);
      break;
    }
  };

  return {
    isLocked: (address, name) => isKeyLocked(`address ${address}`) || isKeyLocked(`name ${address} ${name}`),
    addFailure: (address, name) => {
      addTo(`address ${address}`, limits.failuresPerAddressMax);
      addTo(`name ${address} ${name}`, limits.failuresPerNameMax);
    },
  };
}
