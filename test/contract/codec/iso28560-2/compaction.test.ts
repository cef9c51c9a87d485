import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  chooseCompaction,
  COMPACTIONS,
  readText,
  writeText,
  type TextCompaction,
} from '#contract/codec/iso28560-2/compaction.ts';
import { readIsil, writeIsil } from '#contract/codec/iso28560-2/isil.ts';
import { fromHex, toHex } from '#contract/hex.ts';

const bytes = (hex: string): Uint8Array => fromHex(hex) ?? new Uint8Array(0);
const hexOf = (data: Uint8Array | undefined): string | undefined => data && toHex(data);

/**
 * The bits of each are worked out by hand from the tables of ISO/IEC 15962; those with a name of a tag or a shelf mark
 * also stand in the examples of ISO 28560-2 (annex D) and in tests of a public library system (dp2, UnitTestRFID).
 */
const VECTORS: readonly (readonly [TextCompaction, string, string])[] = [
  ['integer', '123456789012', '1CBE991A14'],
  ['integer', '1203', '04B3'],
  ['integer', '256', '0100'],
  ['integer', '9999999999999999999', '8AC7230489E7FFFF'],
  ['numeric', '091', '091F'],
  ['numeric', '1203', '1203'],
  ['numeric', '10000000000000000000', '10000000000000000000'],
  ['5-bit', 'AHQZ', '0A23A0'],
  ['5-bit', 'ZYXWV', 'D6717B00'],
  ['5-bit', '[\\]^_', 'DF3BEF80'],
  ['6-bit', 'QA268.L55', '441CB6E2E335D6'],
  ['6-bit', 'ABC12345', '0420F1CB3D35'],
  ['6-bit', 'K825.6=76/Z780', '2F8CB5BB6F77DAF6B7E308'],
  ['6-bit', 'I17(198.4)/Y498', '271DE8C79E2ED29BD9D39E20'],
  ['7-bit', 'abcdefgh', 'C38B1E4CB9B3E8'],
  ['7-bit', 'US-InU-Mu', 'AB4D6C9DD556CDEB'],
  ['7-bit', 'hijk9876{/?}~', 'D1A756B72E1BB6F6BDFFDFDF'],
  ['octet-string', 'Zürich', '5AFC72696368'],
  ['utf-8', '图书', 'E59BBEE4B9A6'],
];

describe('compactions', () => {
  test.each(VECTORS)('%s %s', (compaction, text, hex) => {
    expect(hexOf(writeText(compaction, text))).toBe(hex);
    expect(readText(compaction, bytes(hex))).toBe(text);
  });

  test.each([
    ['123456789012', 'integer'],
    ['10', 'integer'],
    ['10000000000000000000', 'numeric'],
    ['0012', 'numeric'],
    ['7', 'octet-string'],
    ['ABC', '5-bit'],
    ['AB', 'octet-string'],
    ['QA268.L55', '6-bit'],
    ['QA 2 ', 'octet-string'],
    ['abcdefgh', '7-bit'],
    ['abcdefg', 'octet-string'],
    ['Zürich 8001', 'octet-string'],
    ['图书馆', 'utf-8'],
    ['', 'octet-string'],
  ])('%j is written as %s', (text, compaction) => {
    expect(chooseCompaction(text)).toBe(compaction);
  });

  test.each([
    ['integer', '12a'],
    ['numeric', '12a'],
    ['5-bit', 'ab'],
    ['5-bit', 'A@'],
    ['6-bit', 'abc'],
    ['7-bit', 'é'],
    ['octet-string', '图'],
    ['utf-8', '\ud800'],
  ] as const)('%s cannot hold %j', (compaction, text) => {
    expect(writeText(compaction, text)).toBeUndefined();
  });

  test('the chosen compaction gives the text back, whatever it is', () => {
    const text = fc.oneof(
      fc.string({ unit: fc.constantFrom('0', '1', '9') }),
      fc.string({ unit: fc.constantFrom('A', 'Z', '_', '[') }),
      fc.string({ unit: fc.constantFrom(' ', 'A', '?', '5') }),
      fc.string({ unit: fc.constantFrom('a', '~', '\u0000', 'Z') }),
      fc.string({ unit: fc.constantFrom('a', 'ü', 'ÿ') }),
      fc.string({ unit: 'grapheme' }),
    );
    fc.assert(
      fc.property(text, (given) => {
        const compaction = chooseCompaction(given);
        const data = writeText(compaction, given);
        expect(data && readText(compaction, data)).toBe(given);
      }),
      { numRuns: 2000 },
    );
  });

  test('no bytes make a reader throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.integer({ min: 1, max: 7 }), (data, code) => {
        const compaction = COMPACTIONS[code];
        if (compaction !== undefined && compaction !== 'application-defined') readText(compaction, data);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('ISIL', () => {
  test.each([
    // ISO 28560-2, annex C.6.1: latch lower, shift numeric, four ones as filling.
    ['DE-Heu1', '21408E16BF1F'],
    // Annex C.6.2: 00011 01000 00000 11110 0000 0000 0000 0001 0011 0100 1010 0001 and four ones; worked out by hand.
    ['CH-000134-1', '1A01E000134A1F'],
    // Annex D.3.6.
    ['US-InU-Mu', 'ACC09EBAA06F6B'],
    // Shifts inside digits and a latch back to upper case (dp2, Test_isil_3 and _4).
    ['CN-110108-1-NLC', '1B81E110108A1AC7307F'],
    ['CN-120104-C-YBL', '1B81E120104AD1D6644C'],
  ])('%s', (isil, hex) => {
    expect(hexOf(writeIsil(isil))).toBe(hex);
    expect(readIsil(bytes(hex))).toBe(isil);
  });

  test('another choice of latches reads the same', () => {
    expect(readIsil(bytes('1B81E120104AC1832267'))).toBe('CN-120104-C-YBL');
  });

  test('has no other characters', () => {
    expect([writeIsil(''), writeIsil('DE 6'), writeIsil('DE-Ä')]).toEqual([undefined, undefined, undefined]);
  });

  test('what is written is read back; no bytes make the reader throw', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('A', 'Z', 'a', 'z', '0', '9', '-', ':', '/'), minLength: 1, maxLength: 16 }),
        (isil) => {
          const data = writeIsil(isil);
          expect(data && readIsil(data)).toBe(isil);
        },
      ),
      { numRuns: 2000 },
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 20 }), (data) => void readIsil(data)));
  });
});
