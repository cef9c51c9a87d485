/** The rule to beat on the same recording: each read is a report of its own, and its place is stated without any doubt. */
import { BASELINE_SETTINGS, BaselineRule, type BaselineFact } from '#engine/baseline/baseline-rule.ts';
import type { MobilityProfile } from '#engine/baseline/mobility-profile.ts';
import type { LocateAnswer, LocateFact, LocateRule } from './locate-run.ts';
import type { LocatePlan } from './plan-file.ts';
import type { RecordedRead } from './recording.ts';

export class BaselineRun implements LocateRule {
  readonly #places = new Map<string, Map<string, string>>();
  readonly #rule: BaselineRule;
  #facts: BaselineFact[] = [];

  constructor({ readPoints }: LocatePlan, profile: MobilityProfile) {
    for (const { reader, antenna, place } of readPoints) {
      const antennas = this.#places.get(reader) ?? new Map<string, string>();
      this.#places.set(reader, antennas);
      // An antenna over several places stands for the first one.
      if (!antennas.has(antenna)) antennas.set(antenna, place);
    }
    this.#rule = new BaselineRule({
      placeOf: (reader, antenna) => this.#places.get(reader)?.get(String(antenna)) ?? '',
      settings: { ...BASELINE_SETTINGS, profile },
    });
  }

  push(read: RecordedRead): 'reader' | 'antenna' | undefined {
    const antennas = this.#places.get(read.reader);
    if (antennas === undefined) return 'reader';
    if (!antennas.has(read.antenna)) return 'antenna';
    for (const fact of this.#rule.take(read)) this.#facts.push(fact);
    return undefined;
  }

  end(): readonly LocateAnswer[] {
    return this.#rule.places().map(({ tag, place }) => answerOf(tag, place));
  }

  takeFacts(): readonly LocateFact[] {
    const facts = this.#facts;
    this.#facts = [];
    return facts.map(({ atMs, tag, fact, place, from }) => ({
      at: atMs,
      tag,
      fact,
      place: place ?? null,
      from: from ?? null,
      confidence: 1,
    }));
  }

  placeOf(tag: string): LocateAnswer | undefined {
    return this.#rule.knows(tag) ? answerOf(tag, this.#rule.placeOf(tag)) : undefined;
  }
}

function answerOf(tag: string, place: string | undefined): LocateAnswer {
  return { tag, place: place ?? null, confidence: place === undefined ? 0 : 1 };
}
