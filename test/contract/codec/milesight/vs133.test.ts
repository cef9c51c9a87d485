import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { decodeVs133, encodeVs133, lineTotals } from '#contract/codec/milesight/vs133.ts';
import type { Vs133Reading } from '#contract/codec/milesight/vs133-reading.ts';
import { fromHex, toHex } from '#contract/hex.ts';

const bytes = (hex: string): Uint8Array => fromHex(hex) ?? new Uint8Array(0);
const total = (line: number, direction: 'in' | 'out', count: number): Vs133Reading => ({
  kind: 'total',
  group: 'all',
  line,
  direction,
  count,
});
const dwell = (region: number, average: number, longest: number): Vs133Reading => ({
  kind: 'dwell',
  group: 'all',
  region,
  average,
  longest,
});
const period = (line: number, inward: number, out: number): Vs133Reading => ({
  kind: 'period',
  group: 'all',
  line,
  in: inward,
  out,
});

/** The first four are the examples of the maker's own documentation. */
const VECTORS: readonly (readonly [name: string, hex: string, readings: readonly Vs133Reading[]])[] = [
  [
    'totals',
    '03D248000000 04D2C8000000 06D200000000 07D200000000 09D200000000 0AD200000000 0CD2B4140000 0DD28D1A0000',
    [
      total(1, 'in', 72),
      total(1, 'out', 200),
      total(2, 'in', 0),
      total(2, 'out', 0),
      total(3, 'in', 0),
      total(3, 'out', 0),
      total(4, 'in', 5300),
      total(4, 'out', 6797),
    ],
  ],
  [
    'periods',
    '05CC00000000 08CC00000000 0BCC00000000 0ECC05000700',
    [period(1, 0, 0), period(2, 0, 0), period(3, 0, 0), period(4, 5, 7)],
  ],
  ['regions', '0FE302100709', [{ kind: 'regions', group: 'all', people: [2, 16, 7, 9] }]],
  [
    'dwell',
    '10E40109101121 10E40275217533 10E40381212389 10E40476001387',
    [dwell(1, 4105, 8465), dwell(2, 8565, 13173), dwell(3, 8577, 35107), dwell(4, 118, 34579)],
  ],
  [
    'battery, covered lens, device facts',
    '017563 50FC000201 FF0101 FF166412B34567890001 FF1F01020304',
    [
      { kind: 'battery', percent: 99 },
      { kind: 'covered', node: 2, active: true },
      { kind: 'device', type: 1, bytes: bytes('01') },
      { kind: 'device', type: 0x16, bytes: bytes('6412B34567890001') },
      { kind: 'device', type: 0x1f, bytes: bytes('01020304') },
    ],
  ],
  [
    'children',
    '11D2FFFFFFFF 1CCC01000200 1DE301020304 1EE40301000200 50FC000000',
    [
      { kind: 'total', group: 'child', line: 1, direction: 'in', count: 0xffff_ffff },
      { kind: 'period', group: 'child', line: 4, in: 1, out: 2 },
      { kind: 'regions', group: 'child', people: [1, 2, 3, 4] },
      { kind: 'dwell', group: 'child', region: 3, average: 1, longest: 2 },
      { kind: 'covered', node: 0, active: false },
    ],
  ],
  [
    'history',
    '20CE00F15365 03 48000000  20CE01F15365 10 021000  20CE01F15365 20 022000  20CE01F15365 3C 013000  20CE01F15365 0F 01020304',
    [
      {
        kind: 'history',
        atSeconds: 0x6553f100,
        reading: { kind: 'total', group: 'all', line: 1, direction: 'in', count: 72 },
      },
      {
        kind: 'history',
        atSeconds: 0x6553f101,
        reading: { kind: 'dwell-half', group: 'all', region: 2, half: 'average', dwell: 16 },
      },
      {
        kind: 'history',
        atSeconds: 0x6553f101,
        reading: { kind: 'dwell-half', group: 'all', region: 2, half: 'longest', dwell: 32 },
      },
      {
        kind: 'history',
        atSeconds: 0x6553f101,
        reading: { kind: 'dwell-half', group: 'child', region: 1, half: 'longest', dwell: 48 },
      },
      { kind: 'history', atSeconds: 0x6553f101, reading: { kind: 'regions', group: 'all', people: [1, 2, 3, 4] } },
    ],
  ],
];

describe('people counter', () => {
  test.each(VECTORS)('%s', (_name, hex, readings) => {
    expect(decodeVs133(bytes(hex))).toEqual({ readings });
    expect(toHex(encodeVs133(readings))).toBe(toHex(bytes(hex)));
  });

  test.each([
    ['a channel we do not know', '03D248000000 63AA0102', 'unknown-type'],
    ['a known channel of another type', '03D248000000 0375FF', 'unknown-type'],
    ['a reading that is cut off', '03D248000000 04D20100', 'truncated'],
    ['a channel without type', '03D248000000 04', 'truncated'],
    ['history of a channel we do not know', '03D248000000 20CE00F1536563 00000000', 'unknown-type'],
    ['history without its head', '03D248000000 20CE00F1', 'truncated'],
    ['history that is cut off', '03D248000000 20CE00F153650348', 'truncated'],
  ])('%s: what came before is kept, and the rest is told', (_name, hex, code) => {
    expect(decodeVs133(bytes(hex))).toMatchObject({ readings: [total(1, 'in', 72)], unread: { code } });
  });

  test('what is cut off begins with its channel', () => {
    expect(decodeVs133(bytes('03D2')).unread?.offsetBytes).toBe(0);
    expect(decodeVs133(bytes('017562 03D248')).unread?.offsetBytes).toBe(3);
    expect(decodeVs133(bytes('017562 20CE00F15365 0348')).unread?.offsetBytes).toBe(3);
  });

  test('totals line by line, without children and the past', () => {
    const payload = bytes('03D248000000 11D201000000 04D2C8000000 0CD2B4140000 05CC01000100 20CE00F1536503 09000000');
    expect(lineTotals(decodeVs133(payload).readings)).toEqual([
      { line: 1, totalIn: 72, totalOut: 200 },
      { line: 4, totalIn: 5300 },
    ]);
  });

  test('no payload makes it throw; what was read is written back as it came', () => {
    const seeded = fc.array(fc.constantFrom(...VECTORS.map(([, hex]) => bytes(hex)), bytes('63'), bytes('0000')), {
      maxLength: 4,
    });
    const payload = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      seeded.map((parts) => Uint8Array.from(parts.flatMap((part) => [...part]))),
    );
    fc.assert(
      fc.property(payload, (given) => {
        const { readings, unread } = decodeVs133(given);
        const read = given.subarray(0, unread?.offsetBytes ?? given.length);
        const sameFlags = readings.every((reading) => reading.kind !== 'covered');
        if (sameFlags) expect(toHex(encodeVs133(readings))).toBe(toHex(read));
      }),
      { numRuns: 500 },
    );
  });

  test('a reading that no channel can carry is left out', () => {
    expect(encodeVs133([total(5, 'in', 1)])).toEqual(new Uint8Array(0));
    expect(
      encodeVs133([
        { kind: 'history', atSeconds: 1, reading: { kind: 'period', group: 'all', line: 9, in: 0, out: 0 } },
      ]),
    ).toEqual(new Uint8Array(0));
  });
});
