import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fit, holds, lookAt, pan, within, zoomAt } from '#dashboard/web/map/view-box.ts';

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

describe('within', () => {
  const box = { x: 10, y: 10, width: 20, height: 10 };

  it('looks at nothing beyond the edge while the box is large enough', () => {
    expect(within({ x: 5, y: 18, width: 8, height: 4 }, box)).toEqual({ x: 10, y: 16, width: 8, height: 4 });
    expect(within({ x: 12, y: 11, width: 8, height: 4 }, box)).toEqual({ x: 12, y: 11, width: 8, height: 4 });
  });

  it('puts a box that is smaller than the view in the middle', () => {
    expect(within({ x: 0, y: 0, width: 30, height: 20 }, box)).toEqual({ x: 5, y: 5, width: 30, height: 20 });
  });

  it('knows what a box holds', () => {
    expect([holds(box, [10, 20]), holds(box, [9, 12]), holds(box, [12, 21])]).toEqual([true, false, false]);
  });
});
