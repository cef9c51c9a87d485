import { describe, expect, it } from '@jest/globals';
import type { SpaceRow } from '#contract/wire/live.ts';
import type { SpaceDay } from '#contract/wire/rest.ts';
import { dayOf, fillMeaning, fillOf, hoursKnown, peopleText } from '#dashboard/web/space/people.ts';

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

describe('a day', () => {
  it("is the library's own, wherever it is looked at from", () => {
    const moment = new Date('2026-03-01T20:30:00Z');
    expect(dayOf(moment, 'Europe/London')).toBe('2026-03-01');
    expect(dayOf(moment, 'Asia/Shanghai')).toBe('2026-03-02');
  });

  const day = (known: readonly string[]): SpaceDay => ({
    place: 'hall',
    from: '2026-03-01T00:00:00.000Z',
    to: '2026-03-02T00:00:00.000Z',
    stepSeconds: 300,
    rows: Array.from({ length: 288 }, (_, step) => {
      const at = new Date(Date.UTC(2026, 2, 1, 0, step * 5)).toISOString();
      return { at, people: known.includes(at.slice(11, 16)) ? 3 : null };
    }),
  });
  const shown = (known: readonly string[]): string[] =>
    hoursKnown(day(known)).map((seconds) => new Date(seconds * 1000).toISOString().slice(5, 16));

  it('is drawn from the first to the last hour something is known of, and never less than two', () => {
    expect(shown(['08:10', '17:20'])).toEqual(['03-01T08:00', '03-01T18:00']);
    expect(shown(['08:10', '08:15'])).toEqual(['03-01T08:00', '03-01T10:00']);
    expect(shown(['23:55'])).toEqual(['03-01T22:00', '03-02T00:00']);
    expect(shown([])).toEqual(['03-01T00:00', '03-02T00:00']);
  });
});
