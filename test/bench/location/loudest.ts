/** No rule, but a yardstick: the antenna with the loudest mean of all reads so far. What it gets wrong, the reads do not hold. */
import type { Contestant } from './contestant.ts';
import type { LabStep } from './world.ts';

export class LoudestContestant implements Contestant {
  readonly name: string;
  readonly #heard = new Map<string, Map<string, { sumDbm: number; reads: number }>>();

  constructor(name: string) {
    this.name = name;
  }

  take({ reads }: LabStep): void {
    for (const { tag, at, rssiDbm } of reads) {
      const places = this.#heard.get(tag) ?? new Map<string, { sumDbm: number; reads: number }>();
      this.#heard.set(tag, places);
      const sum = places.get(at) ?? { sumDbm: 0, reads: 0 };
      places.set(at, sum);
      sum.sumDbm += rssiDbm;
      sum.reads += 1;
    }
  }

  readerIs(): void {
    // It hears what it hears.
  }

  placeOf(tag: string): string | undefined {
    let best: string | undefined;
    let bestDbm = -Infinity;
    for (const [place, { sumDbm, reads }] of this.#heard.get(tag) ?? []) {
      if (sumDbm / reads <= bestDbm) continue;
      best = place;
      bestDbm = sumDbm / reads;
    }
    return best;
  }

  confidenceOf(): undefined {
    return undefined;
  }

  isMisshelved(): boolean {
    return false;
  }

  takeMoves(): readonly [] {
    return [];
  }
}
