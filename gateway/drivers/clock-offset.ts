/**
 * How far a reader's clock is from the gateway's, from the times in its messages.
 *
 * A message is always received after the moment it names, so every sample (reader time minus receipt) is the offset less
 * the delay; the largest of the recent samples had the smallest delay. Recent ones only: clocks drift and are set.
 */
const SAMPLES = 32;

export class ClockOffset {
  readonly #samplesMs: number[] = [];
  #at = 0;

  /** Reader clock minus gateway clock; undefined before the first sample. */
  get offsetMs(): number | undefined {
    return this.#samplesMs.length === 0 ? undefined : Math.max(...this.#samplesMs);
  }

  addSample(readerMs: number, receivedMs: number): void {
    this.#samplesMs[this.#at] = readerMs - receivedMs;
    this.#at = (this.#at + 1) % SAMPLES;
  }

  /** Reader time on the gateway's clock. */
  toGatewayMs(readerMs: number): number {
    return readerMs - (this.offsetMs ?? 0);
  }
}
