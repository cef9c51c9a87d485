import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { JsonObject } from '#contract/codec/format.ts';
import { crc16 } from '#contract/codec/crc16.ts';
import { iso28560Part3Format as format } from '#contract/codec/iso28560-3/format.ts';
import { fromHex, toHex } from '#contract/hex.ts';

const bytes = (hex: string): Uint8Array => fromHex(hex) ?? new Uint8Array(0);
const plain = (hex: string): string => hex.replaceAll(/\s/g, '').toUpperCase();

/** A tag of Oslo (koha-rfidhub), and one of a German library with 32 bytes (rfid-scanner): captures, not ours. */
const OSLO = '110202 30333031303033343831353030330000 3802 4E4F 3032303330303030000000 0000';
const DANISH = '110101 31313232333334340000000000000000 513E 4445 373035000000000000';

/** Lays a tag out by the drawing of the standard, apart from the codec. */
function tagOf(head: string, item: string, owner: string, behind = ''): Uint8Array {
  const text = (value: string, size: number): number[] => {
    const coded = [...new TextEncoder().encode(value)];
    return [...coded, ...Array.from({ length: size - coded.length }, () => 0)];
  };
  const before = [...bytes(head), ...text(item, 16)];
  const after = text(owner, 13);
  const crc = crc16(Uint8Array.from([...before, ...after]));
  return Uint8Array.from([...before, crc & 0xff, crc >> 8, ...after, ...bytes(behind)]);
}

const turned = (memory: Uint8Array): Uint8Array =>
  Uint8Array.from(memory, (value, at) => (at >= memory.length - (memory.length % 4) ? value : (memory[at ^ 3] ?? 0)));

const read = (memory: Uint8Array): JsonObject => {
  const decoded = format.decode(memory);
  if (!decoded.ok) throw new Error(decoded.error.detail);
  return decoded.value;
};
const again = (value: unknown): unknown => {
  const encoded = format.encode(JSON.parse(JSON.stringify(value)));
  return encoded.ok ? toHex(encoded.value) : encoded.error;
};

describe('read', () => {
  test('a tag of Oslo', () => {
    expect(read(bytes(OSLO))).toEqual({
      standardVersion: 1,
      typeOfUsage: 1,
      typeOfUsageName: 'Item for circulation',
      parts: 2,
      partNumber: 2,
      primaryItemId: '03010034815003',
      crc: '0238',
      crcValid: true,
      ownerCountry: 'NO',
      ownerInstitution: '02030000',
      ownerIsil: 'NO-02030000',
      variant: 'standard',
      basicBlockBytes: 34,
      extensionBlocks: [],
      memoryBytes: 36,
    });
  });

  test('a 32-byte tag', () => {
    expect(read(bytes(DANISH))).toMatchObject({
      primaryItemId: '11223344',
      crc: '3E51',
      ownerIsil: 'DE-705',
      basicBlockBytes: 32,
      memoryBytes: 32,
    });
  });

  test.each([
    ['GBUkOxU', 'GB-UkOxU'],
    ['DK718500', 'DK-718500'],
    ['CN440300', 'CN-440300'],
    ['DE-705', 'DE-705'],
  ])('the owner %s reads %s', (owner, ownerIsil) => {
    const memory = tagOf('110101', '1234', owner);
    expect(read(memory)).toMatchObject({ ownerIsil });
    expect(again(read(memory))).toBe(toHex(memory));
  });

  test('a tag without CRC is untrusted', () => {
    const memory = bytes(DANISH.replace('513E', '0000'));
    expect(read(memory)).toMatchObject({ crcValid: false, untrusted: true, crc: '0000', primaryItemId: '11223344' });
    expect(again(read(memory))).toBe(toHex(memory));
  });

  test('a wrong CRC gives nothing', () => {
    expect(format.decode(bytes(OSLO.replace('3802', '3902')))).toMatchObject({
      ok: false,
      error: { code: 'bad-checksum', offsetBytes: 19 },
    });
  });

  test('an item id of more than 16 bytes stands in the library extension block', () => {
    // Length 04 + 01 + 1B id + 00 + 09 ISIL; media format 1, item, 00, owner; XOR worked out so that all is zero.
    const item = '123456789012345678901234567';
    const data = [1, ...new TextEncoder().encode(item), 0, ...new TextEncoder().encode('OCLC-A1B2')];
    const head = [4 + data.length, 1, 0];
    const xor = [...head, ...data].reduce((sum, value) => sum ^ value, 0);
    const memory = tagOf('110101', '\u0001', '\u0001', toHex(Uint8Array.from([...head, xor, ...data, 0, 0])));
    expect(read(memory)).toMatchObject({
      primaryItemId: item,
      primaryItemIdInExtension: true,
      ownerIsil: 'OCLC-A1B2',
      ownerInExtension: true,
      extensionBlocks: [{ id: 1, name: 'Library extension block', mediaFormat: 1, itemIdentifier: item }],
    });
    expect(again(read(memory))).toBe(toHex(memory));
  });

  test('a mark that points to a block which is not there is refused', () => {
    expect(format.decode(tagOf('110101', '\u0001', 'DE705'))).toMatchObject({
      ok: false,
      error: { code: 'bad-value' },
    });
  });
});

describe('every memory comes back byte for byte', () => {
  const behinds: readonly (readonly [string, string])[] = [
    ['nothing', ''],
    ['zeros', '00'.repeat(78)],
    ['fillers and a block', '01 01 07 0100 36 313233 01 00 00'],
    ['a block up to the end', '07 0100 36 313233'],
    ['a block with a long id', '08 34FF 7856 FC AABB 00'],
    ['a damaged block', '07 0100 37 313233 00'],
    ['something behind the end mark', '00 DEADBEEF 00'],
  ];
  test.each(behinds)('with %s behind it, in each variant', (_name, behind) => {
    for (const head of ['110101', '710301', '180101', '810101', '910202', '1F00FF']) {
      const memory = tagOf(head, 'A-12 ü', 'GBUkOxU', behind);
      for (const given of [memory, turned(memory)]) expect(again(read(given))).toBe(toHex(given));
    }
  });

  test.each([32, 33, 34, 35, 36, 64, 112, 128, 256])('of %d bytes', (size) => {
    const whole = tagOf('110101', '31234567890123', 'DK718500', '00'.repeat(256));
    for (const given of [whole.slice(0, size), turned(whole.slice(0, size))]) {
      expect(read(given)).toMatchObject({ memoryBytes: size, ownerIsil: 'DK-718500' });
      expect(again(read(given))).toBe(toHex(given));
    }
  });

  test('a tag that has no item yet', () => {
    const memory = tagOf('000101'.replace('00', '10'), '', 'DK718500');
    expect(read(memory)).toMatchObject({ primaryItemId: '', typeOfUsage: 0 });
    expect(again(read(memory))).toBe(toHex(memory));
  });

  test('random content', () => {
    const text = (max: number): fc.Arbitrary<string> =>
      fc.string({ unit: fc.constantFrom('A', 'z', '0', '-', ' ', 'é'), maxLength: max });
    const field = (max: number): fc.Arbitrary<string> =>
      text(max).filter((value) => new TextEncoder().encode(value).length <= max);
    const behind = fc.uint8Array({ maxLength: 40 });
    fc.assert(
      fc.property(fc.nat({ max: 15 }), field(16), field(13), behind, (usage, item, owner, rest) => {
        const memory = tagOf(`1${usage.toString(16)}0201`, item, owner, toHex(rest));
        const decoded = format.decode(memory);
        if (decoded.ok) expect(again(decoded.value)).toBe(toHex(memory));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('written by hand', () => {
  test('item and owner are enough', () => {
    expect(again({ primaryItemId: '31234567890123', ownerIsil: 'DK-718500' })).toBe(
      toHex(tagOf('110101', '31234567890123', 'DK718500')),
    );
    expect(again({ primaryItemId: '11223344', ownerIsil: 'DE-705', memoryBytes: 32 })).toBe(plain(DANISH));
  });

  test('in a variant', () => {
    const given = {
      primaryItemId: '1234',
      ownerIsil: 'DE-705',
      typeOfUsage: 7,
      variant: 'reversed-blocks, swapped-nibbles',
    };
    expect(again(given)).toBe(toHex(turned(tagOf('710101', '1234', 'DE705', '0000'))));
  });

  test('what is too long goes into an extension block', () => {
    const hex = again({ primaryItemId: '12345678901234567', ownerIsil: 'DE-705', memoryBytes: 112 });
    expect(read(bytes(hex as string))).toMatchObject({
      primaryItemId: '12345678901234567',
      ownerIsil: 'DE-705',
      extensionBlocks: [{ id: 1, mediaFormat: 0, itemIdentifier: '12345678901234567' }],
    });
    const owner = again({ primaryItemId: '1', ownerIsil: 'OCLC-ABCDEF', memoryBytes: 112 });
    expect(read(bytes(owner as string))).toMatchObject({ primaryItemId: '1', ownerIsil: 'OCLC-ABCDEF' });
  });

  test.each([
    [{}, 'primaryItemId'],
    [{ primaryItemId: '' }, 'primaryItemId'],
    [{ primaryItemId: '12345678901234567', memoryBytes: 32 }, 'primaryItemId'],
    [{ primaryItemId: '1\u0000' }, 'primaryItemId'],
    [{ primaryItemId: '1', ownerIsil: 'DE-1234567890', memoryBytes: 32 }, 'ownerIsil'],
    [{ primaryItemId: '1', ownerIsil: '\u0007' }, 'ownerIsil'],
    [{ primaryItemId: '1', typeOfUsage: 16 }, 'typeOfUsage'],
    [{ primaryItemId: '1', parts: 256 }, 'parts'],
    [{ primaryItemId: '1', memoryBytes: 31 }, 'memoryBytes'],
    [{ primaryItemId: '1', crc: '0000' }, 'crc'],
    [{ primaryItemId: '1', ownerCountry: 'DEU' }, 'ownerCountry'],
    [{ primaryItemId: '1', ownerInstitution: '123456789012' }, 'ownerInstitution'],
    [{ primaryItemId: '12345678901234567', ownerCountry: 'DE' }, 'primaryItemId'],
    [{ primaryItemId: '1', ownerCountry: 'DE', ownerIsil: 'DK-1' }, 'ownerIsil'],
    [{ primaryItemId: '1', ownerInstitution: '1234567890', memoryBytes: 32 }, 'memoryBytes'],
    [{ primaryItemId: '1', extensionBlocks: [{ id: 1, data: '00' }], memoryBytes: 34 }, 'memoryBytes'],
    [{ primaryItemId: '1', extensionBlocks: [{ id: 0xff00, data: '00' }] }, 'extensionBlocks.0.longId'],
    [{ primaryItemId: '1', extensionBlocks: [{ id: 1, data: '00'.repeat(252) }] }, 'extensionBlocks.0.data'],
    [{ primaryItemId: '1', extensionBlocks: [{ id: 1, data: '00', name: 'x' }] }, 'extensionBlocks.0.name'],
    [{ primaryItemId: '1', isil: 'DE-1' }, 'isil'],
  ])('%j is refused at %s', (value, path) => {
    expect(format.encode(value)).toMatchObject({ ok: false, error: { code: 'bad-value', path } });
  });
});

describe('laws', () => {
  test('20,000 mutations: no throw, no other barcode', () => {
    const whole = tagOf('110101', '31234567890123', 'DK718500', '07 0100 36 313233 00');
    let seed = 7;
    let wrong = 0;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return (seed >>> 8) % below;
    };
    for (let run = 0; run < 20_000; run += 1) {
      const given = whole.slice();
      for (let flips = 1 + random(3); flips > 0; flips -= 1) {
        const at = random(given.length);
        given[at] = (given[at] ?? 0) ^ (1 << random(8));
      }
      const decoded = format.decode(given);
      if (decoded.ok && decoded.value['primaryItemId'] !== '31234567890123') wrong += 1;
    }
    expect(wrong).toBe(0);
  });

  test('no input makes it throw', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (memory) => void format.decode(memory)));
    fc.assert(
      fc.property(fc.anything(), (value) => void format.encode(value)),
      { numRuns: 2000 },
    );
  });
});
