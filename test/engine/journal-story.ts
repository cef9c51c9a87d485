/** A journal made from a laboratory, and a store in memory, to run the engine without files. */
import type { Fact } from '#contract/domain/fact.ts';
import type { Item } from '#contract/domain/item.ts';
import type { JournalEntry, JournalEntryKind } from '#contract/domain/journal-entry.ts';
import type { Observation } from '#contract/wire/observation.ts';
import { createEngine, type Engine } from '#engine/engine.ts';
import type { EngineChange, MemoryRow } from '#engine/engine-rows.ts';
import { callNumberOf, type Laboratory } from './location/reads-laboratory.ts';

export const LIBRARY = 'demo';

export function catalogueOf(lab: Laboratory): Item[] {
  return lab.tags.map((tag, i) => ({
    library: LIBRARY,
    barcode: `B${String(i).padStart(5, '0')}`,
    title: `Book ${String(i)}`,
    author: '',
    year: null,
    language: 'en',
    scheme: 'local',
    callNumber: callNumberOf(tag.shelf),
    branch: 'main',
    collection: 'open',
    tags: [`epc:${tag.epc}`],
  }));
}

/** Appends entries as a broker would. */
export class JournalStory {
  readonly entries: JournalEntry[] = [];
  #seq = 0;

  add(kind: JournalEntryKind, atMs: number, body: unknown, options: Partial<JournalEntry> = {}): void {
    this.entries.push({
      offset: this.entries.length + 1,
      library: kind === 'tick' ? '*' : LIBRARY,
      kind,
      receivedAtMs: Math.round(atMs),
      source: kind === 'batch' ? 'gw-1' : 'broker',
      epoch: null,
      seq: null,
      shiftMs: 0,
      body: JSON.stringify(body),
      ...options,
    });
  }

  batch(atMs: number, observations: readonly Observation[], options: Partial<JournalEntry> = {}): void {
    this.#seq += 1;
    const sentAt = new Date(atMs).toISOString();
    this.add(
      'batch',
      atMs,
      { epoch: 'epoch-0001', seq: this.#seq, sentAt, uptimeMs: 1, clock: 'synced', observations },
      options,
    );
  }

  /** Runs the laboratory, with a tick a second. */
  run(lab: Laboratory, ms: number): void {
    const endMs = lab.nowMs + ms;
    let nextTickMs = Math.ceil(lab.nowMs / 1000) * 1000;
    while (lab.nowMs < endMs) {
      const observations = lab.step();
      while (nextTickMs <= lab.nowMs) {
        this.add('tick', nextTickMs, {});
        nextTickMs += 1000;
      }
      if (observations.length > 0) this.batch(lab.nowMs, observations);
    }
  }
}

/** What a state file would hold. */
export class MemoryStore {
  readonly facts: Fact[] = [];
  readonly rows = new Map<string, string>();
  readonly #memory = new Map<string, Map<string, MemoryRow>>();

  commit(change: EngineChange): void {
    this.facts.push(...change.facts);
    for (const row of change.items) this.rows.set(`item ${row.item}`, JSON.stringify(row));
    for (const row of change.zones) this.rows.set(`zone ${row.place}`, JSON.stringify(row));
    for (const row of change.readPoints) this.rows.set(`read-point ${row.readPoint}`, JSON.stringify(row));
    for (const { kind, subject, row } of change.work) {
      if (row === null) this.rows.delete(`work ${kind} ${subject}`);
      else this.rows.set(`work ${kind} ${subject}`, JSON.stringify(row));
    }
    for (const row of change.ils) this.rows.set(`ils ${row.item}`, JSON.stringify(row));
    for (const row of change.uses) {
      const key = `use ${String(row.hourMs)} ${row.shelf} ${row.scheme} ${row.class}`;
      this.rows.set(key, String(Number(this.rows.get(key) ?? 0) + row.uses));
    }
    for (const { id, row } of change.homeShifts) {
      if (row === null) this.rows.delete(`home-shift ${id}`);
      else this.rows.set(`home-shift ${id}`, JSON.stringify(row));
    }
    for (const row of change.memory) {
      const slice = this.#memory.get(row.slice) ?? new Map<string, MemoryRow>();
      this.#memory.set(row.slice, slice);
      if (row.body === null) slice.delete(row.key);
      else slice.set(row.key, row);
    }
  }

  /** In key order, as the file gives them. */
  rowsOf = (slice: string): MemoryRow[] =>
    [...(this.#memory.get(slice)?.values() ?? [])].sort((a, b) => (a.key < b.key ? -1 : 1));

  /** Everything, in a fixed order. */
  dump(): string {
    const memory = [...this.#memory.keys()].sort().flatMap((slice) => this.rowsOf(slice));
    return JSON.stringify(
      { rows: [...this.rows].sort(([a], [b]) => (a < b ? -1 : 1)), memory, facts: this.facts },
      null,
      1,
    );
  }

  item(barcode: string): {
    place: string | null;
    condition: string;
    misshelved: boolean;
    confidence: number | null;
    tickedOffMs: number | null;
    home: readonly string[];
  } {
    return JSON.parse(this.rows.get(`item ${barcode}`) ?? '{}') as ReturnType<MemoryStore['item']>;
  }
}

/** Reduces a journal; `cuts` are the entries after which the engine is killed and put back, `chunk` the commit size. */
export function reduceAll(
  entries: readonly JournalEntry[],
  catalogue: readonly Item[],
  { cuts = new Set<number>(), chunk = 50 }: { cuts?: ReadonlySet<number>; chunk?: number } = {},
): { store: MemoryStore; engine: Engine } {
  const store = new MemoryStore();
  let engine = createEngine({ catalogue: () => catalogue });
  let open = 0;
  for (const entry of entries) {
    engine.reduce(entry);
    open += 1;
    const isCut = cuts.has(entry.offset);
    if (open < chunk && !isCut) continue;
    open = 0;
    store.commit(engine.takeChange());
    if (!isCut) continue;
    engine = createEngine({ catalogue: () => catalogue });
    engine.restore(store.rowsOf);
  }
  store.commit(engine.takeChange());
  return { store, engine };
}
