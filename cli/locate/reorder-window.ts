/**
 * Puts reads into the order of their times as far as the window reaches; equal times keep the order in which they came. A
 * binary heap, so that a recording that is grouped by tag costs no more than one in order.
 */
interface Timed {
  readonly timeMs: number;
}

export class ReorderWindow<T extends Timed> {
  readonly #size: number;
  readonly #heap: { readonly value: T; readonly order: number }[] = [];
  #order = 0;

  constructor(size: number) {
    this.#size = size;
  }

  /** Takes one in; gives the earliest once more are held than the window is wide. */
  push(value: T): T | undefined {
    this.#heap.push({ value, order: this.#order });
    this.#order += 1;
    this.#rise(this.#heap.length - 1);
    return this.#heap.length > this.#size ? this.#pop() : undefined;
  }

  *drain(): Generator<T> {
    for (let value = this.#pop(); value !== undefined; value = this.#pop()) yield value;
  }

  #pop(): T | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (first === undefined || last === undefined) return undefined;
    if (this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink();
    }
    return first.value;
  }

  #isBefore(a: number, b: number): boolean {
    const one = this.#heap[a];
    const other = this.#heap[b];
    if (one === undefined || other === undefined) return other === undefined && one !== undefined;
    return (
      one.value.timeMs < other.value.timeMs || (one.value.timeMs === other.value.timeMs && one.order < other.order)
    );
  }

  #swap(a: number, b: number): void {
    const one = this.#heap[a];
    const other = this.#heap[b];
    if (one === undefined || other === undefined) return;
    this.#heap[a] = other;
    this.#heap[b] = one;
  }

  #rise(from: number): void {
    for (let at = from; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #sink(): void {
    for (let at = 0; ;) {
      const left = 2 * at + 1;
      const least = this.#isBefore(left + 1, left) ? left + 1 : left;
      if (!this.#isBefore(least, at)) return;
      this.#swap(at, least);
      at = least;
    }
  }
}
