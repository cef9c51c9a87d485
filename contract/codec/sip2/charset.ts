/**
 * The character sets that libraries agree on for SIP2. The protocol names none, and its checksum is over bytes, so both
 * ends must use the same one: a title with one accent in it is otherwise "damaged" for ever.
 *
 * Source: 3M SIP2 2.00 (ASCII); FOLIO edge-sip2 (IBM850 as the default of many terminals, ISO-8859-1, UTF-8).
 */
import { IBM850_UPPER } from '#contract/codec/sip2/ibm850.table.ts';

export const SIP2_CHARSETS = ['ascii', 'iso-8859-1', 'ibm850', 'utf-8'] as const;
export type Sip2Charset = (typeof SIP2_CHARSETS)[number];

/** A set by the names that people and systems use for it. */
export function charsetNamed(name: string): Sip2Charset | undefined {
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return NAMES[plain];
}

const NAMES: Readonly<Record<string, Sip2Charset>> = {
  ascii: 'ascii',
  usascii: 'ascii',
  iso88591: 'iso-8859-1',
  latin1: 'iso-8859-1',
  ibm850: 'ibm850',
  cp850: 'ibm850',
  utf8: 'utf-8',
};

/** What stands for a byte that the character set does not have. */
export const REPLACEMENT = '\u{fffd}';

const LATIN_UPPER = Array.from({ length: 128 }, (_, at) => String.fromCharCode(0x80 + at)).join('');

/** Characters of the bytes 0x80 to 0xFF; none in ASCII. */
const UPPER_HALVES: Readonly<Record<Exclude<Sip2Charset, 'utf-8'>, string>> = {
  ascii: '',
  'iso-8859-1': LATIN_UPPER,
  ibm850: IBM850_UPPER,
};

/** Bytes as text; a byte that means nothing in this set becomes {@link REPLACEMENT}. */
export function textOf(bytes: Uint8Array, charset: Sip2Charset): string {
  if (charset === 'utf-8') return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const upper = UPPER_HALVES[charset];
  let text = '';
  for (const byte of bytes) text += byte < 0x80 ? String.fromCharCode(byte) : (upper[byte - 0x80] ?? REPLACEMENT);
  return text;
}

/** Text as bytes; the first character that this set does not have instead. */
export function bytesOf(
  text: string,
  charset: Sip2Charset,
): { readonly bytes: Uint8Array } | { readonly missing: string } {
  if (charset === 'utf-8') {
    // A half of a surrogate pair has no bytes; the encoder would write a replacement for it in silence.
    const half = /\p{Surrogate}/u.exec(text)?.[0];
    return half === undefined ? { bytes: new TextEncoder().encode(text) } : { missing: half };
  }
  const upper = UPPER_HALVES[charset];
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const at = code < 0x80 ? -1 : upper.indexOf(character);
    if (code >= 0x80 && at === -1) return { missing: character };
    bytes.push(code < 0x80 ? code : 0x80 + at);
  }
  return { bytes: Uint8Array.from(bytes) };
}

/**
 * Free text (a title, a line for the screen) made fit for a field: bars and control characters become spaces, and what
 * the set does not have becomes its base letter or a question mark. Never for identifiers: one that must be changed to
 * fit is another one.
 */
export function plainText(text: string, charset: Sip2Charset): string {
  // eslint-disable-next-line no-control-regex -- these are what must not reach a field
  const tidy = text.normalize('NFC').replaceAll(/[|\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ');
  let fit = '';
  for (const character of tidy) {
    if (!('missing' in bytesOf(character, charset))) fit += character;
    else {
      const base = character.normalize('NFD')[0] ?? '?';
      fit += 'missing' in bytesOf(base, charset) ? '?' : base;
    }
  }
  return fit;
}
