/** What the engine holds of one copy of the catalogue. */
import type { ItemRow } from '#engine/engine-rows.ts';
import type { ShelvingState } from '#engine/shelving/shelving.ts';

export interface ItemRecord extends ShelvingState {
  readonly barcode: string;
  /** Shared between all items of the same home: there are few homes and many items. */
  home: readonly string[];
  /** Numbers of its tags that were seen. */
  tags: number[];
  place: string | null;
  condition: ItemRow['condition'];
  /** 0: never. */
  sinceMs: number;
  lastSeenMs: number;
  confidence: number;
  /** Where it was shown last, when it is nowhere now. */
  lastPlace: string | null;
  /** Staff put it there, where no antenna need listen; 0: they did not. */
  placedMs: number;
  placedAt: string | null;
  /** When the engine first heard of it. */
  knownMs: number;
  /** Kinds of tags by the catalogue, and the class its use is counted under. */
  techs: number;
  useClass: string;
}

export function newItem(barcode: string, home: readonly string[]): ItemRecord {
  return {
    barcode,
    home,
    tags: [],
    place: null,
    condition: 'unseen',
    sinceMs: 0,
    lastSeenMs: 0,
    confidence: 0,
    lastPlace: null,
    placedMs: 0,
    placedAt: null,
    knownMs: 0,
    techs: 0,
    useClass: 'local ?',
    misshelved: false,
    wrongSinceMs: 0,
    wrongPlace: null,
    tickedOffMs: 0,
  };
}

/** A confidence as rows and facts say it. */
export function rounded(confidence: number): number {
  return Math.round(confidence * 1000) / 1000;
}

export function itemRow(library: string, item: ItemRecord): ItemRow {
  return {
    library,
    item: item.barcode,
    place: item.place,
    condition: item.condition,
    sinceMs: item.sinceMs === 0 ? null : item.sinceMs,
    lastSeenMs: item.lastSeenMs === 0 ? null : item.lastSeenMs,
    confidence: item.condition === 'present' ? rounded(item.confidence) : null,
    misshelved: item.misshelved,
    tickedOffMs: item.tickedOffMs === 0 ? null : item.tickedOffMs,
    home: item.home,
  };
}

const REMEMBERED = [
  'place',
  'condition',
  'sinceMs',
  'lastSeenMs',
  'confidence',
  'misshelved',
  'wrongSinceMs',
  'wrongPlace',
  'tickedOffMs',
  'lastPlace',
  'placedMs',
  'placedAt',
] as const;

/** Null when there is nothing to remember: the catalogue brings the rest. */
export function rememberItem(item: ItemRecord): string | null {
  if (item.condition === 'unseen') return null;
  return JSON.stringify(REMEMBERED.map((key) => item[key]));
}

export function recallItem(item: ItemRecord, body: string): void {
  const values = JSON.parse(body) as readonly unknown[];
  REMEMBERED.forEach((key, i) => Object.assign(item, { [key]: values[i] }));
}
