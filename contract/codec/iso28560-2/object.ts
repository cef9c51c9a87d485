/**
 * One data element as it lies on the tag.
 *
 *     | precursor: offset flag (1 bit), compaction (3), relative OID (4; 15 = it stands in the next byte, less 15) |
 *     | OID - 15, if the precursor says 15 | count of pad bytes, if the offset flag is set |
 *     | length of the compacted data, 7 bits a byte, most significant first, bit 7 = goes on | data | pad bytes |
 *
 * Pad bytes move the next element to the start of a memory block, so that it can be locked by itself. Where both extra
 * bytes are there, writers differ in their order: the reading that fits is taken (see {@link rank}).
 *
 * Source: ISO/IEC 15962, access method "no directory"; ISO 28560-2, 7.5 and annex D. The order of the two extra bytes is
 * not shown by any example of the standard.
 */
import type { CodecError } from '#contract/codec/codec-error.ts';
import { KNOWN_OID_MAX, OID_MAX } from '#contract/codec/iso28560-2/elements.ts';
import { err, ok, type Result } from '#contract/result.ts';

const OFFSET_FLAG = 0x80;
const FIRST_LONG_OID = 15;
const MEMORY_BLOCK_BYTES = 4;
/** More is on no tag; it also keeps the length below 2^14. */
const LENGTH_BYTES_MAX = 2;

export interface TagObject {
  readonly oid: number;
  /** Code of the compaction, 0..7. */
  readonly compaction: number;
  readonly data: Uint8Array;
  /** Present if the offset flag is set, perhaps empty. */
  readonly padding?: Uint8Array;
  /** The count of pad bytes stands before the long OID. */
  readonly isOffsetFirst?: true;
  /** How many bytes the length takes, where it is more than needed. */
  readonly lengthBytes?: number;
}

export interface PlacedObject {
  readonly object: TagObject;
  /** Where the next one begins. */
  readonly end: number;
}

/** Reads the element that begins at `at`. Errors: `truncated` (read more blocks), `bad-value`, `bad-length`. */
export function readObject(memory: Uint8Array, at: number): Result<PlacedObject, CodecError> {
  const precursor = memory[at] ?? 0;
  const isTwoWay = (precursor & OFFSET_FLAG) !== 0 && (precursor & 0x0f) === FIRST_LONG_OID;
  const oidFirst = readWith(memory, at, false);
  if (!isTwoWay) return oidFirst;
  const offsetFirst = readWith(memory, at, true);
  return rank(memory, offsetFirst) > rank(memory, oidFirst) ? offsetFirst : oidFirst;
}

function readWith(memory: Uint8Array, start: number, isOffsetFirst: boolean): Result<PlacedObject, CodecError> {
  const fail = (code: CodecError['code'], detail: string): Result<PlacedObject, CodecError> =>
    err({ code, offsetBytes: start, detail });
  let at = start;
  const next = (): number | undefined => memory[at++];

  const precursor = next() ?? 0;
  const hasOffset = (precursor & OFFSET_FLAG) !== 0;
  const isLong = (precursor & 0x0f) === FIRST_LONG_OID;
  let padBytes = hasOffset && isOffsetFirst ? next() : undefined;
  const longOid = isLong ? next() : undefined;
  if (hasOffset && !isOffsetFirst) padBytes = next();
  const length = readLength(memory, at);
  if (length === 'truncated') return fail('truncated', 'the memory ends inside the head of a data element');
  if (length === 'too-long') return fail('bad-length', 'the length of a data element takes more than two bytes');

  const oid = isLong ? FIRST_LONG_OID + (longOid ?? 0) : precursor & 0x0f;
  if (oid === 0 || oid > OID_MAX) return fail('bad-value', `there is no data element ${oid}`);
  const dataAt = at + length.bytes;
  const padAt = dataAt + length.value;
  const end = padAt + (padBytes ?? 0);
  if (end > memory.length) {
    return fail('truncated', `data element ${oid} needs ${end - memory.length} bytes behind the end of the memory`);
  }
  const object: TagObject = {
    oid,
    compaction: (precursor >> 4) & 7,
    data: memory.slice(dataAt, padAt),
    ...(hasOffset && { padding: memory.slice(padAt, end) }),
    ...(hasOffset && isLong && isOffsetFirst && { isOffsetFirst }),
    ...(length.bytes > lengthBytesOf(length.value) && { lengthBytes: length.bytes }),
  };
  return ok({ object, end });
}

function readLength(memory: Uint8Array, at: number): { value: number; bytes: number } | 'truncated' | 'too-long' {
  let value = 0;
  for (let bytes = 1; bytes <= LENGTH_BYTES_MAX; bytes += 1) {
    const byte = memory[at + bytes - 1];
    if (byte === undefined) return 'truncated';
    value = (value << 7) | (byte & 0x7f);
    if ((byte & 0x80) === 0) return { value, bytes };
  }
  return 'too-long';
}

/**
 * How well a reading of the two extra bytes explains the memory: another element or the end follows, pad bytes are zero,
 * the element is one of the standard, and the padding reaches the end of a block.
 */
function rank(memory: Uint8Array, reading: Result<PlacedObject, CodecError>): number {
  if (!reading.ok) return -1;
  const { object, end } = reading.value;
  const isFollowed =
    end === memory.length || memory[end] === 0 || readWith(memory, end, false).ok || readWith(memory, end, true).ok;
  const isZero = object.padding?.every((byte) => byte === 0) === true;
  const isKnown = object.oid <= KNOWN_OID_MAX;
  const isAligned = end % MEMORY_BLOCK_BYTES === 0;
  return (isFollowed ? 8 : 0) + (isZero ? 4 : 0) + (isKnown ? 2 : 0) + (isAligned ? 1 : 0);
}

/** Bytes a length takes at least. */
export function lengthBytesOf(length: number): number {
  return length < 0x80 ? 1 : 2;
}

/** The bytes of one element. The caller has checked: OID 1..127, data below 2^14 bytes, at most 255 pad bytes. */
export function writeObject(object: TagObject): Uint8Array {
  const { oid, compaction, data, padding, isOffsetFirst } = object;
  const isLong = oid >= FIRST_LONG_OID;
  const precursor = (padding ? OFFSET_FLAG : 0) | (compaction << 4) | (isLong ? FIRST_LONG_OID : oid);
  const longOid = isLong ? [oid - FIRST_LONG_OID] : [];
  const offset = padding ? [padding.length] : [];
  const extra = isOffsetFirst === true ? [...offset, ...longOid] : [...longOid, ...offset];
  const isTwoBytes = Math.max(object.lengthBytes ?? 1, lengthBytesOf(data.length)) === 2;
  const length = isTwoBytes ? [0x80 | (data.length >> 7), data.length & 0x7f] : [data.length];
  return Uint8Array.from([precursor, ...extra, ...length, ...data, ...(padding ?? [])]);
}
