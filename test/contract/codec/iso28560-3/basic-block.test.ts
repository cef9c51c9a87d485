import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { crc16 } from '#contract/codec/crc16.ts';
import { AFI } from '#contract/codec/iso28560-3/afi.ts';
import {
  basicBlockProblem,
  decodeBasicBlock,
  encodeBasicBlock,
  joinIsil,
  splitIsil,
  USAGE,
  type Iso28560Content,
} from '#contract/codec/iso28560-3/basic-block.ts';
import { fromHex, toHex } from '#contract/hex.ts';

const bytes = (hex: string): Uint8Array => fromHex(hex) ?? new Uint8Array(0);

/** A tag of Oslo's library, 36 bytes of memory, and one of a Danish library with 32. */
const OSLO = '110202 30333031303033343831353030330000 3802 4E4F 3032303330303030000000 0000';
const DANISH = '110101 31313232333334340000000000000000 513E 4445 373035000000000000';

const OSLO_CONTENT: Iso28560Content = {
  usage: USAGE.circulation,
  parts: 2,
  part: 2,
  itemId: '03010034815003',
  country: 'NO',
  institution: '02030000',
};
const PLAIN = { confidence: 'crc', byteOrder: 'forward', nibbles: 'standard', extensions: [] };

/** Turns 4-byte blocks round, written apart from the codec. */
const turned = (hex: string): Uint8Array =>
  bytes(
    hex
      .replaceAll(/\s/g, '')
      .replaceAll(/(..)(..)(..)(..)/g, (_all, a: string, b: string, c: string, d: string) => d + c + b + a),
  );

describe('tag checksum', () => {
  test.each([
    ['RFID tag data model', 0x1aee],
    ['123456789', 0x29b1],
  ])('%s', (text, crc) => {
    expect(crc16(new TextEncoder().encode(text))).toBe(crc);
  });
});

describe('basic block, read', () => {
  test('a tag of Oslo', () => {
    expect(decodeBasicBlock(bytes(OSLO))).toEqual({
      ok: true,
      value: { ...OSLO_CONTENT, ...PLAIN, isil: 'NO-02030000' },
    });
  });

  test('a 32-byte tag: the absent bytes count as zero', () => {
    expect(decodeBasicBlock(bytes(DANISH))).toEqual({
      ok: true,
      value: {
        ...PLAIN,
        usage: 1,
        parts: 1,
        part: 1,
        itemId: '11223344',
        country: 'DE',
        institution: '705',
        isil: 'DE-705',
      },
    });
  });

  test('a writer that turns every block round', () => {
    expect(decodeBasicBlock(turned(OSLO))).toMatchObject({
      ok: true,
      value: { itemId: '03010034815003', confidence: 'crc', byteOrder: 'reversed' },
    });
  });

  test('a writer that swaps version and usage', () => {
    const swapped = encodeBasicBlock({ ...OSLO_CONTENT, usage: USAGE.discarded }, { nibbles: 'swapped' });
    expect(swapped[0]).toBe(0x71);
    expect(decodeBasicBlock(swapped)).toMatchObject({
      ok: true,
      value: { usage: 7, nibbles: 'swapped', confidence: 'crc' },
    });
  });

  test('a tag without checksum is read but not trusted', () => {
    const tag = bytes(DANISH.replace('513E', '0000'));
    expect(decodeBasicBlock(tag)).toMatchObject({ ok: true, value: { itemId: '11223344', confidence: 'no-crc' } });
  });

  test.each([
    ['a wrong byte', OSLO.replace('3030', '3031'), 'bad-checksum'],
    ['a wrong checksum', OSLO.replace('3802', '3803'), 'bad-checksum'],
    [
      'no checksum and no sensible count of parts',
      DANISH.replace('513E', '0000').replace('110101', '110102'),
      'bad-checksum',
    ],
    ['no checksum and the blocks turned round', toHex(turned(DANISH.replace('513E', '0000'))), 'bad-checksum'],
    ['no checksum and another version', DANISH.replace('513E', '0000').replace('110101', '200101'), 'bad-checksum'],
    ['an empty tag', '00'.repeat(36), 'bad-checksum'],
    ['a blank tag of another model', '55'.repeat(24) + '00'.repeat(12), 'bad-checksum'],
    ['31 bytes', DANISH.slice(0, -2), 'truncated'],
    [
      'a programmed tag that has no item yet',
      '110101 00000000000000000000000000000000 CA9F 4445 373035000000000000',
      'bad-value',
    ],
  ])('%s gives no barcode', (_name, hex, code) => {
    expect(decodeBasicBlock(bytes(hex))).toMatchObject({ ok: false, error: { code } });
  });

  /** Puts the right checksum on damaged content, so that only the content can be refused. */
  function sealed(change: (memory: Uint8Array) => void): Uint8Array {
    const memory = bytes(OSLO).slice(0, 34);
    change(memory);
    const crc = crc16(Uint8Array.from([...memory.subarray(0, 19), ...memory.subarray(21)]));
    memory.set([crc & 0xff, crc >> 8], 19);
    return memory;
  }

  test.each([
    ['a version that is none', 0, [0x22], 'unsupported'],
    ['broken UTF-8 in the item id', 3, [0xc3, 0x28], 'bad-value'],
    ['a control character in the item id', 3, [0x1b], 'bad-value'],
    ['an item id that goes on behind its end', 5, [0x00], 'bad-value'],
    ['an owner that is no text', 23, [0xff], 'bad-value'],
    ['a country that is no text', 21, [0xff], 'bad-value'],
  ])('%s is refused even with a right checksum', (_name, at, changed, code) => {
    const memory = sealed((block) => {
      block.set(changed, at);
    });
    expect(decodeBasicBlock(memory)).toMatchObject({ ok: false, error: { code } });
  });

  test('extension blocks are kept raw, and their faults told', () => {
    const read = decodeBasicBlock(bytes(`${OSLO.slice(0, -4)} 07 0100 36 313233 01 00`));
    expect(read).toMatchObject({ ok: true, value: { extensions: [{ id: 1, data: bytes('313233') }] } });
    const damaged = decodeBasicBlock(bytes(`${OSLO.slice(0, -4)} 07 0100 37 313233`));
    expect(damaged).toMatchObject({
      ok: true,
      value: { extensions: [], extensionFault: { code: 'bad-checksum', offsetBytes: 34 } },
    });
  });
});

describe('basic block, written', () => {
  test('the bytes of Oslo', () => {
    expect(toHex(encodeBasicBlock(OSLO_CONTENT))).toBe(toHex(bytes(OSLO)).slice(0, 68));
  });

  test('the bytes of the Danish tag', () => {
    const content = { usage: 1, parts: 1, part: 1, itemId: '11223344', country: 'DE', institution: '705' };
    expect(toHex(encodeBasicBlock(content, { bytes: 32 }))).toBe(toHex(bytes(DANISH)));
  });

  test('turned round, filled to whole blocks', () => {
    expect(toHex(encodeBasicBlock(OSLO_CONTENT, { byteOrder: 'reversed' }))).toBe(toHex(turned(OSLO)));
  });

  test('without checksum', () => {
    expect(toHex(encodeBasicBlock(OSLO_CONTENT, { hasCrc: false })).slice(38, 42)).toBe('0000');
  });

  test.each([
    [{ usage: 16 }, 'usage'],
    [{ usage: 1.5 }, 'usage'],
    [{ parts: 256 }, 'parts'],
    [{ part: -1 }, 'parts'],
    [{ itemId: '' }, 'item-id'],
    [{ itemId: '12345678901234567' }, 'item-id'],
    [{ itemId: '图书馆图书馆' }, 'item-id'],
    [{ itemId: 'a\0b' }, 'item-id'],
    [{ country: 'NOR' }, 'country'],
    [{ institution: '123456789012' }, 'institution'],
  ] as const)('%j does not fit', (change, problem) => {
    const content = { ...OSLO_CONTENT, ...change };
    expect(basicBlockProblem(content)).toBe(problem);
    expect(() => encodeBasicBlock(content)).toThrow(problem);
  });

  test('a 32-byte tag has two bytes less for the owner', () => {
    const content = { ...OSLO_CONTENT, institution: '1234567890' };
    expect([basicBlockProblem(content, 34), basicBlockProblem(content, 32)]).toEqual([undefined, 'institution']);
  });

  test('what is written is read back, in every form', () => {
    const text = (max: number): fc.Arbitrary<string> =>
      fc.string({ unit: fc.constantFrom('A', 'z', '0', '-', ' ', 'é', '馆'), minLength: 1, maxLength: max });
    const content = fc
      .record({
        usage: fc.integer({ min: 0, max: 15 }),
        parts: fc.integer({ min: 1, max: 255 }),
        part: fc.integer({ min: 1, max: 255 }),
        itemId: text(16),
        country: fc.constantFrom('', 'NO', 'CN'),
        institution: text(11),
      })
      .filter((value) => basicBlockProblem(value, 32) === undefined);
    const form = fc.record({
      bytes: fc.constantFrom(32 as const, 34 as const),
      byteOrder: fc.constantFrom('forward' as const, 'reversed' as const),
    });
    fc.assert(
      fc.property(content, form, (given, how) => {
        const read = decodeBasicBlock(encodeBasicBlock(given, how));
        expect(read).toMatchObject({ ok: true, value: { ...given, confidence: 'crc' } });
      }),
      { numRuns: 500 },
    );
  });

  test('no memory makes the decoder throw; one wrong bit never gives a barcode', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (memory) => void decodeBasicBlock(memory)),
      { numRuns: 1000 },
    );
    fc.assert(
      fc.property(fc.nat({ max: 34 * 8 - 1 }), (bit) => {
        const memory = bytes(OSLO);
        memory.set([(memory.at(bit >> 3) ?? 0) ^ (1 << (bit & 7))], bit >> 3);
        expect(decodeBasicBlock(memory).ok).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});

describe('ISIL', () => {
  test.each([
    ['NO', '02030000', 'NO-02030000'],
    ['', '705', '705'],
    ['DE', '', 'DE'],
    ['', '', ''],
  ])('%j and %j', (country, institution, isil) => {
    expect(joinIsil(country, institution)).toBe(isil);
  });

  test('is taken apart at its first hyphen', () => {
    expect(splitIsil('CN-440300-A')).toEqual({ country: 'CN', institution: '440300-A' });
    expect([splitIsil('OCLC-XYZ'), splitIsil('CN-'), splitIsil('CN-123456789012')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

test('the security pair', () => {
  expect(AFI).toEqual({ inStock: 7, onLoan: 194 });
});
