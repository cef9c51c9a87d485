/**
 * Ranges drawn wider than they are. A range is half a metre deep and twenty times as long: true to scale its shelves
 * are a few pixels wide, too thin to tell apart or to tap. So each grows across its length, into the aisles beside it,
 * never by more than leaves the aisle the larger part. Lengths, order and neighbours stay as they are.
 */
import { boxOf, type Box, type Point } from './geometry.ts';

const TIMES_MAX = 2.5;
/** Of the distance between the middles of two neighbouring ranges; the rest is the aisle. */
const SHARE_MAX = 0.45;

export type Widen = (polygon: readonly Point[]) => readonly Point[];

export const asItIs: Widen = (polygon) => polygon;

/** One rule for each range, in their order; ranges that stand askew or alone are drawn as they are. */
export function widenRanges(ranges: readonly (readonly Point[] | undefined)[]): Widen[] {
  const boxes = ranges.map((polygon) => (polygon !== undefined && isUpright(polygon) ? boxOf(polygon) : null));
  return boxes.map((box) => {
    if (box === null) return asItIs;
    const axis = box.width < box.height ? 0 : 1;
    const depth = extent(box, axis);
    const distance = Math.min(...boxes.map((other) => gap(box, other, axis)));
    if (distance === Infinity) return asItIs;
    const times = Math.max(1, Math.min(TIMES_MAX, (SHARE_MAX * distance) / depth));
    const middle = start(box, axis) + depth / 2;
    const wider = (value: number): number => middle + (value - middle) * times;
    return (polygon) => polygon.map(([x, y]): Point => (axis === 0 ? [wider(x), y] : [x, wider(y)]));
  });
}

const start = (box: Box, axis: 0 | 1): number => (axis === 0 ? box.x : box.y);
const extent = (box: Box, axis: 0 | 1): number => (axis === 0 ? box.width : box.height);

/** From middle to middle across the range, where the two stand side by side. */
function gap(box: Box, other: Box | null, axis: 0 | 1): number {
  if (other === null || other === box) return Infinity;
  const along = axis === 0 ? 1 : 0;
  const isBeside =
    start(other, along) < start(box, along) + extent(box, along) &&
    start(box, along) < start(other, along) + extent(other, along);
  if (!isBeside) return Infinity;
  return Math.abs(start(box, axis) + extent(box, axis) / 2 - start(other, axis) - extent(other, axis) / 2);
}

function isUpright(polygon: readonly Point[]): boolean {
  return polygon.every(([x, y], index) => {
    const next = polygon[(index + 1) % polygon.length];
    return next === undefined || next[0] === x || next[1] === y;
  });
}
