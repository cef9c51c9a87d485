/** Hands values from callbacks to one `for await`, in order and bounded: `push` resolves when there is room again. */
export class AsyncQueue<Value> implements AsyncIterable<Value> {
  readonly #values: Value[] = [];
  readonly #sizeMax: number;
  #wakeReader: (() => void) | undefined;
  #wakeWriters: (() => void)[] = [];
  #end: { readonly error?: unknown } | undefined;

  constructor(sizeMax: number) {
    this.#sizeMax = sizeMax;
  }

  /** Values waiting to be read. */
  get size(): number {
    return this.#values.length;
  }

  get isFull(): boolean {
    return this.#values.length >= this.#sizeMax;
  }

  /** Adds a value; wait for the promise before adding the next. After the end it is dropped. */
  push(value: Value): Promise<void> {
    if (this.#end !== undefined) return Promise.resolve();
    this.#values.push(value);
    this.#wakeReader?.();
    if (!this.isFull) return Promise.resolve();
    return new Promise((resolve) => this.#wakeWriters.push(resolve));
  }

  /** What was pushed is still given; then the reading loop ends, or throws `error`. The first end counts. */
  end(error?: unknown): void {
    this.#end ??= error === undefined ? {} : { error };
    this.#wakeReader?.();
    this.#releaseWriters();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Value, void, undefined> {
    for (;;) {
      const value = this.#values.shift();
      if (value !== undefined) {
        if (!this.isFull) this.#releaseWriters();
        yield value;
      } else if (this.#end !== undefined) {
        if ('error' in this.#end) throw this.#end.error;
        return;
      } else {
        await new Promise<void>((resolve) => (this.#wakeReader = resolve));
        this.#wakeReader = undefined;
      }
    }
  }

  #releaseWriters(): void {
    const writers = this.#wakeWriters;
    this.#wakeWriters = [];
    for (const wake of writers) wake();
  }
}
