import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { atText, fromWallClock, hourOf, minuteText, parseAt, wallClock } from '#dashboard/web/past/past-time.ts';

const ZONES = ['UTC', 'Europe/Berlin', 'Asia/Hong_Kong', 'Asia/Kolkata', 'America/St_Johns'] as const;
const NOON_MS = Date.UTC(2026, 2, 2, 12, 35);

test('an address holds a minute and gives it back; what is none, or has not come yet, is the present', () => {
  expect(atText(NOON_MS)).toBe('2026-03-02T12:35Z');
  expect(parseAt(atText(NOON_MS), NOON_MS)).toBe(NOON_MS);
  expect(parseAt('2026-03-02T12:35:59.900Z', NOON_MS + 60_000)).toBe(NOON_MS);
  for (const at of [undefined, '', 'yesterday', '2026-03-02T12:36Z']) expect(parseAt(at, NOON_MS)).toBeNull();
});

describe('the library’s own clock', () => {
  test('an hour begins at its full hour, also in zones that are half an hour off', () => {
    expect(hourOf(NOON_MS, 'Europe/Berlin')).toBe(Date.UTC(2026, 2, 2, 12));
    expect(hourOf(NOON_MS, 'Asia/Kolkata')).toBe(Date.UTC(2026, 2, 2, 12, 30));
    expect(minuteText(hourOf(NOON_MS, 'Asia/Kolkata'), 'en', 'Asia/Kolkata')).toBe('18:00');
  });

  test('a field for date and time gives the moment back, but for the hour that comes twice', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), fc.integer({ min: 0, max: 2_000_000 }), (zone, minute) => {
        const ms = Date.UTC(2024, 0, 1) + minute * 60_000;
        const back = fromWallClock(wallClock(ms, zone), zone);
        expect(back === null ? null : wallClock(back, zone)).toBe(wallClock(ms, zone));
      }),
      { numRuns: 200 },
    );
    expect(fromWallClock('', 'UTC')).toBeNull();
    expect(wallClock(NOON_MS, 'Asia/Hong_Kong')).toBe('2026-03-02T20:35');
  });
});
