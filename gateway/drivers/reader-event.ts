/**
 * What a reader can tell the rest of the gateway, in the gateway's own words: no driver's wire format shows through.
 * Times are unix milliseconds on the gateway's clock; a driver that gets reader time has already converted it.
 */
import type { TagObservation } from '#contract/wire/observation.ts';

/** The names one tag goes by. At least `epc` or `uid` is set. Upper-case hex. */
export interface TagIds {
  readonly epc?: string | undefined;
  readonly uid?: string | undefined;
  readonly tid?: string | undefined;
  readonly pc?: string | undefined;
  readonly afi?: number | undefined;
  readonly dsfid?: number | undefined;
}

/** What stands in a tag's memory, decoded. */
export type TagContent = NonNullable<TagObservation['content']>;

/** One report of one tag by one antenna; it may stand for several reads. */
export interface ReadEvent {
  readonly kind: 'read';
  readonly antenna: number;
  /** How often the tag was read within this report; at least 1. */
  readonly count: number;
  readonly firstMs: number;
  readonly lastMs: number;
  /** Peak of the report; absent where the reader does not measure it. */
  readonly rssiDbm?: number | undefined;
  readonly ids: TagIds;
  readonly content?: TagContent | undefined;
  /** User memory from its first byte, upper-case hex, where the driver reads it along. */
  readonly userMemory?: string | undefined;
}

/** One completed opportunity to be read, for each antenna named. A tag that was not reported before it was not heard. */
export interface CycleEvent {
  readonly kind: 'cycle';
  readonly antennas: readonly number[];
  readonly atMs: number;
}

export type ReaderEvent =
  | ReadEvent
  | CycleEvent
  /** The reader said that it is there. Nothing was completed: no tag ages by it. */
  | { readonly kind: 'alive'; readonly atMs: number }
  | { readonly kind: 'antenna'; readonly antenna: number; readonly up: boolean; readonly atMs: number }
  | { readonly kind: 'gpi'; readonly port: number; readonly high: boolean; readonly atMs: number }
  /** Reader clock minus gateway clock. */
  | { readonly kind: 'clock-offset'; readonly offsetMs: number; readonly atMs: number }
  /** Something only this vendor says, or a fault the reader reports; `name` is a constant, `detail` is for people. */
  | { readonly kind: 'vendor'; readonly name: string; readonly detail: string; readonly atMs: number };
