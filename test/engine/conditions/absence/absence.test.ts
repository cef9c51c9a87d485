/** The bar of the missing list on a small library; `main.ts` beside this runs the whole one. */
import { describe, expect, test } from '@jest/globals';
import { AbsenceRun } from './absence-run.ts';

describe.each([false, true])('ten days in which books vanish, machines fail: %s', (hasFaults) => {
  test('nearly all that are gone are listed as missing, nothing else ever is, and dead tags stand apart', () => {
    const figures = new AbsenceRun({ seed: 3, books: 120, gone: 10, days: 10, hasFaults }).run();
    expect(figures.gone).toBeGreaterThanOrEqual(8);
    expect(figures.missing / figures.gone).toBeGreaterThanOrEqual(0.75);
    expect(figures.falseEver).toEqual([]);
    // Staff would save a false line from becoming a false "missing": what must not happen is that they are sent at all.
    expect(figures.searchesInVain).toBe(0);
    expect(figures.dead).toBeGreaterThan(0);
    // A copy that came back from a loan yesterday is not yet judged.
    expect(figures.deadApart).toBeGreaterThanOrEqual(figures.dead - 1);
    expect(figures.untaggedApart).toBe(figures.untagged);
    expect(figures.falseDead).toEqual([]);
  }, 60_000);
});
