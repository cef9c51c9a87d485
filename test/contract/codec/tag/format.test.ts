import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { JsonObject } from '#contract/codec/format.ts';
import { tagFormat as format } from '#contract/codec/tag/format.ts';
import { fromHex, toHex } from '#contract/hex.ts';

const bytes = (hex: string): Uint8Array => fromHex(hex) ?? new Uint8Array(0);
const plain = (hex: string): string => hex.replaceAll(/\s/g, '').toUpperCase();

const OSLO = '110202 30333031303033343831353030330000 3802 4E4F 3032303330303030000000 0000';
const OBJECTS = '9100051C BE991A14 0201D014 0204B346 07441CB6 E2E335D6 830207AC C09EBAA0 6F6B0000';
const THREE_M = `04110001 31333031323334353637000000000000 ${'00'.repeat(12)}`;

const read = (hex: string): JsonObject => {
  const decoded = format.decode(bytes(hex));
  if (!decoded.ok) throw new Error(decoded.error.detail);
  return decoded.value;
};
const again = (value: unknown): unknown => {
  const encoded = format.encode(JSON.parse(JSON.stringify(value)));
  return encoded.ok ? toHex(encoded.value) : encoded.error;
};

describe('any tag', () => {
  test.each<[string, string, JsonObject]>([
    ['fixed length', OSLO, { format: 'iso28560-3', confidence: 1, evidence: ['crc'], primaryItemId: '03010034815003' }],
    ['objects', OBJECTS, { format: 'iso28560-2', confidence: 0.8, ownerIsil: 'US-InU-Mu' }],
    ["3M's layout", THREE_M, { format: '3m-tag', primaryItemId: '1301234567' }],
    ['a blank tag', '00'.repeat(112), { format: 'blank', memoryBytes: 112 }],
    ["3M's blank tag", `${'55'.repeat(24)}00000000`, { format: 'blank', codec: '3m-tag', memoryBytes: 28 }],
    [
      'a card',
      `1105 1CBE991A14 0501 80 ${'00'.repeat(22)}`,
      { format: 'patron-card', codec: 'iso28560-2', typeOfUsage: 8 },
    ],
    ['SGTIN-96', '3074257BF7194E4000001A85', { format: 'epc', scheme: 'SGTIN-96' }],
    ['SGTIN-96 with its control word', '3000 3074257BF7194E4000001A85', { format: 'epc', pc: '3000' }],
    [
      'a UHF item with its control word',
      '45C2 141CC04FC70BADB5C6E2DA1DED4DD319',
      { format: 'uhf-library', primaryItemId: '12345678', ownerIsil: 'CH-000134-1' },
    ],
    ['an EPC nobody knows', 'E2001234567890123456AAAA', { format: 'unknown', codec: 'epc', confidence: 0 }],
    ['an EPC of zeros', '00'.repeat(12), { format: 'blank', codec: 'epc' }],
  ])('%s', (_name, hex, fields) => {
    expect(read(hex)).toMatchObject(fields);
    expect(again(read(hex))).toBe(plain(hex));
  });

  test.each([
    ['a wrong CRC', OSLO.replace('3802', '3803'), 'bad-checksum'],
    ["a card's wrong CRC", OSLO.replace('110202', '180202'), 'bad-checksum'],
    ['nothing', '', 'truncated'],
    ['three bytes', '112233', 'truncated'],
    ['noise', 'FF'.repeat(65), 'bad-checksum'],
  ])('%s is refused', (_name, hex, code) => {
    expect(format.decode(bytes(hex))).toMatchObject({ ok: false, error: { code } });
  });

  test.each([
    [{ format: 'iso28560-4' }, 'format'],
    [{ format: 'unknown' }, 'codec'],
    [{ format: 'blank' }, 'memoryBytes'],
    [{ format: '3m-tag', primaryItemId: '12345678901234567' }, 'primaryItemId'],
    [{ format: 'epc', tagUri: 'urn:epc:raw:16.x3000', pc: 'x' }, 'pc'],
    [null, ''],
  ])('%j is refused at %s', (value, path) => {
    expect(format.encode(value)).toMatchObject({ ok: false, error: { path } });
  });

  test('no input makes it throw; what decodes comes back', () => {
    const damaged = fc
      .tuple(fc.constantFrom(OSLO, OBJECTS, THREE_M, '3074257BF7194E4000001A85'), fc.nat(), fc.nat({ max: 255 }))
      .map(([hex, at, value]) => {
        const memory = bytes(hex);
        memory[at % memory.length] = value;
        return memory;
      });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 70 }), damaged), (memory) => {
        const decoded = format.decode(memory);
        if (decoded.ok) expect(again(decoded.value)).toBe(toHex(memory));
      }),
      { numRuns: 3000 },
    );
    fc.assert(fc.property(fc.anything(), (value) => void format.encode(value)));
  });
});
