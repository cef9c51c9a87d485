/** What is to be looked at again at a certain second. An entry too many does no harm: whoever is asked looks at the state. */
export class Agenda<T> {
  readonly #bySecond = new Map<number, Set<T>>();
  #nextSecond: number | undefined;

  add(dueMs: number, subject: T): void {
    const second = Math.max(Math.ceil(dueMs / 1000), this.#nextSecond ?? -Infinity);
    const subjects = this.#bySecond.get(second);
    if (subjects === undefined) this.#bySecond.set(second, new Set([subject]));
    else subjects.add(subject);
  }

  /** Everything due by now, once, in no particular order. */
  takeDue(nowMs: number): Set<T> {
    const second = Math.floor(nowMs / 1000);
    const due = new Set<T>();
    // After a long pause it is cheaper to look at the entries than at every second of the pause.
    const seconds = [...this.#bySecond.keys()].filter((key) => key <= second);
    for (const key of seconds) {
      for (const subject of this.#bySecond.get(key) ?? []) due.add(subject);
      this.#bySecond.delete(key);
    }
    this.#nextSecond = second + 1;
    return due;
  }
}
