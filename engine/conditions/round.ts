/** Brings every subject up once an hour, a 3,600th of them each second: no sweep over all, and no entry for each to keep. */
const SECONDS = 3600;

export class Round<T> {
  readonly #keyOf: (subject: T) => string;
  #bySecond: T[][] = [];

  constructor(keyOf: (subject: T) => string) {
    this.#keyOf = keyOf;
  }

  set(subjects: Iterable<T>): void {
    this.#bySecond = Array.from({ length: SECONDS }, () => []);
    for (const subject of subjects) this.#bySecond[secondOf(this.#keyOf(subject))]?.push(subject);
    // By key, so that the order does not depend on how they came.
    for (const some of this.#bySecond) some.sort((a, b) => this.#compare(a, b));
  }

  add(subject: T): void {
    if (this.#bySecond.length === 0) this.set([]);
    const some = this.#bySecond[secondOf(this.#keyOf(subject))];
    if (some === undefined || some.includes(subject)) return;
    some.push(subject);
    some.sort((a, b) => this.#compare(a, b));
  }

  /** Those whose second came after the one moment and until the other; each once, however long that was. */
  *between(afterMs: number, untilMs: number): Iterable<T> {
    const last = Math.floor(untilMs / 1000);
    const first = Math.max(Math.floor(afterMs / 1000) + 1, last - SECONDS + 1);
    for (let second = first; second <= last; second += 1) yield* this.#bySecond[second % SECONDS] ?? [];
  }

  #compare(a: T, b: T): number {
    return this.#keyOf(a) < this.#keyOf(b) ? -1 : 1;
  }
}

/** FNV-1a: spreads keys that differ in their last digit only. */
function secondOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i += 1) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % SECONDS;
}
