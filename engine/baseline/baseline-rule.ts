/**
 * The location rule of the best-known open inventory engine, kept exactly as published: what our own rules are held against, on
 * the same reads. It decides nothing in a running library.
 *
 *     unknown, departed --read--> present: arrived      present --another place is louder--> present: moved
 *     present --600 s without a read, looked at every 30 s--> departed (the place is remembered, the power forgotten)
 *
 * Time is that of the reads: the checks of the product's clock happen when a read is the first to lie behind them.
 *
 * Source: EdgeX app-rfid-llrp-inventory, internal/inventory/tagprocessor.go.
 */
import { ASSET_TRACKING, offsetDb, type MobilityProfile } from './mobility-profile.ts';

export interface BaselineRead {
  readonly timeMs: number;
  readonly reader: string;
  readonly antenna: number | string;
  readonly tag: string;
  /** Undefined where the reader measures none. */
  readonly rssiDbm: number | undefined;
}

export interface BaselineFact {
  readonly atMs: number;
  readonly tag: string;
  readonly fact: 'arrived' | 'moved' | 'departed';
  /** Of a departed tag none. */
  readonly place: string | undefined;
  readonly from: string | undefined;
}

export interface BaselineSettings {
  readonly profile: MobilityProfile;
  /** Values of the power kept per tag and antenna. */
  readonly windowReads: number;
  readonly departedAfterMs: number;
  readonly departedCheckMs: number;
  /** A departed tag is forgotten after this long without a read. */
  readonly ageOutMs: number;
  readonly ageOutCheckMs: number;
  /** Whether the times of a report are shifted so that its last read lies at its arrival. */
  readonly adjustsToArrival: boolean;
}

export const BASELINE_SETTINGS: BaselineSettings = {
  profile: ASSET_TRACKING,
  windowReads: 20,
  departedAfterMs: 600_000,
  departedCheckMs: 30_000,
  ageOutMs: 336 * 3_600_000,
  ageOutCheckMs: 3_600_000,
  adjustsToArrival: true,
};

/** Fewer values say nothing about a challenger. */
const CHALLENGER_READS_MIN = 2;

interface Ring {
  readonly valuesDbm: number[];
  lastReadMs: number;
}

interface Tag {
  state: 'unknown' | 'present' | 'departed';
  /** Key of the antenna; kept when the tag departs. */
  location: string | undefined;
  lastReadMs: number;
  readonly rings: Map<string, Ring>;
}

export interface BaselineOptions {
  /** The name of the place an antenna stands for: two antennas of one name are one place. */
  readonly placeOf: (reader: string, antenna: number | string) => string;
  readonly settings?: BaselineSettings;
}

export class BaselineRule {
  readonly #settings: BaselineSettings;
  readonly #placeOf: BaselineOptions['placeOf'];
  readonly #tags = new Map<string, Tag>();
  /** Place of each antenna by its key. */
  readonly #places = new Map<string, string>();
  #departedCheckMs: number | undefined;
  #ageOutCheckMs = 0;
  #present = 0;

  constructor({ placeOf, settings = BASELINE_SETTINGS }: BaselineOptions) {
    this.#placeOf = placeOf;
    this.#settings = settings;
  }

  /** A read that came as a report of its own, the moment it was made. */
  take(read: BaselineRead): BaselineFact[] {
    return this.takeReport([read], read.timeMs);
  }

  /** The reads of one report of one reader, in its order; `arrivedMs` is when the gateway had it. */
  takeReport(reads: readonly BaselineRead[], arrivedMs: number): BaselineFact[] {
    const facts = this.passTime(arrivedMs);
    const shiftMs = this.#settings.adjustsToArrival ? arrivedMs - Math.max(...reads.map(({ timeMs }) => timeMs)) : 0;
    for (const read of reads) {
      const fact = this.#takeRead(read, read.timeMs + shiftMs, arrivedMs);
      if (fact !== undefined) facts.push(fact);
    }
    return facts;
  }

  /** Catches up with the checks that the clock has passed by now. */
  passTime(nowMs: number): BaselineFact[] {
    const { departedCheckMs, ageOutCheckMs } = this.#settings;
    if (this.#departedCheckMs === undefined) {
      this.#departedCheckMs = nowMs + departedCheckMs;
      this.#ageOutCheckMs = nowMs + ageOutCheckMs;
    }
    const facts: BaselineFact[] = [];
    while (this.#departedCheckMs <= nowMs) {
      const departed = this.#departSilent(this.#departedCheckMs);
      for (const fact of departed) facts.push(fact);
      this.#departedCheckMs +=
        departedCheckMs * checksToSkip(this.#present === 0, nowMs - this.#departedCheckMs, departedCheckMs);
    }
    while (this.#ageOutCheckMs <= nowMs) {
      this.#ageOut(this.#ageOutCheckMs);
      this.#ageOutCheckMs +=
        ageOutCheckMs * checksToSkip(this.#tags.size === 0, nowMs - this.#ageOutCheckMs, ageOutCheckMs);
    }
    return facts;
  }

  knows(tag: string): boolean {
    return this.#tags.has(tag);
  }

  /** Where the tag is held to be; undefined when it is unknown or departed. */
  placeOf(tag: string): string | undefined {
    const known = this.#tags.get(tag);
    return known?.state === 'present' ? this.#nameOf(known.location) : undefined;
  }

  /** Every tag that is remembered, in the order of first reads. */
  places(): readonly { readonly tag: string; readonly place: string | undefined }[] {
    return [...this.#tags.keys()].map((tag) => ({ tag, place: this.placeOf(tag) }));
  }

  #takeRead(read: BaselineRead, lastReadMs: number, referenceMs: number): BaselineFact | undefined {
    const tag = this.#tagOf(read.tag);
    const before = { state: tag.state, location: tag.location };
    tag.lastReadMs = Math.max(tag.lastReadMs, lastReadMs);
    const location = this.#keyOf(read);
    const ring = ringOf(tag, location);
    if (read.rssiDbm !== undefined) {
      ring.valuesDbm.push(read.rssiDbm);
      if (ring.valuesDbm.length > this.#settings.windowReads) ring.valuesDbm.shift();
    }
    ring.lastReadMs = Math.max(ring.lastReadMs, lastReadMs);
    if (tag.location === undefined || this.#isLouder(tag, { location, ring, referenceMs })) tag.location = location;
    if (tag.state !== 'present') this.#present += 1;
    tag.state = 'present';
    return this.#factOf(read.tag, tag, before);
  }

  #isLouder(
    tag: Tag,
    { location, ring, referenceMs }: { readonly location: string; readonly ring: Ring; readonly referenceMs: number },
  ): boolean {
    if (tag.location === undefined || tag.location === location) return false;
    const present = ringOf(tag, tag.location);
    if (present.valuesDbm.length === 0) return true;
    if (ring.valuesDbm.length < CHALLENGER_READS_MIN) return false;
    const offset = offsetDb(this.#settings.profile, referenceMs - present.lastReadMs);
    return mean(ring.valuesDbm) > mean(present.valuesDbm) + offset;
  }

  #factOf(key: string, tag: Tag, before: Pick<Tag, 'state' | 'location'>): BaselineFact | undefined {
    const place = this.#nameOf(tag.location);
    const at = { atMs: tag.lastReadMs, tag: key, place };
    if (before.state !== 'present') return { ...at, fact: 'arrived', from: undefined };
    const from = this.#nameOf(before.location);
    return from === place ? undefined : { ...at, fact: 'moved', from };
  }

  #departSilent(nowMs: number): BaselineFact[] {
    const facts: BaselineFact[] = [];
    for (const [key, tag] of this.#tags) {
      if (tag.state !== 'present' || tag.lastReadMs >= nowMs - this.#settings.departedAfterMs) continue;
      tag.state = 'departed';
      this.#present -= 1;
      tag.rings.clear();
      facts.push({ atMs: nowMs, tag: key, fact: 'departed', place: undefined, from: this.#nameOf(tag.location) });
    }
    return facts;
  }

  #ageOut(nowMs: number): void {
    for (const [key, tag] of this.#tags) {
      if (tag.state === 'departed' && tag.lastReadMs < nowMs - this.#settings.ageOutMs) this.#tags.delete(key);
    }
  }

  #tagOf(key: string): Tag {
    const known = this.#tags.get(key);
    if (known !== undefined) return known;
    const tag: Tag = { state: 'unknown', location: undefined, lastReadMs: -Infinity, rings: new Map() };
    this.#tags.set(key, tag);
    return tag;
  }

  #keyOf({ reader, antenna }: BaselineRead): string {
    const key = `${reader}/${String(antenna)}`;
    if (!this.#places.has(key)) this.#places.set(key, this.#placeOf(reader, antenna));
    return key;
  }

  #nameOf(location: string | undefined): string | undefined {
    return location === undefined ? undefined : this.#places.get(location);
  }
}

/** One, or all up to now when there is nothing left to check: a gap of years in the reads must not take years. */
function checksToSkip(isIdle: boolean, behindMs: number, everyMs: number): number {
  return isIdle ? Math.floor(behindMs / everyMs) + 1 : 1;
}

function ringOf(tag: Tag, location: string): Ring {
  const known = tag.rings.get(location);
  if (known !== undefined) return known;
  const ring: Ring = { valuesDbm: [], lastReadMs: -Infinity };
  tag.rings.set(location, ring);
  return ring;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
