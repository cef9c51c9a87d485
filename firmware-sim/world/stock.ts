/**
 * Where every item truly is. Whatever moves an item goes through here, so an item is in exactly one place at any time;
 * the radio listens to it, and the log of moves is what the platform is measured against.
 */
import { assert } from '#contract/assert.ts';

/** Not places of the plan: with somebody on the way through the building, and outside. */
export const IN_HANDS = 'hands';
export const AWAY = 'away';

export interface Move {
  /** Rises by one, from 1. */
  readonly n: number;
  readonly atMs: number;
  readonly barcode: string;
  readonly from: string;
  readonly to: string;
}

/** The log forgets older moves: at twenty a minute this is two days. */
const MOVES_MAX = 50_000;

export type MoveListener = (item: number, from: string, to: string) => void;

/** Items are numbered as in the library's list; the log keeps barcodes, since those are what people know. */
export class Stock {
  readonly #barcodes: readonly string[];
  readonly #placeOf: string[];
  readonly #itemsAt = new Map<string, Set<number>>();
  readonly #moved: Set<number>;
  readonly #listeners: MoveListener[] = [];
  #moves: Move[] = [];
  #moveCount = 0;

  /** `moved` names items that moved before, in a run that this one goes on with. */
  constructor(barcodes: readonly string[], places: readonly string[], moved: readonly number[] = []) {
    assert(barcodes.length === places.length, 'every item has one place');
    this.#barcodes = barcodes;
    this.#placeOf = [...places];
    this.#moved = new Set(moved);
    places.forEach((place, item) => this.#at(place).add(item));
  }

  get size(): number {
    return this.#barcodes.length;
  }

  placeOf(item: number): string {
    const place = this.#placeOf[item];
    assert(place !== undefined, 'an item of this library');
    return place;
  }

  barcodeOf(item: number): string {
    return this.#barcodes[item] ?? '';
  }

  itemsAt(place: string): ReadonlySet<number> {
    return this.#at(place);
  }

  /** Moves the item and tells everyone who listens; moving it to where it is does nothing. */
  move(item: number, to: string, atMs: number): void {
    const from = this.placeOf(item);
    if (from === to) return;
    this.#at(from).delete(item);
    this.#at(to).add(item);
    this.#placeOf[item] = to;
    this.#moved.add(item);
    this.#moveCount += 1;
    this.#moves.push({ n: this.#moveCount, atMs, barcode: this.barcodeOf(item), from, to });
    if (this.#moves.length > 2 * MOVES_MAX) this.#moves = this.#moves.slice(-MOVES_MAX);
    for (const listen of this.#listeners) listen(item, from, to);
  }

  onMove(listener: MoveListener): void {
    this.#listeners.push(listener);
  }

  /** Moves at or after that moment, oldest first, as far back as the log reaches. */
  movesSince(atMs: number): readonly Move[] {
    return this.#moves.filter((move) => move.atMs >= atMs);
  }

  /** Items that moved at least once, by number. */
  touched(): readonly number[] {
    return [...this.#moved].sort((a, b) => a - b);
  }

  /** Items that never moved, by number. */
  untouched(): readonly number[] {
    return this.#barcodes.flatMap((_, item) => (this.#moved.has(item) ? [] : [item]));
  }

  places(): readonly string[] {
    return [...this.#placeOf];
  }

  #at(place: string): Set<number> {
    let items = this.#itemsAt.get(place);
    if (items === undefined) {
      items = new Set();
      this.#itemsAt.set(place, items);
    }
    return items;
  }
}
