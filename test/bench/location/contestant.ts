/** Who is judged: the same reads in, places and moves out. */
import { BASELINE_SETTINGS, BaselineRule } from '#engine/baseline/baseline-rule.ts';
import type { MobilityProfile } from '#engine/baseline/mobility-profile.ts';
import type { Scene } from './scene.ts';
import type { LabStep } from './world.ts';

export interface ReportedMove {
  readonly atMs: number;
  readonly tag: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

export interface Contestant {
  readonly name: string;
  take(step: LabStep): void;
  /** What the reader says of itself: it is off, or it is back. */
  readerIs(reader: string, state: 'off' | 'on', nowMs: number): void;
  placeOf(tag: string): string | undefined;
  /** Undefined where the rule has none. */
  confidenceOf(tag: string): number | undefined;
  /** Whether it would send somebody to put that tag elsewhere. */
  isMisshelved(tag: string): boolean;
  /** Moves reported since the last call. */
  takeMoves(): readonly ReportedMove[];
}

/** The published rule; a tag outside its home is misshelved, since the product has no rule for that. */
export class BaselineContestant implements Contestant {
  readonly name: string;
  readonly #rule: BaselineRule;
  readonly #homes: ReadonlyMap<string, string | undefined>;
  #moves: ReportedMove[] = [];

  constructor(scene: Scene, name: string, profile: MobilityProfile) {
    this.name = name;
    const places = new Map(scene.antennas.map(({ reader, port, place }) => [`${reader}/${String(port)}`, place]));
    this.#rule = new BaselineRule({
      placeOf: (reader, antenna) => places.get(`${reader}/${String(antenna)}`) ?? '',
      settings: { ...BASELINE_SETTINGS, profile },
    });
    this.#homes = new Map(scene.tags.map(({ id, home }) => [id, home]));
  }

  take({ reads, nowMs }: LabStep): void {
    for (const read of reads) {
      for (const { atMs, tag, fact, from, place } of this.#rule.take(read)) {
        if (fact === 'moved') this.#moves.push({ atMs, tag, from, to: place });
      }
    }
    this.#rule.passTime(nowMs);
  }

  readerIs(): void {
    // The rule does not ask.
  }

  placeOf(tag: string): string | undefined {
    return this.#rule.placeOf(tag);
  }

  confidenceOf(): undefined {
    return undefined;
  }

  isMisshelved(tag: string): boolean {
    const place = this.placeOf(tag);
    const home = this.#homes.get(tag);
    return place !== undefined && home !== undefined && place !== home;
  }

  takeMoves(): readonly ReportedMove[] {
    const moves = this.#moves;
    this.#moves = [];
    return moves;
  }
}
