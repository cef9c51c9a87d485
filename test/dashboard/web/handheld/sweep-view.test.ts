import { describe, expect, it } from '@jest/globals';
import type { SweepProgress } from '#contract/wire/rest-sweeps.ts';
import { groupMissing } from '#dashboard/web/handheld/group-missing.ts';
import { groupBays, shareRead, viewOfRows } from '#dashboard/web/handheld/sweep-view.ts';

const line = (place: string, bay: string | null, kind: SweepProgress['kind'] = 'shelf'): SweepProgress => ({
  ...{ place, bay, kind, expected: 10, read: 4, heard: 5, shoneOver: 0, isReversed: false },
});

describe('a sweep from live rows', () => {
  it('is nothing before its own row came', () => {
    expect(viewOfRows(new Map([['finding:a', { id: 'a', rank: 0 }]]))).toBeNull();
  });

  it('has its findings by rank, however they came', () => {
    const rows = new Map<string, unknown>([
      ['finding:b', { id: 'b', rank: 1 }],
      ['sweep', { places: ['s2', 's1'] }],
      ['finding:a', { id: 'a', rank: 0 }],
      ['shelf:s1', line('s1', 'b1')],
      ['shelf:s2', line('s2', 'b1')],
      ['bay:b1', line('b1', null, 'bay')],
    ]);
    const view = viewOfRows(rows);
    expect(view?.findings.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(view?.bays.map(({ bay, shelves }) => [bay?.place, shelves.map(({ place }) => place)])).toEqual([
      ['b1', ['s2', 's1']],
    ]);
  });
});

describe('shelves of a sweep', () => {
  it('stand with their bay, bays in the order of the sweep', () => {
    const progress = [
      line('b1', null, 'bay'),
      line('b2', null, 'bay'),
      line('x', 'b1'),
      line('y', 'b2'),
      line('z', 'b1'),
    ];
    const groups = groupBays([...progress, line('free', null)], ['y', 'x', 'free', 'z']);
    expect(groups.map(({ bay, shelves }) => [bay?.place ?? null, shelves.map(({ place }) => place)])).toEqual([
      ['b2', ['y']],
      ['b1', ['x', 'z']],
      [null, ['free']],
    ]);
  });

  it('have a share of what is expected, and none where nothing is', () => {
    expect(shareRead({ read: 3, expected: 4 })).toBe(0.75);
    expect(shareRead({ read: 0, expected: 4 })).toBe(0);
    expect(shareRead({ read: 5, expected: 4 })).toBe(1);
    expect(shareRead({ read: 0, expected: 0 })).toBeNull();
  });
});

it('what was not found stands by shelf', () => {
  const item = (barcode: string): { barcode: string; title: string; callNumber: string } => ({
    ...{ barcode, title: barcode, callNumber: '' },
  });
  const missing = [
    { item: item('1'), place: 'a' },
    { item: item('2'), place: 'b' },
    { item: item('3'), place: 'a' },
  ];
  expect(groupMissing(missing).map(({ place, items }) => [place, items.map(({ barcode }) => barcode)])).toEqual([
    ['a', ['1', '3']],
    ['b', ['2']],
  ]);
});
