/** How close the shelves of two read points stand, as the plan tells it: how much weaker one hears the other's tags. */
import type { PlanIndex } from '#contract/domain/plan-index.ts';

/** 0 the same, 1 next to each other, 2 one further, 3 anything else. */
export type Closeness = 0 | 1 | 2 | 3;

export interface ReadPointInfo {
  readonly id: string;
  readonly reader: string;
  /** First listed place: what the antenna says when nothing tells its places apart. */
  readonly place: string;
  readonly places: readonly string[];
  readonly isShelf: boolean;
  /** Numbers of the read points next to it, and those one further. */
  readonly closeTo: ReadonlyMap<number, Closeness>;
  readonly nextTo: readonly number[];
}

/** Everything the location rules need of the plan, by number of the read point. */
export type ReadPointTable = ReadonlyMap<number, ReadPointInfo>;

/** `numberOf` gives the lasting number of a read point's id. */
export function relateReadPoints(index: PlanIndex, numberOf: (id: string) => number): ReadPointTable {
  const table = new Map<number, ReadPointInfo>();
  const backToBack = findBackToBack(index);
  const besides = (place: string): readonly string[] => [...index.neighbours(place), ...(backToBack.get(place) ?? [])];
  for (const readPoint of index.plan.readPoints) {
    const own = numberOf(readPoint.id);
    const closeTo = new Map<number, Closeness>();
    const first = new Set(readPoint.places.flatMap(besides));
    const second = new Set([...first].flatMap(besides));
    const add = (places: Iterable<string>, closeness: Closeness): void => {
      for (const place of places) {
        for (const other of index.readPointsAt(place)) {
          const number = numberOf(other.id);
          if (number !== own && !closeTo.has(number)) closeTo.set(number, closeness);
        }
      }
    };
    add(first, 1);
    add(second, 2);
    const place = readPoint.places[0] ?? '';
    table.set(own, {
      id: readPoint.id,
      reader: readPoint.reader,
      place,
      places: readPoint.places,
      isShelf: index.place(place)?.kind === 'shelf',
      closeTo,
      nextTo: [...closeTo].filter(([, closeness]) => closeness === 1).map(([number]) => number),
    });
  }
  return table;
}

export function closenessOf(table: ReadPointTable, a: number, b: number): Closeness {
  return a === b ? 0 : (table.get(a)?.closeTo.get(b) ?? 3);
}

/** Drawings are exact to this much. */
const GRID_METRES = 0.05;

/**
 * Shelves of one tier whose outlines share an edge: besides the bays of one side these are the shelves behind, which the
 * order of the bays does not tell.
 */
function findBackToBack(index: PlanIndex): ReadonlyMap<string, readonly string[]> {
  const byEdge = new Map<string, string[]>();
  for (const { places } of index.plan.readPoints) {
    for (const id of places) {
      const place = index.place(id);
      if (place?.kind !== 'shelf' || place.polygon === undefined) continue;
      const own = `${index.enclosing(id, 'floor')?.id ?? ''}/${String(place.tier ?? 0)}`;
      const corners = place.polygon.map((point) => point.map((metres) => Math.round(metres / GRID_METRES)).join(','));
      corners.forEach((corner, i) => {
        const edge = `${own}/${[corner, corners[(i + 1) % corners.length] ?? ''].sort().join('/')}`;
        const shelves = byEdge.get(edge);
        if (shelves === undefined) byEdge.set(edge, [id]);
        else shelves.push(id);
      });
    }
  }
  const found = new Map<string, string[]>();
  for (const shelves of byEdge.values()) {
    for (const shelf of shelves) {
      const others = shelves.filter((other) => other !== shelf);
      if (others.length > 0) found.set(shelf, [...(found.get(shelf) ?? []), ...others]);
    }
  }
  return found;
}
