/** Our own: the real edge presence and the real engine, fed as a gateway feeds them. */
import type { Item } from '#contract/domain/item.ts';
import type { Plan } from '#contract/domain/plan.ts';
import type { Observation } from '#contract/wire/observation.ts';
import type { ItemRow } from '#engine/engine-rows.ts';
import { createEngine, type Engine } from '#engine/engine.ts';
import { EntryMaker } from '#engine/entry-maker.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';
import { ReaderPresence } from '#gateway/presence/reader-presence.ts';
import type { Contestant, ReportedMove } from './contestant.ts';
import type { Scene } from './scene.ts';
import type { LabStep } from './world.ts';

const LIBRARY = 'lab';
const SECOND_MS = 1000;

export class EngineContestant implements Contestant {
  readonly name = 'Shelfwise';
  readonly #engine: Engine;
  readonly #entries = new EntryMaker(LIBRARY);
  readonly #presences: ReadonlyMap<string, ReaderPresence>;
  readonly #rows = new Map<string, ItemRow>();
  readonly #startMs: number;
  readonly #epcs: ReadonlyMap<string, string>;
  #moves: ReportedMove[] = [];
  #tickMs: number;

  constructor(scene: Scene, startMs: number) {
    this.#startMs = startMs;
    this.#tickMs = startMs;
    this.#epcs = new Map(scene.tags.map(({ id }, i) => [id, epcOf(i)]));
    const items = scene.tags.map(({ id, home }, i) =>
      itemOf(id, home === undefined ? undefined : callNumberOf(scene, home), epcOf(i)),
    );
    this.#engine = createEngine({ catalogue: () => items });
    this.#engine.reduce(this.#entries.input({ kind: 'plan', plan: planOf(scene) }, startMs));
    this.#engine.reduce(this.#entries.input({ kind: 'catalogue', version: 1 }, startMs));
    this.#presences = new Map(
      scene.readers.map(({ id }) => {
        const own = scene.antennas.filter(({ reader }) => reader === id);
        const antennas = own.map(({ port, place }) => ({ antenna: port, readPoint: `rp-${place}` }));
        return [id, new ReaderPresence({ reader: id, antennas, now: this.#now(startMs) })];
      }),
    );
  }

  take({ reads, turns, nowMs }: LabStep): void {
    const now = this.#now(nowMs);
    const events = new Map<string, ReaderEvent[]>();
    const eventsOf = (reader: string): ReaderEvent[] => {
      const known = events.get(reader);
      if (known !== undefined) return known;
      const fresh: ReaderEvent[] = [];
      events.set(reader, fresh);
      return fresh;
    };
    for (const { reader, antenna, tag, rssiDbm, timeMs } of reads) {
      const at = { firstMs: timeMs, lastMs: timeMs };
      const ids = { epc: this.#epcs.get(tag) ?? tag };
      eventsOf(reader).push({ kind: 'read', antenna, count: 1, ...at, rssiDbm, ids });
    }
    for (const { reader, port } of turns) eventsOf(reader).push({ kind: 'cycle', antennas: [port], atMs: nowMs });
    const out: Observation[] = [];
    for (const [reader, presence] of this.#presences) {
      out.push(...presence.take(events.get(reader) ?? [], now), ...presence.tick(now));
    }
    for (; this.#tickMs <= nowMs; this.#tickMs += SECOND_MS) this.#engine.reduce(this.#entries.tick(this.#tickMs));
    this.#say(out, nowMs);
    this.#collect();
  }

  readerIs(reader: string, state: 'off' | 'on', nowMs: number): void {
    if (state === 'on') return;
    this.#say(this.#presences.get(reader)?.readerDied(this.#now(nowMs)) ?? [], nowMs);
  }

  placeOf(tag: string): string | undefined {
    return this.#rows.get(tag)?.place ?? undefined;
  }

  confidenceOf(tag: string): number | undefined {
    return this.#rows.get(tag)?.confidence ?? undefined;
  }

  isMisshelved(tag: string): boolean {
    return this.#rows.get(tag)?.misshelved === true;
  }

  takeMoves(): readonly ReportedMove[] {
    const moves = this.#moves;
    this.#moves = [];
    return moves;
  }

  #now(nowMs: number): { wallMs: number; uptimeMs: number } {
    return { wallMs: nowMs, uptimeMs: nowMs - this.#startMs };
  }

  #say(observations: readonly Observation[], nowMs: number): void {
    const origin = { source: 'lab-gateway', epoch: 'lab-epoch', atMs: nowMs, uptimeMs: nowMs - this.#startMs };
    for (const entry of this.#entries.batches(observations, origin)) this.#engine.reduce(entry);
  }

  #collect(): void {
    const { items, facts } = this.#engine.takeChange();
    for (const row of items) this.#rows.set(row.item, row);
    for (const { kind, at, subject, from, to } of facts) {
      if (kind === 'item-moved')
        this.#moves.push({ atMs: Date.parse(at), tag: subject, from: from ?? undefined, to: to ?? undefined });
    }
  }
}

const epcOf = (index: number): string => (0x4c000000 + index).toString(16).toUpperCase().padStart(24, '0');
/** Each place has a call number of its own, which sends items home. */
const callNumberOf = (scene: Scene, place: string): string =>
  `C${String(scene.places.findIndex(({ id }) => id === place)).padStart(4, '0')}`;

function itemOf(id: string, callNumber: string | undefined, epc: string): Item {
  return {
    library: LIBRARY,
    barcode: id,
    title: id,
    author: '',
    year: null,
    language: 'en',
    scheme: 'local',
    callNumber: callNumber ?? '',
    branch: 'main',
    collection: callNumber === undefined ? 'nowhere' : 'open',
    tags: [`epc:${epc}`],
  };
}

function planOf(scene: Scene): Plan {
  const bays = [...new Set(scene.places.map(({ bay }) => bay ?? 0))];
  return {
    version: 1,
    validFrom: '2026-01-01T00:00:00.000Z',
    places: [
      { id: 'main', kind: 'branch', parent: null, name: 'Main' },
      { id: 'range', kind: 'range', parent: 'main', name: 'Range' },
      ...bays.map((bay) => ({ id: `bay-${String(bay)}`, kind: 'bay' as const, parent: 'range', name: 'Bay' })),
      ...scene.places.map(({ id, bay, tier }) => ({
        id,
        kind: 'shelf' as const,
        parent: `bay-${String(bay ?? 0)}`,
        name: id,
        tier: tier ?? 1,
        collection: 'open',
        range: { scheme: 'local' as const, from: callNumberOf(scene, id), to: callNumberOf(scene, id) },
      })),
    ],
    aisles: [],
    lines: [],
    readPoints: scene.antennas.map(({ reader, port, place }) => ({
      id: `rp-${place}`,
      reader,
      antenna: port,
      places: [place],
    })),
    sensors: [],
  };
}
