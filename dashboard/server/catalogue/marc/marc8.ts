/**
 * MARC-8 as far as Latin goes: ASCII and the extended Latin set (ANSEL). Its accents stand before their letter, Unicode's
 * behind. Other sets are announced by an escape: a record with one is refused, since their tables hold 16,000 characters.
 *
 * Source: MARC 21 character sets, code table of extended Latin.
 */

const ESCAPE = 0x1b;

/** A1-C8. */
const LETTERS: Readonly<Record<number, string>> = {
  0xa1: 'Ł',
  0xa2: 'Ø',
  0xa3: 'Đ',
  0xa4: 'Þ',
  0xa5: 'Æ',
  0xa6: 'Œ',
  0xa7: 'ʹ',
  0xa8: '·',
  0xa9: '♭',
  0xaa: '®',
  0xab: '±',
  0xac: 'Ơ',
  0xad: 'Ư',
  0xae: 'ʼ',
  0xb0: 'ʻ',
  0xb1: 'ł',
  0xb2: 'ø',
  0xb3: 'đ',
  0xb4: 'þ',
  0xb5: 'æ',
  0xb6: 'œ',
  0xb7: 'ʺ',
  0xb8: 'ı',
  0xb9: '£',
  0xba: 'ð',
  0xbc: 'ơ',
  0xbd: 'ư',
  0xc0: '°',
  0xc1: 'ℓ',
  0xc2: '℗',
  0xc3: '©',
  0xc4: '♯',
  0xc5: '¿',
  0xc6: '¡',
  0xc7: 'ß',
  0xc8: '€',
};

/** E0-FE, combining. */
const ACCENTS: Readonly<Record<number, number>> = {
  0xe0: 0x0309,
  0xe1: 0x0300,
  0xe2: 0x0301,
  0xe3: 0x0302,
  0xe4: 0x0303,
  0xe5: 0x0304,
  0xe6: 0x0306,
  0xe7: 0x0307,
  0xe8: 0x0308,
  0xe9: 0x030c,
  0xea: 0x030a,
  0xeb: 0xfe20,
  0xec: 0xfe21,
  0xed: 0x0315,
  0xee: 0x030b,
  0xef: 0x0310,
  0xf0: 0x0327,
  0xf1: 0x0328,
  0xf2: 0x0323,
  0xf3: 0x0324,
  0xf4: 0x0325,
  0xf5: 0x0333,
  0xf6: 0x0332,
  0xf7: 0x0326,
  0xf8: 0x031c,
  0xf9: 0x032e,
  0xfa: 0xfe22,
  0xfb: 0xfe23,
  0xfe: 0x0313,
};

/** Composed Unicode; `undefined` when the bytes are of a set that is not here. */
export function decodeMarc8(bytes: Uint8Array): string | undefined {
  let text = '';
  let accents = '';
  for (const byte of bytes) {
    const accent = ACCENTS[byte];
    if (accent !== undefined) {
      accents += String.fromCharCode(accent);
      continue;
    }
    const letter = byte < 0x80 ? String.fromCharCode(byte) : byte === 0x88 || byte === 0x89 ? '' : LETTERS[byte];
    if (letter === undefined || byte === ESCAPE) return undefined;
    text += letter + accents;
    accents = '';
  }
  return text.normalize('NFC');
}
