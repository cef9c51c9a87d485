/** How often the rules are right, beside the rule to beat, on the same reads. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { ASSET_TRACKING } from '#engine/baseline/mobility-profile.ts';
import { SimulatedBaseline } from '#test/support/baseline.ts';
import { Laboratory } from './reads-laboratory.ts';
import { Trial } from './trial.ts';

const MINUTE_MS = 60_000;

describe('still and moved books among sixteen antennas a reader', () => {
  const lab = new Laboratory({ seed: 11, bays: 6, tiers: 5, tagsPerShelf: 6 });
  const trial = new Trial(lab);
  const baseline = new SimulatedBaseline(ASSET_TRACKING);
  let still: { exact: number; near: number };
  let baselineStill: { exact: number; near: number };
  let movedTwice: number;
  const moved = lab.tags.filter((_, i) => i % 2 === 0);
  let movedScore: { exact: number; near: number };

  beforeAll(() => {
    lab.onRead = ({ epc, shelf, rssiDbm, atMs }) => {
      baseline.read(epc, String(shelf), { rssiDbm, atMs, nowMs: atMs });
    };
    trial.run(5 * MINUTE_MS);
    still = trial.score(lab.tags);
    baselineStill = trial.score(lab.tags, (epc) => Number(baseline.locationOf(epc) ?? -1));
    movedTwice = [...trial.moves.values()].filter((count) => count > 1).length;
    moved.forEach((tag, i) => {
      lab.move(tag, (tag.shelf + 10 + (i % 11)) % lab.shelves);
    });
    trial.run(2 * lab.options.cycleMs + 30_000);
    movedScore = trial.score(moved);
  });

  test('the laboratory is as unkind to the baseline as reality', () => {
    expect(baselineStill.exact).toBeLessThan(0.4);
  });

  test('after five minutes nine of ten stand on the right shelf, all but one of twenty there or beside it', () => {
    expect(still.exact).toBeGreaterThanOrEqual(0.9);
    expect(still.near).toBeGreaterThanOrEqual(0.95);
  });

  test('books that stand still are rarely shown as moved more than once', () => {
    expect(movedTwice / lab.tags.length).toBeLessThan(0.12);
  });

  test('books that were moved are found within two cycles and half a minute', () => {
    expect(movedScore.exact).toBeGreaterThanOrEqual(0.7);
  });

  test('a silent antenna: the books in front of it are not moved', () => {
    const shelf = 7;
    const own = lab.tags.filter((tag) => tag.shelf === shelf && trial.placeOf(tag.epc) === shelf);
    expect(own.length).toBeGreaterThan(2);
    trial.silence(shelf);
    trial.run(3 * MINUTE_MS);
    expect(own.map((tag) => trial.placeOf(tag.epc))).toEqual(own.map(() => shelf));
  });

  test('books that are taken away depart, and are not shown elsewhere on the way', () => {
    const taken = lab.tags.filter((tag, i) => i % 2 === 1 && trial.placeOf(tag.epc) === tag.shelf).slice(0, 12);
    const before = trial.changes.length;
    for (const tag of taken) lab.move(tag, -1);
    trial.run(4 * MINUTE_MS);
    const epcs = new Set(taken.map((tag) => tag.epc));
    const after = trial.changes.slice(before).filter(({ epc }) => epcs.has(epc));
    expect(after.filter(({ kind }) => kind === 'departed').length).toBeGreaterThanOrEqual(taken.length - 1);
    expect(after.filter(({ kind }) => kind === 'moved').length).toBeLessThanOrEqual(1);
  });
});
