import { describe, expect, it } from '@jest/globals';
import { boxOf, cornersOf, type Box } from '#dashboard/web/map/geometry.ts';
import { widenRanges } from '#dashboard/web/map/widen-ranges.ts';

/** Upright ranges of 0.6 m depth with their middles at the given places. */
const range = (middle: number, y = 0): Box => ({ x: middle - 0.3, y, width: 0.6, height: 9 });
const widened = (boxes: Box[]): Box[] => {
  const polygons = boxes.map(cornersOf);
  return widenRanges(polygons).map((widen, index) => boxOf(widen(polygons[index] ?? [])));
};
const depths = (boxes: Box[]): number[] => widened(boxes).map((box) => Number(box.width.toFixed(3)));

describe('ranges on the map', () => {
  it('grow into wide aisles, round their own middle and not along their length', () => {
    const [first] = widened([range(1), range(5)]);
    expect(first?.width).toBeCloseTo(1.5);
    expect((first?.x ?? 0) + (first?.width ?? 0) / 2).toBeCloseTo(1);
    expect(first).toMatchObject({ y: 0, height: 9 });
  });

  it('leave the aisle the larger part, and never shrink', () => {
    expect(depths([range(1), range(3), range(6)])).toEqual([0.9, 0.9, 1.35]);
    expect(depths([range(1), range(1.6)])).toEqual([0.6, 0.6]);
  });

  it('stay as they are when alone, askew, or without an outline', () => {
    expect(depths([range(1)])).toEqual([0.6]);
    expect(depths([range(1), range(4, 20)])).toEqual([0.6, 0.6]);
    const askew = [
      [0, 0],
      [1, 0.2],
      [0.8, 9],
      [-0.2, 8.8],
    ] as const;
    const [widen, , none] = widenRanges([askew, cornersOf(range(4)), undefined]);
    expect(widen?.(askew)).toEqual(askew);
    expect(none?.(askew)).toEqual(askew);
  });
});
