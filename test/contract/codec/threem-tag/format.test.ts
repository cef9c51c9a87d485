import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { JsonObject } from '#contract/codec/format.ts';
import { threeMTagFormat as format } from '#contract/codec/threem-tag/format.ts';
import { fromHex, toHex } from '#contract/hex.ts';

const bytes = (hex: string): Uint8Array => fromHex(hex) ?? new Uint8Array(0);
const plain = (hex: string): string => hex.replaceAll(/\s/g, '').toUpperCase();
const text = (value: string): string => toHex(new TextEncoder().encode(value));

/** The tags of Biblio-RFID's own test (t/RFID501.t): two books, and one with every number at its limit. */
const OTHER = `04110000 ${text('200912310123')}00000000 00000000 00000000 00000000`;
const BOOK = `04110001 ${text('1301234567')}000000000000 00000000 00000000 00000000`;
const LIMITS = `04110000 ${text('200901010123')}00000000 FFFFFFFF 7FFFFFFF 00000000`;
/** Second of three, branch 291 and library 284,280, as packed by hand. */
const SET = `0423000D ${text('B 12-34/5')}00000000000000 12345678 FFFFFFFE 00000000 DEADBEEF`;
const BLANK = `${'55'.repeat(24)} 00000000 00000000`;

const read = (hex: string): JsonObject => {
  const decoded = format.decode(bytes(hex));
  if (!decoded.ok) throw new Error(decoded.error.detail);
  return decoded.value;
};
const again = (value: unknown): unknown => {
  const encoded = format.encode(JSON.parse(JSON.stringify(value)));
  return encoded.ok ? toHex(encoded.value) : encoded.error;
};

describe("3M's layout", () => {
  test('a book', () => {
    expect(read(BOOK)).toEqual({
      setIndex: 1,
      setTotal: 1,
      itemType: 1,
      itemTypeName: 'Book',
      primaryItemId: '1301234567',
      branch: 0,
      library: 0,
      custom: 0,
      memoryBytes: 32,
    });
  });

  test.each([
    [OTHER, { itemTypeName: 'Other', primaryItemId: '200912310123' }],
    [LIMITS, { branch: 4095, library: 1048575, custom: 2147483647 }],
    [
      SET,
      {
        setIndex: 2,
        setTotal: 3,
        itemTypeName: 'Book with Audio Tape',
        primaryItemId: 'B 12-34/5',
        branch: 0x123,
        library: 0x45678,
        custom: -2,
        rest: '00000000DEADBEEF',
      },
    ],
    [BLANK, { blank: true, memoryBytes: 32 }],
  ])('%s', (hex, fields) => {
    expect(read(hex)).toMatchObject(fields);
    expect(again(read(hex))).toBe(plain(hex));
  });

  test.each([24, 28, 32, 36, 112])('a fresh tag of %d bytes', (size) => {
    const hex = `${'55'.repeat(24)}${'00'.repeat(size - 24)}`;
    expect(again(read(hex))).toBe(hex);
  });

  test.each([
    ['27 bytes', plain(BOOK).slice(0, 54), 'truncated'],
    ['another mark', BOOK.replace('04', '05'), 'bad-value'],
    ['byte 2 is not zero', BOOK.replace('041100', '041101'), 'bad-value'],
    ['a character that is none', BOOK.replace('31', '1B'), 'bad-value'],
    ['an item id that goes on behind its end', BOOK.replace('33', '00'), 'bad-value'],
    ['an empty tag', '00'.repeat(32), 'bad-value'],
  ])('%s is refused', (_name, hex, code) => {
    expect(format.decode(bytes(hex))).toMatchObject({ ok: false, error: { code } });
  });

  test('an item id is enough to write a book', () => {
    expect(again({ primaryItemId: '1301234567' })).toBe(plain(BOOK));
  });

  test.each([
    [{}, 'primaryItemId'],
    [{ primaryItemId: '12345678901234567' }, 'primaryItemId'],
    [{ primaryItemId: 'ä' }, 'primaryItemId'],
    [{ primaryItemId: '1', setIndex: 16 }, 'setIndex'],
    [{ primaryItemId: '1', library: 0x100000 }, 'library'],
    [{ primaryItemId: '1', custom: 2 ** 31 }, 'custom'],
    [{ primaryItemId: '1', itemTypeName: 'Video' }, 'itemTypeName'],
    [{ primaryItemId: '1', memoryBytes: 27 }, 'memoryBytes'],
    [{ primaryItemId: '1', rest: '0000000000' }, 'rest'],
    [{ blank: false }, 'blank'],
    [{ blank: true, memoryBytes: 8 }, 'memoryBytes'],
  ])('%j is refused at %s', (value, path) => {
    expect(format.encode(value)).toMatchObject({ ok: false, error: { code: 'bad-value', path } });
  });
});

describe('laws', () => {
  test('every memory in this layout comes back byte for byte', () => {
    const item = fc.string({ unit: fc.constantFrom('A', 'z', ' ', '~', '0'), maxLength: 16 });
    const tail = fc.uint8Array({ minLength: 8, maxLength: 24 });
    fc.assert(
      fc.property(fc.nat({ max: 255 }), fc.nat({ max: 255 }), item, tail, (set, type, id, behind) => {
        const memory = new Uint8Array(20 + behind.length);
        memory.set([4, set, 0, type, ...new TextEncoder().encode(id)]);
        memory.set(behind, 20);
        expect(again(read(toHex(memory)))).toBe(toHex(memory));
      }),
      { numRuns: 1000 },
    );
  });

  test('no input makes it throw; what decodes comes back; also mutated and cut', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (memory) => void format.decode(memory)));
    fc.assert(fc.property(fc.anything(), (value) => void format.encode(value)));
    const whole = bytes(SET);
    for (let cut = 0; cut < whole.length; cut += 1) void format.decode(whole.subarray(0, cut));
    for (let at = 0; at < whole.length; at += 1) {
      for (let value = 0; value < 256; value += 1) {
        const given = whole.slice();
        given[at] = value;
        const decoded = format.decode(given);
        if (decoded.ok && value % 8 === 0) expect(again(decoded.value)).toBe(toHex(given));
      }
    }
  });
});
