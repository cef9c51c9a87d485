import { describe, expect, test } from '@jest/globals';
import { createFailureLimiter, type FailureLimiter } from '#broker/access/failure-limiter.ts';

const LIMITS = { failuresPerNameMax: 3, failuresPerAddressMax: 5, lockoutMs: 60_000 };

function limiterAt(): { limiter: FailureLimiter; pass: (ms: number) => void } {
  let nowMs = 0;
  return {
    limiter: createFailureLimiter(LIMITS, () => nowMs),
    pass: (ms) => {
      nowMs += ms;
    },
  };
}

function fail(limiter: FailureLimiter, address: string, names: readonly string[]): void {
  for (const name of names) limiter.addFailure(address, name);
}

describe('whoever guesses is slowed down', () => {
  test('three wrong secrets lock the name at that address, and no other name', () => {
    const { limiter } = limiterAt();
    fail(limiter, 'a', ['gw', 'gw']);
    expect(limiter.isLocked('a', 'gw')).toBe(false);
    fail(limiter, 'a', ['gw']);
    expect(limiter.isLocked('a', 'gw')).toBe(true);
    expect(limiter.isLocked('a', 'other')).toBe(false);
  });

  test('a stranger cannot lock a gateway out by failing in its name elsewhere', () => {
    const { limiter } = limiterAt();
    fail(limiter, 'stranger', ['gw', 'gw', 'gw', 'gw']);
    expect(limiter.isLocked('home', 'gw')).toBe(false);
  });

  test('an address that tries many names is locked altogether', () => {
    const { limiter } = limiterAt();
    fail(limiter, 'a', ['1', '2', '3', '4', '5']);
    expect(limiter.isLocked('a', 'never tried')).toBe(true);
  });

  test('the lock opens again', () => {
    const { limiter, pass } = limiterAt();
    fail(limiter, 'a', ['gw', 'gw', 'gw']);
    pass(59_999);
    expect(limiter.isLocked('a', 'gw')).toBe(true);
    pass(1);
    expect(limiter.isLocked('a', 'gw')).toBe(false);
  });

  test('failures more than a minute apart do not add up', () => {
    const { limiter, pass } = limiterAt();
    fail(limiter, 'a', ['gw', 'gw']);
    pass(60_000);
    fail(limiter, 'a', ['gw', 'gw']);
    expect(limiter.isLocked('a', 'gw')).toBe(false);
  });

  test('names like those of prototypes are names', () => {
    const { limiter } = limiterAt();
    expect(limiter.isLocked('__proto__', 'constructor')).toBe(false);
    fail(limiter, '__proto__', ['constructor', 'constructor', 'constructor']);
    expect(limiter.isLocked('__proto__', 'constructor')).toBe(true);
  });
});
