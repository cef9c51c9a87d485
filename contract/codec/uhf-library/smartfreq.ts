/**
 * The EPC of the Smartfreq BR tags: one data element of ISO/IEC 15962, relative OID 1 (item id) in the six-bit code.
 *
 *     | 41 | bytes | six bits a character, A = 1, space and signs 32.., digits 48.. | 00 up to the word |
 *
 * Whether a book is lent stands in the AFI of the protocol control word. Item ids are capital letters, digits and
 * spaces; a stricter set than the code has, so that a stray EPC is not taken for one. The last byte is filled with
 * zeros, or as the standard has it with the first bits of 100000.
 *
 * Source: bookwaves-feig, `BRTag.java` and `SixBitAscii.java`; ISO/IEC 15962, six-bit code.
 */
import { BitReader, BitWriter } from '#contract/codec/epc/bits.ts';
import { sameBytes } from '#contract/codec/format-json.ts';

const HEADER = 0x41;
const ITEM_ID = /^[A-Z0-9 ]*[A-Z0-9]$/;
const ITEM_ID_CHARACTERS_MAX = 78;

export const SIX_BIT_FILLS = ['zeros', '100000'] as const;
export type SixBitFill = (typeof SIX_BIT_FILLS)[number];

export interface SmartfreqContent {
  readonly primaryItemId: string;
  readonly fill: SixBitFill;
}

/** The item on a Smartfreq tag; undefined if the EPC is anything else. */
export function decodeSmartfreq(epc: Uint8Array): SmartfreqContent | undefined {
  const [header, bytes = 0] = epc;
  if (header !== HEADER || bytes === 0 || epc.length !== 2 + bytes + (bytes % 2)) return undefined;
  const reader = new BitReader(epc.subarray(2, 2 + bytes));
  let text = '';
  while (reader.bitsLeft >= 6) {
    const code = reader.take(6);
    text += String.fromCharCode(code < 0x20 ? code + 0x40 : code);
  }
  const candidates = [text, text.slice(0, -1)];
  for (const primaryItemId of candidates) {
    for (const fill of SIX_BIT_FILLS) {
      const written = encodeSmartfreq({ primaryItemId, fill });
      if (written && sameBytes(written, epc)) return { primaryItemId, fill };
    }
  }
  return undefined;
}

/** The EPC of an item; undefined for an id of other characters, or too long for a tag. */
export function encodeSmartfreq({ primaryItemId, fill }: SmartfreqContent): Uint8Array | undefined {
  if (!ITEM_ID.test(primaryItemId) || primaryItemId.length > ITEM_ID_CHARACTERS_MAX) return undefined;
  const bytes = Math.ceil((6 * primaryItemId.length) / 8);
  const writer = new BitWriter();
  writer.put(HEADER, 8);
  writer.put(bytes, 8);
  for (const character of primaryItemId) writer.put(character.charCodeAt(0) & 0x3f, 6);
  const fillBits = 8 * bytes - 6 * primaryItemId.length;
  if (fillBits > 0) writer.put(fill === 'zeros' ? 0 : 1 << (fillBits - 1), fillBits);
  return writer.words();
}
