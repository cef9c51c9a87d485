/** What the engine takes and gives, as plain shapes: whoever stores them finds the same names there. */
import type { Fact } from '#contract/domain/fact.ts';
import type { Item } from '#contract/domain/item.ts';

export interface ItemRow {
  readonly library: string;
  readonly item: string;
  readonly place: string | null;
  readonly condition: 'present' | 'departed' | 'unseen';
  readonly sinceMs: number | null;
  readonly lastSeenMs: number | null;
  readonly confidence: number | null;
  readonly misshelved: boolean;
  readonly tickedOffMs: number | null;
  readonly home: readonly string[];
}

export interface ZoneRow {
  readonly library: string;
  readonly place: string;
  readonly people: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly atMs: number | null;
}

export interface ReadPointRow {
  readonly library: string;
  readonly readPoint: string;
  readonly state: 'live' | 'unscheduled' | 'blind' | 'dead';
  readonly sinceMs: number;
  readonly lastHeardMs: number | null;
}

/** One thing a reducer must know again after a restart; `body: null` forgets it. */
export interface MemoryRow {
  readonly slice: string;
  readonly key: string;
  readonly body: string | null;
}

/** Everything that follows from the entries since the last change was taken, each row once and in its final form. */
export interface EngineChange {
  readonly facts: readonly Fact[];
  readonly items: readonly ItemRow[];
  readonly zones: readonly ZoneRow[];
  readonly readPoints: readonly ReadPointRow[];
  readonly memory: readonly MemoryRow[];
}

export interface EngineDeps {
  /** The rows of one version of a library's catalogue; asked again whenever plan or catalogue change, and at a restart. */
  catalogue(library: string, version: number): Iterable<Item>;
}

/** A fact before it has its number. */
export type Finding = Omit<Fact, 'n' | 'library' | 'entry'>;
