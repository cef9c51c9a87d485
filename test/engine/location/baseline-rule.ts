/** The location rule of the best-known open inventory engine, as published: the one to beat. Fed with single reads. */
import type { RawRead } from './reads-laboratory.ts';

interface Ring {
  readonly values: number[];
  lastMs: number;
}

const RING = 20;
const THRESHOLD_DB = 6;
const SLOPE_DB_PER_MS = -0.008;
const HOLD_OFF_MS = 500;

export class BaselineRule {
  readonly #tags = new Map<string, { place: number; rings: Map<number, Ring> }>();
  readonly moves = new Map<string, number>();

  placeOf(epc: string): number | undefined {
    return this.#tags.get(epc)?.place;
  }

  take({ epc, shelf, rssiDbm, atMs }: RawRead): void {
    let tag = this.#tags.get(epc);
    if (tag === undefined) this.#tags.set(epc, (tag = { place: shelf, rings: new Map() }));
    let ring = tag.rings.get(shelf);
    if (ring === undefined) tag.rings.set(shelf, (ring = { values: [], lastMs: atMs }));
    ring.values.push(rssiDbm);
    if (ring.values.length > RING) ring.values.shift();
    ring.lastMs = Math.max(ring.lastMs, atMs);
    const present = tag.rings.get(tag.place);
    if (shelf === tag.place || present === undefined) return;
    const offset = Math.min(
      THRESHOLD_DB,
      SLOPE_DB_PER_MS * (atMs - present.lastMs) + THRESHOLD_DB - SLOPE_DB_PER_MS * HOLD_OFF_MS,
    );
    if (ring.values.length >= 2 && mean(ring.values) > mean(present.values) + offset) {
      tag.place = shelf;
      this.moves.set(epc, (this.moves.get(epc) ?? 0) + 1);
    }
  }
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
