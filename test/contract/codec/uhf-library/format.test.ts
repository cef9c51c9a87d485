import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { JsonObject } from '#contract/codec/format.ts';
import { uhfLibraryFormat } from '#contract/codec/uhf-library/format.ts';
import { decodeUhfLibrary } from '#contract/codec/uhf-library/uhf-library.ts';
import { fromHex, toHex } from '#contract/hex.ts';

const bytes = (hex: string): Uint8Array => fromHex(hex) ?? new Uint8Array(0);
const plain = (hex: string): string => hex.replaceAll(' ', '');

const decoded = (hex: string): JsonObject => {
  const read = uhfLibraryFormat.decode(bytes(hex));
  if (!read.ok) throw new Error(read.error.detail);
  return read.value;
};

const encoded = (value: unknown): string => {
  const written = uhfLibraryFormat.encode(value);
  return written.ok ? toHex(written.value) : `${written.error.path}: ${written.error.detail}`;
};

/** Example of ISO/TS 28560-4:2014, page 49, as in dp2 `TestUHF.cs`. */
const STANDARD = '45C2 141C C04F C70B ADB5 C6E2 DA1D ED4D D319';

/** By the layouts of bookwaves-feig (`DE290Tag.java` and its neighbours), written by hand. */
const DE290 = '4000 19E9F871 000000000001E240 000000 01';

describe('tags by ISO', () => {
  test('the example of the standard', () => {
    expect(decoded(STANDARD)).toEqual({
      form: 'uii',
      pc: '45C2',
      afi: 'C2',
      ownerIsil: 'CH-000134-1',
      primaryItemId: '12345678',
      secured: false,
      uii: 'CH-000134-1.12345678.31',
      setInformation: { parts: 3, partNumber: 1 },
    });
    expect(encoded({ form: 'uii', pc: '45C2', uii: 'CH-000134-1.12345678.31' })).toBe(plain(STANDARD));
  });

  test('a new tag from its fields', () => {
    const fields = { form: 'uii', afi: '07', ownerIsil: 'CH-000134-1', primaryItemId: '12345678' };
    const set = { parts: 3, partNumber: 1 };
    const words = plain('4107 141C C04F C70B ADB5 C6E2 DA1D ED4D D319');
    expect(encoded({ ...fields, secured: true, setInformation: set })).toBe(words);
    expect(encoded({ ...fields, secured: false, setInformation: set })).toMatch(/^secured: the other fields say true/);
    expect(encoded({ ...fields, afi: 'C2', pc: '45C2', setInformation: set })).toBe(plain(STANDARD));
  });

  test('an identifier that is no text gives no item id', () => {
    const hex = '31C2 FF00 0000 0000 0000 0000 0001';
    const other = { form: 'iso-other', pc: '31C2', afi: 'C2', secured: false, epc: 'FF0000000000000000000001' };
    expect(decoded(hex)).toEqual(other);
    expect(encoded(other)).toBe(plain(hex));
  });

  /** A tag in use in China: dp2 `TestUHF.cs`, without its CRC 1303. */
  test('an owner with a number of its own', () => {
    const hex = '2907 CD22 D385 114F C04F C0D1';
    const owner = { alternativeOwner: '22333', primaryItemId: 'B0000004' };
    expect(decoded(hex)).toMatchObject({ form: 'uii', secured: true, ...owner });
    expect(encoded(decoded(hex))).toBe(plain(hex));
    expect(encoded({ form: 'uii', afi: '07', ...owner })).toBe(plain(hex));
  });

  test('a text that is no item id', () => {
    const hex = '2907 10E2 FB2102DDDF7C4E 00';
    expect(decoded(hex)).toEqual({ form: 'uii', pc: '2907', afi: '07', secured: true, uii: 'B.A12312345678' });
    expect(encoded(decoded(hex))).toBe(plain(hex));
  });

  test('a control word of another length is not believed', () => {
    const epc = bytes(STANDARD).slice(2);
    expect(decodeUhfLibrary({ pc: 0x45c2, epc })).toMatchObject({ form: 'uii' });
    expect(decodeUhfLibrary({ pc: 0x35c2, epc })).toBeUndefined();
    const item = decodeUhfLibrary({ pc: 0x35c2, epc: bytes('4105 0420F1CB30 00') });
    expect(item).toEqual({
      form: 'smartfreq-br',
      pc: 0x35c2,
      security: 'pc-afi',
      primaryItemId: 'ABC123',
      fill: 'zeros',
    });
  });

  test('zero words behind the text stay', () => {
    const hex = '21C2 141C C70B 0000 0000';
    expect(decoded(hex)).toMatchObject({ uii: 'CH-134', primaryItemId: 'CH-134', zeroWords: 2 });
    expect(encoded(decoded(hex))).toBe(plain(hex));
  });
});

describe('Smartfreq BR', () => {
  /** A B C 1 2 3 = 000001 000010 000011 110001 110010 110011, filled to five bytes. */
  test.each([
    ['2107 4105 0420F1CB30 00', { secured: true, afi: '07' }],
    ['21C2 4105 0420F1CB30 00', { secured: false, afi: 'C2' }],
    ['21C2 4105 0420F1CB38 00', { secured: false, fill: '100000' }],
    ['21DA 4105 0420F1CB30 00', { afi: 'DA' }],
    ['2000 4105 0420F1CB30 00', { pc: '2000' }],
    ['4105 0420F1CB30 00', {}],
  ])('%s', (hex, fields) => {
    const json = decoded(hex);
    expect(json).toMatchObject({ form: 'smartfreq-br', primaryItemId: 'ABC123', ...fields });
    expect('secured' in json).toBe('secured' in fields);
    expect(encoded(json)).toBe(plain(hex));
  });

  test.each([
    ['a length that is not the rest', '4106 0420F1CB30 00'],
    ['a byte behind it that is not zero', '4105 0420F1CB30 01'],
    ['a hyphen', '4103 042B71 00'],
    ['a filling that nobody writes', '4105 0420F1CB34 00'],
    ['a character that item ids have not', '4105 8420F1CB30 00'],
  ])('%s: no library tag', (_what, hex) => {
    expect(uhfLibraryFormat.decode(bytes(hex))).toMatchObject({ ok: false, error: { code: 'unsupported' } });
  });

  test('of one to nine characters, all come back', () => {
    for (let length = 1; length <= 9; length += 1) {
      const item = { form: 'smartfreq-br', primaryItemId: 'Z9A8 7B6C'.slice(0, length).trimEnd() };
      for (const fill of ['zeros', '100000']) {
        expect(decoded(encoded({ ...item, fill }))).toMatchObject(item);
      }
    }
  });
});

describe('an ISIL in the EPC', () => {
  test.each([
    ['DE-290, in stock', DE290, { header: 'DE290', ownerIsil: 'DE-290', primaryItemId: '123456', secured: true }],
    ['the slip CD290, lent', '1381F871 000000000001E240 000000 00', { ownerIsil: 'DE-290', secured: false }],
    ['DE-6', '4400 19ED0001 FFFFFFFFFFFFFFFF 000000 00', { ownerIsil: 'DE-6', primaryItemId: '18446744073709551615' }],
    ['a number lent in', '19E9F877 01 0000000001E240 00000001', { idType: 1, primaryItemId: '123456', secured: true }],
    ['@ and number', '19E9F877 02 0000000001E240 00000000', { idType: 2, primaryItemId: '@123456' }],
    ['49HBZUBD', '19E9F877 03 000000000004D2 00000000', { idType: 3, primaryItemId: '49HBZUBD0001234' }],
    ['eight characters', '19E9F877 04 00 06ACC6DDF849 00000000', { idType: 4, primaryItemId: 'AB-12.9:' }],
    ['text to the left', '19EAF321 4B313233340000000000 01 01', { primaryItemId: 'K1234', version: 1, secured: true }],
    ['text to the right', '19EAF321 00000000004B31323334 00 00', { primaryItemId: 'K1234', align: 'right' }],
    ['text before spaces', '19D50890 4B313233342020202020 00 02', { ownerIsil: 'DE-LAN1', fill: 32, flags: 2 }],
    ['text that fills the field', '19EAF321 4B313233344B31323334 00 00', { primaryItemId: 'K1234K1234' }],
    ['text in Code 40', '19EAF2F9 06ACC6DDF84900000000 07 01', { primaryItemId: 'AB-12.9:', version: 7 }],
    ['reserved bits', '19E9F871 000000000001E240 0A0B0C FF', { reserved: '0A0B0CFE', secured: true }],
    ['a library nobody described', '19F0F9D9 000000000001E240 000000 01', { ownerIsil: 'DE-999', layout: 'number' }],
  ])('%s', (_what, hex, fields) => {
    const json = decoded(hex);
    expect(json).toMatchObject({ form: 'isil-epc', ...fields });
    expect(encoded(json)).toBe(plain(hex));
  });

  test.each([
    ['a type that does not exist', '19E9F877 05 0000000001E240 00000001'],
    ['49HBZUBD with eight digits', '19E9F877 03 00000000989680 00000001'],
    ['bytes that are no text', '19EAF321 FFFFFFFFFFFFFFFFFFFF 00 01'],
    ['no text at all', '19EAF321 00000000000000000000 00 01'],
    ['no Code 40', '19EAF2F9 FFFF0000000000000000 00 01'],
  ])('%s: the owner, but no item id', (_what, hex) => {
    const json = decoded(hex);
    expect(json).toMatchObject({ form: 'isil-epc', secured: true, epc: plain(hex) });
    expect(json).not.toHaveProperty('primaryItemId');
    expect(encoded(json)).toBe(plain(hex));
  });

  test.each([
    ['14 digits of a library nobody described', '19F0F9D9 00005AF3107A4000 000000 01'],
    ['reserved bits of a library nobody described', '19F0F9D9 000000000001E240 000001 01'],
    ['the number 0', '19F0F9D9 0000000000000000 000000 01'],
    ['96 bits', '19E9F871 000000000001E240'],
    ['two letters that are not DE', '1381C031 000000000001E240 000000 01'],
  ])('%s: no library tag', (_what, hex) => {
    expect(uhfLibraryFormat.decode(bytes(hex))).toMatchObject({ ok: false, error: { code: 'unsupported' } });
  });

  test('a new tag, and one whose lending is turned round', () => {
    const fields = { form: 'isil-epc', header: 'DE290', primaryItemId: '123456' };
    expect(encoded({ ...fields, pc: '4000', secured: true })).toBe(plain(DE290));
    expect(encoded({ ...decoded(DE290), secured: false })).toBe(plain(DE290).replace(/01$/, '00'));
    expect(encoded({ ...fields, header: 'DE6', secured: false })).toBe(plain('19ED0001 000000000001E240 00000000'));
  });

  test('a library can say what stands behind its ISIL', () => {
    const epc = bytes('1381C031 4B313233340000000000 00 01');
    const profile = { header: 'CD200', ownerIsil: 'CD-200', layout: 'ascii' } as const;
    expect(decodeUhfLibrary({ epc }, [profile])).toMatchObject({ ownerIsil: 'CD-200', primaryItemId: 'K1234' });
  });
});

describe('what is not written', () => {
  test.each([
    [{ form: 'uii', uii: 'DE-290.1' }, /^form: would be read back as no library item; .* need afi 07 or C2/],
    [{ form: 'uii', afi: 'C2' }, /^uii/],
    [{ form: 'uii', afi: 'C2', uii: 'DE-290.1', primaryItemId: '2' }, /^uii: the fields beside it say 2/],
    [{ form: 'uii', afi: 'C2', uii: 'DE-290.1', ownerIsil: 'DE-6' }, /^ownerIsil: the other fields say "DE-290"/],
    [{ form: 'uii', afi: 'C2', uii: 'A'.repeat(94) }, /31 words/],
    [{ form: 'uii', afi: 'C2', uii: '\u{1F4D6}' }, /three bytes/],
    [{ form: 'uii', afi: '07', pc: '11C2', uii: 'DE-290' }, /^afi: pc says 11C2/],
    [{ form: 'uii', pc: '31C2', uii: 'DE-290' }, /^pc: announces 12 bytes of EPC, these are 4: 11C2/],
    [{ form: 'smartfreq-br', primaryItemId: 'abc' }, /^primaryItemId: capital letters/],
    [{ form: 'smartfreq-br', primaryItemId: 'ABC', secured: true }, /^secured: the other fields say nothing/],
    [{ form: 'isil-epc', header: 'DE290', primaryItemId: '12A', secured: true }, /^primaryItemId: does not fit/],
    [{ form: 'isil-epc', header: 'DE290F', primaryItemId: '12', secured: true }, /another idType/],
    [{ form: 'isil-epc', header: 'DE290', primaryItemId: '12' }, /^secured: true/],
    [{ form: 'isil-epc', header: 'DE290', secured: true }, /^primaryItemId/],
    [{ form: 'isil-epc', header: 'de290', primaryItemId: '1', secured: true }, /^header/],
    [{ form: 'isil-epc', header: 'XX1', primaryItemId: '1', secured: true }, /^layout/],
    [{ form: 'isil-epc', header: 'DE290', primaryItemId: '1', secured: true, reserved: '00000001' }, /^reserved/],
    [{ form: 'iso-other', afi: 'C2', epc: '' }, /^epc/],
    [{ form: 'iso-other', afi: 'C2', epc: '141C' }, /^form: would be read back as uii/],
    [{ form: 'other' }, /^form/],
    [{ pc: '45C2' }, /^form/],
    [null, /./],
  ])('%j', (value, detail) => {
    expect(encoded(value)).toMatch(detail);
  });

  test.each([
    ['', 'truncated'],
    ['19E9F8', 'bad-length'],
    ['00'.repeat(66), 'bad-length'],
    ['3000 3074257BF7194E4000001A85', 'unsupported'],
    ['3100 3074257BF7194E4000001A85', 'unsupported'],
    ['E280689400005003F76A18ED', 'unsupported'],
  ])('%s is no library item', (hex, code) => {
    expect(uhfLibraryFormat.decode(bytes(hex))).toMatchObject({ ok: false, error: { code } });
  });
});

const random = fc.uint8Array({ maxLength: 66 });
const epcOf = (size: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: size, maxLength: size });
const nearTag = fc.oneof(
  fc
    .tuple(fc.constantFrom('19E9F871', '19E9F877', '19EAF321', '19EAF2F9', '19F0F9D9'), epcOf(12), fc.nat(12))
    .map(([header, rest, zeros]) => Uint8Array.of(...bytes(header), ...rest.fill(0, 0, zeros))),
  fc
    .tuple(
      fc.constantFrom(0x07, 0xc2),
      fc.integer({ min: 1, max: 31 }),
      fc.uint8Array({ minLength: 62, maxLength: 62 }),
    )
    .map(([afi, words, rest]) => Uint8Array.of((words << 3) | 1, afi, ...rest.subarray(0, 2 * words))),
  fc
    .tuple(fc.constantFrom(0x07, 0xc2), fc.stringMatching(/^[A-Z]{2}-[0-9]{1,8}\.[A-Z0-9a-z.\u00e4\u4e2d]{1,12}$/))
    .map(([afi, uii]) => {
      const written = uhfLibraryFormat.encode({ form: 'uii', afi: toHex(Uint8Array.of(afi)), uii });
      return written.ok ? written.value : new Uint8Array(2);
    }),
);

describe('laws', () => {
  test('what is read is written to the same bytes', () => {
    let items = 0;
    fc.assert(
      fc.property(fc.oneof(nearTag, random), (tag) => {
        const read = uhfLibraryFormat.decode(tag);
        if (!read.ok) return;
        items += 1;
        const written = uhfLibraryFormat.encode(JSON.parse(JSON.stringify(read.value)));
        expect(written).toEqual({ ok: true, value: tag });
      }),
      { numRuns: 4000 },
    );
    expect(items).toBeGreaterThan(500);
  });

  test('damaged tags stay byte exact or are refused', () => {
    for (const hex of [STANDARD, DE290, '2107 4105 0420F1CB30 00', '19EAF321 4B313233340000000000 01 01']) {
      const whole = bytes(hex);
      for (let first = 0; first < 8 * whole.length; first += 1) {
        for (let second = first; second < 8 * whole.length; second += 13) {
          const damaged = whole.slice();
          for (const bit of new Set([first, second])) {
            damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
          }
          const read = uhfLibraryFormat.decode(damaged);
          if (read.ok) expect(uhfLibraryFormat.encode(read.value)).toEqual({ ok: true, value: damaged });
        }
      }
    }
  });

  test('no item is made up of other EPCs', () => {
    fc.assert(
      fc.property(fc.oneof(epcOf(12), epcOf(16)), fc.boolean(), (epc, hasPc) => {
        const pc = epc.length === 12 ? 0x3000 : 0x4000;
        expect(decodeUhfLibrary(hasPc ? { pc, epc } : { epc })).toBeUndefined();
      }),
      { numRuns: 4000 },
    );
  });

  test('nothing throws', () => {
    fc.assert(
      fc.property(random, (any) => {
        expect(typeof uhfLibraryFormat.decode(any).ok).toBe('boolean');
      }),
    );
    const field = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constantFrom('07', 'C2', '45C2', 'DE290', null));
    const form = fc.constantFrom('uii', 'isil-epc', 'smartfreq-br', 'iso-other');
    const value = fc.record(
      { form, pc: field, afi: field, uii: field, primaryItemId: field, header: field, secured: field, epc: field },
      { requiredKeys: ['form'] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.anything(), value), (any) => {
        expect(typeof uhfLibraryFormat.encode(any).ok).toBe('boolean');
      }),
      { numRuns: 2000 },
    );
  });
});
