/**
 * A recording through the same edge and engine as live, in its own time: reads become sightings, sightings become places.
 * Nothing here decides where a tag is.
 */
import type { Item } from '#contract/domain/item.ts';
import type { Fact } from '#contract/domain/fact.ts';
import type { Observation } from '#contract/wire/observation.ts';
import { createEngine, type Engine } from '#engine/engine.ts';
import { EntryMaker } from '#engine/entry-maker.ts';
import { ReaderPresence } from '#gateway/presence/reader-presence.ts';
import { numberPlan, type LocatePlan, type NumberedPlan, type ReaderPlan } from './plan-file.ts';
import type { RecordedRead } from './recording.ts';
import { ScanRounds } from './scan-rounds.ts';

/** A change of one tag's place; times are those of the recording. */
export interface LocateFact {
  readonly at: number;
  readonly tag: string;
  readonly fact: 'arrived' | 'moved' | 'departed';
  readonly place: string | null;
  readonly from: string | null;
  readonly confidence: number;
}

export interface LocateAnswer {
  readonly tag: string;
  readonly place: string | null;
  readonly confidence: number;
}

export interface LocateRule {
  /** Takes one read; reads come in time order. `undefined`: done; else the field that the plan does not know. */
  push(read: RecordedRead): 'reader' | 'antenna' | undefined;
  /** The recording is over; gives the answers in the order in which the tags were first read. */
  end(): readonly LocateAnswer[];
  /** Everything found since the last call. */
  takeFacts(): readonly LocateFact[];
  /** Where a tag is held to be just now. */
  placeOf(tag: string): LocateAnswer | undefined;
}

/** Recordings may count from 0; the engine takes 0 for "never". */
const BASE_MS = Date.UTC(2000, 0, 1);
const LIBRARY = 'recording';
/** As a gateway does: what is said within this time leaves together. */
const BATCH_MS = 100;
const BATCH_MAX = 500;
const SECOND_MS = 1000;
/** A pause longer than this is not lived through second by second: nothing happens in it but what its first part decides. */
const PAUSE_MS_MAX = 1_800_000;
const FIRST_ITEMS = 1024;

interface RunningReader {
  readonly plan: ReaderPlan;
  readonly presence: ReaderPresence;
  readonly rounds: ScanRounds;
  readonly ports: ReadonlyMap<string, number>;
}

export class LocateRun implements LocateRule {
  readonly #plan: NumberedPlan;
  readonly #references: NonNullable<LocatePlan['references']>;
  readonly #engine: Engine;
  readonly #entries = new EntryMaker(LIBRARY);
  readonly #readers = new Map<string, RunningReader>();
  readonly #tagNumbers = new Map<string, number>();
  readonly #tags: string[] = [];
  readonly #read = new Set<string>();
  readonly #answers = new Map<string, { place: string | null; confidence: number }>();
  #facts: LocateFact[] = [];
  #pending: Observation[] = [];
  #batchedMs = 0;
  #nowMs = -Infinity;
  #startMs = 0;
  #nextTickMs = 0;
  #items = 0;
  #catalogueVersion = 0;

  constructor(plan: LocatePlan) {
    this.#plan = numberPlan(plan);
    this.#references = plan.references ?? [];
    this.#engine = createEngine({ catalogue: () => itemsUpTo(this.#items) });
  }

  push(read: RecordedRead): 'reader' | 'antenna' | undefined {
    const known = this.#plan.readers.get(read.reader);
    if (known === undefined) return 'reader';
    if (!known.antennas.some(({ name }) => name === read.antenna)) return 'antenna';
    const atMs = Math.round(read.timeMs) + BASE_MS;
    if (this.#nowMs === -Infinity) this.#start(atMs);
    this.#advance(Math.max(atMs, this.#nowMs));
    const reader = this.#readers.get(read.reader);
    const port = reader?.ports.get(read.antenna);
    if (reader === undefined || port === undefined) return 'antenna';
    this.#closeVisits(reader);
    const tag = this.#numberOf(read.tag);
    this.#read.add(read.tag);
    reader.rounds.read(port, read.tag, atMs);
    const event = {
      kind: 'read' as const,
      antenna: port,
      count: 1,
      firstMs: atMs,
      lastMs: atMs,
      rssiDbm: read.rssiDbm,
      ids: { epc: epcOf(tag) },
    };
    this.#say(reader.presence.take([event], this.#now()));
    return undefined;
  }

  end(): readonly LocateAnswer[] {
    this.#flush();
    return [...this.#read].map((tag) => this.placeOf(tag) ?? { tag, place: null, confidence: 0 });
  }

  takeFacts(): readonly LocateFact[] {
    const facts = this.#facts;
    this.#facts = [];
    return facts;
  }

  placeOf(tag: string): LocateAnswer | undefined {
    this.#flush();
    const number = this.#tagNumbers.get(tag);
    if (number === undefined) return undefined;
    const { place, confidence } = this.#answers.get(barcodeOf(number)) ?? { place: null, confidence: 0 };
    return { tag, place, confidence };
  }

  #start(atMs: number): void {
    this.#nowMs = atMs;
    this.#startMs = atMs;
    this.#batchedMs = atMs;
    this.#nextTickMs = atMs + SECOND_MS;
    this.#input({ kind: 'plan', plan: this.#plan.plan });
    for (const { tag, place } of this.#references) {
      const number = this.#numberOf(tag);
      this.#input({
        kind: 'reference-tag',
        tag: `epc:${epcOf(number)}`,
        place: this.#plan.placeId(place) ?? null,
      });
    }
    for (const [name, plan] of this.#plan.readers) {
      const antennas = plan.antennas.map(({ port, readPoint }) => ({ antenna: port, readPoint }));
      this.#readers.set(name, {
        plan,
        presence: new ReaderPresence({ reader: plan.id, antennas, now: this.#now() }),
        rounds: new ScanRounds(antennas.length, plan.schedule),
        ports: new Map(plan.antennas.map(({ name: antenna, port }) => [antenna, port])),
      });
    }
  }

  /** Lets time pass up to the next read, second by second. */
  #advance(toMs: number): void {
    const pauseEndsMs = this.#nowMs + PAUSE_MS_MAX;
    while (this.#nextTickMs <= toMs) {
      if (this.#nextTickMs > pauseEndsMs) this.#nextTickMs = toMs;
      const atMs = this.#nextTickMs;
      this.#nextTickMs += SECOND_MS;
      this.#tick(atMs);
    }
    this.#nowMs = toMs;
    if (toMs - this.#batchedMs >= BATCH_MS) this.#flush();
  }

  #tick(atMs: number): void {
    this.#nowMs = atMs;
    for (const reader of this.#readers.values()) {
      this.#closeVisits(reader);
      for (const port of reader.rounds.fallenBlind(atMs)) {
        this.#say(reader.presence.setAntenna(port, 'blind', this.#now()));
      }
      this.#say(reader.presence.tick(this.#now()));
    }
    this.#flush();
    this.#engine.reduce(this.#entries.tick(this.#nowMs));
    this.#collect();
  }

  #closeVisits(reader: RunningReader): void {
    const antennas = reader.rounds.close(this.#nowMs);
    if (antennas.length === 0) return;
    this.#say(reader.presence.take([{ kind: 'cycle', antennas, atMs: this.#nowMs }], this.#now()));
  }

  #now(): { wallMs: number; uptimeMs: number } {
    return { wallMs: this.#nowMs, uptimeMs: this.#nowMs - this.#startMs };
  }

  #numberOf(tag: string): number {
    const known = this.#tagNumbers.get(tag);
    if (known !== undefined) return known;
    const number = this.#tags.length;
    this.#tags.push(tag);
    this.#tagNumbers.set(tag, number);
    if (number >= this.#items) {
      // Copies are known before their tags are heard; the catalogue doubles, so that its loading costs little for each.
      this.#items = Math.max(FIRST_ITEMS, 2 * this.#items);
      this.#catalogueVersion += 1;
      this.#input({ kind: 'catalogue', version: this.#catalogueVersion });
    }
    return number;
  }

  #say(observations: readonly Observation[]): void {
    if (observations.length === 0) return;
    this.#pending.push(...observations);
    if (this.#pending.length >= BATCH_MAX) this.#flush();
  }

  #flush(): void {
    this.#batchedMs = this.#nowMs;
    if (this.#pending.length === 0) return;
    const pending = this.#pending;
    this.#pending = [];
    const origin = { source: LIBRARY, epoch: 'recording', atMs: this.#nowMs, uptimeMs: this.#nowMs - this.#startMs };
    for (const entry of this.#entries.batches(pending, origin)) this.#engine.reduce(entry);
    this.#collect();
  }

  #input(body: object): void {
    this.#engine.reduce(this.#entries.input(body, this.#nowMs));
  }

  #collect(): void {
    const { facts, items } = this.#engine.takeChange();
    for (const { item, place, confidence } of items) {
      this.#answers.set(item, { place: this.#name(place), confidence: round(confidence ?? 0) });
    }
    for (const fact of facts) {
      const found = this.#toLocateFact(fact);
      if (found !== undefined) this.#facts.push(found);
    }
  }

  #toLocateFact({ at, kind, subject, from, to, confidence }: Fact): LocateFact | undefined {
    if (kind !== 'item-arrived' && kind !== 'item-moved' && kind !== 'item-departed') return undefined;
    return {
      at: Date.parse(at) - BASE_MS,
      tag: this.#tags[Number(subject)] ?? subject,
      fact: FACT_WORDS[kind],
      place: this.#name(to),
      from: this.#name(from),
      confidence: round(confidence ?? 0),
    };
  }

  #name(place: string | null | undefined): string | null {
    return place == null ? null : this.#plan.placeName(place);
  }
}

const FACT_WORDS = { 'item-arrived': 'arrived', 'item-moved': 'moved', 'item-departed': 'departed' } as const;

const round = (value: number): number => Math.round(value * 10_000) / 10_000;

/** What the tag is called inside: the contract wants hex. */
const epcOf = (tag: number): string => tag.toString(16).toUpperCase().padStart(24, '0');
const barcodeOf = (tag: number): string => String(tag);

function* itemsUpTo(count: number): Generator<Item> {
  for (let tag = 0; tag < count; tag += 1) {
    yield {
      library: LIBRARY,
      barcode: barcodeOf(tag),
      title: '',
      author: '',
      year: null,
      language: '',
      scheme: 'local',
      callNumber: '',
      branch: LIBRARY,
      collection: '',
      tags: [`epc:${epcOf(tag)}`],
    };
  }
}
