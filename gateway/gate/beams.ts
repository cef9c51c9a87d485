/** Two light barriers across a gate: whether somebody stands in it, and who went which way. */
import type { Direction } from './passage.ts';

/** Somebody whose legs leave a gap for this long is still in the gate. */
const IN_GATE_MS = 1000;
/** A tag goes with the people who went through within so long of it. */
const BESIDE_MS = 1500;
/** More people than that go through no gate within the time they are asked for. */
const CROSSINGS_MAX = 16;
/** From one beam to the other; slower, somebody has turned round. */
const CROSSING_MS_MAX = 4000;

export class Beams {
  #brokenMs = Number.NEGATIVE_INFINITY;
  readonly #broken = { inside: false, outside: false };
  #crossings: { readonly direction: Direction; readonly atMs: number }[] = [];
  #first: { readonly side: 'inside' | 'outside'; readonly atMs: number } | undefined;

  /** Gives the direction of a person who has gone through with this change. */
  change(side: 'inside' | 'outside', isBroken: boolean, atMs: number): Direction | undefined {
    this.#broken[side] = isBroken;
    if (!isBroken) return undefined;
    this.#brokenMs = atMs;
    const first = this.#first;
    if (first === undefined || first.side === side || atMs - first.atMs > CROSSING_MS_MAX) {
      this.#first = { side, atMs };
      return undefined;
    }
    this.#first = undefined;
    const direction: Direction = first.side === 'inside' ? 'out' : 'in';
    this.#crossings = [...this.#crossings, { direction, atMs }].slice(-CROSSINGS_MAX);
    return direction;
  }

  /** The way everybody went at that time; null where nobody did, or some came and others went. */
  directionAt(atMs: number): Direction | null {
    const ways = this.#crossings.filter((one) => Math.abs(one.atMs - atMs) <= BESIDE_MS).map((one) => one.direction);
    const [first] = ways;
    return first !== undefined && ways.every((way) => way === first) ? first : null;
  }

  isSomebodyIn(atMs: number): boolean {
    return this.#broken.inside || this.#broken.outside || atMs - this.#brokenMs <= IN_GATE_MS;
  }
}
