/** The rooms of the laboratory, each with its seeds, and what happens in them. */
import { ASSET_TRACKING, RETAIL_GARMENT } from '#engine/baseline/mobility-profile.ts';
import { BaselineContestant, type Contestant } from './contestant.ts';
import { EngineContestant } from './engine-contestant.ts';
import { LoudestContestant } from './loudest.ts';
import { addMeasures, noMeasures, type Measures } from './measures.ts';
import type { RadioCharacter } from './radio.ts';
import { RecordingContestant } from './recording-contestant.ts';
import { runScene, type RunOptions, type RunResult } from './run-scene.ts';
import type { Scene } from './scene.ts';
import { openFloor } from './scenes/open-floor.ts';
import { shelving, STEEL_RADIO, WEAK_TAGS_RADIO } from './scenes/shelving.ts';

const MINUTE_MS = 60_000;

export const OURS = 'Shelfwise';
export const CALIBRATED = 'Shelfwise, calibrated';
export const BASELINE = 'baseline';
export const RETAIL = 'baseline, retail garment';
/** Not a rule: what the reads hold at most without calibration. */
export const LOUDEST = 'loudest mean of all reads';

export interface RoomResult {
  /** By name of the contestant, over all seeds. */
  readonly measures: ReadonlyMap<string, Measures>;
  readonly rooms: number;
  readonly moves: number;
  readonly runs: readonly RunResult[];
}

function inRooms(seeds: readonly number[], optionsOf: (seed: number) => RunOptions): RoomResult {
  const runs = seeds.map((seed) => runScene(optionsOf(seed)));
  const measures = new Map<string, Measures>();
  for (const run of runs) {
    run.contestants.forEach(({ name }, i) => {
      const sum = measures.get(name) ?? noMeasures();
      measures.set(name, sum);
      const own = run.measures[i];
      if (own !== undefined) addMeasures(sum, own);
    });
  }
  return { measures, rooms: runs.length, moves: runs.reduce((sum, run) => sum + run.moves, 0), runs };
}

function baselines(scene: Scene): Contestant[] {
  return [
    new BaselineContestant(scene, BASELINE, ASSET_TRACKING),
    new BaselineContestant(scene, RETAIL, RETAIL_GARMENT),
  ];
}

/** Without homes: what a recording alone tells; calibrated by three tags of each zone that are known to stand there. */
function onFloor(scene: Scene): Contestant[] {
  const references = scene.tags.filter((_, i) => i % 3 === 0).map(({ id }) => id);
  return [
    new RecordingContestant(scene, { name: OURS }),
    new RecordingContestant(scene, { name: CALIBRATED, references }),
    ...baselines(scene),
    new LoudestContestant(LOUDEST),
  ];
}

const inShelving = (scene: Scene, startMs: number): Contestant[] => [
  new EngineContestant(scene, startMs),
  ...baselines(scene),
];

/** 36 still tags under four antennas, two minutes, about 200 reads each. */
export function openFloorRooms(seeds: readonly number[]): RoomResult {
  return inRooms(seeds, (seed) => ({
    scene: openFloor({ seed }),
    seed,
    lengthMs: 2 * MINUTE_MS,
    warmUpMs: 10_000,
    contestants: onFloor,
  }));
}

/** Sixteen zones, each heard for two seconds in 32. */
export function multiplexedRooms(seeds: readonly number[], minutes = 20): RoomResult {
  return inRooms(seeds, (seed) => ({
    scene: openFloor({ name: 'multiplexed shelf', seed, zonesPerSide: 4, dwellMs: 2000 }),
    seed,
    lengthMs: minutes * MINUTE_MS,
    warmUpMs: 3 * MINUTE_MS,
    contestants: onFloor,
  }));
}

export interface ShelvingRoom {
  readonly bays: number;
  readonly minutes: number;
  readonly moveEveryMs: number;
}

const BAY = { tiers: 7, booksPerShelf: 30, portsPerReader: 14, dwellMs: 600, knowsHomes: true } as const;

/** Steel bays of seven shelves with thirty books each; some stand wrong from the start, and people move others. */
export function steelRooms(seeds: readonly number[], room: ShelvingRoom): RoomResult {
  return shelvingRooms(seeds, room, { name: 'steel bays', radio: STEEL_RADIO });
}

/** The same, and one tag in ten hardly answers. */
export function weakTagRooms(seeds: readonly number[], room: ShelvingRoom): RoomResult {
  return shelvingRooms(seeds, room, { name: 'weak tags', radio: WEAK_TAGS_RADIO });
}

function shelvingRooms(
  seeds: readonly number[],
  { bays, minutes, moveEveryMs }: ShelvingRoom,
  kind: { readonly name: string; readonly radio: RadioCharacter },
): RoomResult {
  return inRooms(seeds, (seed) => ({
    scene: shelving({ ...BAY, ...kind, bays }),
    seed,
    lengthMs: minutes * MINUTE_MS,
    warmUpMs: 2 * MINUTE_MS,
    moveEveryMs,
    straysShare: 0.03,
    contestants: inShelving,
  }));
}

/** Silences that readers and antennas fall into, after three minutes in which everybody could settle. */
export const SILENCES_MS = [30_000, 600_000, Infinity] as const;
const SETTLED_MS = 3 * MINUTE_MS;

export interface SilenceResult {
  /** Tags that were shown at their place when it fell silent, and those of them that were shown elsewhere or nowhere afterwards. */
  readonly tags: number;
  readonly moved: number;
}

/** One antenna of the open floor reads nothing any more, and nobody says so: a cable came off. */
export function deafAntenna(seed: number, silenceMs: number): ReadonlyMap<string, SilenceResult> {
  return silence({
    scene: openFloor({ seed }),
    seed,
    contestants: onFloor,
    silence: { fromMs: SETTLED_MS, toMs: SETTLED_MS + silenceMs, deaf: ['floor/1'] },
    places: ['zone-1'],
  });
}

/** One of two readers of a steel range is off; the gateway knows. */
export function deadReader(seed: number, silenceMs: number): ReadonlyMap<string, SilenceResult> {
  const scene = shelving({ ...BAY, booksPerShelf: 8, name: 'dead reader', bays: 4, radio: STEEL_RADIO });
  return silence({
    scene,
    seed,
    contestants: inShelving,
    silence: { fromMs: SETTLED_MS, toMs: SETTLED_MS + silenceMs, off: 'steel-0' },
    places: scene.antennas.filter(({ reader }) => reader === 'steel-0').map(({ place }) => place),
  });
}

interface SilenceOptions extends Pick<RunOptions, 'scene' | 'seed' | 'contestants'> {
  readonly silence: NonNullable<RunOptions['silences']>[number];
  readonly places: readonly string[];
}

function silence(options: SilenceOptions): ReadonlyMap<string, SilenceResult> {
  const { scene, places } = options;
  const own = scene.tags.filter(({ place }) => places.includes(place));
  const shown = new Map<string, { before: Set<string>; moved: Set<string> }>();
  const { fromMs, toMs } = options.silence;
  const endMs = Math.min(toMs, fromMs + 20 * MINUTE_MS);
  runScene({
    ...options,
    lengthMs: endMs,
    warmUpMs: 0,
    silences: [options.silence],
    onStep: (contestants, afterMs) => {
      for (const contestant of contestants) {
        const sets = shown.get(contestant.name) ?? { before: new Set(), moved: new Set() };
        shown.set(contestant.name, sets);
        for (const { id, place } of own) {
          const isThere = contestant.placeOf(id) === place;
          if (afterMs < fromMs) {
            if (isThere) sets.before.add(id);
            else sets.before.delete(id);
          } else if (sets.before.has(id) && !isThere) sets.moved.add(id);
        }
      }
    },
  });
  return new Map([...shown].map(([name, { before, moved }]) => [name, { tags: before.size, moved: moved.size }]));
}
