/**
 * A library over weeks of virtual time: who has each book, which readers and gateways are up, and what the real edge presence
 * makes of it. Thinned: each antenna listens for a quarter of every hour, one cycle a minute, and is unscheduled in between.
 */
import type { Item } from '#contract/domain/item.ts';
import type { Plan } from '#contract/domain/plan.ts';
import type { Observation } from '#contract/wire/observation.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';
import { PRESENCE_LIMITS } from '#gateway/presence/limits.ts';
import { ReaderPresence } from '#gateway/presence/reader-presence.ts';
import { createRandom, type Random } from '#sim/random/random.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
const BOOKS_PER_SHELF = 50;
const SHELVES_PER_READER = 5;
const LISTEN_MS = 15 * MINUTE_MS;
const START_MS = Date.UTC(2026, 0, 5);
const LIMITS = { ...PRESENCE_LIMITS, stillMs: 590_000, scanMs: 60_000, cycleGapMsMax: 130_000 };

export type TagState = 'good' | 'weak' | 'dead' | 'none';

export interface Book {
  readonly barcode: string;
  readonly epc: string;
  readonly shelf: number;
  readonly tag: TagState;
  /** Share of cycles in which the antenna of its shelf hears it, and that of the next shelf. */
  readonly heardShare: number;
  readonly bleedShare: number;
  where: 'shelf' | 'reader' | 'loan' | 'trolley' | 'gone';
  untilMs: number;
}

export interface LostOptions {
  readonly seed: number;
  readonly books: number;
  readonly gone: number;
  readonly days: number;
  /** Readers die, gateways restart or lose their line. */
  readonly hasFaults: boolean;
}

interface Reader {
  readonly id: string;
  readonly shelves: readonly number[];
  presence: ReaderPresence;
  downUntilMs: number;
  offlineUntilMs: number;
  kept: Observation[];
}

/** A word of the ILS. */
export interface Word {
  readonly barcode: string;
  readonly status: 'available' | 'on-loan';
}

export class AbsenceLibrary {
  readonly books: readonly Book[];
  readonly shelves: number;
  readonly startMs = START_MS;
  nowMs = START_MS;
  words: Word[] = [];
  /** By reader: what its gateway could send in this minute. */
  readonly #readers: readonly Reader[];
  readonly #byShelf: readonly Book[][];
  readonly #thefts: readonly { readonly atMs: number; readonly books: readonly Book[] }[];
  readonly #random: Random;
  readonly #options: LostOptions;

  constructor(options: LostOptions) {
    this.#options = options;
    this.#random = createRandom(options.seed, 'absence');
    this.shelves = Math.ceil(options.books / BOOKS_PER_SHELF);
    this.books = Array.from({ length: options.books }, (_, i) => this.#newBook(i));
    this.#byShelf = Array.from({ length: this.shelves }, (_, shelf) => this.books.filter((b) => b.shelf === shelf));
    // Time to be looked for must be left.
    const candidates = this.books.filter(({ tag }) => tag === 'good' || tag === 'weak');
    this.#thefts = Array.from({ length: options.gone }, () => ({
      atMs: START_MS + DAY_MS + this.#random.next() * (options.days - 6) * DAY_MS,
      books: candidates.splice(this.#random.below(candidates.length), 1),
    }));
    this.#readers = Array.from({ length: Math.ceil(this.shelves / SHELVES_PER_READER) }, (_, i) => this.#newReader(i));
  }

  isListening(): boolean {
    return this.nowMs % HOUR_MS < LISTEN_MS + MINUTE_MS;
  }

  /** One minute; the batches that reach the broker, by gateway. */
  step(): Observation[][] {
    this.nowMs += MINUTE_MS;
    if (this.nowMs % HOUR_MS === 0) this.#hour();
    this.#return();
    return this.#readers.flatMap((reader) => {
      reader.kept.push(...this.#listen(reader));
      if (reader.offlineUntilMs > this.nowMs || reader.kept.length === 0) return [];
      const out = reader.kept;
      reader.kept = [];
      return [out];
    });
  }

  catalogue(): Item[] {
    return this.books.map((book) => ({
      library: 'demo',
      barcode: book.barcode,
      title: book.barcode,
      author: '',
      year: null,
      language: 'en',
      scheme: 'local',
      callNumber: shelfId(book.shelf),
      branch: 'main',
      collection: 'open',
      tags: book.tag === 'none' ? [] : [`epc:${book.epc}`],
    }));
  }

  plan(): Plan {
    const shelves = Array.from({ length: this.shelves }, (_, i) => ({
      id: shelfId(i),
      kind: 'shelf' as const,
      parent: `bay-${String(Math.floor(i / SHELVES_PER_READER))}`,
      name: shelfId(i),
      tier: (i % SHELVES_PER_READER) + 1,
      collection: 'open',
      range: { scheme: 'local' as const, from: shelfId(i), to: shelfId(i) },
    }));
    const bays = this.#readers.map((_, i) => ({
      id: `bay-${String(i)}`,
      kind: 'bay' as const,
      parent: 'main',
      name: 'B',
    }));
    return {
      version: 1,
      validFrom: '2026-01-01T00:00:00.000Z',
      places: [{ id: 'main', kind: 'branch', parent: null, name: 'Main' }, ...bays, ...shelves],
      aisles: [],
      lines: [],
      readPoints: this.#readers.flatMap(({ id, shelves: own }) =>
        own.map((shelf, i) => ({ id: `rp-${String(shelf)}`, reader: id, antenna: i + 1, places: [shelfId(shelf)] })),
      ),
      sensors: [],
    };
  }

  #newBook(i: number): Book {
    const chance = this.#random.next();
    const tag = chance < 0.03 ? 'dead' : chance < 0.08 ? 'none' : chance < 0.13 ? 'weak' : 'good';
    return {
      barcode: `B${String(i).padStart(6, '0')}`,
      epc: (0x300000000000 + i).toString(16).toUpperCase().padStart(24, '0'),
      shelf: Math.floor(i / BOOKS_PER_SHELF),
      tag,
      heardShare: tag === 'weak' ? 0.05 + 0.45 * this.#random.next() : 0.85 + 0.15 * this.#random.next(),
      bleedShare: tag === 'good' && this.#random.next() < 0.3 ? 0.4 * this.#random.next() : 0,
      where: 'shelf',
      untilMs: Infinity,
    };
  }

  #newReader(i: number): Reader {
    const first = i * SHELVES_PER_READER;
    const shelves = Array.from({ length: Math.min(SHELVES_PER_READER, this.shelves - first) }, (_, n) => first + n);
    const reader = { id: `reader-${String(i)}`, shelves, downUntilMs: 0, offlineUntilMs: 0, kept: [] };
    return { ...reader, presence: this.#newPresence(reader) };
  }

  #newPresence({ id, shelves }: Pick<Reader, 'id' | 'shelves'>): ReaderPresence {
    const antennas = shelves.map((shelf, i) => ({ antenna: i + 1, readPoint: `rp-${String(shelf)}` }));
    return new ReaderPresence({ reader: id, antennas, now: this.#now(), limits: LIMITS });
  }

  #now(): { readonly wallMs: number; readonly uptimeMs: number } {
    return { wallMs: this.nowMs, uptimeMs: this.nowMs - START_MS };
  }

  /** People take books, thieves too, and machines fail. */
  #hour(): void {
    const random = this.#random;
    for (const book of this.#thefts.flatMap(({ atMs, books }) => (atMs > this.nowMs ? [] : books))) {
      // Who has it keeps it; a lent book is stolen from its shelf when it is back.
      if (book.where === 'shelf') Object.assign(book, { where: 'gone', untilMs: Infinity });
    }
    const hour = (this.nowMs / HOUR_MS) % 24;
    if (hour >= 9 && hour < 20) {
      for (const book of this.books) {
        if (book.where !== 'shelf') continue;
        const chance = random.next();
        if (chance < 0.0015) this.#take(book, 'loan', (2 + 8 * random.next()) * DAY_MS);
        else if (chance < 0.004) this.#take(book, 'reader', (20 + 160 * random.next()) * MINUTE_MS);
      }
    }
    if (this.#options.hasFaults) for (const reader of this.#readers) this.#fail(reader);
  }

  #fail(reader: Reader): void {
    const random = this.#random;
    const chance = random.next();
    if (chance < 1 / 150) {
      reader.downUntilMs = this.nowMs + (random.next() < 0.3 ? 1 + 2 * random.next() : random.next() / 3) * DAY_MS;
      reader.kept.push(...reader.presence.readerDied(this.#now()));
    } else if (chance < 1 / 75) reader.presence = this.#newPresence(reader);
    else if (chance < 1 / 50) reader.offlineUntilMs = this.nowMs + 6 * random.next() * HOUR_MS;
  }

  #take(book: Book, where: 'loan' | 'reader', ms: number): void {
    Object.assign(book, { where, untilMs: this.nowMs + ms });
    if (where === 'loan') this.words.push({ barcode: book.barcode, status: 'on-loan' });
  }

  #return(): void {
    for (const book of this.books) {
      if (book.untilMs > this.nowMs) continue;
      if (book.where === 'loan') {
        this.words.push({ barcode: book.barcode, status: 'available' });
        Object.assign(book, { where: 'trolley', untilMs: this.nowMs + (1 + 8 * this.#random.next()) * HOUR_MS });
      } else Object.assign(book, { where: 'shelf', untilMs: Infinity });
    }
  }

  #listen(reader: Reader): Observation[] {
    if (reader.downUntilMs > this.nowMs) return [];
    const now = this.#now();
    if (this.nowMs % HOUR_MS >= LISTEN_MS) {
      if (this.nowMs % HOUR_MS !== LISTEN_MS) return [];
      return reader.shelves.flatMap((_, i) => reader.presence.setAntenna(i + 1, 'unscheduled', now));
    }
    const events: ReaderEvent[] = [];
    reader.shelves.forEach((shelf, i) => {
      this.#hear(events, { antenna: i + 1, shelf, isNext: false });
      if (i > 0) this.#hear(events, { antenna: i + 1, shelf: shelf - 1, isNext: true });
    });
    const antennas = reader.shelves.map((_, i) => i + 1);
    events.push({ kind: 'cycle', antennas, atMs: this.nowMs });
    return [...reader.presence.take(events, now), ...reader.presence.tick(now)];
  }

  #hear(
    events: ReaderEvent[],
    { antenna, shelf, isNext }: { readonly antenna: number; readonly shelf: number; readonly isNext: boolean },
  ): void {
    for (const book of this.#byShelf[shelf] ?? []) {
      if (book.where !== 'shelf' || book.tag === 'dead' || book.tag === 'none') continue;
      if (this.#random.next() >= (isNext ? book.bleedShare : book.heardShare)) continue;
      const rssiDbm = (isNext ? -68 : -56) - 10 * (1 - book.heardShare) + 2 * (this.#random.next() - 0.5);
      const at = { firstMs: this.nowMs - 1000, lastMs: this.nowMs - 1000 };
      events.push({ kind: 'read', antenna, count: 1, ...at, rssiDbm, ids: { epc: book.epc } });
    }
  }
}

export const shelfId = (shelf: number): string => `s-${String(shelf).padStart(4, '0')}`;
