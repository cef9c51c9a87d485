/**
 * The bars of location, on the simulated library with its people: half of it (one floor, some 2,450 items), seen through the
 * real edge presence and the real engine, beside the rule to beat on the same reads.
 */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { ASSET_TRACKING } from '#engine/baseline/mobility-profile.ts';
import { SimulatedBaseline } from '#test/support/baseline.ts';
import { AccuracyRun, type StillFigures } from './accuracy-run.ts';

const MINUTE_MS = 60_000;
/** More moves than on any real day, so that there are enough of them. */
const LIVELY = { arrivalsPerMinute: 40, openingVisitors: 200, misplacedShare: 0.4, stayMinutes: 2 };

describe('one floor of the simulated library for five minutes', () => {
  const baseline = new SimulatedBaseline(ASSET_TRACKING);
  const run = new AccuracyRun({
    seed: 5,
    floor: 1,
    rates: LIVELY,
    onRead: ({ item, shelf, ...read }) => {
      baseline.read(item, shelf, read);
    },
  });
  let still: StillFigures;
  let untouched: readonly number[];
  let baselineExact: number;
  let lines: { readonly of: number; readonly listed: number };

  beforeAll(() => {
    run.run(5 * MINUTE_MS);
    still = run.still();
    untouched = run.untouched();
    const right = untouched.filter((item) => baseline.locationOf(item) === run.library.stock.placeOf(item));
    baselineExact = right.length / untouched.length;
    lines = run.misplaced();
  }, 300_000);

  test('the simulation is as unkind to the baseline as reality', () => {
    expect(baselineExact).toBeLessThan(0.5);
  });

  test('after five minutes nearly all untouched items stand exactly right', () => {
    expect(still.items).toBeGreaterThan(2000);
    expect(still.exact / still.items).toBeGreaterThanOrEqual(0.98);
    expect(still.near / still.items).toBeGreaterThanOrEqual(0.985);
    expect(still.departed).toBe(0);
  });

  test('untouched items are shown as moved hardly ever, and none of them twice', () => {
    const moves = [...run.countOfUntouched('item-moved').values()];
    expect(moves.length).toBeLessThanOrEqual(5);
    expect(moves.filter((count) => count > 1)).toEqual([]);
    expect(run.countOfUntouched('item-departed').size).toBe(0);
  });

  test('items that somebody moved are shown on the exact shelf within two cycles and half a minute', () => {
    let right = 0;
    let of = 0;
    for (const [kind, count] of run.noticed) {
      // What stood wrong before the first cycle did not move under our eyes.
      if (kind === 'all' || kind.includes('from elsewhere')) continue;
      right += count.right;
      of += count.of;
    }
    expect(of).toBeGreaterThan(15);
    expect(right / of).toBeGreaterThanOrEqual(0.7);
  });

  test('the work list names what stands wrong, and nothing that stands at home', () => {
    expect(run.falseLines.length).toBeLessThanOrEqual(1);
    expect(lines.of).toBeGreaterThan(5);
    expect(lines.listed).toBeGreaterThanOrEqual(lines.of - 1);
  });
});
