/**
 * What a reader can do to one tag in its field, in words that all families share. Drivers give the primitives, one try
 * each; reading back, trying again and what a library means by "secured" are decided once, above them
 * (`gateway/commands`).
 *
 * Every function throws DRV_LINK_LOST or DRV_READER_SILENT when the reader is gone.
 */
import type { Result } from '#contract/result.ts';

/**
 * - `no-tag`: it did not answer; at the field's edge the next try may succeed
 * - `locked`: the place is locked for good; trying again is useless
 * - `wrong-password`: the tag wants another one; some tags lock themselves after guesses
 * - `read-failed`, `write-failed`: it answered, and could not
 * - `not-supported`: this reader or tag has no such function
 * - `no-such-block`: the tag's memory ends before it
 * - `unanswered`: the reader did not answer in time, though it is there
 */
export interface AccessFault {
  readonly code:
    | 'no-tag'
    | 'locked'
    | 'wrong-password'
    | 'read-failed'
    | 'write-failed'
    | 'not-supported'
    | 'no-such-block'
    | 'unanswered';
  readonly detail: string;
}

type Access<T> = Promise<Result<T, AccessFault>>;

export interface HfTagSeen {
  /** 16 upper-case hex digits, most significant byte first (E0…). */
  readonly uid: string;
  readonly dsfid?: number | undefined;
}

export interface HfBlocks {
  /** The blocks in order, each with its bytes as they lie in the tag's memory. */
  readonly data: Uint8Array;
  /** 4 on nearly all library tags. */
  readonly blockBytes: number;
  /** For each block; empty where the reader does not tell. */
  readonly locked: readonly boolean[];
}

export interface HfSystemInformation {
  readonly blockBytes: number;
  readonly blockCount: number;
  readonly afi?: number | undefined;
  readonly dsfid?: number | undefined;
}

/** ISO 15693. */
export interface HfTagAccess {
  readonly kind: 'hf';
  /** All tags in the field now. */
  inventory(): Access<readonly HfTagSeen[]>;
  readBlocks(where: {
    readonly uid: string;
    readonly firstBlock: number;
    readonly blockCount: number;
  }): Access<HfBlocks>;
  /** `data` is whole blocks. */
  writeBlocks(what: { readonly uid: string; readonly firstBlock: number; readonly data: Uint8Array }): Access<void>;
  readAfi(uid: string): Access<number>;
  writeAfi(uid: string, afi: number): Access<void>;
  writeDsfid?(uid: string, dsfid: number): Access<void>;
  systemInformation?(uid: string): Access<HfSystemInformation>;
  /** Vendor's electronic article surveillance (NXP SLIX). */
  isEasOn?(uid: string): Access<boolean>;
  setEas?(uid: string, isOn: boolean): Access<void>;
  /** Opens what a SLIX password protects, until the tag leaves the field. 4 bytes. */
  presentPassword?(uid: string, which: 'eas-afi' | 'read' | 'write', password: Uint8Array): Access<void>;
}

/** Memory banks of a Gen2 tag. Source: EPC Gen2 v2, 6.3.2.1. */
export const GEN2_BANK = { reserved: 0, epc: 1, tid: 2, user: 3 } as const;

export interface Gen2Place {
  /** Which tag: the EPC it answers with now, hex. */
  readonly epc: string;
  readonly bank: 0 | 1 | 2 | 3;
  readonly firstWord: number;
  /** Access password, 4 bytes; absent = none. */
  readonly password?: Uint8Array | undefined;
}

/** EPC Gen2, ISO 18000-63. */
export interface UhfTagAccess {
  readonly kind: 'uhf';
  /** Two bytes a word. */
  readWords(place: Gen2Place, wordCount: number): Access<Uint8Array>;
  /** `data` is whole words. */
  writeWords(place: Gen2Place, data: Uint8Array): Access<void>;
}

export type TagAccess = HfTagAccess | UhfTagAccess;
