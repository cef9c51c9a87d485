/**
 * The layout 3M wrote on its tags before there was a standard, 32 bytes in 8 blocks.
 *
 *     block 0     1 .. 4                          5                            6               7
 *     | 04 | set | 00 | type | item id, ASCII, 00.. | branch (12 bits) library (20) | custom i32 | 00000000 |
 *
 * `set` is the number of the item in its set (high nibble, from 1) and how many there are (low nibble). Numbers are sent
 * most significant byte first. There is no checksum, so the layout must hold exactly: anything else is refused.
 *
 * A tag fresh from 3M holds 24 bytes 55, then zeros.
 *
 * Source: Biblio::RFID::RFID501 (after 3M's document "RFID 501: RFID Standards for Libraries") and its tests.
 */
import type { CodecError } from '#contract/codec/codec-error.ts';
import { err, ok, type Result } from '#contract/result.ts';

const BLANK_BYTES = 24;
const BLANK_MARK = 0x55;
const LAYOUT_MARK = 0x04;
const ITEM_ID_AT = 4;
const ITEM_ID_BYTES = 16;
const BRANCH_AT = 20;
const CUSTOM_AT = 24;
const END_AT = 28;

/** Kinds of items by code. */
export const ITEM_TYPES: Readonly<Record<number, string>> = {
  0: 'Other',
  1: 'Book',
  2: 'Magazine',
  3: 'Bound Journal',
  4: 'Audio Tape',
  5: 'Video',
  6: 'CD/CD ROM',
  7: 'Diskette',
  8: 'Book with Diskette',
  9: 'Book with CD/CD ROM',
  13: 'Book with Audio Tape',
};

export interface ThreeMTag {
  /** Number of this item in its set, and how many there are; 0..15. */
  readonly setIndex: number;
  readonly setTotal: number;
  /** One of {@link ITEM_TYPES}, or a code we do not know. */
  readonly itemType: number;
  readonly primaryItemId: string;
  readonly branch: number;
  readonly library: number;
  readonly custom: number;
  /** Everything from block 7 on. */
  readonly rest: Uint8Array;
}

/** Whether this is a tag fresh from 3M. */
export function isThreeMBlank(memory: Uint8Array): boolean {
  return memory.length >= BLANK_BYTES && memory.every((byte, at) => byte === (at < BLANK_BYTES ? BLANK_MARK : 0));
}

/** Reads a tag. Errors: `truncated` (read more blocks), `bad-value` (another layout, or damaged). */
export function decodeLayout(memory: Uint8Array): Result<ThreeMTag, CodecError> {
  if (memory.length < END_AT) {
    return err({ code: 'truncated', offsetBytes: memory.length, detail: `the layout takes ${END_AT} bytes or more` });
  }
  const view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
  const bad = (offsetBytes: number, detail: string): Result<ThreeMTag, CodecError> =>
    err({ code: 'bad-value', offsetBytes, detail });
  if (view.getUint8(0) !== LAYOUT_MARK) return bad(0, 'the layout begins with 04');
  if (view.getUint8(2) !== 0) return bad(2, 'byte 2 of the layout is 00');
  const primaryItemId = readItemId(memory.subarray(ITEM_ID_AT, BRANCH_AT));
  if (primaryItemId === undefined) return bad(ITEM_ID_AT, 'item id is no ASCII text');
  const set = view.getUint8(1);
  const owner = view.getUint32(BRANCH_AT);
  return ok({
    setIndex: set >> 4,
    setTotal: set & 0x0f,
    itemType: view.getUint8(3),
    primaryItemId,
    branch: owner >>> 20,
    library: owner & 0xfffff,
    custom: view.getInt32(CUSTOM_AT),
    rest: memory.slice(END_AT),
  });
}

/** Printable ASCII, then zeros; undefined for anything else. */
function readItemId(field: Uint8Array): string | undefined {
  const zero = field.indexOf(0);
  const end = zero === -1 ? field.length : zero;
  const isText = field.every((byte, at) => (at < end ? byte >= 0x20 && byte < 0x7f : byte === 0));
  return isText ? String.fromCharCode(...field.subarray(0, end)) : undefined;
}

/** Whether a text can be an item id of this layout; an empty one stands for none. */
export function isItemId(text: string): boolean {
  return /^[ -~]*$/.test(text) && text.length <= ITEM_ID_BYTES;
}

/** The bytes of a tag. The caller has checked the ranges, see the layout and {@link isItemId}. */
export function encodeLayout(tag: ThreeMTag): Uint8Array {
  const memory = new Uint8Array(END_AT + tag.rest.length);
  const view = new DataView(memory.buffer);
  memory.set([LAYOUT_MARK, (tag.setIndex << 4) | tag.setTotal, 0, tag.itemType]);
  memory.set(new TextEncoder().encode(tag.primaryItemId), ITEM_ID_AT);
  view.setUint32(BRANCH_AT, ((tag.branch << 20) | tag.library) >>> 0);
  view.setInt32(CUSTOM_AT, tag.custom);
  memory.set(tag.rest, END_AT);
  return memory;
}
