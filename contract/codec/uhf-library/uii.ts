/**
 * The unique item identifier of a UHF library tag by the rules of ISO: one text (no object identifiers around it) in URN
 * Code 40, with escapes for what that table lacks.
 *
 *     00 00 .. FA 00  three characters, zeros fill the last three of a run
 *     FB nm ..        number of n + 9 digits in m + 4 bytes
 *     FC ..           one ISO 646 character
 *     FD .. ..        one character of two bytes UTF-8
 *     FE .. .. ..     one character of three bytes UTF-8
 *
 * A last zero byte and zero words fill the memory up.
 *
 * Source: ISO/IEC 15962 (monomorphic UII, URN Code 40); example of ISO/TS 28560-4:2014, page 49, and the long number of
 * the IPC RFID standard for test letters, page 17, both in dp2 `TestUHF.cs`; escapes and the split into runs as in dp2
 * `UhfUtility.cs`.
 */
import { decodeUrnCode40, encodeUrnCode40 } from '#contract/codec/uhf-library/urn-code40.ts';

/**
 * How digits in a row are written. `long`: nine and more as one number, leading zeros apart; `long-with-zeros`: leading
 * zeros in the number; `plain`: like all other characters.
 */
export const DIGIT_STYLES = ['long', 'long-with-zeros', 'plain'] as const;
export type DigitStyle = (typeof DIGIT_STYLES)[number];

export interface Uii {
  readonly text: string;
  readonly digits: DigitStyle;
  /** Words of zeros behind what the text needs. */
  readonly zeroWords: number;
}

const LONG_DIGITS_MIN = 9;
const LONG_DIGITS_MAX = 24;
const LONG_BYTES_MIN = 4;
const DECODER = new TextDecoder('utf-8', { ignoreBOM: true });
const ENCODER = new TextEncoder();

/** The text of a UII; undefined if it is none, or if no known way of writing gives these bytes. */
export function decodeUii(bytes: Uint8Array): Uii | undefined {
  const text = readText(bytes);
  if (text === undefined || text === '') return undefined;
  for (const digits of DIGIT_STYLES) {
    const written = encodeUii(text, digits);
    const isStart = written?.every((byte, at) => byte === bytes[at]) === true;
    if (written && isStart && bytes.subarray(written.length).every((byte) => byte === 0)) {
      return { text, digits, zeroWords: (bytes.length - written.length) / 2 };
    }
  }
  return undefined;
}

/** Whole words; undefined for a character that no escape can write. */
export function encodeUii(text: string, digits: DigitStyle = 'long'): Uint8Array | undefined {
  const bytes: number[] = [];
  for (const run of splitRuns(text, digits)) {
    const written = writeRun(run);
    if (written === undefined) return undefined;
    for (const byte of written) bytes.push(byte);
  }
  if (bytes.length % 2 !== 0) bytes.push(0);
  return Uint8Array.from(bytes);
}

function readText(bytes: Uint8Array): string | undefined {
  let text = '';
  let at = 0;
  while (at < bytes.length) {
    const piece = readPiece(bytes, at);
    if (piece === undefined) return undefined;
    text += piece.text;
    at += piece.bytes;
  }
  return text;
}

function readPiece(bytes: Uint8Array, at: number): { readonly text: string; readonly bytes: number } | undefined {
  const first = bytes[at] ?? 0;
  if (first === 0xfb) return readLongNumber(bytes, at);
  if (first > 0xfb) {
    const size = first - 0xfb;
    if (first === 0xff || at + size >= bytes.length) return undefined;
    const text = DECODER.decode(bytes.subarray(at + 1, at + 1 + size));
    return /^[^\p{Cc}\ufffd]$/u.test(text) ? { text, bytes: 1 + size } : undefined;
  }
  if (first === 0 && (bytes[at + 1] ?? 0) === 0) return { text: '', bytes: 2 };
  const three = decodeUrnCode40(bytes.subarray(at, at + 2));
  const text = three?.trimEnd();
  return text === undefined || text === '' ? undefined : { text, bytes: 2 };
}

function readLongNumber(bytes: Uint8Array, at: number): { readonly text: string; readonly bytes: number } | undefined {
  const sizes = bytes[at + 1] ?? 0;
  const end = at + 2 + LONG_BYTES_MIN + (sizes & 0x0f);
  if (end > bytes.length) return undefined;
  const value = bytes.subarray(at + 2, end).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  return { text: value.toString().padStart(LONG_DIGITS_MIN + (sizes >> 4), '0'), bytes: end - at };
}

interface Run {
  readonly kind: 'table' | 'long' | 'escaped';
  readonly text: string;
}

const LONG: Readonly<Record<DigitStyle, RegExp | undefined>> = {
  long: /^[1-9]\d{8,}/,
  'long-with-zeros': /^\d{9,}/,
  plain: undefined,
};

function splitRuns(text: string, style: DigitStyle): readonly Run[] {
  const runs: Run[] = [];
  let table = '';
  const closeTable = (): void => {
    if (table !== '') runs.push({ kind: 'table', text: table });
    table = '';
  };
  for (let at = 0; at < text.length;) {
    const character = text.charAt(at);
    const isInNumber = /\d$/.test(table) && !table.endsWith('0');
    const long = isInNumber ? undefined : LONG[style]?.exec(text.slice(at))?.[0];
    if (long !== undefined && long.length <= LONG_DIGITS_MAX) {
      closeTable();
      runs.push({ kind: 'long', text: long });
      at += long.length;
      continue;
    }
    if (/[-.:0-9A-Z]/.test(character)) table += character;
    else {
      closeTable();
      runs.push({ kind: 'escaped', text: character });
    }
    at += 1;
  }
  closeTable();
  return runs;
}

function writeRun({ kind, text }: Run): Uint8Array | undefined {
  if (kind === 'table') return encodeUrnCode40(text);
  if (kind === 'long') return writeLongNumber(text);
  const bytes = ENCODER.encode(text);
  const isWhole = bytes.length <= 3 && DECODER.decode(bytes) === text;
  return isWhole ? Uint8Array.of(0xfb + bytes.length, ...bytes) : undefined;
}

function writeLongNumber(digits: string): Uint8Array {
  const hex = BigInt(digits).toString(16);
  const even = hex.padStart(Math.max(2 * LONG_BYTES_MIN, hex.length + (hex.length % 2)), '0');
  const bytes = Array.from({ length: even.length / 2 }, (_, at) => Number.parseInt(even.slice(2 * at, 2 * at + 2), 16));
  return Uint8Array.of(0xfb, ((digits.length - LONG_DIGITS_MIN) << 4) | (bytes.length - LONG_BYTES_MIN), ...bytes);
}
