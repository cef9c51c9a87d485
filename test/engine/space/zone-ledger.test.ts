import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Plan } from '#contract/domain/plan.ts';
import { countCrossing } from '#engine/space/count-totals.ts';
import { ZoneLedger } from '#engine/space/zone-ledger.ts';

const known = { atMs: 1_000_000, in: 500, out: 400 };
const later = (input: number, out: number, seconds = 60) => ({ atMs: known.atMs + seconds * 1000, in: input, out });

describe('from totals to crossings', () => {
  test.each([
    ['first reading', undefined, later(500, 400), 32, { in: 0, out: 0, how: 'first' }],
    ['people came and went', known, later(510, 403), 32, { in: 10, out: 3, how: 'counted' }],
    ['the same frame again', known, later(500, 400), 32, { in: 0, out: 0, how: 'duplicate' }],
    ['a late frame', known, later(499, 400, -60), 32, { in: 0, out: 0, how: 'late' }],
    ['a wrap at 16 bits', { ...known, in: 65_530 }, later(4, 400), 16, { in: 10, out: 0, how: 'counted' }],
    ['totals fell to zero', known, later(3, 2), 32, { in: 3, out: 2, how: 'reset' }],
    ['a jump nobody could walk', known, later(50_000, 400), 32, { in: 0, out: 0, how: 'implausible' }],
    ['a gap of an hour', known, later(2500, 2300, 3600), 32, { in: 2000, out: 1900, how: 'counted' }],
  ] as const)('%s', (_name, before, now, bits, expected) => {
    expect(countCrossing(before, now, bits)).toEqual(expected);
  });
});

const plan = {
  version: 1,
  validFrom: '2026-01-01T00:00:00.000Z',
  places: [],
  aisles: [],
  readPoints: [],
  sensors: [],
  lines: [
    { id: 'door', from: null, to: 'hall' },
    { id: 'stairs', from: 'hall', to: 'stacks' },
  ],
} satisfies Plan;

describe('people per zone', () => {
  const start = (): {
    ledger: ZoneLedger;
    take: (line: string, seconds: number, totals: [number, number]) => string;
  } => {
    const ledger = new ZoneLedger();
    ledger.setPlan(plan);
    return {
      ledger,
      take: (line, seconds, [totalIn, totalOut]) =>
        ledger.take({
          sensor: `counter-${line}`,
          line,
          atMs: seconds * 1000,
          receivedAtMs: seconds * 1000,
          periodMs: 60_000,
          totalIn,
          totalOut,
          totalBits: 32,
        }),
    };
  };

  test('a crossing takes from one zone what it gives to the other', () => {
    const { ledger, take } = start();
    take('door', 0, [100, 90]);
    take('stairs', 0, [5, 5]);
    take('door', 60, [130, 95]);
    take('stairs', 60, [15, 7]);
    expect(ledger.level('hall', 60_000)).toEqual({ people: 17, low: 14, high: 20 });
    expect(ledger.level('stacks', 60_000).people).toBe(8);
  });

  test('unknown before every line of the zone spoke', () => {
    const { ledger, take } = start();
    take('stairs', 0, [5, 5]);
    expect(ledger.level('stacks', 0).people).toBe(0);
    expect(ledger.level('hall', 0)).toEqual({ people: null, low: null, high: null });
  });

  test('unknown while a line is silent for more than three periods, and right again after it', () => {
    const { ledger, take } = start();
    take('door', 0, [0, 0]);
    take('stairs', 0, [0, 0]);
    take('stairs', 60, [4, 0]);
    expect(ledger.level('stacks', 240_000).people).toBe(4);
    expect(ledger.level('stacks', 240_001).people).toBeNull();
    take('stairs', 600, [9, 0]);
    expect(ledger.level('stacks', 600_000).people).toBe(9);
  });

  test('what is shown is never negative, what is known may be', () => {
    const { ledger, take } = start();
    take('stairs', 0, [0, 0]);
    take('stairs', 60, [0, 3]);
    expect(ledger.level('stacks', 60_000)).toEqual({ people: 0, low: 0, high: 0 });
    take('stairs', 120, [4, 3]);
    expect(ledger.level('stacks', 120_000).people).toBe(1);
  });

  test('at most one report per zone and five seconds, and none without a change', () => {
    const { ledger, take } = start();
    take('stairs', 0, [0, 0]);
    const news = (seconds: number): unknown[] =>
      ledger.takeNews(seconds * 1000).map(({ place, level }) => [place, level.people]);
    expect(news(6)).toEqual([['stacks', 0]]);
    take('stairs', 7, [1, 0]);
    expect(news(8)).toEqual([]);
    take('stairs', 9, [2, 0]);
    expect(news(11)).toEqual([['stacks', 2]]);
    expect(news(30)).toEqual([]);
  });

  test('an anchor sets the state anew', () => {
    const { ledger, take } = start();
    take('stairs', 0, [0, 0]);
    take('stairs', 60, [50, 0]);
    ledger.anchor('stacks', 0, 0, 61_000);
    take('stairs', 62, [52, 0]);
    expect(ledger.level('stacks', 62_000).people).toBe(2);
  });

  test('law: however the frames are cut, lost, doubled and wrapped, the totals decide', () => {
    const steps = fc.array(
      fc.record({ in: fc.nat(20), out: fc.nat(20), fate: fc.constantFrom('sent', 'lost', 'doubled') }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: 255 }), (list, first) => {
        const ledger = new ZoneLedger();
        ledger.setPlan(plan);
        let totals = { in: first, out: first };
        const send = (i: number): void => {
          ledger.take({
            sensor: 's',
            line: 'stairs',
            atMs: i * 60_000,
            receivedAtMs: i * 60_000,
            periodMs: 60_000,
            totalIn: totals.in % 65_536,
            totalOut: totals.out % 65_536,
            totalBits: 16,
          });
        };
        send(0);
        list.forEach(({ in: inward, out, fate }, i) => {
          totals = { in: totals.in + inward, out: totals.out + out };
          if (fate !== 'lost') send(i + 1);
          if (fate === 'doubled') send(i + 1);
        });
        send(list.length + 1);
        expect(ledger.level('stacks', (list.length + 1) * 60_000).people).toBe(Math.max(0, totals.in - totals.out));
      }),
    );
  });
});
