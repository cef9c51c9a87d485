import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CLOCK_ERROR_MS_MAX, clockShiftMs, FUTURE_MS_MAX } from '#broker/intake/clock-shift.ts';

const HOUR_MS = 3_600_000;
const NOON = Date.UTC(2026, 10, 23, 12);

describe('how far the times of a batch are moved', () => {
  test.each<readonly [string, { sentAt: number; isSynced: boolean; offsetMs?: number }, number]>([
    ['a good clock, sent just now', { sentAt: NOON - 40, isSynced: true, offsetMs: 30 }, 0],
    [
      'a good clock, composed five hours ago in an outage',
      { sentAt: NOON - 5 * HOUR_MS, isSynced: true, offsetMs: 30 },
      0,
    ],
    ['a good clock, no status yet', { sentAt: NOON - 5 * HOUR_MS, isSynced: true }, 0],
    ['59 s slow', { sentAt: NOON - 59_000, isSynced: true, offsetMs: 59_000 }, 0],
    ['61 s slow though it says synced', { sentAt: NOON - 61_000, isSynced: true, offsetMs: 61_000 }, 61_000],
    [
      'an hour slow, and five hours in the outbox',
      { sentAt: NOON - 6 * HOUR_MS, isSynced: true, offsetMs: HOUR_MS },
      HOUR_MS,
    ],
    ['an hour fast, just now', { sentAt: NOON + HOUR_MS, isSynced: true, offsetMs: -HOUR_MS }, -HOUR_MS],
    ['an hour fast, no status yet', { sentAt: NOON + HOUR_MS, isSynced: true }, -HOUR_MS],
    ['one second fast', { sentAt: NOON + 1_000, isSynced: true, offsetMs: -1_000 }, 0],
    ['three seconds fast', { sentAt: NOON + 3_000, isSynced: true, offsetMs: -3_000 }, -3_000],
    ['unsynced, back in 1970, just now', { sentAt: 5_000, isSynced: false, offsetMs: NOON - 5_000 }, NOON - 5_000],
    [
      'unsynced, back in 1970, four seconds in the outbox',
      { sentAt: 1_000, isSynced: false, offsetMs: NOON - 5_000 },
      NOON - 5_000,
    ],
    ['unsynced but only 10 s off', { sentAt: NOON - 10_000, isSynced: false, offsetMs: 10_000 }, 10_000],
    ['unsynced, no status yet', { sentAt: 5_000, isSynced: false }, NOON - 5_000],
  ])('%s', (_name, { sentAt, ...rest }, expected) => {
    expect(clockShiftMs({ receivedAtMs: NOON, sentAtMs: sentAt, offsetMs: undefined, ...rest })).toBe(expected);
  });

  test('law: nothing lies later than two seconds after its receipt, and a good clock is left alone', () => {
    const off = fc.constantFrom(0, 1, 1_999, 2_000, 2_001, 59_999, 60_000, 60_001, HOUR_MS, NOON);
    const signed = fc.tuple(off, fc.constantFrom(-1, 1)).map(([ms, sign]) => ms * sign);
    fc.assert(
      fc.property(signed, fc.option(signed, { nil: undefined }), fc.boolean(), (age, offsetMs, isSynced) => {
        const shift = clockShiftMs({ receivedAtMs: NOON, sentAtMs: NOON - age, isSynced, offsetMs });
        expect(NOON - age + shift).toBeLessThanOrEqual(NOON + FUTURE_MS_MAX);
        const isGood = isSynced && Math.abs(offsetMs ?? 0) <= CLOCK_ERROR_MS_MAX && age >= -FUTURE_MS_MAX;
        if (isGood) expect(shift).toBe(0);
      }),
    );
  });
});
