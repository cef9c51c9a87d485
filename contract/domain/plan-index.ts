/** A plan made ready for questions: who stands inside whom, what is next to what, which shelf holds which range. */
import { keyRange, type KeyRange } from './call-number/key-range.ts';
import type { CallNumberRange, Place, PlaceKind, Plan, ReadPoint } from './plan.ts';
import { DEFAULT_SHELVING, type ShelvingSettings } from './shelving-settings.ts';

/**
 * A shelf that is home to something: of a branch, a collection (any when undefined), some sizes (those that no shelf of the
 * branch names, when undefined) and a range (all when undefined). A shelf with several ranges is here once for each.
 */
export interface HomeShelf {
  readonly place: string;
  readonly branch: string | undefined;
  readonly collection: string | undefined;
  readonly sizes: readonly string[] | undefined;
  readonly keys: KeyRange | undefined;
}

export interface PlanIndex {
  readonly plan: Plan;
  /** How the library shelves: the ranges were read that way. */
  readonly shelving: ShelvingSettings;
  place(id: string): Place | undefined;
  /** From the place itself up to the root. Empty for an unknown id. */
  pathToRoot(id: string): readonly Place[];
  /** The nearest ancestor of that kind, or the place itself. */
  enclosing(id: string, kind: PlaceKind): Place | undefined;
  children(id: string): readonly Place[];
  /** Places that share an edge: the next tiers of the same bay, the same tier of the bays beside it, and what the plan names. */
  neighbours(id: string): readonly string[];
  /** Whether the two are neighbours, in either direction. */
  isAdjacent(a: string, b: string): boolean;
  readPoint(id: string): ReadPoint | undefined;
  /** Read points that listen at a place. */
  readPointsAt(place: string): readonly ReadPoint[];
  readonly homeShelves: readonly HomeShelf[];
  /** Places whose range cannot be read, with the reason: they are home to nothing. */
  readonly rangeFaults: readonly { readonly place: string; readonly detail: string }[];
}

/** Builds the index of a valid plan; linear in its size. */
export function indexPlan(plan: Plan, shelving: ShelvingSettings = DEFAULT_SHELVING): PlanIndex {
  const byId = new Map(plan.places.map((place) => [place.id, place]));
  const childrenOf = groupBy(plan.places, (place) => place.parent ?? '');
  const readPoints = new Map(plan.readPoints.map((entry) => [entry.id, entry]));
  const readPointsOf = new Map<string, ReadPoint[]>();
  for (const entry of plan.readPoints) {
    for (const place of entry.places) push(readPointsOf, place, entry);
  }
  const pathToRoot = (id: string): Place[] => {
    const path: Place[] = [];
    for (let at = byId.get(id); at !== undefined; at = at.parent === null ? undefined : byId.get(at.parent))
      path.push(at);
    return path;
  };
  const named = new Map<string, string[]>();
  for (const [a, b] of plan.neighbours ?? []) {
    push(named, a, b);
    push(named, b, a);
  }
  const neighbours = (id: string): string[] => [
    ...neighboursOf(byId.get(id), byId, childrenOf),
    ...(named.get(id) ?? []),
  ];
  const { shelves, faults } = collectHomes(plan, shelving, pathToRoot);
  return {
    plan,
    shelving,
    place: (id) => byId.get(id),
    pathToRoot,
    enclosing: (id, kind) => pathToRoot(id).find((place) => place.kind === kind),
    children: (id) => childrenOf.get(id) ?? [],
    neighbours,
    isAdjacent: (a, b) => neighbours(a).includes(b) || neighbours(b).includes(a),
    readPoint: (id) => readPoints.get(id),
    readPointsAt: (place) => readPointsOf.get(place) ?? [],
    homeShelves: shelves,
    rangeFaults: faults,
  };
}

/** Bays stand in the order in which the plan lists them within their range; a shelf without a tier has its list place. */
function neighboursOf(
  place: Place | undefined,
  byId: ReadonlyMap<string, Place>,
  childrenOf: ReadonlyMap<string, readonly Place[]>,
): string[] {
  if (place?.parent == null) return [];
  const siblings = (childrenOf.get(place.parent) ?? []).filter((other) => other.kind === place.kind);
  if (place.kind !== 'shelf') return besides(siblings, place);
  const found = siblings.filter((other) => Math.abs(tierOf(other, siblings) - tierOf(place, siblings)) === 1);
  const bay = byId.get(place.parent);
  if (bay?.parent != null && bay.kind === 'bay') {
    const bays = (childrenOf.get(bay.parent) ?? []).filter((other) => other.kind === 'bay');
    for (const bayId of besides(bays, bay)) {
      const shelves = (childrenOf.get(bayId) ?? []).filter((other) => other.kind === 'shelf');
      found.push(...shelves.filter((other) => tierOf(other, shelves) === tierOf(place, siblings)));
    }
  }
  return found.map((other) => other.id);
}

function tierOf(shelf: Place, shelves: readonly Place[]): number {
  return shelf.tier ?? shelves.indexOf(shelf) + 1;
}

function besides(row: readonly Place[], place: Place): string[] {
  const at = row.indexOf(place);
  return [row[at - 1], row[at + 1]].flatMap((other) => (other === undefined ? [] : [other.id]));
}

/** Collection, sizes and ranges hold for everything below, so the nearest ones on the way up count. */
function collectHomes(
  plan: Plan,
  shelving: ShelvingSettings,
  pathToRoot: (id: string) => Place[],
): { shelves: HomeShelf[]; faults: { place: string; detail: string }[] } {
  const shelves: HomeShelf[] = [];
  const faults: { place: string; detail: string }[] = [];
  for (const place of plan.places) {
    if (place.kind !== 'shelf') continue;
    const path = pathToRoot(place.id);
    const ranges = path.map(rangesOf).find((found) => found !== undefined);
    const home = {
      place: place.id,
      branch: path.find((above) => above.kind === 'branch')?.id,
      collection: path.find((above) => above.collection !== undefined)?.collection,
      sizes: path.find((above) => above.sizes !== undefined && above.sizes.length > 0)?.sizes,
    };
    if (ranges === undefined) {
      if (home.collection !== undefined || home.sizes !== undefined) shelves.push({ ...home, keys: undefined });
      continue;
    }
    for (const range of ranges) {
      const keys = keyRange(range, shelving);
      if (keys.ok) shelves.push({ ...home, keys: keys.value });
      else faults.push({ place: place.id, detail: keys.error.detail });
    }
  }
  return { shelves, faults };
}

/** `undefined` where the place itself says nothing about ranges. */
function rangesOf({ range, ranges }: Place): readonly CallNumberRange[] | undefined {
  if (range === undefined) return ranges;
  return [range, ...(ranges ?? [])];
}

function groupBy<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) push(groups, keyOf(value), value);
  return groups;
}

function push<T>(groups: Map<string, T[]>, key: string, value: T): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [value]);
  else group.push(value);
}
