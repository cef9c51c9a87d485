import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { lowDigits, pointTimeNs } from '#store/history/point.ts';

const point = (atMs: number, eventId: string): Parameters<typeof pointTimeNs>[0] => ({
  measurement: 'sighting',
  library: 'l',
  branch: '',
  floor: '',
  zone: '',
  subject: '',
  kind: '',
  atMs,
  eventId,
  fields: { v: 1 },
});

test('the time of a point is its millisecond and six digits of its event', () => {
  // FNV-1a of the empty text is 0x811c9dc5 = 2166136261.
  expect(lowDigits('')).toBe(136_261);
  expect(pointTimeNs(point(1_750_000_000_123, ''))).toBe('1750000000123136261');
});

test('law: the same event has the same time, and it lies within its millisecond', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4e12 }), fc.string(), (atMs, eventId) => {
      const ns = BigInt(pointTimeNs(point(atMs, eventId)));
      expect(ns).toBe(BigInt(pointTimeNs(point(atMs, eventId))));
      expect(ns / 1_000_000n).toBe(BigInt(atMs));
    }),
  );
});

test('events of one millisecond on one antenna hardly ever fall together', () => {
  const times = new Set(
    Array.from({ length: 1000 }, (_, i) => lowDigits(`gw-1:0f8e2c55aa:${4000 + (i >> 3)}:${i & 7}`)),
  );
  expect(times.size).toBeGreaterThan(996);
});
