/**
 * The EPC of the RFID consortium of Chinese university libraries.
 *
 *     | lent 1, - 1, reserved 2, sorting 4 | encoding 2, version - 1: 6 | elements in the user bank 16 | item id |
 *
 * Item ids of 1 to 14 characters, by encoding:
 *
 *     0  up to 7 characters: count, characters; from 8: three letters or digits, digits, any last one, in 8 bytes
 *     1  up to 11 characters: count, characters; from 12: letters or digits, any last one, in 12 bytes
 *     2  the characters
 *
 * Nothing in these bytes says that they are this model, so {@link decodeUniversityEpc} is for libraries that are known
 * to use it; of random EPCs, one in some twenty thousand is taken for it.
 *
 * Source: consortium data model of 2012, appendix A (`iRFID_Encode96bit`, `iRFID_Encode128bit`), as quoted and
 * implemented in dp2 `GaoxiaoUtility.cs`; vectors in dp2 `TestGaoxiao.cs`.
 */
import { sameBytes } from '#contract/codec/format-json.ts';

export interface UniversityTag {
  readonly primaryItemId: string;
  /** In stock: a gate calls. */
  readonly secured: boolean;
  readonly sorting: number;
  /** Version of the data model, from 1. */
  readonly version: number;
  readonly encoding: 0 | 1 | 2;
  /** Which elements stand in the user bank, by the consortium's numbers. */
  readonly elements: readonly number[];
  /** Length of the EPC; what the item id does not need is zero. */
  readonly epcBytes: number;
}

const LENT = 0x80;
const RESERVED = 0x70;
const ITEM_AT = 4;
const ITEM_CHARACTERS_MAX = 14;
/** Element numbers by bit, the last one first. */
const ELEMENTS: readonly number[] = [3, 4, 5, 6, 11, 12, 14, 15, 16, 24, 26, 27, 28, 29, 30, 31];

/** The item on a tag; undefined if its EPC does not give the same bytes again. */
export function decodeUniversityEpc(epc: Uint8Array): UniversityTag | undefined {
  const [first = 0, second = 0, high = 0, low = 0] = epc;
  const encoding = second >> 6;
  if ((first & RESERVED) !== 0 || encoding === 3 || epc.length <= ITEM_AT) return undefined;
  const kind = encoding === 0 || encoding === 1 ? encoding : 2;
  const primaryItemId = decodeUniversityItemId(kind, epc.subarray(ITEM_AT));
  if (primaryItemId === undefined) return undefined;
  const bits = (high << 8) | low;
  const tag: UniversityTag = {
    primaryItemId,
    secured: (first & LENT) === 0,
    sorting: first & 0x0f,
    version: (second & 0x3f) + 1,
    encoding: kind,
    elements: ELEMENTS.filter((_, bit) => ((bits >> bit) & 1) === 1),
    epcBytes: epc.length,
  };
  const again = encodeUniversityEpc(tag);
  return again && sameBytes(again, epc) ? tag : undefined;
}

/** The EPC of an item; undefined for an item id that its encoding cannot hold. */
export function encodeUniversityEpc(tag: UniversityTag): Uint8Array | undefined {
  const item = encodeUniversityItemId(tag.encoding, tag.primaryItemId);
  if (item === undefined || ITEM_AT + item.length > tag.epcBytes || tag.epcBytes % 2 !== 0) return undefined;
  const epc = new Uint8Array(tag.epcBytes);
  const elements = tag.elements.reduce((bits, element) => bits | (1 << ELEMENTS.indexOf(element)), 0);
  epc[0] = (tag.secured ? 0 : LENT) | tag.sorting;
  epc[1] = (tag.encoding << 6) | (tag.version - 1);
  epc[2] = elements >> 8;
  epc[3] = elements & 0xff;
  epc.set(item, ITEM_AT);
  return epc;
}

const PACKED_FROM: Readonly<Record<0 | 1, number>> = { 0: 8, 1: 12 };

/** The item id from the fifth byte of the EPC on; what follows it is not looked at. */
export function decodeUniversityItemId(encoding: 0 | 1 | 2, bytes: Uint8Array): string | undefined {
  if (encoding === 2) return readCharacters(bytes).replace(/\0+$/, '');
  const count = (bytes[0] ?? 0) & 0x0f;
  if (count < PACKED_FROM[encoding]) return readCharacters(bytes.subarray(1, 1 + count));
  if (count > ITEM_CHARACTERS_MAX || bytes.length < (encoding === 0 ? 8 : 12)) return undefined;
  return encoding === 0 ? unpackDigits(bytes, count) : unpackLetters(bytes, count);
}

/** Inverse of {@link decodeUniversityItemId}; the bytes that the item id needs. */
export function encodeUniversityItemId(encoding: 0 | 1 | 2, text: string): Uint8Array | undefined {
  if (!/^[ -~]{1,14}$/.test(text)) return undefined;
  const characters = Array.from(text, (character) => character.charCodeAt(0));
  if (encoding === 2) return Uint8Array.from(characters);
  if (text.length < PACKED_FROM[encoding]) return Uint8Array.of(text.length, ...characters);
  const isPacked = encoding === 0 ? /^[0-9A-Z]{3}\d+.$/ : /^[0-9A-Z]+.$/;
  if (!isPacked.test(text)) return undefined;
  return encoding === 0 ? packDigits(text) : packLetters(text);
}

function readCharacters(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** 32-bit words, least significant byte first. */
function words(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function packDigits(text: string): Uint8Array {
  const bytes = new Uint8Array(8);
  const fourth = Number(text.charAt(3));
  const last = text.charCodeAt(text.length - 1);
  const head = (pack(text.slice(0, 3)) << 12) | (last << 4) | text.length;
  words(bytes).setUint32(0, head + (fourth & 3) * 2 ** 30, true);
  words(bytes).setUint32(4, Number(text.slice(4, -1)) * 4 + (fourth >> 2), true);
  return bytes;
}

function unpackDigits(bytes: Uint8Array, count: number): string {
  const head = words(bytes).getUint32(0, true);
  const tail = words(bytes).getUint32(4, true);
  const fourth = (head >>> 30) | ((tail & 3) << 2);
  const number = String(tail >>> 2).padStart(count - 5, '0');
  return unpack((head >>> 12) & 0x3ffff, 3) + String(fourth) + number + lastOf(head);
}

function packLetters(text: string): Uint8Array {
  const bytes = new Uint8Array(12);
  const last = text.charCodeAt(text.length - 1);
  words(bytes).setUint32(0, ((pack(text.slice(10, -1)) << 12) | (last << 4) | text.length) >>> 0, true);
  words(bytes).setUint32(4, pack(text.slice(5, 10)), true);
  words(bytes).setUint32(8, pack(text.slice(0, 5)), true);
  return bytes;
}

function unpackLetters(bytes: Uint8Array, count: number): string {
  const head = words(bytes).getUint32(0, true);
  const middle = unpack(words(bytes).getUint32(4, true), 5);
  return unpack(words(bytes).getUint32(8, true), 5) + middle + unpack(head >>> 12, count - 11) + lastOf(head);
}

function lastOf(head: number): string {
  return String.fromCharCode((head >>> 4) & 0xff);
}

/** Six bits a character, counted from `0`. */
function pack(text: string): number {
  return Array.from(text).reduce((value, character) => value * 64 + character.charCodeAt(0) - 0x30, 0);
}

function unpack(value: number, count: number): string {
  return Array.from({ length: count }, (_, at) =>
    String.fromCharCode(0x30 + (Math.floor(value / 64 ** (count - 1 - at)) & 0x3f)),
  ).join('');
}
