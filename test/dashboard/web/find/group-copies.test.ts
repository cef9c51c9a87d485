import { describe, expect, it } from '@jest/globals';
import type { ItemSummary } from '#contract/wire/rest.ts';
import { groupCopies } from '#dashboard/web/find/group-copies.ts';

const item = (barcode: string, title: string, year = 1922): ItemSummary => ({
  barcode,
  title,
  author: 'Joyce, James',
  year,
  language: 'en',
  scheme: 'ddc',
  callNumber: `823.9 JOY c.${barcode}`,
  collection: 'general',
  where: { condition: 'unseen', place: null, since: null, lastSeen: null, confidence: null, misshelved: false },
  home: [],
});

const shown = (items: ItemSummary[], hasMore: boolean): [string, boolean, number | null][] =>
  groupCopies(items, hasMore).map((copy) => [copy.item.barcode, copy.isFirst, copy.copies]);

describe('copies of a title', () => {
  it('have the title said once, with their number', () => {
    expect(shown([item('1', 'Ulysses'), item('2', 'Ulysses'), item('3', 'Dubliners')], false)).toEqual([
      ['1', true, 2],
      ['2', false, 2],
      ['3', true, 1],
    ]);
  });

  it('are not counted while more of them may follow', () => {
    expect(shown([item('3', 'Dubliners'), item('1', 'Ulysses'), item('2', 'Ulysses')], true)).toEqual([
      ['3', true, 1],
      ['1', true, null],
      ['2', false, null],
    ]);
  });

  it('are of one edition, and keep the order they came in', () => {
    expect(shown([item('1', 'Ulysses'), item('2', 'Ulysses', 1986), item('3', 'Ulysses')], false)).toEqual([
      ['1', true, 1],
      ['2', true, 1],
      ['3', true, 1],
    ]);
    expect(shown([], true)).toEqual([]);
  });
});
