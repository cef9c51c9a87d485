/** What stood where at an earlier time: kept beside the facts, so that a past hour is asked for like the present one. */
import type { Fact } from '#contract/domain/fact.ts';
import type { ReadPointRow } from '#contract/domain/state-rows.ts';

/** Nothing is told apart within a minute: what happened in it counts from the next full minute on. */
export const PAST_STEP_MS = 60_000;

export interface StayRow {
  readonly item: string;
  readonly place: string;
  readonly fromMs: number;
  /** `null` while it lasts. */
  readonly toMs: number | null;
  readonly confidence: number | null;
  /** Whether it stood on a wrong shelf at the time asked for. */
  readonly misshelved: boolean;
}

export interface PlaceCount {
  readonly items: number;
  readonly wrong: number;
}

/** What changed at a place within the minute that ends at `atMs`. */
export interface PlaceChange extends PlaceCount {
  readonly place: string;
  readonly atMs: number;
}

export interface ReadPointChange {
  readonly readPoint: string;
  readonly atMs: number;
  readonly state: ReadPointRow['state'];
}

/** Times are full minutes where the answer counts; everything before `atMs` has happened, nothing at or after it. */
export interface PastReader {
  /** Time of the first fact; `null` before it. Before this moment nothing is known. */
  knownFromMs(library: string): number | null;
  /** Places nothing ever stood at are left out. */
  countsAt(library: string, places: readonly string[], atMs: number): ReadonlyMap<string, PlaceCount>;
  /** In order of time; `fromMs` < `atMs` <= `toMs`. */
  changes(
    library: string,
    places: readonly string[],
    window: { readonly fromMs: number; readonly toMs: number },
  ): readonly PlaceChange[];
  /** In barcode order, after the cursor. */
  itemsAt(
    library: string,
    place: string,
    page: { readonly atMs: number; readonly after: string; readonly limit: number },
  ): readonly StayRow[];
  /**
   * Facts of items that arrived, moved or departed, in order of their own time from `fromMs` to before `toMs`. The next
   * page begins at the time and after the number of the last one; the first after -1.
   */
  moves(
    library: string,
    page: { readonly fromMs: number; readonly toMs: number; readonly afterN: number; readonly limit: number },
  ): readonly Fact[];
  /** The last known state of each read point; one that had never spoken is left out. */
  readPointsAt(
    library: string,
    readPoints: readonly string[],
    atMs: number,
  ): ReadonlyMap<string, ReadPointRow['state']>;
  readPointChanges(
    library: string,
    readPoints: readonly string[],
    window: { readonly fromMs: number; readonly toMs: number },
  ): readonly ReadPointChange[];
}
