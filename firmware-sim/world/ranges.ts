/**
 * Ranges, bays and shelves of one floor. Call numbers run down the tiers of a bay, along side A, round the end and back
 * along side B:
 *
 *     range centre ->   | a1 a2 a3 ... a9 |   side A looks left
 *                       | b1 b2 b3 ... b9 |   side B looks right, a1 and b1 back to back
 */
import type { Plan } from '#contract/domain/plan.ts';
import type { ZoneId } from './zones.ts';

type Place = Plan['places'][number];

export const RANGES_PER_FLOOR = 4;
export const BAYS_PER_SIDE = 9;
export const TIERS = 5;
export const SHELVES_PER_RANGE = 2 * BAYS_PER_SIDE * TIERS;
const SMART_RANGE = 2;
const BAYS_PER_READER = 3;

const RANGE_X_METRES = 13.4;
const RANGE_STEP_METRES = 3.4;
const RANGE_Y_METRES = 3.5;
export const BAY_METRES = 1;
export const SIDE_DEPTH_METRES = 0.3;
const TIER_METRES = 0.35;
const TOP_TIER_METRES = 1.75;

/** One shelf as furniture; its collection and range are the plan's business. */
export interface Shelf {
  readonly id: string;
  readonly floor: 1 | 2;
  readonly zone: ZoneId;
  readonly range: number;
  readonly side: 'a' | 'b';
  /** 1 to 9 along the range, and 1 = top. */
  readonly bay: number;
  readonly tier: number;
  /** Middle of the shelf on the floor's grid, and the height of its board. */
  readonly x: number;
  readonly y: number;
  readonly z: number;
  /** The antenna behind it, where the shelf is smart. */
  readonly antenna?: { readonly reader: string; readonly antenna: number; readonly readPoint: string };
}

/** All shelves of a floor in call-number order. */
export function shelvesOfFloor({ floor, zone }: { floor: 1 | 2; zone: ZoneId }): readonly Shelf[] {
  const shelves: Shelf[] = [];
  for (let range = 1; range <= RANGES_PER_FLOOR; range += 1) {
    for (const side of ['a', 'b'] as const) {
      for (let step = 1; step <= BAYS_PER_SIDE; step += 1) {
        const bay = side === 'a' ? step : BAYS_PER_SIDE + 1 - step;
        for (let tier = 1; tier <= TIERS; tier += 1) shelves.push(shelf({ floor, zone, range, side, bay, tier }));
      }
    }
  }
  return shelves;
}

function shelf(at: Pick<Shelf, 'floor' | 'zone' | 'range' | 'side' | 'bay' | 'tier'>): Shelf {
  const id = `${bayId(at)}-t${at.tier}`;
  const half = at.side === 'a' ? -SIDE_DEPTH_METRES / 2 : SIDE_DEPTH_METRES / 2;
  const reader = Math.ceil(at.bay / BAYS_PER_READER) + (at.side === 'a' ? 0 : BAYS_PER_SIDE / BAYS_PER_READER);
  const antenna = ((at.bay - 1) % BAYS_PER_READER) * TIERS + at.tier;
  return {
    id,
    ...at,
    x: rangeX(at.range) + half,
    y: RANGE_Y_METRES + (at.bay - 0.5) * BAY_METRES,
    z: TOP_TIER_METRES - (at.tier - 1) * TIER_METRES,
    ...(at.range === SMART_RANGE && {
      antenna: { reader: `f${at.floor}-reader-${reader}`, antenna, readPoint: `rp-${id}` },
    }),
  };
}

/** Places of the ranges and bays, and of the shelves through `shelfPlace`, parents before children. */
export function rangePlaces(
  shelves: readonly Shelf[],
  contents: (shelf: Shelf) => Pick<Place, 'collection' | 'range' | 'shelfTag'>,
): Place[] {
  const places = new Map<string, Place>();
  for (const at of shelves) {
    const range = rangeId(at);
    const bay = bayId(at);
    if (!places.has(range)) {
      const length = BAYS_PER_SIDE * BAY_METRES;
      const polygon = rectangle(rangeX(at.range) - SIDE_DEPTH_METRES, RANGE_Y_METRES, 2 * SIDE_DEPTH_METRES, length);
      places.set(range, { id: range, kind: 'range', parent: at.zone, name: String(at.range), polygon });
    }
    const left = at.x - SIDE_DEPTH_METRES / 2;
    const polygon = rectangle(left, at.y - BAY_METRES / 2, SIDE_DEPTH_METRES, BAY_METRES);
    if (!places.has(bay)) {
      places.set(bay, { id: bay, kind: 'bay', parent: range, name: `${at.side.toUpperCase()}${at.bay}`, polygon });
    }
    const name = String(at.tier);
    const own = { id: at.id, kind: 'shelf' as const, parent: bay, name, tier: at.tier, polygon, capacity: 40 };
    places.set(at.id, { ...own, ...contents(at) });
  }
  return [...places.values()];
}

/** Along each side, round both ends, across the aisle to the next range. */
export function rangeAisles(shelves: readonly Shelf[]): Plan['aisles'] {
  const bays = new Map(shelves.map((at) => [bayId(at), at]));
  const aisles: Plan['aisles'] = [];
  for (const [id, at] of bays) {
    const join = (other: Pick<Shelf, 'floor' | 'range' | 'side' | 'bay'>, metres: number): void => {
      if (bays.has(bayId(other))) aisles.push({ a: id, b: bayId(other), metres });
    };
    join({ ...at, bay: at.bay + 1 }, BAY_METRES);
    if (at.side === 'b') join({ ...at, range: at.range + 1, side: 'a' }, RANGE_STEP_METRES - 2 * SIDE_DEPTH_METRES);
    if (at.side === 'a' && at.bay === BAYS_PER_SIDE) join({ ...at, side: 'b' }, 2.4);
    if (at.bay === 1) aisles.push({ a: rangeId(at), b: id, metres: 1.1 });
  }
  for (const at of shelves) {
    const next = rangeId({ floor: at.floor, range: at.range + 1 });
    const isFirst = at.side === 'a' && at.bay === 1 && at.tier === 1 && at.range < RANGES_PER_FLOOR;
    if (isFirst) aisles.push({ a: rangeId(at), b: next, metres: RANGE_STEP_METRES });
  }
  return aisles;
}

function rangeId(at: Pick<Shelf, 'floor' | 'range'>): string {
  return `f${at.floor}-r${at.range}`;
}

function bayId(at: Pick<Shelf, 'floor' | 'range' | 'side' | 'bay'>): string {
  return `${rangeId(at)}-${at.side}${at.bay}`;
}

function rangeX(range: number): number {
  return RANGE_X_METRES + (range - 1) * RANGE_STEP_METRES;
}

function rectangle(left: number, top: number, width: number, height: number): NonNullable<Place['polygon']> {
  const right = round(left + width);
  const bottom = round(top + height);
  return [
    [round(left), round(top)],
    [right, round(top)],
    [right, bottom],
    [round(left), bottom],
  ];
}

function round(metres: number): number {
  return Math.round(metres * 100) / 100;
}
