/** What is going to happen, by time. Everything in it is plain data, so that a run can be put away and taken up again. */
export type Happening =
  /** `again`: the next one is planned from this one. */
  | { readonly kind: 'arrival'; readonly again: boolean }
  | { readonly kind: 'step'; readonly person: number }
  /** The desk clerk puts a returned item onto the trolley. */
  | { readonly kind: 'clear-desk'; readonly item: number }
  /** Staff bring an item from the trolley to its shelf. */
  | { readonly kind: 'shelve'; readonly item: number }
  /** Staff find an item on a wrong shelf and put it right. */
  | { readonly kind: 'put-right'; readonly item: number }
  /** A borrower is done with an item and will bring it along with the next visit. */
  | { readonly kind: 'bring-back'; readonly item: number };

export interface Entry {
  readonly atMs: number;
  readonly what: Happening;
}

export class Agenda {
  readonly #entries: Entry[];

  constructor(entries: readonly Entry[] = []) {
    this.#entries = [...entries].sort((a, b) => a.atMs - b.atMs);
  }

  add(atMs: number, what: Happening): void {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#entries[middle]?.atMs ?? Infinity) <= atMs) low = middle + 1;
      else high = middle;
    }
    this.#entries.splice(low, 0, { atMs, what });
  }

  /** The next thing due at `nowMs`, taken out. */
  takeDue(nowMs: number): Entry | undefined {
    const first = this.#entries[0];
    return first === undefined || first.atMs > nowMs ? undefined : this.#entries.shift();
  }

  entries(): readonly Entry[] {
    return [...this.#entries];
  }
}
