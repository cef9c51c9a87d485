/** What the engine concludes beside its facts, row by row: the engine makes these, the state store keeps them. */
import type { HomeShift } from './home-shift.ts';
import type { IlsStatusName } from './ils-status.ts';

/** Where one item is now. */
export interface ItemRow {
  readonly library: string;
  readonly item: string;
  readonly place: string | null;
  /** Screens show `present` as withheld while every antenna of the place is dead or blind; that is derived, not stored. */
  readonly condition: 'present' | 'departed' | 'unseen';
  readonly sinceMs: number | null;
  readonly lastSeenMs: number | null;
  readonly confidence: number | null;
  readonly misshelved: boolean;
  readonly tickedOffMs: number | null;
  /** Shelves whose range holds its call number; ids. */
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

/** What the ILS says of one item; times are Unix milliseconds. */
export interface IlsRow {
  readonly library: string;
  readonly item: string;
  readonly status: IlsStatusName;
  readonly atMs: number;
  readonly dueAt: string | null;
  readonly pickupPlace: string | null;
  readonly expiresAt: string | null;
}

/** In-house uses that began in one hour; rows of the same key add up. */
export interface UseRow {
  readonly library: string;
  readonly hourMs: number;
  /** The shelf the items were taken from. */
  readonly shelf: string;
  readonly scheme: string;
  readonly class: string;
  readonly uses: number;
}

/** What the engine knows of how one antenna hears. Kept as a memory row (slice `calibration {library}`, key = read point). */
export interface CalibrationRow {
  readonly library: string;
  readonly readPoint: string;
  /** How much louder than the antennas around it, in dB; taken off its reads. */
  readonly offsetDb: number;
  /** `hand`: set by staff; `references`: tags of known place among others; `learnt`: from what it hears. */
  readonly source: 'hand' | 'references' | 'learnt';
  /** Reports it was learnt from, of tags with two antennas at least, and how many of them were of tags of known place. */
  readonly samples: number;
  readonly references: number;
  readonly atMs: number;
}

/** A question "moved by N shelves: accept?" that is open. */
export interface HomeShiftRow {
  readonly library: string;
  readonly shift: HomeShift;
  readonly sinceMs: number;
  /** The plan under which it was asked: with another one the answer would mean something else. */
  readonly planVersion: number;
}

/** As it is now, or `null` when it is no longer asked. */
export interface HomeShiftChange {
  readonly library: string;
  readonly id: string;
  readonly row: HomeShiftRow | null;
}

/** One thing a reducer remembers; the key is unique within its slice. Bodies are JSON text. */
export interface MemoryRow {
  readonly slice: string;
  readonly key: string;
  readonly body: string | null;
}
