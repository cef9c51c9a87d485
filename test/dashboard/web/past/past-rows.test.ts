import { expect, test } from '@jest/globals';
import type { PastFloor } from '#contract/wire/rest-past.ts';
import { changesPerMinute, PastRows, rowsAt } from '#dashboard/web/past/past-rows.ts';

const at = (minute: number): string => new Date(Date.UTC(2026, 2, 2, 10, minute)).toISOString();
const ms = (minute: number): number => Date.parse(at(minute));
const past: PastFloor = {
  floor: 'f-1',
  from: at(0),
  to: at(60),
  knownFrom: at(5),
  asOf: at(50),
  shelves: [
    { place: 's-1', items: 2, wrong: 0, state: 'live' },
    { place: 's-2', items: 0, wrong: 0, state: 'unequipped' },
  ],
  changes: [
    { at: at(10), place: 's-1', items: 3, wrong: 1, state: 'live' },
    { at: at(20), place: 's-1', items: 3, wrong: 1, state: 'dead' },
  ],
};

test('a minute shows what had changed until then', () => {
  const shown = (minute: number): unknown => rowsAt(past, ms(minute)).get('s-1');
  expect(shown(9)).toMatchObject({ items: 2, wrong: 0, state: 'live' });
  expect(shown(10)).toMatchObject({ items: 3, wrong: 1, state: 'live' });
  expect(shown(20)).toMatchObject({ items: 3, wrong: 1, state: 'dead' });
});

test('nothing is claimed of minutes before the first fact or after the last entry', () => {
  for (const minute of [0, 5, 51]) {
    const rows = rowsAt(past, ms(minute));
    expect(rows.get('s-1')).toMatchObject({ items: 0, state: 'unknown' });
    expect(rows.get('s-2')?.state).toBe('unequipped');
  }
});

test('bars stand where something changed', () => {
  const bars = changesPerMinute(past, 60);
  expect(bars).toHaveLength(60);
  expect(bars.flatMap((count, minute) => (count > 0 ? [minute] : []))).toEqual([10, 20]);
});

test('only shelves that look different are told', () => {
  const rows = new PastRows();
  const told: string[] = [];
  for (const shelf of ['s-1', 's-2']) rows.subscribe(shelf, () => told.push(shelf));
  rows.show(rowsAt(past, ms(9)));
  expect(told.splice(0)).toEqual(['s-1', 's-2']);
  rows.show(rowsAt(past, ms(8)));
  expect(told).toEqual([]);
  rows.show(rowsAt(past, ms(10)));
  expect(told).toEqual(['s-1']);
});
