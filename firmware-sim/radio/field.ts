/**
 * What every antenna can hear right now. Each antenna keeps a ready list of the tags in its reach with their mean power;
 * a move touches only the handful of antennas around the two shelves, so listening never looks at the whole stock.
 */
import { createRandom, type Random } from '#sim/random/random.ts';
import type { Shelf } from '#sim/world/ranges.ts';
import type { Stock } from '#sim/world/stock.ts';
import { AUDIBLE_DBM, FADING_SIGMA_DB, HAND_LOSS_DB, pathDbm, readChance, tagDb, tagOffsetMetres } from './physics.ts';

/** Taken out once: a look-up of a global costs more than these do. */
const { round } = Math;

/** Gets one read; `atMs` lies within the time listened. */
export type OnRead = (item: number, rssiDbm: number, atMs: number) => void;

export interface Ear {
  /** Listens from `fromMs` for `lengthMs`; reads come in no order of time. */
  listen(fromMs: number, lengthMs: number, onRead: OnRead): void;
}

/** The antenna behind a shelf. */
export interface AntennaEar extends Ear {
  readonly shelf: Shelf;
}

export interface FieldOptions {
  readonly shelves: readonly Shelf[];
  readonly stock: Stock;
  /** Whether the item has a tag that this radio reads. */
  readonly isTagged: (item: number) => boolean;
  readonly seed: number;
}

/** One inventory round over the tags in reach: each tag can be read once in it. */
const ROUND_MS = 300;
/** A tag from far away, heard through some lucky reflection. */
const FAR_READS_PER_SECOND = 0.5;
const FAR_DBM = -61;

/** Shelves further away than this are left to the far reads. */
const REACH_BAYS = 1;
const REACH_TIERS = 2;

class Antenna implements AntennaEar {
  readonly shelf: Shelf;
  readonly index: number;
  readonly #random: Random;
  readonly #far: () => number | undefined;
  readonly #items: number[] = [];
  readonly #meansDbm: number[] = [];
  readonly #position = new Map<number, number>();
  handUntilMs = 0;

  constructor(shelf: Shelf, index: number, chance: { random: Random; far: () => number | undefined }) {
    this.shelf = shelf;
    this.index = index;
    this.#random = chance.random;
    this.#far = chance.far;
  }

  add(item: number, meanDbm: number): void {
    if (meanDbm < AUDIBLE_DBM || this.#position.has(item)) return;
    this.#position.set(item, this.#items.length);
    this.#items.push(item);
    this.#meansDbm.push(meanDbm);
  }

  /** The last entry takes the free place, so the list has no holes. */
  remove(item: number): void {
    const at = this.#position.get(item);
    if (at === undefined) return;
    this.#position.delete(item);
    const lastItem = this.#items.pop();
    const lastMean = this.#meansDbm.pop();
    if (lastItem === undefined || lastMean === undefined || lastItem === item) return;
    this.#items[at] = lastItem;
    this.#meansDbm[at] = lastMean;
    this.#position.set(lastItem, at);
  }

  get items(): readonly number[] {
    return this.#items;
  }

  listen(fromMs: number, lengthMs: number, onRead: OnRead): void {
    const random = this.#random;
    const attempts = lengthMs / ROUND_MS;
    const handDb = this.handUntilMs > fromMs ? HAND_LOSS_DB : 0;
    for (let i = 0; i < this.#items.length; i += 1) {
      for (let left = attempts; left > 0; left -= 1) {
        if (left < 1 && random.next() >= left) continue;
        const fadingDb = FADING_SIGMA_DB * random.normal();
        const meanDbm = (this.#meansDbm[i] ?? AUDIBLE_DBM) - handDb;
        if (random.next() >= readChance(meanDbm, fadingDb)) continue;
        onRead(this.#items[i] ?? 0, round(meanDbm + fadingDb), fromMs + random.next() * lengthMs);
      }
    }
    if (random.next() < (FAR_READS_PER_SECOND * lengthMs) / 1000) {
      const item = this.#far();
      if (item !== undefined) onRead(item, round(FAR_DBM + 2 * random.normal()), fromMs + random.next() * lengthMs);
    }
  }
}

/** The radio of a whole building. */
export class RadioField {
  readonly #shelves: readonly Shelf[];
  readonly #options: FieldOptions;
  readonly #antennas = new Map<string, Antenna>();
  /** For each shelf with a reader near it, by its place in `shelves`: who might hear it. */
  readonly #hearers = new Map<string, { readonly index: number; readonly antennas: readonly Antenna[] }>();

  constructor(options: FieldOptions) {
    this.#options = options;
    this.#shelves = options.shelves;
    this.#shelves.forEach((shelf, index) => {
      if (shelf.antenna === undefined) return;
      const random = createRandom(options.seed, `radio/${shelf.id}`);
      const antenna = new Antenna(shelf, index, { random, far: () => this.#farTag(shelf, random) });
      this.#antennas.set(keyOf(shelf.antenna.reader, shelf.antenna.antenna), antenna);
    });
    this.#shelves.forEach((shelf, index) => {
      const antennas = [...this.#antennas.values()].filter((antenna) => isInReach(antenna.shelf, shelf));
      if (antennas.length > 0) this.#hearers.set(shelf.id, { index, antennas });
    });
    for (const place of this.#hearers.keys()) {
      for (const item of options.stock.itemsAt(place)) this.#enter(item, place);
    }
    options.stock.onMove((item, from, to) => {
      for (const antenna of this.#hearers.get(from)?.antennas ?? []) antenna.remove(item);
      this.#enter(item, to);
    });
  }

  /** The antenna at a reader's port; `undefined` where nothing is plugged in. */
  ear(reader: string, port: number): AntennaEar | undefined {
    return this.#antennas.get(keyOf(reader, port));
  }

  /** Items that the antenna at a port may hear now, in no order. */
  inReach(reader: string, port: number): readonly number[] {
    return this.#antennas.get(keyOf(reader, port))?.items ?? [];
  }

  /** Somebody stands in front of the shelf with a hand in it. */
  cover(place: string, untilMs: number): void {
    for (const antenna of this.#hearers.get(place)?.antennas ?? []) {
      if (antenna.shelf.id === place) antenna.handUntilMs = untilMs;
    }
  }

  #enter(item: number, place: string): void {
    const hearers = this.#hearers.get(place);
    const shelf = hearers === undefined ? undefined : this.#shelves[hearers.index];
    if (hearers === undefined || shelf === undefined || !this.#options.isTagged(item)) return;
    const offset = tagOffsetMetres(item, hearers.index);
    for (const antenna of hearers.antennas) {
      const meanDbm = pathDbm(antenna.shelf, shelf, offset) + tagDb(item, antenna.index, hearers.index);
      antenna.add(item, meanDbm);
    }
  }

  /** Some tagged item of the same range, or one that somebody carries past. */
  #farTag(near: Shelf, random: Random): number | undefined {
    const { stock } = this.#options;
    const shelf = this.#shelves[random.below(this.#shelves.length)];
    if (shelf?.floor !== near.floor || shelf.range !== near.range) return undefined;
    const items = [...stock.itemsAt(shelf.id)].filter((item) => this.#options.isTagged(item));
    return items.length === 0 ? undefined : random.pick(items);
  }
}

function isInReach(antenna: Shelf, shelf: Shelf): boolean {
  return (
    antenna.floor === shelf.floor &&
    antenna.range === shelf.range &&
    Math.abs(antenna.bay - shelf.bay) <= REACH_BAYS &&
    Math.abs(antenna.tier - shelf.tier) <= REACH_TIERS
  );
}

function keyOf(reader: string, port: number): string {
  return `${reader}/${port}`;
}
