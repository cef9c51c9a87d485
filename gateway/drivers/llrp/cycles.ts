/**
 * Scan cycles of an LLRP reader. With one AISpec for each antenna the end of an AISpec is one opportunity to be read there.
 * A reader that never tells of these ends is taken to keep its schedule: one cycle over all antennas for each round.
 */
export class Cycles {
  readonly #antennas: readonly number[];
  readonly #roundMs: number;
  readonly #startedMs: number;
  #isReported = false;
  #nextRoundMs: number | undefined;

  constructor(antennas: readonly number[], dwellMs: number, startedUptimeMs: number) {
    this.#antennas = antennas;
    this.#roundMs = antennas.length * dwellMs;
    this.#startedMs = startedUptimeMs;
  }

  /** How often {@link infer} should be asked. */
  get roundMs(): number {
    return this.#roundMs;
  }

  /** The reader told of the end of an AISpec; its antenna, unless the index is none of ours. */
  endOfAispec(specIndex: number): number | undefined {
    this.#isReported = true;
    this.#nextRoundMs = undefined;
    return this.#antennas[specIndex - 1];
  }

  /** Antennas of a round that must be over by the schedule; empty while the reader itself tells of its cycles. */
  infer(uptimeMs: number): readonly number[] {
    if (this.#isReported) return [];
    // Two rounds of patience: by then a reader that tells of AISpec ends has told of many.
    this.#nextRoundMs ??= this.#startedMs + 2 * this.#roundMs + FIRST_REPORT_MS;
    if (uptimeMs < this.#nextRoundMs) return [];
    // One round at a time: after a pause of ours the missed ones are not made up.
    this.#nextRoundMs = uptimeMs + this.#roundMs;
    return this.#antennas;
  }
}

const FIRST_REPORT_MS = 1000;
