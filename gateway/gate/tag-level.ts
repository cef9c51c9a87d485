/**
 * How loud one tag is just now, and how loud it lies there. Single reads fade by 4 dB and more, so they are averaged over
 * a third of a second, in milliwatts: the antenna beside it counts, not those across. What is judged is what the mean is at
 * least, at one standard error.
 */

/** A step through the gate takes about a second; this leaves several looks at it. */
const RECENT_MS = 300;
/** A trolley is pushed away within seconds; until then its level is learnt. */
const PARKED_LEVEL_MS = 10_000;
const FADING_DB = 4;
/** Readers without a power: one read says only that it is there. */
const NO_POWER_DBM = 0;

export class TagLevel {
  #weight = 0;
  #sumMw = 0;
  #lastMs = Number.NEGATIVE_INFINITY;
  #parkedDbm: number | undefined;

  /** `rssiDbm` absent: the reader does not measure it, and near is all it hears. */
  add(rssiDbm: number | undefined, atMs: number): void {
    const dbm = rssiDbm ?? NO_POWER_DBM;
    const goneMs = Math.max(0, atMs - this.#lastMs);
    const keeps = Math.exp(-goneMs / RECENT_MS);
    this.#weight = this.#weight * keeps + 1;
    this.#sumMw = this.#sumMw * keeps + 10 ** (dbm / 10);
    const now = this.#meanDbm;
    const before = this.#parkedDbm ?? now;
    const share = Math.min(1, Math.max(MIN_SHARE, goneMs / PARKED_LEVEL_MS));
    this.#parkedDbm = before + share * (now - before);
    this.#lastMs = atMs;
  }

  /** Reads that the mean rests on. */
  get reads(): number {
    return this.#weight;
  }

  get #meanDbm(): number {
    return 10 * Math.log10(this.#sumMw / this.#weight);
  }

  /** What the power is at least. */
  get leastDbm(): number {
    return this.#meanDbm - FADING_DB / Math.sqrt(this.#weight);
  }

  get parkedDbm(): number {
    return this.#parkedDbm ?? NO_POWER_DBM;
  }
}

/** Many reads within one report count together. */
const MIN_SHARE = 0.002;
