import { describe, expect, it } from '@jest/globals';
import type { Place } from '#contract/domain/plan.ts';
import { floorShapes, nearestShape } from '#dashboard/web/map/floor-shapes.ts';
import { PlanIndex } from '#dashboard/web/map/plan-index.ts';

type Polygon = [number, number][];
const rect = (x: number, y: number, width: number, height: number): Polygon => [
  [x, y],
  [x + width, y],
  [x + width, y + height],
  [x, y + height],
];

function shapesOf(places: Place[]): ReturnType<typeof floorShapes> {
  const floor: Place = { id: 'f', kind: 'floor', parent: null, name: '1' };
  const plan = new PlanIndex({
    version: 1,
    validFrom: '2026-01-01T00:00:00.000Z',
    places: [floor, { id: 'r', kind: 'range', parent: 'f', name: '1' }, ...places],
    aisles: [],
    lines: [],
    readPoints: [],
    sensors: [],
  });
  return floorShapes(plan, 'f');
}

const shelf = (id: string, tier: number, polygon?: Polygon): Place => ({
  id,
  kind: 'shelf',
  parent: 'b',
  name: String(tier),
  tier,
  ...(polygon === undefined ? {} : { polygon }),
});

describe('floorShapes', () => {
  it('cuts a bay along its longer side, the highest shelf first, whatever the order in the plan', () => {
    const bay: Place = { id: 'b', kind: 'bay', parent: 'r', name: '1', polygon: rect(10, 5, 0.9, 0.3) };
    const { shelves } = shapesOf([bay, shelf('low', 3), shelf('top', 1), shelf('mid', 2)]);
    expect(shelves.map((shape) => shape.id)).toEqual(['top', 'mid', 'low']);
    expect(shelves.map((shape) => shape.d)).toEqual([
      'M10 5L10.3 5L10.3 5.3L10 5.3Z',
      'M10.3 5L10.6 5L10.6 5.3L10.3 5.3Z',
      'M10.6 5L10.9 5L10.9 5.3L10.6 5.3Z',
    ]);
  });

  it('cuts an upright bay from top to bottom', () => {
    const bay: Place = { id: 'b', kind: 'bay', parent: 'r', name: '1', polygon: rect(0, 0, 0.5, 1) };
    const { shelves } = shapesOf([bay, shelf('one', 1), shelf('two', 2)]);
    expect(shelves.map((shape) => shape.center[1])).toEqual([0.25, 0.75]);
  });

  it('cuts the footprint that all shelves of a bay share', () => {
    const same = rect(0, 0, 0.9, 0.3);
    const { shelves } = shapesOf([
      { id: 'b', kind: 'bay', parent: 'r', name: '1' },
      shelf('one', 1, same),
      shelf('two', 2, same),
    ]);
    expect(new Set(shelves.map((shape) => shape.d)).size).toBe(2);
  });

  it('draws shelves with outlines of their own as they are', () => {
    const { shelves } = shapesOf([
      { id: 'b', kind: 'bay', parent: 'r', name: '1', polygon: rect(0, 0, 9, 9) },
      shelf('one', 1, rect(1, 1, 2, 1)),
      shelf('two', 2, rect(1, 3, 2, 1)),
    ]);
    expect(shelves.map((shape) => shape.center)).toEqual([
      [2, 1.5],
      [2, 3.5],
    ]);
  });

  it('gives a range without an outline one round its bays, and a floor without anything a size', () => {
    const { ranges, bounds } = shapesOf([
      { id: 'b', kind: 'bay', parent: 'r', name: '1', polygon: rect(2, 2, 1, 1) },
      { id: 'b2', kind: 'bay', parent: 'r', name: '2', polygon: rect(3, 2, 1, 1) },
    ]);
    expect(ranges[0]?.size).toEqual([2, 1]);
    expect(bounds).toEqual({ x: 1, y: 1, width: 4, height: 3 });
    expect(shapesOf([]).bounds.width).toBeGreaterThan(0);
  });
});

describe('nearestShape', () => {
  const { shelves } = shapesOf([
    { id: 'b', kind: 'bay', parent: 'r', name: '1', polygon: rect(0, 0, 2, 0.3) },
    shelf('left', 1),
    shelf('right', 2),
  ]);

  it('finds the shelf under the finger, or near it, and none far away', () => {
    expect(nearestShape(shelves, [0.5, 0.1], 0)?.id).toBe('left');
    expect(nearestShape(shelves, [2.3, 0.1], 0.4)?.id).toBe('right');
    expect(nearestShape(shelves, [2.5, 0.1], 0.4)).toBeNull();
  });
});
