/** Everything the laboratory does, with fixed seeds. */
import {
  deadReader,
  deafAntenna,
  multiplexedRooms,
  openFloorRooms,
  SILENCES_MS,
  steelRooms,
  weakTagRooms,
  type RoomResult,
  type SilenceResult,
} from './rooms.ts';

export interface LaboratoryResults {
  readonly floor: RoomResult;
  readonly multiplexed: RoomResult;
  readonly steel: RoomResult;
  readonly weak: RoomResult;
  /** By silence in the order of `SILENCES_MS`, over all seeds. */
  readonly deaf: readonly ReadonlyMap<string, SilenceResult>[];
  readonly dead: readonly ReadonlyMap<string, SilenceResult>[];
}

/** None of them is a seed that any number was tuned on. */
const FLOOR_SEEDS = [901, 902, 903, 904, 905, 906, 907, 908, 909, 910, 911, 912];
const MULTIPLEXED_SEEDS = [921, 922];
const STEEL_SEEDS = [931, 932];
const SILENCE_SEEDS = [941, 942, 943, 944];

export function playAll(began: (what: string) => void): LaboratoryResults {
  began(`open floor, ${String(FLOOR_SEEDS.length)} rooms`);
  const floor = openFloorRooms(FLOOR_SEEDS);
  began(`multiplexed shelf, ${String(MULTIPLEXED_SEEDS.length)} rooms`);
  const multiplexed = multiplexedRooms(MULTIPLEXED_SEEDS);
  began('steel bays');
  const steel = steelRooms(STEEL_SEEDS, { bays: 6, minutes: 12, moveEveryMs: 3000 });
  began('weak tags');
  const weak = weakTagRooms(STEEL_SEEDS.slice(0, 1), { bays: 4, minutes: 12, moveEveryMs: 3000 });
  began('antennas and readers that fall silent');
  const deaf = SILENCES_MS.map((ms) => add(SILENCE_SEEDS.map((seed) => deafAntenna(seed, ms))));
  const dead = SILENCES_MS.map((ms) => add(SILENCE_SEEDS.slice(0, 1).map((seed) => deadReader(seed, ms))));
  return { floor, multiplexed, steel, weak, deaf, dead };
}

function add(results: readonly ReadonlyMap<string, SilenceResult>[]): ReadonlyMap<string, SilenceResult> {
  const sums = new Map<string, SilenceResult>();
  for (const result of results) {
    for (const [name, { tags, moved }] of result) {
      const sum = sums.get(name) ?? { tags: 0, moved: 0 };
      sums.set(name, { tags: sum.tags + tags, moved: sum.moved + moved });
    }
  }
  return sums;
}
