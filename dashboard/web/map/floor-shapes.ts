/**
 * What to draw for one floor, in metres, from the plan's polygons alone.
 *
 * The shelves of a bay stand above each other, so seen from above they share one footprint. Where the plan gives each
 * shelf a polygon of its own, that is drawn; where it gives none, or the same one to all, the bay is cut into equal
 * parts along its longer side, highest shelf first.
 */
import type { Place } from '#contract/domain/plan.ts';
import { boxOf, cornersOf, type Box, type Point } from './geometry.ts';
import type { PlanIndex } from './plan-index.ts';
import { asItIs, widenRanges, type Widen } from './widen-ranges.ts';

export interface Shape {
  readonly id: string;
  readonly kind: Place['kind'];
  /** SVG path data. */
  readonly d: string;
  readonly center: Point;
  /** Width and height of the bounding box. */
  readonly size: Point;
}

export interface FloorShapes {
  readonly bounds: Box;
  /** What the floor is looked at for: its ranges and shelves; the whole floor where there are none. */
  readonly content: Box;
  readonly outline: Shape | null;
  /** Zones, rooms and desks, below everything else. */
  readonly areas: readonly Shape[];
  readonly ranges: readonly Shape[];
  readonly bays: readonly Shape[];
  readonly shelves: readonly Shape[];
}

const MARGIN_METRES = 1;

export function floorShapes(plan: PlanIndex, floorId: string): FloorShapes {
  const areas: Shape[] = [];
  const ranges: Shape[] = [];
  const bays: Shape[] = [];
  const shelves: Shape[] = [];
  const floor = plan.get(floorId);
  const outline = floor?.polygon === undefined ? null : shapeOf(floor, floor.polygon);
  const widen = widening(plan, floorId);
  for (const place of plan.below(floorId)) {
    const wider = widen(place);
    if (place.kind === 'bay') shelves.push(...shelvesOfBay(plan, place, wider));
    if (place.kind === 'shelf') {
      const isInBay = place.parent !== null && plan.get(place.parent)?.kind === 'bay';
      if (!isInBay && place.polygon !== undefined) shelves.push(shapeOf(place, wider(place.polygon)));
      continue;
    }
    const polygon = place.polygon ?? (place.kind === 'range' ? aroundBays(plan, place) : undefined);
    if (polygon === undefined) continue;
    const shape = shapeOf(place, wider(polygon));
    if (place.kind === 'range') ranges.push(shape);
    else if (place.kind === 'bay') bays.push(shape);
    else areas.push(shape);
  }
  // Large areas first, so that a room inside a zone is not hidden by it.
  areas.sort((a, b) => b.size[0] * b.size[1] - a.size[0] * a.size[1]);
  const bounds = boundsOf([outline ?? [], areas, ranges, bays, shelves].flat());
  const content = [ranges, bays, shelves].flat();
  return {
    bounds,
    content: content.length === 0 ? bounds : boundsOf(content),
    outline,
    areas,
    ranges,
    bays,
    shelves,
  };
}

/** The rule for everything in a range, and none for the rest. */
function widening(plan: PlanIndex, floorId: string): (place: Place) => Widen {
  const ranges = [...plan.below(floorId)].filter((place) => place.kind === 'range');
  const rules = widenRanges(ranges.map((range) => range.polygon ?? aroundBays(plan, range)));
  const byRange = new Map(ranges.map((range, index) => [range.id, rules[index] ?? asItIs]));
  return (place) => byRange.get(plan.ancestor(place.id, 'range')?.id ?? '') ?? asItIs;
}

function shelvesOfBay(plan: PlanIndex, bay: Place, wider: Widen): Shape[] {
  const shelves = shelvesFromTop(plan, bay.id);
  const given = shelves.map((shelf) => (shelf.polygon === undefined ? null : pathOf(shelf.polygon)));
  const areDistinct = !given.includes(null) && new Set(given).size === given.length;
  if (areDistinct) return shelves.map((shelf) => shapeOf(shelf, wider(shelf.polygon ?? [])));
  const footprint = bay.polygon ?? shelves.find((shelf) => shelf.polygon !== undefined)?.polygon;
  if (footprint === undefined) return [];
  return shelves.map((shelf, index) => shapeOf(shelf, wider(slice(footprint, index, shelves.length))));
}

/** A range without an outline of its own still needs a place for its label. */
function aroundBays(plan: PlanIndex, range: Place): readonly Point[] | undefined {
  const points = plan.childrenOf(range.id).flatMap((bay) => bay.polygon ?? []);
  return points.length === 0 ? undefined : cornersOf(boxOf(points));
}

/** The shelves of one bay from the top down. */
export function shelvesFromTop(plan: PlanIndex, bayId: string): readonly Place[] {
  return plan
    .childrenOf(bayId)
    .filter((place) => place.kind === 'shelf')
    .toSorted((a, b) => (a.tier ?? 99) - (b.tier ?? 99));
}

/** Part `index` of `count` of a footprint, cut across its longer side. */
function slice(polygon: readonly Point[], index: number, count: number): readonly Point[] {
  const [a, b, c, d] = polygon.length === 4 ? polygon : cornersOf(boxOf(polygon));
  if (a === undefined || b === undefined || c === undefined || d === undefined) return polygon;
  const from = index / count;
  const to = (index + 1) / count;
  const isAlongFirstEdge = distance(a, b) >= distance(b, c);
  return isAlongFirstEdge
    ? [between(a, b, from), between(a, b, to), between(d, c, to), between(d, c, from)]
    : [between(a, d, from), between(b, c, from), between(b, c, to), between(a, d, to)];
}

function between(a: Point, b: Point, t: number): Point {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t];
}

function distance(a: Point, b: Point): number {
  return Math.hypot(b[0] - a[0], b[1] - a[1]);
}

const metres = (value: number): string => String(Math.round(value * 1000) / 1000);

function pathOf(polygon: readonly Point[]): string {
  return `M${polygon.map((point) => `${metres(point[0])} ${metres(point[1])}`).join('L')}Z`;
}

function shapeOf(place: Place, polygon: readonly Point[]): Shape {
  const box = boxOf(polygon);
  return {
    id: place.id,
    kind: place.kind,
    d: pathOf(polygon),
    center: [box.x + box.width / 2, box.y + box.height / 2],
    size: [box.width, box.height],
  };
}

function boundsOf(shapes: readonly Shape[]): Box {
  if (shapes.length === 0) return { x: 0, y: 0, width: 10, height: 10 };
  const lefts = shapes.map((shape) => shape.center[0] - shape.size[0] / 2);
  const tops = shapes.map((shape) => shape.center[1] - shape.size[1] / 2);
  const rights = shapes.map((shape) => shape.center[0] + shape.size[0] / 2);
  const bottoms = shapes.map((shape) => shape.center[1] + shape.size[1] / 2);
  const x = lefts.reduce((a, b) => Math.min(a, b)) - MARGIN_METRES;
  const y = tops.reduce((a, b) => Math.min(a, b)) - MARGIN_METRES;
  return {
    x,
    y,
    width: rights.reduce((a, b) => Math.max(a, b)) + MARGIN_METRES - x,
    height: bottoms.reduce((a, b) => Math.max(a, b)) + MARGIN_METRES - y,
  };
}

/** The shape nearest to a point, if one lies within reach: a finger is wider than a shelf on a whole floor. */
export function nearestShape(shapes: readonly Shape[], at: Point, reachMetres: number): Shape | null {
  let best: Shape | null = null;
  let bestMetres = reachMetres;
  for (const shape of shapes) {
    const dx = Math.max(0, Math.abs(at[0] - shape.center[0]) - shape.size[0] / 2);
    const dy = Math.max(0, Math.abs(at[1] - shape.center[1]) - shape.size[1] / 2);
    const metresAway = Math.hypot(dx, dy);
    if (metresAway <= bestMetres && (metresAway < bestMetres || best === null)) {
      best = shape;
      bestMetres = metresAway;
    }
  }
  return best;
}
