import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  decodeUniversityEpc,
  decodeUniversityItemId,
  encodeUniversityEpc,
  encodeUniversityItemId,
} from '#contract/codec/uhf-library/university-epc.ts';
import { fromHex, toHex } from '#contract/hex.ts';

const bytes = (hex: string): Uint8Array => fromHex(hex) ?? new Uint8Array(0);

/** Vectors of dp2 `TestGaoxiao.cs`. */
describe('item ids', () => {
  test.each([
    [0, 'ABC01', '054142433031'],
    [0, 'A00000@', '0741303030303040'],
    [0, 'ABC0123*', 'A8324911EC010000'],
    [0, 'ABC012345~', 'EA374911E4C00000'],
    [0, 'ABC012345678*', 'AD3249113885F102'],
    [0, 'ABC0123456789?', 'FE33491154346F1D'],
    [0, 'AAA9000000000)', '9E12455102000000'],
    [0, 'ZZZ80007000000', '0EA3AA2A82B92A00'],
    [0, '99999999999999', '9E932449FE276BEE'],
    [0, '29899999196916', '6E8324422E4166EE'],
    [1, 'A', '0141'],
    [1, 'ABC0123456a', '0B4142433031323334353661'],
    [1, 'ABC01234567z', 'AC77000046410C0201304911'],
    [1, 'ABC0123456789_', 'FE95200746410C0201304911'],
    [1, 'ZZZ80007000000', '0E0300000070000000A2AA2A'],
    [1, '99999999999999', '9E9324094992240949922409'],
    [1, 'ZZZZZZZZZZZZZZ', 'AEA5AA2AAAAAAA2AAAAAAA2A'],
    [2, 'ab-1', '61622D31'],
  ] as const)('encoding %s: %s', (encoding, text, hex) => {
    expect(toHex(encodeUniversityItemId(encoding, text) ?? bytes('00'))).toBe(hex);
    expect(decodeUniversityItemId(encoding, bytes(hex))).toBe(text);
  });

  test.each([
    [0, ''],
    [0, 'ABCD1234'],
    [0, 'abc01234'],
    [1, 'ABC-01234567'],
    [2, '123456789012345'],
    [2, '\u4e2d'],
  ] as const)('encoding %s cannot hold %s', (encoding, text) => {
    expect(encodeUniversityItemId(encoding, text)).toBeUndefined();
  });
});

describe('EPCs', () => {
  /**
   * A tag in use, dp2 `TestUHF.cs`: CRC 24E6, control word 3400. Worked out by hand: 58001338 = 01 011000 000000 000001
   * 00110011 1000 is the low half of digit 4, H, 0, 1, last character 3, count 8; 000007B9 = 494, then the high half 01.
   */
  const IN_USE = '8003 0053 38130058 B9070000';
  const tag = { secured: false, sorting: 0, version: 4, encoding: 0, elements: [3, 4, 11, 14], epcBytes: 12 };

  test('a tag in use', () => {
    expect(decodeUniversityEpc(bytes(IN_USE))).toEqual({ ...tag, primaryItemId: 'H0154943' });
  });

  test('content parameter', () => {
    const item = decodeUniversityEpc(bytes('0500 00A1 A8324911EC010000'));
    expect(item).toMatchObject({
      secured: true,
      sorting: 5,
      version: 1,
      elements: [3, 12, 15],
      primaryItemId: 'ABC0123*',
    });
  });

  test.each([
    ['reserved bits', '9003 0053 38130058B9070000'],
    ['the fourth encoding', '80C3 0053 38130058B9070000'],
    ['a count of 15', '8003 0053 3F130058B9070000'],
    ['no item id', '8003 0053 0000000000000000'],
    ['bytes behind the item id', '8003 0053 054142433031 0001'],
    ['an unprogrammed tag', '000000000000000000000000'],
    ['a book in a shop', '3074257BF7194E4000001A85'],
    ['two words', '80030053'],
  ])('%s: nothing', (_what, hex) => {
    expect(decodeUniversityEpc(bytes(hex))).toBeUndefined();
  });

  test('what is read is written to the same bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 14 }), fc.constantFrom(0x03, 0x43, 0x83), (item, second) => {
        const epc = new Uint8Array(18);
        epc.set([0x80, second, 0, 0x53, ...item]);
        const read = decodeUniversityEpc(epc);
        if (read) expect(encodeUniversityEpc(read)).toEqual(epc);
      }),
    );
    const text = fc.stringMatching(/^[0-9A-Z]{1,3}[0-9]{0,10}[!-~]$/);
    fc.assert(
      fc.property(text, fc.constantFrom(0 as const, 1 as const, 2 as const), (primaryItemId, encoding) => {
        const epc = encodeUniversityEpc({ ...tag, epcBytes: 18, primaryItemId, encoding });
        if (epc) expect(decodeUniversityEpc(epc)).toEqual({ ...tag, epcBytes: 18, primaryItemId, encoding });
      }),
      { numRuns: 1000 },
    );
  });
});
