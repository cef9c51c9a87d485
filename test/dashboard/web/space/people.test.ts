import { describe, expect, it } from '@jest/globals';
import type { SpaceRow } from '#contract/wire/live.ts';
import { fillMeaning, fillOf, peopleText } from '#dashboard/web/space/people.ts';

const row = (changes: Partial<SpaceRow>): SpaceRow => ({
  people: 47,
  low: 41,
  high: 53,
  capacity: 120,
  at: null,
  stale: false,
  ...changes,
});

describe('people in a zone', () => {
  it('are said with their range', () => {
    expect(peopleText(row({}), String)).toBe('47 (41–53)');
    expect(peopleText(row({ low: 47, high: 47 }), String)).toBe('47');
    expect(peopleText(row({ low: null, high: null }), String)).toBe('47');
  });

  it('are never said to be none when nothing is known', () => {
    expect(peopleText(row({ people: null }), String)).toBeNull();
    expect(fillOf(row({ people: null }))).toBeNull();
    expect(fillMeaning(row({ people: null }))).toBe('unknown');
    expect(fillMeaning(row({ stale: true }))).toBe('unknown');
  });

  it('fill the bar and no more than the bar', () => {
    expect(fillOf(row({ people: 60 }))).toEqual({ share: 0.5, lowShare: 41 / 120, highShare: 53 / 120 });
    expect(fillOf(row({ people: 130, high: 150 }))).toMatchObject({ share: 1, highShare: 1 });
    expect(fillOf(row({ capacity: null }))).toBeNull();
    expect(fillOf(row({ capacity: 0 }))).toBeNull();
  });

  it('have one meaning each for the colour', () => {
    expect(fillMeaning(row({ people: 101 }))).toBe('fine');
    expect(fillMeaning(row({ people: 102 }))).toBe('look');
    expect(fillMeaning(row({ people: 120 }))).toBe('act');
    expect(fillMeaning(row({ capacity: null }))).toBe('fine');
  });
});
