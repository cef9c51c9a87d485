import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { iso28560Part2Format as format } from '#contract/codec/iso28560-2/format.ts';
import type { JsonObject } from '#contract/codec/format.ts';
import { fromHex, toHex } from '#contract/hex.ts';

const bytes = (hex: string): Uint8Array => fromHex(hex) ?? new Uint8Array(0);
const plain = (hex: string): string => hex.replaceAll(/\s/g, '').toUpperCase();

/** ISO 28560-2, annex D: the complete example (GOST R ISO 28560-2, tables D.3 to D.10; also WH/T 44). */
const ANNEX_D = '9100051C BE991A14 0201D014 0204B346 07441CB6 E2E335D6 830207AC C09EBAA0 6F6B0000';
/** ISO/TS 28560-4, example of the user bank: DSFID first, the ISIL in 7-bit compaction. */
const USER_BANK = '06 0201D0 140204B3 4607441CB6E2E335D6 5308AB4D6C9DD556CDEB 00';
/** The same with a content parameter of one byte kept free for more, as a writer of WH/T 44 does. */
const SPARE = '9100051C BE991A14 0205D000 00000014 0204B346 07441CB6 E2E335D6 830207AC C09EBAA0 6F6B0000';
/** A title (OID 17: precursor 7F, next byte 02) behind a padded shelf location. */
const WITH_TITLE = '9100051C BE991A14 0202D002 140204B3 C6020744 1CB6E2E3 35D60000 0307ACC0 9EBAA06F 6B7F0204 74657374';

const read = (hex: string): JsonObject => {
  const decoded = format.decode(bytes(hex));
  if (!decoded.ok) throw new Error(decoded.error.detail);
  return decoded.value;
};

/** What the bench tool does: print, read back, write. */
const again = (value: JsonObject): unknown => {
  const encoded = format.encode(JSON.parse(JSON.stringify(value)));
  return encoded.ok ? toHex(encoded.value) : encoded.error;
};

describe('examples of the standard', () => {
  test('annex D, the complete tag', () => {
    expect(read(ANNEX_D)).toEqual({
      primaryItemId: '123456789012',
      ownerIsil: 'US-InU-Mu',
      setInformation: { parts: 12, partNumber: 3 },
      contentParameter: [3, 4, 6],
      objects: [
        { oid: 1, name: 'Primary item identifier', compaction: 'integer', value: '123456789012', padding: 0 },
        { oid: 2, name: 'Content parameter', compaction: 'application-defined', value: [3, 4, 6] },
        { oid: 4, name: 'Set information', compaction: 'integer', value: '1203' },
        { oid: 6, name: 'Shelf location', compaction: '6-bit', value: 'QA268.L55' },
        {
          oid: 3,
          name: 'Owner institution (ISIL)',
          compaction: 'application-defined',
          value: 'US-InU-Mu',
          padding: 2,
        },
      ],
      memoryBytes: 36,
    });
  });

  test('the user bank of a UHF tag begins with the data format', () => {
    expect(read(USER_BANK)).toMatchObject({
      dsfid: '06',
      ownerIsil: 'US-InU-Mu',
      objects: [{ oid: 2 }, { oid: 4, value: '1203' }, { oid: 6 }, { oid: 3, compaction: '7-bit' }],
    });
  });

  test('an element above 14 names itself in the next byte', () => {
    expect(read(WITH_TITLE)).toMatchObject({
      contentParameter: [3, 4, 6, 17],
      objects: [{}, {}, {}, { oid: 6, padding: 2 }, {}, { oid: 17, name: 'Title', compaction: 'utf-8', value: 'test' }],
    });
  });

  test.each([ANNEX_D, USER_BANK, SPARE, WITH_TITLE, `${ANNEX_D}00000000`, `${ANNEX_D}00FF0012`])(
    '%s comes back byte for byte',
    (hex) => {
      expect(again(read(hex))).toBe(plain(hex));
    },
  );

  test('a tag written by hand gets the compactions of the standard', () => {
    const { objects } = read(ANNEX_D);
    const bare = (objects as JsonObject[]).map(({ oid, value, padding }) => ({
      oid,
      value,
      ...(padding !== undefined && { padding }),
    }));
    expect(again({ objects: bare } as JsonObject)).toBe(plain(ANNEX_D));
  });
});

describe('layout', () => {
  test.each([
    ['pad bytes that are not zero', '9102054142434445 AABB 00', { padBytes: 'AABB' }],
    ['a length in two bytes', '618003414243', { lengthBytes: 2, value: 'ABC' }],
    ['the pad count before the long OID', 'FF010203746573 00 00000000', { oid: 17, offsetFirst: true, padding: 1 }],
    ['the long OID before the pad count', 'FF 02 03 01 74 000000 00000000', { oid: 17, padding: 3 }],
    ['digits in an odd number', '2103 12345F', { compaction: 'numeric', value: '12345' }],
    ['no digits', '2102 12AB', { data: '12AB' }],
    ['bytes that are no UTF-8', '7102 C328', { data: 'C328' }],
    ['a whole number with zeros before it', '1103 000123', { value: '291', data: '000123' }],
    ['an element nobody defined', '6F6403414243', { oid: 115, name: 'Not defined' }],
    ['an element without data', '6100', { value: '' }],
  ])('%s', (_name, hex, object) => {
    const value = read(hex);
    expect(value['objects']).toMatchObject([object]);
    expect(again(value)).toBe(plain(hex));
  });

  test('128 bytes and more take two bytes of length', () => {
    const hex = `66 8148 ${'41'.repeat(200)}`;
    expect(read(hex)).toMatchObject({ objects: [{ oid: 6, value: 'A'.repeat(200) }] });
    expect(again(read(hex))).toBe(plain(hex));
    expect(again({ objects: [{ oid: 6, compaction: 'octet-string', value: 'A'.repeat(200) }] })).toBe(plain(hex));
  });

  test.each([
    ['nothing', '', 'bad-value'],
    ['an empty tag', '00000000', 'bad-value'],
    ['an element without OID', '10014100', 'bad-value'],
    ['an OID that does not exist', '7F7102AABB', 'bad-value'],
    ['data that goes on behind the memory', '11051CBE99', 'truncated'],
    ['a head that goes on behind the memory', '7F', 'truncated'],
    ['a length of three bytes', '11818100', 'bad-length'],
  ])('%s is refused', (_name, hex, code) => {
    expect(format.decode(bytes(hex))).toMatchObject({ ok: false, error: { code } });
  });
});

describe('usage and sets', () => {
  test.each([
    ['050110', 1, 0],
    ['050180', 8, 0],
    ['650172', 7, 2],
    ['150150', 8, 0],
    ['25 01 80', 8, 0],
    ['65023831', 8, 1],
    ['150180', 8, 0],
  ])('%s', (hex, typeOfUsage, typeOfUsageSub) => {
    expect(read(hex)).toMatchObject({ typeOfUsage, typeOfUsageSub });
  });

  test.each([
    ['1402 04B3', 12, 3],
    ['1401 15', 2, 1],
    ['2402 0201', 2, 1],
    ['1401 C9', 2, 1],
    ['2403 120003', 120, 3],
  ])('%s', (hex, parts, partNumber) => {
    expect(read(hex)).toMatchObject({ setInformation: { parts, partNumber } });
  });
});

describe('written by hand', () => {
  test('the smallest tag', () => {
    expect(again({ primaryItemId: '123456789012', memoryBytes: 12 })).toBe('9100051CBE991A1400000000');
  });

  test('a part of a set in circulation', () => {
    const hex = again({
      primaryItemId: '03010034815003',
      ownerIsil: 'DE-Heu1',
      setInformation: { parts: 3, partNumber: 2 },
      typeOfUsage: 1,
    });
    // 14 digits with a leading zero: numeric, 7 bytes, padded to 12; listed are OIDs 3, 4 and 5; ISIL of annex C.
    expect(hex).toBe(plain('A1 02 07 03010034815003 0000 0201E0 0306 21408E16BF1F 140120 050110'));
  });

  test.each([
    [{}, 'primaryItemId'],
    [{ primaryItemId: '' }, 'primaryItemId'],
    [{ primaryItemId: '1234', ownerIsil: 'DE 6' }, 'ownerIsil'],
    [{ primaryItemId: '1234', typeOfUsage: 16 }, 'typeOfUsage'],
    [{ primaryItemId: '1234', contentParameter: [3] }, 'contentParameter'],
    [{ primaryItemID: '1234' }, 'primaryItemID'],
    [{ primaryItemId: '123456789012', memoryBytes: 4 }, 'memoryBytes'],
    [{ objects: [] }, 'objects'],
    [{ objects: [{ oid: 1, value: 'ä', compaction: '6-bit' }] }, 'objects.0.value'],
    [{ objects: [{ oid: 1, value: '12', data: '00' }] }, 'objects.0.value'],
    [{ objects: [{ oid: 0, value: '12' }] }, 'objects.0.oid'],
    [{ objects: [{ oid: 1 }] }, 'objects.0.value'],
    [{ objects: [{ oid: 1, data: 'ABC' }] }, 'objects.0.data'],
    [{ objects: [{ oid: 1, data: '00'.repeat(16384) }] }, 'objects.0.data'],
    [{ objects: [{ oid: 1, data: '00', padding: 1, padBytes: '00' }] }, 'objects.0.padBytes'],
    [{ objects: [{ oid: 1, value: '1234' }], primaryItemId: '1235' }, 'primaryItemId'],
    [{ objects: [{ oid: 1, value: '1234' }], rest: 'FF' }, 'rest'],
    [{ objects: [{ oid: 2, value: 'text', compaction: 'application-defined' }] }, 'objects.0.value'],
    ['text', ''],
    [null, ''],
  ])('%j is refused at %s', (value, path) => {
    expect(format.encode(value)).toMatchObject({ ok: false, error: { code: 'bad-value', path } });
  });
});

describe('laws', () => {
  /** Memory made of elements by the layout alone, apart from the codec. */
  const element = fc
    .record({
      oid: fc.integer({ min: 1, max: 14 }),
      compaction: fc.integer({ min: 0, max: 7 }),
      data: fc.uint8Array({ maxLength: 20 }),
      padding: fc.option(fc.uint8Array({ maxLength: 4 }), { nil: undefined }),
      longOid: fc.option(fc.integer({ min: 0, max: 112 }), { nil: undefined }),
    })
    .map(({ oid, compaction, data, padding, longOid }) => [
      (padding ? 0x80 : 0) | (compaction << 4) | (longOid === undefined ? oid : 15),
      ...(longOid === undefined ? [] : [longOid]),
      ...(padding ? [padding.length] : []),
      data.length,
      ...data,
      ...(padding ?? []),
    ]);
  const memory = fc
    .tuple(fc.array(element, { minLength: 1, maxLength: 6 }), fc.integer({ min: 0, max: 40 }))
    .map(([elements, zeros]) => Uint8Array.from([...elements.flat(), ...new Uint8Array(zeros)]));

  test('every well-formed memory comes back byte for byte', () => {
    let read = 0;
    fc.assert(
      fc.property(memory, (given) => {
        const decoded = format.decode(given);
        // Two readings of the extra bytes are possible; a memory for which neither fits is refused.
        if (!decoded.ok) return;
        read += 1;
        expect(again(decoded.value)).toBe(toHex(given));
      }),
      { numRuns: 3000 },
    );
    expect(read).toBeGreaterThan(2700);
  });

  test('no memory makes it throw, whole or cut; what decodes comes back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (given) => {
        const decoded = format.decode(given);
        if (decoded.ok) expect(again(decoded.value)).toBe(toHex(given));
      }),
      { numRuns: 5000 },
    );
    const whole = bytes(WITH_TITLE);
    for (let cut = 0; cut <= whole.length; cut += 1) {
      const decoded = format.decode(whole.subarray(0, cut));
      if (decoded.ok) expect(again(decoded.value)).toBe(toHex(whole.subarray(0, cut)));
    }
  });

  test('20,000 mutations of a tag: no throw, what decodes comes back', () => {
    const whole = bytes(ANNEX_D);
    let seed = 1;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return (seed >>> 8) % below;
    };
    for (let run = 0; run < 20_000; run += 1) {
      const given = whole.slice();
      for (let flips = 1 + random(3); flips > 0; flips -= 1) given[random(36)] = random(256);
      const decoded = format.decode(given);
      if (decoded.ok && run % 10 === 0 && again(decoded.value) !== toHex(given)) throw new Error(toHex(given));
    }
  });

  test('no value makes the encoder throw', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => void format.encode(value)),
      { numRuns: 2000 },
    );
  });
});
