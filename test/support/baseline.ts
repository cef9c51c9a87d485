/** The rule to beat, fed with the reads of our simulations: places are shelves, tags whatever the simulation calls them. */
import { BASELINE_SETTINGS, BaselineRule } from '#engine/baseline/baseline-rule.ts';
import type { MobilityProfile } from '#engine/baseline/mobility-profile.ts';

export class SimulatedBaseline {
  readonly #rule: BaselineRule;
  /** Moves that it has reported so far. */
  moved = 0;

  constructor(profile: MobilityProfile) {
    // Simulated reads carry times of their own beside that of their report; both clocks agree.
    const settings = { ...BASELINE_SETTINGS, profile, adjustsToArrival: false };
    this.#rule = new BaselineRule({ placeOf: (shelf) => shelf, settings });
  }

  read(
    item: number | string,
    shelf: string,
    { rssiDbm, atMs, nowMs }: { rssiDbm: number; atMs: number; nowMs: number },
  ): void {
    const read = { timeMs: atMs, reader: shelf, antenna: 1, tag: String(item), rssiDbm };
    for (const { fact } of this.#rule.takeReport([read], nowMs)) if (fact === 'moved') this.moved += 1;
  }

  locationOf(item: number | string): string | undefined {
    return this.#rule.placeOf(String(item));
  }
}
