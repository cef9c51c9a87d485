/** Batches on their way to the broker, in order. Only a gapless beginning may be deleted at home. */
export class SendWindow {
  readonly #entries: { readonly seq: number; isAcked: boolean }[] = [];

  get size(): number {
    return this.#entries.length;
  }

  add(seq: number): void {
    this.#entries.push({ seq, isAcked: false });
  }

  /** The highest number up to which everything is acknowledged, when this acknowledgement moved it. */
  ack(seq: number): number | undefined {
    const entry = this.#entries.find((candidate) => candidate.seq === seq);
    if (entry !== undefined) entry.isAcked = true;
    let through: number | undefined;
    while (this.#entries[0]?.isAcked === true) through = this.#entries.shift()?.seq;
    return through;
  }

  clear(): void {
    this.#entries.length = 0;
  }
}
