/**
 * One step at a time for each copy. A loan that waits and a return of the same copy at the desk must not overtake each other
 * between the look and the sending: the loan would be made again after the book is back.
 */
export class ItemLocks {
  readonly #turns = new Map<string, Promise<unknown>>();

  /** Those who come for the same copy wait; an ILS call is bounded by its time-outs, so is the wait. */
  async run<Value>(item: string, body: () => Promise<Value>): Promise<Value> {
    const before = this.#turns.get(item) ?? Promise.resolve();
    const turn = before.then(body);
    // Whoever waits cares for the end of the turn, not for how it ended.
    const over = turn.catch(() => undefined);
    this.#turns.set(item, over);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(item) === over) this.#turns.delete(item);
    }
  }
}
