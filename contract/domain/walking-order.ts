/** The order in which to walk to places so that the way is short: along the aisles, never through the shelves. */
import type { PlanIndex } from './plan-index.ts';

export interface Walk {
  /** The same places, each once, in walking order. */
  readonly order: readonly string[];
  /** Length of the way from the first place (or the start) to the last; parts without an aisle count nothing. */
  readonly metres: number;
}

/** So few, with the start, are tried in every order (720 ways): exchanges alone may miss the short one by half. */
const EXACT_PLACES_MAX = 7;
/** Improvement stops here: beyond it the list is longer than anyone walks in one go, and the first pass must do. */
const IMPROVED_PLACES_MAX = 200;
const IMPROVEMENT_ROUNDS_MAX = 12;

/** A jump between parts that no aisle joins; long enough to be the last resort. */
const UNREACHABLE_METRES = 1e6;

interface Stop {
  readonly node: string | undefined;
  readonly places: string[];
}

/**
 * The best order of up to six places; beyond that nearest neighbour first, then two-way exchanges. Over shortest paths in `plan.aisles`. A place without an aisle of its
 * own counts as its nearest ancestor that has one; places nobody can walk to come last, in the order given.
 * The same question always gets the same answer.
 */
export function walkingOrder(index: PlanIndex, placeIds: readonly string[], startPlace?: string): Walk {
  const graph = aisleGraph(index);
  const nodeOf = (id: string): string | undefined => index.pathToRoot(id).find((place) => graph.has(place.id))?.id;
  const { stops, unreached } = gatherStops(placeIds, nodeOf);
  const startNode = startPlace === undefined ? undefined : nodeOf(startPlace);
  const nodes = [startNode ?? stops[0]?.node ?? '', ...stops.map((stop) => stop.node ?? '')];
  const distances = stops.length === 0 ? [] : nodes.map((node) => distancesFrom(graph, node, nodes));
  const metresBetween = (a: number, b: number): number => distances[a]?.[b] ?? UNREACHABLE_METRES;

  const route = nearestFirst(nodes.length, metresBetween);
  if (route.length <= EXACT_PLACES_MAX) tryAll(route, metresBetween);
  else if (route.length <= IMPROVED_PLACES_MAX) exchange(route, metresBetween);
  let metres = 0;
  for (let i = 1; i < route.length; i += 1) {
    const leg = metresBetween(route[i - 1] ?? 0, route[i] ?? 0);
    if (leg < UNREACHABLE_METRES) metres += leg;
  }
  const order = route.slice(1).flatMap((node) => stops[node - 1]?.places ?? []);
  return { order: [...order, ...unreached], metres };
}

/** Places that share a node are visited together, in the order given. */
function gatherStops(
  placeIds: readonly string[],
  nodeOf: (id: string) => string | undefined,
): { stops: Stop[]; unreached: string[] } {
  const stops = new Map<string, Stop>();
  const unreached: string[] = [];
  for (const id of new Set(placeIds)) {
    const node = nodeOf(id);
    if (node === undefined) {
      unreached.push(id);
      continue;
    }
    const stop = stops.get(node);
    if (stop === undefined) stops.set(node, { node, places: [id] });
    else stop.places.push(id);
  }
  return { stops: [...stops.values()], unreached };
}

type Graph = ReadonlyMap<string, readonly (readonly [to: string, metres: number])[]>;

function aisleGraph(index: PlanIndex): Graph {
  const graph = new Map<string, (readonly [string, number])[]>();
  const connect = (from: string, to: string, metres: number): void => {
    const edges = graph.get(from);
    if (edges === undefined) graph.set(from, [[to, metres]]);
    else edges.push([to, metres]);
  };
  for (const { a, b, metres } of index.plan.aisles) {
    connect(a, b, metres);
    connect(b, a, metres);
  }
  return graph;
}

/** Dijkstra with a binary heap, ended once every target is settled. */
function distancesFrom(graph: Graph, start: string, targets: readonly string[]): number[] {
  const best = new Map<string, number>([[start, 0]]);
  const settled = new Set<string>();
  const open = new Set(targets);
  const heap: (readonly [metres: number, node: string])[] = [[0, start]];
  while (heap.length > 0 && open.size > 0) {
    const [metres, node] = popNearest(heap);
    if (settled.has(node)) continue;
    settled.add(node);
    open.delete(node);
    for (const [next, step] of graph.get(node) ?? []) {
      const total = metres + step;
      if (total < (best.get(next) ?? Infinity)) {
        best.set(next, total);
        pushNode(heap, [total, next]);
      }
    }
  }
  return targets.map((target) => (settled.has(target) ? (best.get(target) ?? UNREACHABLE_METRES) : UNREACHABLE_METRES));
}

type HeapEntry = readonly [metres: number, node: string];

function pushNode(heap: HeapEntry[], entry: HeapEntry): void {
  heap.push(entry);
  let at = heap.length - 1;
  while (at > 0) {
    const above = (at - 1) >> 1;
    if (heapMetres(heap, above) <= entry[0]) break;
    swap(heap, at, above);
    at = above;
  }
}

function popNearest(heap: HeapEntry[]): HeapEntry {
  swap(heap, 0, heap.length - 1);
  const nearest = heap.pop() ?? [Infinity, ''];
  let at = 0;
  for (;;) {
    const left = 2 * at + 1;
    const smaller = heapMetres(heap, left + 1) < heapMetres(heap, left) ? left + 1 : left;
    if (heapMetres(heap, smaller) >= heapMetres(heap, at)) return nearest;
    swap(heap, at, smaller);
    at = smaller;
  }
}

function heapMetres(heap: readonly HeapEntry[], at: number): number {
  return heap[at]?.[0] ?? Infinity;
}

function swap(values: HeapEntry[], a: number, b: number): void {
  const [left, right] = [values[a], values[b]];
  if (left === undefined || right === undefined) return;
  values[a] = right;
  values[b] = left;
}

type Metres = (a: number, b: number) => number;

/** Node 0 is the start; ties go to the earlier place. */
function nearestFirst(count: number, metresBetween: Metres): number[] {
  const route = [0];
  const left = new Set(Array.from({ length: count - 1 }, (_, i) => i + 1));
  while (left.size > 0) {
    const from = route.at(-1) ?? 0;
    let nearest = -1;
    let nearestMetres = Infinity;
    for (const to of left) {
      const metres = metresBetween(from, to);
      if (metres < nearestMetres) {
        nearest = to;
        nearestMetres = metres;
      }
    }
    route.push(nearest);
    left.delete(nearest);
  }
  return route;
}

/** Every order, the first of the shortest; the start stays first. */
function tryAll(route: number[], metresBetween: Metres): void {
  let [best, bestMetres] = [[...route], Infinity];
  const walk = (way: readonly number[], left: readonly number[], metres: number): void => {
    if (metres >= bestMetres - 1e-9) return;
    if (left.length === 0) [best, bestMetres] = [[...way], metres];
    for (const next of left) {
      const step = metresBetween(way.at(-1) ?? 0, next);
      walk(
        [...way, next],
        left.filter((other) => other !== next),
        metres + step,
      );
    }
  };
  walk([route[0] ?? 0], route.slice(1), 0);
  route.splice(0, route.length, ...best);
}

/** Turns a stretch of the way round wherever that shortens it; the start stays first, the end is free. */
function exchange(route: number[], metresBetween: Metres): void {
  for (let round = 0; round < IMPROVEMENT_ROUNDS_MAX; round += 1) {
    let isShorter = false;
    for (let i = 1; i < route.length - 1; i += 1) {
      for (let j = i + 1; j < route.length; j += 1) {
        if (gain(route, [i, j], metresBetween) > 1e-9) {
          route.splice(i, j - i + 1, ...route.slice(i, j + 1).reverse());
          isShorter = true;
        }
      }
    }
    if (!isShorter) return;
  }
}

function gain(route: readonly number[], [i, j]: readonly [number, number], metresBetween: Metres): number {
  const [before, first, last] = [route[i - 1] ?? 0, route[i] ?? 0, route[j] ?? 0];
  const after = route[j + 1];
  const gone = metresBetween(before, first) + (after === undefined ? 0 : metresBetween(last, after));
  const added = metresBetween(before, last) + (after === undefined ? 0 : metresBetween(first, after));
  return gone - added;
}
