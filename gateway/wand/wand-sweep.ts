/**
 * What a wand reads, as sightings with a position: which session, beside which shelf tag, and when the beam was over the tag.
 * A wand concludes nothing from silence, so nothing is ever lost here. Pure: time comes in with every call.
 *
 *     first read of a tag -> `new` at once     further reads -> one `update` when the beam has passed, or each second
 *     a tag that somebody looks for -> an `update` every 120 ms while it is heard
 */
import { tagKeyOf } from '#contract/domain/item.ts';
import type { TagObservation } from '#contract/wire/observation.ts';
import type { ReadEvent, ReaderEvent } from '#gateway/drivers/reader-event.ts';
import type { Moment } from '#gateway/presence/antenna.ts';
import { isPower } from '#gateway/presence/limits.ts';
import { isoTime } from '#gateway/presence/pair.ts';

export interface WandOptions {
  readonly reader: string;
  readonly antennas: readonly { readonly antenna: number; readonly readPoint: string }[];
  /** Beginnings of the ids of shelf tags, upper-case hex; a whole id names one tag. */
  readonly shelfTags: readonly string[];
  /** Nothing read for so long: the next read begins another sweep. */
  readonly silenceMs: number;
}

/** Silence after which the beam has passed a tag. */
const PASSED_MS = 400;
const WINDOW_MS = 1000;
/** Shelf tags that follow each other so quickly were heard from one place. */
const BESIDE_MS = 1500;
const FADE_DB_PER_SECOND = 15;

interface ShelfHeard {
  readonly dbm: number;
  readonly lastMs: number;
}
/** Eight times a second, so that a tone follows the hand. */
const FIND_MS = 120;
/** Tags of one sweep that are known to have been told of; beyond it some are told as new again. */
const SEEN_MAX = 50_000;

interface Window {
  readonly antenna: number;
  readonly readPoint: string;
  readonly event: ReadEvent;
  readonly shelfTag: string;
  readonly order: number;
  readonly openedMs: number;
  lastUptimeMs: number;
  firstMs: number;
  lastMs: number;
  reads: number;
  sumMw: number;
  sumDbm: number;
  heard: number;
  maxDbm: number;
  lastDbm: number;
  weight: number;
  moment: number;
}

export class WandSweep {
  readonly #options: WandOptions;
  readonly #readPoints: ReadonlyMap<number, string>;
  readonly #windows = new Map<string, Window>();
  readonly #seen = new Set<string>();
  readonly #finding = new Map<string, number>();
  #session: string | undefined;
  readonly #shelves = new Map<string, ShelfHeard>();
  #shelfTag = '';
  #order = 0;
  #heardUptimeMs = 0;
  #sessions = 0;

  constructor(options: WandOptions) {
    this.#options = options;
    this.#readPoints = new Map(options.antennas.map(({ antenna, readPoint }) => [antenna, readPoint]));
  }

  get session(): string | undefined {
    return this.#session;
  }

  take(events: readonly ReaderEvent[], now: Moment): TagObservation[] {
    const out: TagObservation[] = [];
    for (const event of events) if (event.kind === 'read') this.#takeRead(event, now, out);
    out.push(...this.tick(now));
    return out;
  }

  /** To be called about ten times a second. */
  tick(now: Moment): TagObservation[] {
    const out: TagObservation[] = [];
    for (const [key, window] of this.#windows) {
      const ageMs = now.uptimeMs - window.openedMs;
      const isSought = this.#isSought(key, now);
      const isPassed = now.uptimeMs - window.lastUptimeMs >= PASSED_MS || ageMs >= WINDOW_MS;
      if (isPassed || (isSought && ageMs >= FIND_MS)) out.push(this.#close(key, window, 'update', isSought));
    }
    return out;
  }

  /** Ends the sweep that goes on and begins another. */
  start(now: Moment): { readonly session: string; readonly ended: string | null; readonly last: TagObservation[] } {
    const { ended, last } = this.end();
    return { session: this.#begin(now), ended, last };
  }

  end(): { readonly ended: string | null; readonly last: TagObservation[] } {
    const last = [...this.#windows].map(([key, window]) => this.#close(key, window, 'update', false));
    const ended = this.#session ?? null;
    this.#session = undefined;
    this.#seen.clear();
    this.#shelves.clear();
    this.#shelfTag = '';
    return { ended, last };
  }

  /** Replaces what is looked for. Keys as in the catalogue: `epc:…`. */
  find(tags: readonly string[], forMs: number, now: Moment): void {
    this.#finding.clear();
    for (const tag of tags) this.#finding.set(tag, now.uptimeMs + forMs);
  }

  #begin({ wallMs, uptimeMs }: Moment): string {
    this.#sessions += 1;
    // Whoever begins a sweep takes a moment to walk to the shelf: the silence before it is not one within it.
    this.#heardUptimeMs = uptimeMs;
    this.#session = `${this.#options.reader.slice(0, 40)}-${wallMs.toString(36)}-${this.#sessions}`;
    this.#order = 0;
    return this.#session;
  }

  #takeRead(event: ReadEvent, now: Moment, out: TagObservation[]): void {
    const readPoint = this.#readPoints.get(event.antenna);
    const key = tagKeyOf(event.ids);
    if (readPoint === undefined || key === undefined) return;
    if (this.#session !== undefined && now.uptimeMs - this.#heardUptimeMs > this.#options.silenceMs) {
      out.push(...this.end().last);
    }
    if (this.#session === undefined) this.#begin(now);
    this.#heardUptimeMs = now.uptimeMs;
    this.#order += event.count;
    const id = key.slice(key.indexOf(':') + 1);
    if (this.#options.shelfTags.some((prefix) => id.startsWith(prefix))) this.#hearShelf(key, event);
    const window = this.#windowOf(key, { event, readPoint }, now);
    addRead(window, event, now);
    if (this.#seen.has(key)) return;
    if (this.#seen.size >= SEEN_MAX) this.#seen.clear();
    this.#seen.add(key);
    out.push(this.#close(key, window, 'new', this.#isSought(key, now)));
  }

  /** The beam reaches the tags of the shelves above and below as well: the loudest counts, and what it was fades. */
  #hearShelf(key: string, { lastMs, rssiDbm }: ReadEvent): void {
    const loudness = (heard: ShelfHeard): number => heard.dbm - (FADE_DB_PER_SECOND * (lastMs - heard.lastMs)) / 1000;
    const own = this.#shelves.get(key);
    // Without power the one heard last counts.
    const dbm = isPower(rssiDbm) ? Math.max(rssiDbm, own === undefined ? -Infinity : loudness(own)) : 0;
    this.#shelves.set(key, { dbm, lastMs });
    let loudest = key;
    for (const [other, heard] of this.#shelves) {
      if (lastMs - heard.lastMs > BESIDE_MS) this.#shelves.delete(other);
      else if (other !== key && loudness(heard) > dbm) loudest = other;
    }
    if (loudest === key || !this.#shelves.has(this.#shelfTag)) this.#shelfTag = loudest;
  }

  #windowOf(key: string, { event, readPoint }: { event: ReadEvent; readPoint: string }, now: Moment): Window {
    const known = this.#windows.get(key);
    if (known?.shelfTag === this.#shelfTag) return known;
    const window: Window = {
      antenna: event.antenna,
      readPoint,
      event,
      shelfTag: this.#shelfTag,
      order: this.#order,
      openedMs: now.uptimeMs,
      lastUptimeMs: now.uptimeMs,
      firstMs: Math.min(event.firstMs, now.wallMs),
      lastMs: 0,
      reads: 0,
      sumMw: 0,
      sumDbm: 0,
      heard: 0,
      maxDbm: -200,
      lastDbm: -200,
      weight: 0,
      moment: 0,
      ...(known !== undefined && { ...known, shelfTag: this.#shelfTag }),
    };
    this.#windows.set(key, window);
    return window;
  }

  #isSought(key: string, { uptimeMs }: Moment): boolean {
    const untilMs = this.#finding.get(key);
    if (untilMs === undefined) return false;
    if (uptimeMs > untilMs) this.#finding.delete(key);
    return uptimeMs <= untilMs;
  }

  #close(key: string, window: Window, phase: 'new' | 'update', isSought: boolean): TagObservation {
    this.#windows.delete(key);
    const { event, heard, reads } = window;
    const { ids, content } = event;
    const id = Object.fromEntries(Object.entries(ids).filter(([, value]) => value !== undefined));
    const at = window.weight > 0 ? window.moment / window.weight : window.lastMs;
    return {
      kind: 'tag',
      reader: this.#options.reader,
      antenna: window.antenna,
      readPoint: window.readPoint,
      phase,
      first: isoTime(window.firstMs),
      last: isoTime(window.lastMs),
      reads,
      cyclesSeen: 1,
      cyclesLive: 1,
      ...(heard > 0 && {
        rssi: {
          n: heard,
          meanMw: window.sumMw / heard,
          meanDbm: Math.round((100 * window.sumDbm) / heard) / 100,
          maxDbm: window.maxDbm,
          lastDbm: window.lastDbm,
        },
      }),
      id,
      ...(content !== undefined && { content }),
      position: {
        session: this.#session ?? '',
        shelfTag: window.shelfTag,
        order: window.order,
        at: isoTime(Math.round(at)),
      },
      ...(isSought && { find: true }),
    };
  }
}

function addRead(window: Window, { count, firstMs, lastMs, rssiDbm }: ReadEvent, now: Moment): void {
  const endMs = Math.min(lastMs, now.wallMs);
  window.lastUptimeMs = now.uptimeMs;
  window.firstMs = Math.min(window.firstMs, firstMs);
  window.lastMs = Math.max(window.lastMs, endMs);
  window.reads += count;
  const milliwatts = isPower(rssiDbm) ? 10 ** (rssiDbm / 10) : undefined;
  const weight = count * (milliwatts ?? 1);
  window.weight += weight;
  window.moment += weight * ((Math.min(firstMs, endMs) + endMs) / 2);
  if (milliwatts === undefined || rssiDbm === undefined) return;
  window.heard += 1;
  window.sumMw += milliwatts;
  window.sumDbm += rssiDbm;
  window.maxDbm = Math.max(window.maxDbm, rssiDbm);
  window.lastDbm = rssiDbm;
}
