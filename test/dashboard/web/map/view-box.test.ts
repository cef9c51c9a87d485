import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fit, lookAt, pan, zoomAt } from '#dashboard/web/map/view-box.ts';

const WHOLE = { x: 0, y: 0, width: 40, height: 20 };

describe('the view of the map', () => {
  it('fits the whole floor into any window', () => {
    expect(fit({ x: 0, y: 0, width: 40, height: 20 }, 1)).toEqual({ x: 0, y: -10, width: 40, height: 40 });
    expect(fit({ x: 0, y: 0, width: 10, height: 20 }, 2)).toEqual({ x: -15, y: 0, width: 40, height: 20 });
  });

  it('keeps the point under the finger where it is while zooming', () => {
    const view = zoomAt(WHOLE, [10, 5], 2, WHOLE);
    expect(view.width).toBe(20);
    expect((10 - view.x) / view.width).toBeCloseTo(10 / 40);
    expect((5 - view.y) / view.height).toBeCloseTo(5 / 20);
  });

  it('never loses the floor, whatever is done to it', () => {
    const number = fc.double({ min: -1000, max: 1000, noNaN: true });
    const step = fc.record({ x: number, y: number, factor: fc.double({ min: 0.01, max: 100, noNaN: true }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let view = WHOLE;
        for (const { x, y, factor } of steps) view = pan(zoomAt(view, [x, y], factor, WHOLE), [x, y], WHOLE);
        const middle = [view.x + view.width / 2, view.y + view.height / 2] as const;
        expect(middle[0]).toBeGreaterThanOrEqual(-1e-6);
        expect(middle[0]).toBeLessThanOrEqual(40 + 1e-6);
        expect(middle[1]).toBeGreaterThanOrEqual(-1e-6);
        expect(middle[1]).toBeLessThanOrEqual(20 + 1e-6);
        expect(view.width).toBeGreaterThanOrEqual(2 - 1e-6);
        expect(view.width).toBeLessThanOrEqual(48 + 1e-6);
        expect(view.width / view.height).toBeCloseTo(2);
      }),
    );
  });

  it('looks at a shelf in the middle', () => {
    expect(lookAt([10, 10], 10, WHOLE)).toEqual({ x: 5, y: 7.5, width: 10, height: 5 });
  });
});
