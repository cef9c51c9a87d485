import { describe, expect, it } from '@jest/globals';
import type { Place, Plan } from '#contract/domain/plan.ts';
import { placeLevels, sweepTarget } from '#dashboard/web/handheld/place-levels.ts';
import { PlanIndex } from '#dashboard/web/map/plan-index.ts';

const place = (id: string, kind: Place['kind'], parent: string | null): Place => ({ id, kind, parent, name: id });
const plan = new PlanIndex({
  places: [
    place('lib', 'library', null),
    place('f1', 'floor', 'lib'),
    place('f2', 'floor', 'lib'),
    place('cafe', 'room', 'f1'),
    place('r1', 'range', 'f1'),
    place('b1', 'bay', 'r1'),
    place('s1', 'shelf', 'b1'),
    place('s2', 'shelf', 'b1'),
  ],
  readPoints: [],
} as unknown as Plan);
const shown = (chosen?: string): unknown =>
  placeLevels(plan, chosen).map((level) => [level.chosen, level.options.map(({ id }) => id)]);

describe('choosing a shelf', () => {
  it('begins with floors that have shelves', () => {
    expect(shown()).toEqual([[null, ['f1']]]);
    expect(shown('no-such-place')).toEqual([[null, ['f1']]]);
  });

  it('goes down one list after the other', () => {
    expect(shown('r1')).toEqual([
      ['f1', ['f1']],
      ['r1', ['r1']],
      [null, ['b1']],
    ]);
    expect(shown('s2')).toEqual([
      ['f1', ['f1']],
      ['r1', ['r1']],
      ['b1', ['b1']],
      ['s2', ['s1', 's2']],
    ]);
    expect(placeLevels(plan, 's2').map(({ above }) => above)).toEqual([null, 'f1', 'r1', 'b1']);
  });

  it('tells the wand of a shelf or bay only', () => {
    expect(['s1', 'b1', 'r1', 'f1', 'gone', undefined].map((id) => sweepTarget(plan, id))).toEqual([
      ...['s1', 'b1', undefined, undefined, undefined, undefined],
    ]);
  });
});
