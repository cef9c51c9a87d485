/** Lets the engine look at a virtual library and holds what it says against what is so. */
import type { Fact } from '#contract/domain/fact.ts';
import { indexPlan, type PlanIndex } from '#contract/domain/plan-index.ts';
import type { Observation } from '#contract/wire/observation.ts';
import type { ItemRow } from '#engine/engine-rows.ts';
import { createEngine, type Engine } from '#engine/engine.ts';
import { EntryMaker } from '#engine/entry-maker.ts';
import type { Move } from '#sim/world/stock.ts';
import { isWeakTag } from '#sim/radio/physics.ts';
import { VirtualLibrary, type VirtualLibraryOptions } from './virtual-library.ts';

/** Two scan cycles and half a minute. */
export const NOTICED_MS = 2 * 8100 + 30_000;
/** An item that stood wrong for this long belongs on the work list. */
const LISTED_MS = 120_000;

export interface StillFigures {
  readonly items: number;
  readonly exact: number;
  readonly near: number;
  readonly unseen: number;
  readonly departed: number;
}

interface Watched {
  readonly item: number;
  readonly move: Move;
  readonly kind: string;
  readonly dueMs: number;
  readonly place: string;
}

export class AccuracyRun {
  readonly library: VirtualLibrary;
  readonly index: PlanIndex;
  readonly facts: Fact[] = [];
  readonly rows = new Map<string, ItemRow>();
  /** How many were moved in that way and how many of them were shown right in time. */
  readonly noticed = new Map<string, { right: number; of: number }>();
  readonly missed: string[] = [];
  readonly falseLines: string[] = [];
  readonly lateLines: string[] = [];
  observations = 0;
  engineMs = 0;
  readonly #engine: Engine;
  readonly #entries = new EntryMaker('demo');
  readonly #smart: ReadonlySet<string>;
  readonly #items: ReadonlyMap<string, number>;
  readonly #lastShelf = new Map<string, string>();
  #watched: Watched[] = [];
  #movesSeen = 0;
  #moved = 0;

  constructor(options: VirtualLibraryOptions) {
    this.library = new VirtualLibrary(options);
    const { demo } = this.library;
    this.index = indexPlan(demo.plan);
    this.#smart = new Set(this.library.smartShelves.map(({ id }) => id));
    this.#items = new Map(demo.items.map(({ barcode }, item) => [barcode, item]));
    this.#engine = createEngine({ catalogue: () => demo.items });
    this.#engine.reduce(this.#entries.input({ kind: 'plan', plan: demo.plan }, this.library.nowMs));
    this.#engine.reduce(this.#entries.input({ kind: 'catalogue', version: 1 }, this.library.nowMs));
    this.library.stock.onMove((item, from) => {
      this.#moved += 1;
      const barcode = this.library.stock.barcodeOf(item);
      if (this.#smart.has(from)) this.#lastShelf.set(barcode, from);
    });
  }

  run(ms: number): void {
    const { library } = this;
    const endMs = library.nowMs + ms;
    let tickMs = Math.ceil(library.nowMs / 1000) * 1000;
    while (library.nowMs < endMs) {
      const observations = library.step();
      const startedMs = performance.now();
      for (; tickMs <= library.nowMs; tickMs += 1000) this.#engine.reduce(this.#entries.tick(tickMs));
      this.#batches(observations);
      this.#commit();
      this.engineMs += performance.now() - startedMs;
      this.#watch();
    }
  }

  /** Items that nothing ever moved, with a tag, on a shelf with an antenna. */
  untouched(): number[] {
    const { demo, stock } = this.library;
    return stock
      .untouched()
      .filter((item) => (demo.items[item]?.tags.length ?? 0) > 0 && this.#smart.has(stock.placeOf(item)));
  }

  still(): StillFigures {
    const items = this.untouched();
    const figures = { items: items.length, exact: 0, near: 0, unseen: 0, departed: 0 };
    for (const item of items) {
      const row = this.rows.get(this.library.stock.barcodeOf(item));
      const truth = this.library.stock.placeOf(item);
      if (row === undefined || row.condition === 'unseen') figures.unseen += 1;
      else if (row.condition === 'departed' || row.place === null) figures.departed += 1;
      else if (row.place === truth) figures.exact += 1;
      if (row?.place != null && (row.place === truth || this.index.isAdjacent(row.place, truth))) figures.near += 1;
    }
    return figures;
  }

  /** For each untouched item how many facts of that kind there were, without those that had none. */
  countOfUntouched(kind: Fact['kind']): ReadonlyMap<string, number> {
    const untouched = new Set(this.untouched().map((item) => this.library.stock.barcodeOf(item)));
    const counts = new Map<string, number>();
    for (const fact of this.facts) {
      if (fact.kind !== kind || !untouched.has(fact.subject)) continue;
      counts.set(fact.subject, (counts.get(fact.subject) ?? 0) + 1);
    }
    return counts;
  }

  /** Items that have stood on a wrong shelf for long enough, and how many of them are on the work list. */
  misplaced(): { of: number; listed: number; missing: string[] } {
    const { demo, stock, nowMs } = this.library;
    const since = new Map<string, Move>();
    for (const move of stock.movesSince(0)) since.set(move.barcode, move);
    const found = { of: 0, listed: 0, missing: [] as string[] };
    for (const [barcode, move] of since) {
      const item = this.#items.get(barcode) ?? -1;
      if (!this.#smart.has(move.to) || demo.isHome(item, move.to) || nowMs - move.atMs < LISTED_MS) continue;
      if ((demo.items[item]?.tags.length ?? 0) === 0) continue;
      found.of += 1;
      const row = this.rows.get(barcode);
      if (row?.misshelved === true) found.listed += 1;
      else
        found.missing.push(
          `${barcode} ${isWeakTag(item) ? 'weak' : ''} home ${demo.shelves[demo.homes[item] ?? 0]?.id ?? ''} at ${move.to} shown ${String(row?.condition)} ${String(row?.place)} ${String(row?.confidence)}`,
        );
    }
    return found;
  }

  #watch(): void {
    const { demo, stock, nowMs } = this.library;
    if (this.#moved !== this.#movesSeen) {
      for (const move of stock.movesSince(nowMs - 60_000)) {
        if (move.n <= this.#movesSeen) continue;
        this.#movesSeen = move.n;
        const item = this.#items.get(move.barcode) ?? -1;
        this.#watched = this.#watched.filter((watched) => watched.item !== item);
        if (!this.#smart.has(move.to) || (demo.items[item]?.tags.length ?? 0) === 0) continue;
        this.#watched.push({
          item,
          move,
          kind: this.#kindOf(move, item),
          dueMs: move.atMs + NOTICED_MS,
          place: move.to,
        });
      }
    }
    for (const watched of this.#watched) {
      if (watched.dueMs > nowMs) continue;
      const row = this.rows.get(watched.move.barcode);
      const isRight = row?.place === watched.place && row.condition === 'present';
      for (const kind of [watched.kind, 'all']) {
        const count = this.noticed.get(kind) ?? { right: 0, of: 0 };
        this.noticed.set(kind, { right: count.right + (isRight ? 1 : 0), of: count.of + 1 });
      }
      if (!isRight)
        this.missed.push(
          `${watched.kind} ${watched.move.from}>${watched.place} shown ${String(row?.condition)} ${String(row?.place)} ${String(row?.confidence)}${isWeakTag(watched.item) ? ' weak' : ''}`,
        );
    }
    this.#watched = this.#watched.filter(({ dueMs }) => dueMs > nowMs);
  }

  #kindOf(move: Move, item: number): string {
    const { demo } = this.library;
    const how = this.#smart.has(move.from) ? 'directly' : 'after a while';
    const last = this.#lastShelf.get(move.barcode);
    const isHome = demo.isHome(item, move.to);
    if (last === undefined) return `${how}, from elsewhere, ${isHome ? 'home' : 'wrong'}`;
    const where = last === move.to ? 'same shelf' : this.index.isAdjacent(last, move.to) ? 'next shelf' : 'other shelf';
    return `${how}, ${where}, ${isHome ? 'home' : 'wrong'}`;
  }

  #commit(): void {
    const change = this.#engine.takeChange();
    for (const row of change.items) this.rows.set(row.item, row);
    for (const fact of change.facts) {
      this.facts.push(fact);
      if (fact.kind !== 'item-misshelved') continue;
      const item = this.#items.get(fact.subject) ?? -1;
      const truth = this.library.stock.placeOf(item);
      if (this.library.demo.isHome(item, truth) || !this.#smart.has(truth)) {
        const isTouched = this.library.stock.movesSince(0).some(({ barcode }) => barcode === fact.subject);
        (isTouched ? this.lateLines : this.falseLines).push(
          `${fact.subject} is at ${truth}, shown at ${String(fact.to)} (${String(fact.confidence)}) after ${String((this.library.nowMs - this.library.startMs) / 1000)} s`,
        );
      }
    }
  }

  #batches(observations: readonly Observation[]): void {
    this.observations += observations.length;
    const { nowMs, startMs } = this.library;
    const origin = { source: 'gw-1', epoch: 'epoch-0001', atMs: nowMs, uptimeMs: nowMs - startMs };
    for (const entry of this.#entries.batches(observations, origin)) this.#engine.reduce(entry);
  }
}
