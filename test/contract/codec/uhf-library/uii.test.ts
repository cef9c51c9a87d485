import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { joinUii, splitUii } from '#contract/codec/uhf-library/uhf-library.ts';
import { decodeUii, DIGIT_STYLES, encodeUii } from '#contract/codec/uhf-library/uii.ts';
import { decodeUrnCode40, encodeUrnCode40 } from '#contract/codec/uhf-library/urn-code40.ts';
import { fromHex, toHex } from '#contract/hex.ts';

const bytes = (hex: string): Uint8Array => fromHex(hex) ?? new Uint8Array(0);

describe('URN Code 40', () => {
  /** Headers of bookwaves-feig (`DE290Tag.java` and others) and the triples of ISO/TS 28560-4:2014, page 49. */
  test.each([
    ['DE290', '19E9F871'],
    ['CD290', '1381F871'],
    ['DE290F', '19E9F877'],
    ['DE6', '19ED'],
    ['DE6   ', '19ED0001'],
    ['DE386', '19EAF321'],
    ['DE385', '19EAF2F9'],
    ['DELAN1', '19D50890'],
    ['CH-', '141C'],
    ['000', 'C04F'],
    ['134', 'C70B'],
    ['-1.', 'ADB5'],
    ['78.', 'ED4D'],
    ['31', 'D319'],
    ['999', 'FA00'],
  ])('%s is %s', (text, hex) => {
    expect(toHex(encodeUrnCode40(text) ?? bytes('00'))).toBe(hex);
    expect(decodeUrnCode40(bytes(hex))?.trimEnd()).toBe(text.trimEnd());
  });

  test.each(['0000', 'FA01', 'FFFF', '19'])('%s is no text', (hex) => {
    expect(decodeUrnCode40(bytes(hex))).toBeUndefined();
  });

  test('every pair of bytes is three characters or none', () => {
    const wrong: number[] = [];
    for (let value = 0; value <= 0xffff; value += 1) {
      const text = decodeUrnCode40(Uint8Array.of(value >> 8, value & 0xff));
      const again = text === undefined ? undefined : encodeUrnCode40(text);
      const isText = value > 0 && value <= 64000;
      const isRight = isText
        ? again !== undefined && ((again[0] ?? 0) << 8) + (again[1] ?? 0) === value
        : text === undefined;
      if (!isRight) wrong.push(value);
    }
    expect(wrong).toEqual([]);
  });

  test('other characters are not written', () => {
    expect(encodeUrnCode40('de290')).toBeUndefined();
  });
});

describe('unique item identifiers', () => {
  /** ISO/TS 28560-4:2014, page 49, and the IPC standard for test letters, page 17; both in dp2 `TestUHF.cs`. */
  test.each([
    ['CH-000134-1.12345678.31', '141C C04F C70B ADB5 C6E2 DA1D ED4D D319'],
    ['B.A12312345678', '10E2 FB2102DDDF7C4E 00'],
  ])('%s', (text, hex) => {
    expect(decodeUii(bytes(hex))).toEqual({ text, digits: 'long', zeroWords: 0 });
    expect(toHex(encodeUii(text) ?? bytes(''))).toBe(hex.replaceAll(' ', ''));
  });

  /** Runs as in dp2 `TestUHF.cs`: nine digits and more are a number, leading zeros are not. */
  test.each([
    ['12345678', 'long', 'C6E2 DA1D ED31'],
    ['123456789', 'long', 'FB00 075BCD15'],
    ['000387624', 'long', encodedPlain('000387624')],
    ['000387624', 'long-with-zeros', 'FB00 0005EA28'],
    ['1234/56789', 'long', `${encodedPlain('1234')} FC2F ${encodedPlain('56789')}`],
    ['\u4e2d', 'long', 'FE E4B8AD'],
    ['\u00e4', 'long', 'FD C3A4 00'],
    ['123456789', 'plain', encodedPlain('123456789')],
  ] as const)('%s, %s', (text, digits, hex) => {
    expect(toHex(encodeUii(text, digits) ?? bytes(''))).toBe(toHex(bytes(hex)));
    expect(decodeUii(bytes(hex))?.text).toBe(text);
  });

  function encodedPlain(text: string): string {
    return toHex(encodeUrnCode40(text) ?? bytes(''));
  }

  test.each([
    ['zeros', '0000 0000'],
    ['a gap in three characters', toHex(encodeUrnCode40('A B') ?? bytes(''))],
    ['a number that ends behind the memory', 'FB21 02DDDF'],
    ['a number in more bytes than it needs', 'FB01 00075BCD15 00'],
    ['FF', 'FF00'],
    ['half a character', 'FDC3 0000'],
    ['a control character', 'FC0A'],
    ['a character at the very end', '141C FC'],
  ])('%s: no text', (_what, hex) => {
    expect(decodeUii(bytes(hex))).toBeUndefined();
  });

  test('any text comes back in each style of digits', () => {
    const text = fc
      .array(
        fc.oneof(
          fc.stringMatching(/^[A-Z.:-]{1,4}$/),
          fc.stringMatching(/^0{0,3}[0-9]{1,26}$/),
          fc.constant('\u00e4/a\u4e2d'),
        ),
        {
          minLength: 1,
          maxLength: 6,
        },
      )
      .map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, fc.constantFrom(...DIGIT_STYLES), fc.nat(3), (uii, digits, zeroWords) => {
        const written = encodeUii(uii, digits) ?? new Uint8Array(0);
        const memory = Uint8Array.of(...written, ...new Uint8Array(2 * zeroWords));
        const read = decodeUii(memory);
        expect(read).toMatchObject({ text: uii, zeroWords });
        expect(encodeUii(uii, read?.digits)).toEqual(written);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('parts of a UII', () => {
  test.each([
    [
      'CH-000134-1.12345678.31',
      { ownerIsil: 'CH-000134-1', primaryItemId: '12345678', setInformation: { parts: 3, partNumber: 1 } },
    ],
    ['DE-290.1.1203', { ownerIsil: 'DE-290', primaryItemId: '1', setInformation: { parts: 12, partNumber: 3 } }],
    ['DE-290.1.13', { ownerIsil: 'DE-290', primaryItemId: '1.13' }],
    ['DE-290.1.0301', { ownerIsil: 'DE-290', primaryItemId: '1.0301' }],
    ['CN-110108-1.B12.3', { ownerIsil: 'CN-110108-1', primaryItemId: 'B12.3' }],
    ['12345', { primaryItemId: '12345' }],
    ['B12-34', { primaryItemId: 'B12-34' }],
    ['22333.B0000004', { alternativeOwner: '22333', primaryItemId: 'B0000004' }],
  ])('%s', (text, parts) => {
    expect(splitUii(text)).toEqual(parts);
    expect(joinUii(splitUii(text))).toBe(text);
  });

  test.each(['B.A123', 'DE-290.', '.1', '12345678901234567', 'A:1', '-1', 'DE-.1', 'DE--1.1'])(
    '%s is no item id',
    (text) => {
      expect(splitUii(text)).toEqual({});
    },
  );
});
