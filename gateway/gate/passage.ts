/** One tag at the gate from its first read to its last: the side it was on, and what was decided. */
import type { SecurityState } from '#contract/domain/tag-profile.ts';
import { TagLevel } from './tag-level.ts';

export type Side = 'inside' | 'outside';
export type Direction = 'in' | 'out';

/** The two sides are told apart by half a step. */
const ORDER_MS = 100;
/** What a tag that lay near the gate was heard of before somebody took it up says nothing of his way. */
const SIDES_MS = 1500;

interface SideSeen {
  weight: number;
  sumMs: number;
  firstMs: number | undefined;
}

export class Passage {
  readonly level = new TagLevel();
  readonly firstMs: number;
  lastMs: number;
  /** When it was between the antennas for the first time. */
  nearMs: number | undefined;
  isDecided = false;
  /** What its marks mean, as far as they were read. */
  security: SecurityState = 'unknown';
  readonly #sides: Record<Side, SideSeen> = {
    inside: { weight: 0, sumMs: 0, firstMs: undefined },
    outside: { weight: 0, sumMs: 0, firstMs: undefined },
  };

  constructor(atMs: number) {
    this.firstMs = atMs;
    this.lastMs = atMs;
  }

  add(rssiDbm: number | undefined, side: Side | undefined, atMs: number): void {
    const keeps = Math.exp(-Math.max(0, atMs - this.lastMs) / SIDES_MS);
    for (const seen of [this.#sides.inside, this.#sides.outside]) {
      seen.weight *= keeps;
      seen.sumMs *= keeps;
    }
    this.lastMs = Math.max(this.lastMs, atMs);
    this.level.add(rssiDbm, atMs);
    if (side === undefined) return;
    const seen = this.#sides[side];
    const milliwatt = 10 ** ((rssiDbm ?? 0) / 10);
    seen.weight += milliwatt;
    seen.sumMs += milliwatt * (atMs - this.firstMs);
    seen.firstMs ??= atMs;
  }

  /** By when it was loudest on each side; null where one side never heard it, or both at once. */
  get direction(): Direction | null {
    const { inside, outside } = this.#sides;
    if (inside.weight === 0 || outside.weight === 0) return null;
    const laterMs = outside.sumMs / outside.weight - inside.sumMs / inside.weight;
    if (Math.abs(laterMs) < ORDER_MS) return null;
    return laterMs > 0 ? 'out' : 'in';
  }

  /** Before it has gone through: only the street's side has heard it, or heard it well before the other. */
  get comesIn(): boolean {
    const { inside, outside } = this.#sides;
    if (outside.firstMs === undefined) return false;
    return inside.firstMs === undefined || inside.firstMs - outside.firstMs >= ORDER_MS;
  }
}
