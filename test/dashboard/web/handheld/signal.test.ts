import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FindSignalView } from '#contract/wire/rest-sweeps.ts';
import { beepOf, nearnessOf, strongest } from '#dashboard/web/handheld/signal.ts';

const signal = (tag: string, percent: number, seconds: number): FindSignalView => ({
  ...{ tag, percent, item: null, rssiDbm: null, at: new Date(seconds * 1000).toISOString() },
});
const any = fc.double({ noNaN: false });

describe('the signal', () => {
  it('is that of the strongest tag of the copy', () => {
    const rows = [signal('a', 20, 10), signal('b', 60, 10.5), signal('other', 99, 10.5)];
    expect(strongest(rows, new Set(['a', 'b']))).toEqual({ percent: 60, at: new Date(10_500).toISOString() });
    expect(strongest(rows, new Set(['none']))).toBeNull();
    expect(strongest([], new Set(['a']))).toBeNull();
  });

  it('of a tag that fell silent does not hide one that is heard', () => {
    expect(strongest([signal('a', 90, 10), signal('b', 30, 11.5)], new Set(['a', 'b']))?.percent).toBe(30);
  });

  it('has a word for every strength', () => {
    expect([null, 0, 39, 40, 74, 75, 100].map(nearnessOf)).toEqual([
      ...['silent', 'far', 'far', 'middle', 'middle', 'near', 'near'],
    ]);
  });
});

describe('the tone', () => {
  it('rises and quickens with the signal, never falls', () => {
    const percent = fc.double({ min: 0, max: 100, noNaN: true });
    fc.assert(
      fc.property(percent, percent, (a, b) => {
        const [low, high] = [beepOf(Math.min(a, b)), beepOf(Math.max(a, b))];
        expect(high.hertz).toBeGreaterThanOrEqual(low.hertz);
        expect(high.everyMs).toBeLessThanOrEqual(low.everyMs);
      }),
    );
    expect(beepOf(100).hertz).toBeCloseTo(4 * beepOf(0).hertz);
    expect(beepOf(100).everyMs).toBeLessThan(beepOf(0).everyMs / 5);
  });

  it('can be played whatever number comes', () => {
    fc.assert(
      fc.property(any, (percent) => {
        const { hertz, everyMs, lengthMs } = beepOf(percent);
        expect(hertz).toBeGreaterThanOrEqual(300);
        expect(hertz).toBeLessThanOrEqual(1400);
        expect(lengthMs).toBeGreaterThan(20);
        expect(lengthMs).toBeLessThan(everyMs);
      }),
    );
  });
});
