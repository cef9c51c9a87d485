/**
 * What the engine concluded: current rows for screens, the numbered fact log, and the reducers' own memory, all written
 * in one transaction with the journal offset they follow from. One process writes (the engine); others read.
 */
import type { Fact } from '#contract/domain/fact.ts';
import type { FindSignal, SweepRow } from '#contract/domain/sweep.ts';
import type {
  CalibrationRow,
  HomeShiftChange,
  IlsRow,
  ItemRow,
  MemoryRow,
  ReadPointRow,
  UseRow,
  ZoneRow,
} from '#contract/domain/state-rows.ts';
import type { WorkChange } from '#contract/domain/work-entry.ts';
import type { TagEvidence } from '#contract/domain/tag-evidence.ts';
import type { HomeShiftReader } from './home-shift-tables.ts';
import type { PastReader } from './past.ts';
import type { WorkReader } from './work-reader.ts';

export type { HomeShiftRow, ItemRow, MemoryRow, ReadPointRow, ZoneRow } from '#contract/domain/state-rows.ts';

/** Everything that follows from the journal up to `offset`. `body: null` in memory and `remove` delete a row. */
export interface StateCommit {
  readonly offset: number;
  /** Journal time of the newest entry taken in: how old everything here is. */
  readonly asOfMs: number;
  readonly engineVersion: string;
  readonly facts: readonly Fact[];
  readonly items: readonly ItemRow[];
  readonly zones: readonly ZoneRow[];
  readonly readPoints: readonly ReadPointRow[];
  /** None where nobody sweeps. */
  readonly sweeps?: readonly SweepRow[];
  readonly signals?: readonly FindSignal[];
  readonly work?: readonly WorkChange[];
  readonly ils?: readonly IlsRow[];
  readonly uses?: readonly UseRow[];
  readonly homeShifts?: readonly HomeShiftChange[];
  readonly memory: readonly MemoryRow[];
}

export interface StateWriter extends StateReader {
  commit(change: StateCommit): void;
  /** All remembered rows of a slice, for the start. */
  memory(slice: string): Iterable<MemoryRow>;
  /** Forgets everything (another engine version: replay from the journal's start). Fact numbers start again from 1. */
  reset(): void;
  onCommit(listener: () => void): () => void;
}

export interface FactPage {
  /** Below this number; absent: from the newest. */
  readonly beforeN?: number | undefined;
  readonly limit: number;
  /** Of a gate's events, only these. */
  readonly finding?: string | undefined;
}

export interface StateReader extends WorkReader, HomeShiftReader {
  /** Journal offset up to which everything here follows; 0 before the first commit. */
  offset(): number;
  /** Journal time of the newest entry taken in; `null` before the first commit. Stands still while the broker is down. */
  asOfMs(): number | null;
  engineVersion(): string | null;
  lastFactNumber(library: string): number;
  factsAfter(library: string, n: number, limit: number): readonly Fact[];
  /** Newest first, below a number; a few subjects (the gates of a library), perhaps only events of one finding. */
  factsOfSubjects(library: string, subjects: readonly string[], page: FactPage): readonly Fact[];
  /** Newest first. */
  factsOfSubject(library: string, subject: string, limit: number): readonly Fact[];
  item(library: string, item: string): ItemRow | undefined;
  items(library: string, items: readonly string[]): ReadonlyMap<string, ItemRow>;
  /** In barcode order, after the cursor. */
  itemsAt(library: string, place: string, page: { readonly after: string; readonly limit: number }): readonly ItemRow[];
  misshelved(library: string, limit: number): readonly ItemRow[];
  /** Present items and misshelved ones per place. */
  placeCounts(library: string, places: readonly string[]): ReadonlyMap<string, { items: number; wrong: number }>;
  zones(library: string): readonly ZoneRow[];
  /** Newest first, begun before that time. */
  sweeps(library: string, beforeMs: number, limit: number): readonly SweepRow[];
  sweep(library: string, session: string): SweepRow | undefined;
  /** Signals of the tags that a wand looks for, not older than that time. */
  findSignals(library: string, wand: string, sinceMs: number): readonly FindSignal[];
  readPoints(library: string): readonly ReadPointRow[];
  /** How each antenna hears, as far as it is known. */
  calibrations(library: string): readonly CalibrationRow[];
  /** Tags that staff have fixed to a place. */
  referenceTags(library: string): readonly { readonly tag: string; readonly place: string }[];
  /** What stands behind the present answer about one tag; by any key the catalogue knows it by as its first. */
  tagEvidence(library: string, tag: string): TagEvidence | undefined;
  /** `gateway:epoch` of a stream number in that evidence. */
  eventStream(stream: number): { readonly source: string; readonly epoch: string } | undefined;
  readonly past: PastReader;
  close(): void;
}
