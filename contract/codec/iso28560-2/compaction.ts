/**
 * The compactions of a data element: how its text becomes bytes.
 *
 *     0 application-defined   the element says how
 *     1 integer               whole number, most significant byte first
 *     2 numeric               two digits a byte, a last F if they are odd in number
 *     3 5-bit                 A..Z [ \ ] ^ _           filled with zeros
 *     4 6-bit                 space .. _               filled with the first bits of 100000
 *     5 7-bit                 ISO 646, no DEL          filled with ones
 *     6 octet-string          ISO 8859-1
 *     7 utf-8
 *
 * Source: ISO/IEC 15962, compaction schemes; ISO 28560-2, 7.4.
 */
import { BitReader, packBits } from '#contract/codec/iso28560-2/bits.ts';

/** Names by code. */
export const COMPACTIONS = [
  'application-defined',
  'integer',
  'numeric',
  '5-bit',
  '6-bit',
  '7-bit',
  'octet-string',
  'utf-8',
] as const;
export type Compaction = (typeof COMPACTIONS)[number];
export type TextCompaction = Exclude<Compaction, 'application-defined'>;

const INTEGER_DIGITS_MAX = 19;
const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const ENCODER = new TextEncoder();

/** The compaction the standard gives to a text: the first that holds all its characters and is worth it. */
export function chooseCompaction(text: string): TextCompaction {
  if (/^[1-9][0-9]+$/.test(text) && text.length <= INTEGER_DIGITS_MAX) return 'integer';
  if (/^[0-9]{2,}$/.test(text)) return 'numeric';
  if (/^[A-_]{3,}$/.test(text)) return '5-bit';
  if (/^[ -_]{4,}$/.test(text) && !text.endsWith(' ')) return '6-bit';
  // eslint-disable-next-line no-control-regex -- ISO 646 has control characters.
  if (/^[\u0000-~]{8,}$/.test(text)) return '7-bit';
  // eslint-disable-next-line no-control-regex -- ISO 8859-1 has control characters.
  return /^[\u0000-\u00ff]*$/.test(text) ? 'octet-string' : 'utf-8';
}

/** The text of compacted bytes; undefined if they are no text under this compaction. */
export function readText(compaction: TextCompaction, data: Uint8Array): string | undefined {
  switch (compaction) {
    case 'integer':
      return data.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n).toString();
    case 'numeric':
      return readNumeric(data);
    case '5-bit':
      return readGroups(data, 5, (code) => code | 0x40).replace(/@+$/, '');
    case '6-bit':
      return withoutFiller(
        data,
        6,
        readGroups(data, 6, (code) => (code < 0x20 ? code | 0x40 : code)),
        ' ',
      );
    case '7-bit':
      return withoutFiller(
        data,
        7,
        readGroups(data, 7, (code) => code),
        '\u007f',
      );
    case 'octet-string':
      return String.fromCharCode(...data);
    case 'utf-8':
      return readUtf8(data);
  }
}

/** The compacted bytes of a text; undefined if this compaction does not hold it. */
export function writeText(compaction: TextCompaction, text: string): Uint8Array | undefined {
  const data = compact(compaction, text);
  return data !== undefined && readText(compaction, data) === text ? data : undefined;
}

function compact(compaction: TextCompaction, text: string): Uint8Array | undefined {
  switch (compaction) {
    case 'integer':
      return /^[0-9]{1,600}$/.test(text) ? writeInteger(BigInt(text)) : undefined;
    case 'numeric':
      return /^[0-9]+$/.test(text) ? writeNumeric(text) : undefined;
    case '5-bit':
      return writeGroups(text, 5, '00000000');
    case '6-bit':
      return writeGroups(text, 6, '100000');
    case '7-bit':
      return writeGroups(text, 7, '1111111');
    case 'octet-string':
      return Uint8Array.from(text, (character) => character.codePointAt(0) ?? 0);
    case 'utf-8':
      return ENCODER.encode(text);
  }
}

function writeInteger(value: bigint): Uint8Array {
  const digits = value.toString(16);
  const even = digits.length % 2 === 0 ? digits : `0${digits}`;
  return Uint8Array.from({ length: even.length / 2 }, (_, i) => Number.parseInt(even.slice(2 * i, 2 * i + 2), 16));
}

function readNumeric(data: Uint8Array): string | undefined {
  let digits = '';
  for (const byte of data) digits += byte.toString(16).padStart(2, '0');
  const text = digits.replace(/f$/, '');
  return /^[0-9]*$/.test(text) ? text : undefined;
}

function writeNumeric(text: string): Uint8Array {
  const even = text.length % 2 === 0 ? text : `${text}f`;
  return Uint8Array.from({ length: even.length / 2 }, (_, i) => Number.parseInt(even.slice(2 * i, 2 * i + 2), 16));
}

function readGroups(data: Uint8Array, bits: number, toCharacterCode: (code: number) => number): string {
  const reader = new BitReader(data);
  let text = '';
  for (let code = reader.take(bits); code !== undefined; code = reader.take(bits)) {
    text += String.fromCharCode(toCharacterCode(code));
  }
  return text;
}

/** A filler as long as a whole character looks like one: it is the last and nothing is left behind it. */
function withoutFiller(data: Uint8Array, bits: number, text: string, filler: string): string {
  const isWhole = (data.length * 8) % bits === 0;
  return isWhole && text.endsWith(filler) ? text.slice(0, -1) : text;
}

/** Packs the low bits of each character. What they do not hold is found out when the result is read back. */
function writeGroups(text: string, bits: number, fill: string): Uint8Array {
  const codes = Array.from(text, (character) => [character.charCodeAt(0) & ((1 << bits) - 1), bits] as const);
  return packBits(codes, fill);
}

function readUtf8(data: Uint8Array): string | undefined {
  try {
    return DECODER.decode(data);
  } catch {
    return undefined;
  }
}
