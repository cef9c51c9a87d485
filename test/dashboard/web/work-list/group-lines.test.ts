import { describe, expect, it } from '@jest/globals';
import type { Place } from '#contract/domain/plan.ts';
import { PlanIndex } from '#dashboard/web/map/plan-index.ts';
import { groupLines, type ShownLine } from '#dashboard/web/work-list/group-lines.ts';
import { workLine } from '#test/dashboard/web/work-list/work-line.ts';

const place = (id: string, kind: Place['kind'], parent: string | null): Place => ({ id, kind, parent, name: id });
const plan = new PlanIndex({
  version: 1,
  validFrom: '2026-01-01T00:00:00.000Z',
  places: [
    place('f1', 'floor', null),
    place('r1', 'range', 'f1'),
    place('r2', 'range', 'f1'),
    place('r1-s', 'shelf', 'r1'),
    place('r2-s', 'shelf', 'r2'),
    place('cart', 'trolley', 'f1'),
  ],
  aisles: [],
  lines: [],
  readPoints: [],
  sensors: [],
});

const line = (subject: string, place: string): ShownLine => workLine({ subject, place });

describe('groupLines', () => {
  it('cuts the walk at each change of range and never reorders it', () => {
    const walk = ['r1-s', 'r1-s', 'r2-s', 'r1-s', 'cart', 'gone'].map((at, index) => line(String(index), at));
    const groups = groupLines(walk, plan);
    expect(groups.map((group) => [group.place, group.rows.map((row) => row.step)])).toEqual([
      ['r1', [1, 2]],
      ['r2', [3]],
      ['r1', [4]],
      ['f1', [5]],
      ['gone', [6]],
    ]);
  });
});
