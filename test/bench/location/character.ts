/** How unkind a scene is: the figures that decide whether anything that is measured in it proves something. */
import { cycleMsOf, type Scene } from './scene.ts';
import { World } from './world.ts';

export interface RadioFigures {
  /** Reads of a neighbour's antenna for each read of the own one, and how much weaker they are on average. */
  readonly neighbourShare: number;
  readonly neighbourGapDb: number;
  /** Spread of the reads of one tag at one antenna. */
  readonly fadingDb: number;
  readonly cycleMs: number;
  /** Antennas that hear a tag at least now and then. */
  readonly antennasPerTag: number;
  readonly readsPerSecond: number;
}

/** Pairs with fewer reads tell no spread. */
const PAIR_READS_MIN = 10;

export function characterOf(scene: Scene, seed: number, lengthMs: number): RadioFigures {
  const world = new World(scene, seed);
  const pairs = new Map<string, { place: string; at: string; values: number[] }>();
  let reads = 0;
  while (world.nowMs < world.startMs + lengthMs) {
    for (const { index, at, rssiDbm } of world.step().reads) {
      reads += 1;
      const key = `${String(index)} ${at}`;
      const pair = pairs.get(key) ?? { place: scene.tags[index]?.place ?? '', at, values: [] };
      pairs.set(key, pair);
      pair.values.push(rssiDbm);
    }
  }
  const own = { reads: 0, sumDbm: 0, pairs: scene.tags.length };
  const next = { reads: 0, sumDbm: 0, pairs: 0 };
  const perPlace = new Map<string, number>();
  for (const { place } of scene.tags) perPlace.set(place, (perPlace.get(place) ?? 0) + 1);
  const neighbours = new Set(scene.neighbours.flatMap(([a, b]) => [`${a} ${b}`, `${b} ${a}`]));
  for (const key of neighbours) next.pairs += perPlace.get(key.split(' ')[0] ?? '') ?? 0;
  const spread = { sum: 0, pairs: 0 };
  for (const { place, at, values } of pairs.values()) {
    const kind = place === at ? own : neighbours.has(`${place} ${at}`) ? next : undefined;
    const sum = values.reduce((total, value) => total + value, 0);
    if (kind !== undefined) {
      kind.reads += values.length;
      kind.sumDbm += sum;
    }
    if (values.length < PAIR_READS_MIN) continue;
    const mean = sum / values.length;
    spread.sum += values.reduce((total, value) => total + (value - mean) ** 2, 0) / (values.length - 1);
    spread.pairs += 1;
  }
  return {
    neighbourShare: next.reads / next.pairs / (own.reads / own.pairs),
    neighbourGapDb: own.sumDbm / own.reads - next.sumDbm / next.reads,
    fadingDb: Math.sqrt(spread.sum / spread.pairs),
    cycleMs: cycleMsOf(scene),
    antennasPerTag: pairs.size / scene.tags.length,
    readsPerSecond: reads / (lengthMs / 1000),
  };
}
