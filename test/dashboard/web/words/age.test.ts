import { describe, expect, it } from '@jest/globals';
import { ageOf, ageText } from '#dashboard/web/words/age.ts';

const NOW = Date.parse('2026-03-01T12:00:00.000Z');
const ago = (ms: number): string => new Date(NOW - ms).toISOString();

describe('ageOf', () => {
  it.each([
    [0, 'now', 0],
    [9_999, 'now', 0],
    [10_000, 'second', 10],
    [59_999, 'second', 59],
    [60_000, 'minute', 1],
    [3_599_999, 'minute', 59],
    [3_600_000, 'hour', 1],
    [86_399_999, 'hour', 23],
    [86_400_000, 'day', 1],
    [40 * 86_400_000, 'day', 40],
  ])('says %d ms as one unit', (ms, unit, value) => {
    expect(ageOf(ago(ms), NOW)).toEqual({ unit, value });
  });

  it('takes a time in the future and a broken one as now', () => {
    expect(ageOf(ago(-60_000), NOW).unit).toBe('now');
    expect(ageOf('not a time', NOW).unit).toBe('now');
  });
});

describe('ageText', () => {
  it('speaks the language of the reader', () => {
    const age = ageOf(ago(120_000), NOW);
    expect(ageText(age, 'en', 'just now')).toMatch(/^2 min\.? ago$/);
    expect(ageText(age, 'zh-Hans', '刚刚')).toBe('2分钟前');
    expect(ageText(age, 'zh-Hant', '剛剛')).toMatch(/2 ?分鐘前/);
    expect(ageText(ageOf(ago(0), NOW), 'zh-Hans', '刚刚')).toBe('刚刚');
  });
});
