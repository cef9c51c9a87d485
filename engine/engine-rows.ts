/** What the engine takes and gives, as plain shapes: whoever stores them finds the same names there. */
import type { Fact } from '#contract/domain/fact.ts';
import type { Item } from '#contract/domain/item.ts';
import type { FindSignal, SweepRow } from '#contract/domain/sweep.ts';
import type {
  HomeShiftChange,
  IlsRow,
  ItemRow,
  MemoryRow,
  ReadPointRow,
  UseRow,
  ZoneRow,
} from '#contract/domain/state-rows.ts';
import type { WorkChange } from '#contract/domain/work-entry.ts';

export type { ItemRow, MemoryRow, ReadPointRow, ZoneRow } from '#contract/domain/state-rows.ts';

/** Everything that follows from the entries since the last change was taken, each row once and in its final form. */
export interface EngineChange {
  readonly facts: readonly Fact[];
  readonly items: readonly ItemRow[];
  readonly zones: readonly ZoneRow[];
  readonly readPoints: readonly ReadPointRow[];
  readonly sweeps: readonly SweepRow[];
  readonly signals: readonly FindSignal[];
  readonly work: readonly WorkChange[];
  readonly ils: readonly IlsRow[];
  readonly uses: readonly UseRow[];
  readonly homeShifts: readonly HomeShiftChange[];
  readonly memory: readonly MemoryRow[];
}

export interface EngineDeps {
  /** The rows of one version of a library's catalogue; asked again whenever plan or catalogue change, and at a restart. */
  catalogue(library: string, version: number): Iterable<Item>;
  /** Some rows of one version; without it all are looked through. */
  readonly catalogueRows?: (library: string, version: number, barcodes: readonly string[]) => ReadonlyMap<string, Item>;
}

/** A fact before it has its number. */
export type Finding = Omit<Fact, 'n' | 'library' | 'entry'>;
