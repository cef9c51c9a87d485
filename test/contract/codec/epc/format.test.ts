import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { decodeEpc, encodeEpc } from '#contract/codec/epc/epc.ts';
import { epcFormat } from '#contract/codec/epc/format.ts';
import type { JsonObject } from '#contract/codec/format.ts';
import { fromHex, toHex } from '#contract/hex.ts';

const bytes = (hex: string): Uint8Array => fromHex(hex) ?? new Uint8Array(0);

/** Fills up to whole words, as the memory of a tag has them. */
const words = (hex: string): string => hex.padEnd(4 * Math.ceil(hex.length / 4), '0');

const decoded = (hex: string): JsonObject => {
  const read = epcFormat.decode(bytes(hex));
  if (!read.ok) throw new Error(read.error.detail);
  return read.value;
};

const encoded = (value: unknown): string => {
  const written = epcFormat.encode(value);
  return written.ok ? toHex(written.value) : `${written.error.path}: ${written.error.detail}`;
};

/**
 * The standard's own examples: GS1 EPC Tag Data Standard 1.9 to 1.13 and 2.3, appendix E.3, as printed there and in the
 * tests of the TDT engine `TDSStandard.cs` (which corrects two misprints: the filter of GSRN, a zero of GIAI-202);
 * GDTI-113 as in 1.6, E.3.
 */
const VECTORS: readonly (readonly [tag: string, identity: string, hex: string])[] = [
  ['sgtin-96:3.0614141.812345.6789', 'sgtin:0614141.812345.6789', '3074257BF7194E4000001A85'],
  ['sgtin-96:3.95060001343.05.123456789', 'sgtin:95060001343.05.123456789', '3066C4409047E140075BCD15'],
  ['sgtin-96:3.0037000.030241.1041970', 'sgtin:0037000.030241.1041970', '30740242201D8840000FE632'],
  [
    'sgtin-198:3.0614141.712345.32a%2Fb',
    'sgtin:0614141.712345.32a%2Fb',
    '3674257BF6B7A659B2C2BF1000000000000000000000000000',
  ],
  [
    'sgtin-198:3.95060001343.05.32a%2Fb',
    'sgtin:95060001343.05.32a%2Fb',
    '3666C4409047E159B2C2BF100000000000000000000000000000',
  ],
  ['sscc-96:3.0614141.1234567890', 'sscc:0614141.1234567890', '3174257BF4499602D2000000'],
  ['sscc-96:0.952012.03456789123', 'sscc:952012.03456789123', '311BA1B300CE0A6A83000000'],
  ['sgln-96:3.0614141.12345.5678', 'sgln:0614141.12345.5678', '3274257BF46072000000162E'],
  ['sgln-96:3.9521141.12345.5678', 'sgln:9521141.12345.5678', '3276451FD46072000000162E'],
  [
    'sgln-195:3.0614141.12345.32a%2Fb',
    'sgln:0614141.12345.32a%2Fb',
    '3974257BF46072CD9615F8800000000000000000000000000',
  ],
  [
    'sgln-195:3.9521141.12345.32a%2Fb',
    'sgln:9521141.12345.32a%2Fb',
    '3976451FD46072CD9615F8800000000000000000000000000000',
  ],
  ['grai-96:3.0614141.12345.5678', 'grai:0614141.12345.5678', '3374257BF40C0E400000162E'],
  ['grai-170:3.0614141.12345.32a%2Fb', 'grai:0614141.12345.32a%2Fb', '3774257BF40C0E59B2C2BF100000000000000000000'],
  ['giai-96:3.0614141.5678', 'giai:0614141.5678', '3474257BF40000000000162E'],
  ['giai-202:3.0614141.32a%2Fb', 'giai:0614141.32a%2Fb', '3874257BF59B2C2BF1000000000000000000000000000000000'],
  ['giai-202:3.9521141.32a%2Fb', 'giai:9521141.32a%2Fb', '3876451FD59B2C2BF10000000000000000000000000000000000'],
  ['gsrn-96:3.9521141.1234567890', 'gsrn:9521141.1234567890', '2D76451FD4499602D2000000'],
  ['gsrnp-96:3.0614141.1234567890', 'gsrnp:0614141.1234567890', '2E74257BF4499602D2000000'],
  ['gdti-96:3.0614141.12345.5678', 'gdti:0614141.12345.5678', '2C74257BF46072000000162E'],
  [
    'gdti-113:3.4012345.98765.12345678901234567',
    'gdti:4012345.98765.12345678901234567',
    '3A74F4E4E7039AC790E65D7AA5C38000',
  ],
  ['gdti-113:0.0614141.12345.6847', 'gdti:0614141.12345.6847', '3A14257BF46072000000000020E780'],
  [
    'gdti-174:3.4012345.98765.ABCDefgh012345678',
    'gdti:4012345.98765.ABCDefgh012345678',
    '3E74F4E4E7039B061438997367D0C18B266D1AB66EE0',
  ],
  ['cpi-96:3.0614141.98765.12345', 'cpi:0614141.98765.12345', '3C74257BF400C0E680003039'],
  ['cpi-var:3.0614141.5PQ7%2FZ43.12345', 'cpi:0614141.5PQ7%2FZ43.12345', '3D74257BF75411DEF6B4CC00000003039'],
  ['sgcn-96:3.4012345.67890.04711', 'sgcn:4012345.67890.04711', '3F74F4E4E612640000019907'],
  ['gid-96:31415.271828.1414', 'gid:31415.271828.1414', '350007AB70425D4000000586'],
  ['gid-96:952056.2718.1414', 'gid:952056.2718.1414', '3500E86F8000A9E000000586'],
  ['usdod-96:3.CAGEY.5678', 'usdod:CAGEY.5678', '2F320434147455900000162E'],
  ['adi-var:3.35962.PQ7VZ4.M37GXB92', 'adi:35962.PQ7VZ4.M37GXB92', '3B0E0CF5E76C9047759AD00373DC7602E7200'],
  ['itip-110:3.4012345.012345.01.02.987', 'itip:4012345.012345.01.02.987', '4074F4E4E40C0E40820000000F6C'],
  [
    'itip-212:3.4012345.012345.01.02.mw133',
    'itip:4012345.012345.01.02.mw133',
    '4174F4E4E40C0E4082DBDD8B36600000000000000000000000000000',
  ],
];

describe('examples of the Tag Data Standard', () => {
  test.each(VECTORS)('%s', (tag, identity, hex) => {
    const json = decoded(words(hex));
    expect(json).toMatchObject({ tagUri: `urn:epc:tag:${tag}`, pureIdentityUri: `urn:epc:id:${identity}` });
    expect(encoded({ tagUri: `urn:epc:tag:${tag}` })).toBe(words(hex));
    expect(encoded(JSON.parse(JSON.stringify(json)))).toBe(words(hex));
    const fields = Object.fromEntries(Object.entries(json).filter(([name]) => !name.endsWith('Uri')));
    expect(encoded(fields)).toBe(words(hex));
  });

  test('fields and barcode text of a book', () => {
    expect(decoded('3074257BF7194E4000001A85')).toEqual({
      scheme: 'SGTIN-96',
      pureIdentityUri: 'urn:epc:id:sgtin:0614141.812345.6789',
      tagUri: 'urn:epc:tag:sgtin-96:3.0614141.812345.6789',
      filter: 3,
      companyPrefix: '0614141',
      itemReference: '812345',
      serial: '6789',
      gtin: '80614141123458',
      elementString: '(01)80614141123458(21)6789',
    });
  });

  test.each([
    ['311BA1B300CE0A6A83000000', '(00)095201234567891235'],
    ['3276451FD46072000000162E', '(414)9521141123454(254)5678'],
    ['3276451FD460720000000000', '(414)9521141123454'],
    ['3376451FD40C0E400000162E', '(8003)095211411234545678'],
    ['3476451FD40000000000162E', '(8004)95211415678'],
    ['2D76451FD4499602D2000000', '(8018)952114112345678906'],
    ['2E76451FD4499602D2000000', '(8017)952114112345678906'],
    ['2C76451FD46072000000162E', '(253)95211411234545678'],
    ['3C76451FD400C0E680003039', '(8010)952114198765(8011)12345'],
    ['3F76451FD612640000019907', '(255)952114167890904711'],
    ['4076451FD40C0E40820000000F54', '(8006)095211411234540102(21)981'],
  ])('%s is %s in a barcode', (hex, elementString) => {
    expect(decoded(hex)).toMatchObject({ elementString });
  });
});

/** GS1 EPC Tag Data Standard 2.3, appendix E.3; in the TDT engine's `TDSStandard.cs`. */
describe('schemes of version 2', () => {
  test.each([
    ['SGTIN+', 'F73795211411234538566CB0AFC4', { gtin: '79521141123453', serial: '32a/b', filter: 3 }],
    ['DSGTIN+', 'FB342CDE795211411234538566CB0AFC4', { date: '220630', dateType: '4', serial: '32a/b' }],
    ['SSCC+', 'F90095201234567891235', { sscc: '095201234567891235', filter: 0 }],
    ['SGLN+', 'F2395211411234548566CB0AFC4', { gln: '9521141123454', extension: '32a/b' }],
    ['GRAI+', 'F13095211411234548566CB0AFC4', { elementString: '(8003)0952114112345432a/b' }],
    ['GIAI+', 'FA3952114132E83C2BF10', { giai: '952114132a/b' }],
    ['GSRN+', 'F43952114112345678906', { gsrn: '952114112345678906' }],
    ['GSRNP+', 'F53952114112345678906', { gsrnp: '952114112345678906' }],
    ['GDTI+', 'F6395211411234540458B8', { gdti: '9521141123454', serial: '5678' }],
    ['CPI+', 'F0395211415E87A145BAFB4D19A8C0E4', { cpi: '95211415PQ7/Z43', serial: '12345' }],
    ['SGCN+', 'F839521141678909509338', { elementString: '(255)952114167890904711' }],
    ['ITIP+', 'F3309521141123454010266AE27FDF35', { itip: '095211411234540102', serial: 'rif981' }],
  ])('%s', (scheme, hex, fields) => {
    const whole = words(hex);
    const raw = `urn:epc:raw:${4 * whole.length}.x${whole}`;
    expect(decoded(whole)).toMatchObject({ scheme, tagUri: raw, dataToggle: false, ...fields });
    expect(encoded(decoded(whole))).toBe(whole);
  });

  test.each([
    ['SGTIN++', 'FD3795211411234538566CB0AFC525065F1876F0D996D800'],
    ['SSCC++', 'EF009520123456789123592832F8C3B786CCB6C0'],
  ])('%s is known by name', (scheme, hex) => {
    expect(decoded(hex)).toEqual({ scheme, tagUri: `urn:epc:raw:${4 * hex.length}.x${hex}` });
  });

  /** By the tables of 14.5 in TDS 2.3, written by hand: three bits of encoding, five of length, the characters. */
  test.each([
    ['capital hexadecimal', 'F7379521141123453 24 ABC1', { serial: 'ABC1' }],
    ['small hexadecimal', 'F7379521141123453 44 ABC1', { serial: 'abc1' }],
    ['URN Code 40', 'F7379521141123453 A4 06AC C1C1', { serial: 'AB-1' }],
    ['digits alone', 'FA3952114132F', { giai: '952114132' }],
    ['data behind it', 'F7B79521141123453 24 ABC1 77', { serial: 'ABC1', dataToggle: true, filter: 3 }],
  ])('%s', (_what, hex, fields) => {
    expect(decoded(words(hex.replaceAll(' ', '')))).toMatchObject(fields);
  });

  test.each([
    ['an encoding that does not exist', 'F7379521141123453 C4 ABC1'],
    ['no characters', 'F7379521141123453 20 0000'],
    ['21 characters', 'F7379521141123453 35 ABC1ABC1ABC1ABC1ABC1A'],
    ['a number of more digits than its length', 'F7379521141123453 01 F0'],
    ['a control character', 'F7379521141123453 81 02'],
    ['Code 40 with more than it counts', 'F7379521141123453 A1 06AC'],
    ['no Code 40', 'F7379521141123453 A3 FFFF'],
    ['a month of 13', 'FB342DDE795211411234538566CB0AFC4'],
    ['neither digit nor end', 'FA395211413A'],
    ['an end before any digit', 'FA3F0000'],
    ['digits that never end', 'FA39521141129'],
    ['data behind it without notice', 'F7379521141123453 24 ABC1 77'],
    ['a serial of no digits', 'F839521141678909 0'],
    ['a serial of thirteen digits', 'F839521141678909 D 09338 000000'],
  ])('%s: the raw URI alone', (_what, hex) => {
    const whole = words(hex.replaceAll(' ', ''));
    expect(decoded(whole)).not.toHaveProperty('elementString');
    expect(encoded(decoded(whole))).toBe(whole);
  });

  test('a digit that is none leaves the raw URI alone', () => {
    const hex = words('F7379521141123A538566CB0AFC4');
    expect(decoded(hex)).toEqual({ scheme: 'SGTIN+', tagUri: `urn:epc:raw:${4 * hex.length}.x${hex}` });
  });
});

describe('what has no tag URI', () => {
  test.each([
    ['an unprogrammed tag', '000000000000000000000000', { header: '00', reason: 'unprogrammed' }],
    ['the serial number of a chip', 'E280689400005003F76A18ED', { header: 'E2', reason: 'unknown header' }],
    ['partition 7', '307C257BF7194E4000001A85', { headerScheme: 'SGTIN-96', reason: /partition 7/ }],
    ['a company prefix of 10^7', '3076625A03194E4000001A85', { headerScheme: 'SGTIN-96', reason: /7 digits/ }],
    ['an item reference of 10^6', '3074257BF7D0900000001A85', { headerScheme: 'SGTIN-96' }],
    ['reserved bits that are set', '3174257BF4499602D2000001', { headerScheme: 'SSCC-96', reason: /not zero/ }],
    ['96 bits in a memory of 128', '3074257BF7194E4000001A8500000000', { reason: /longer/ }],
    [
      'a filling that is not zero',
      '3674257BF6B7A659B2C2BF1000000000000000000000000000' + '01',
      { reason: /last word/ },
    ],
    ['198 bits cut to 192', '3674257BF6B7A659B2C2BF10000000000000000000000000', { headerScheme: 'SGTIN-198' }],
    ['an empty serial', '3674257BF6B7A64000000000000000000000000000000000' + '0000', { reason: /^serial/ }],
    ['a character behind the end', '3674257BF6B7A659B002BF10000000000000000000000000' + '0000', { reason: /^serial/ }],
    ['a coupon serial without its leading 1', '3F74F4E4E612640000000907', { headerScheme: 'SGCN-96' }],
    ['an empty coupon serial', '3F74F4E4E612640000000001', { reason: /^serial/ }],
    ['a part number of 1000 in three digits', '3C00E8D4A50FFF1F40003039', { headerScheme: 'CPI-96' }],
    ['an activity with the letter O', '2F32043414F455900000162E', { headerScheme: 'USDoD-96' }],
    ['two words', '30742574', { headerScheme: 'SGTIN-96' }],
  ])('%s', (_what, hex, fields) => {
    const json = decoded(hex);
    expect(json).toMatchObject({ scheme: 'raw', tagUri: `urn:epc:raw:${4 * hex.length}.x${hex}` });
    for (const [name, wanted] of Object.entries(fields)) {
      if (wanted instanceof RegExp) expect(json[name]).toMatch(wanted);
      else expect(json[name]).toBe(wanted);
    }
    expect(json).not.toHaveProperty('pureIdentityUri');
    expect(encoded({ tagUri: json['tagUri'] })).toBe(hex);
    expect(encoded(json)).toBe(hex);
  });

  test.each([
    ['', 'truncated', 0],
    ['3074257BF7194E4000001A', 'bad-length', 11],
    ['00'.repeat(64), 'bad-length', 64],
  ])('%s is refused', (hex, code, offsetBytes) => {
    expect(epcFormat.decode(bytes(hex))).toMatchObject({ ok: false, error: { code, offsetBytes } });
  });
});

/** Words of the given bits, filled with zeros; written apart from the codec. */
const ofBits = (bits: string): string =>
  bits
    .padEnd(16 * Math.ceil(bits.length / 16), '0')
    .replaceAll(/.{4}/g, (four) => Number.parseInt(four, 2).toString(16).toUpperCase());
const bitsOf = (value: number, bits: number): string => value.toString(2).padStart(bits, '0');

describe('the longest references', () => {
  const PREFIX = '000'.concat('000', bitsOf(61414112345, 40));
  const GIAI = (letters: number): string =>
    ofBits(bitsOf(0x38, 8) + PREFIX + bitsOf(0x41, 7).repeat(letters).padEnd(148, '0'));
  const CPI = (letters: number): string =>
    ofBits(bitsOf(0x3d, 8) + PREFIX + '000001'.repeat(letters) + '000000' + bitsOf(7, 40));

  test.each([
    ['giai-202', GIAI, ''],
    ['cpi-var', CPI, '.7'],
  ])('%s: 18 characters behind 12 digits', (scheme, hexOf, rest) => {
    const tagUri = `urn:epc:tag:${scheme}:0.061414112345.${'A'.repeat(18)}${rest}`;
    expect(decoded(hexOf(18))).toMatchObject({ tagUri });
    expect(encoded({ tagUri })).toBe(hexOf(18));
    expect(decoded(hexOf(19))).toMatchObject({ scheme: 'raw', reason: expect.stringMatching(/reference/) });
    expect(encoded({ tagUri: tagUri.replace('AAA', 'AAAA') })).toMatch(/1 to 18/);
  });

  test('a component serial of thirteen digits', () => {
    const hex = ofBits(`${bitsOf(0x3d, 8)}${PREFIX}000001000000${bitsOf(1e12, 40)}`);
    expect(decoded(hex)).toMatchObject({ scheme: 'raw', reason: expect.stringMatching(/^serial/) });
  });
});

describe('characters', () => {
  const ALPHABET = '!"%&\'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz';

  test('every one of the 82 goes there and back, as the table of the standard escapes it', () => {
    const uriOf = (character: string): string =>
      ({ '"': '%22', '%': '%25', '&': '%26', '/': '%2F', '<': '%3C', '>': '%3E', '?': '%3F' })[character] ?? character;
    expect(ALPHABET).toHaveLength(82);
    for (const character of ALPHABET) {
      const tagUri = `urn:epc:tag:sgtin-198:0.0614141.712345.${uriOf(character)}`;
      expect(decoded(encoded({ tagUri }))).toMatchObject({ tagUri, serial: character });
    }
  });

  test('none of the others is read', () => {
    for (let code = 0; code < 128; code += 1) {
      if (ALPHABET.includes(String.fromCharCode(code))) continue;
      const hex = ofBits(
        `${BigInt('0x3614257BF6B7A6').toString(2).padStart(56, '0')}01${bitsOf(code, 7)}`.padEnd(198, '0'),
      );
      expect(decoded(hex)).toMatchObject({ scheme: 'raw', reason: expect.stringMatching(/^serial/) });
    }
  });

  test('dots in the last field, and a hash in a part number', () => {
    const tagUri = 'urn:epc:tag:giai-202:0.0614141.a.b..c';
    expect(decoded(encoded({ tagUri }))).toMatchObject({ tagUri, individualAssetReference: 'a.b..c' });
    const part = 'urn:epc:tag:cpi-var:0.0614141.%23-A.0';
    expect(decoded(encoded({ tagUri: part }))).toMatchObject({ tagUri: part, componentPartReference: '#-A' });
    const aerospace = 'urn:epc:tag:adi-var:63.W81X9C..%2312';
    expect(decoded(encoded({ tagUri: aerospace }))).toMatchObject({ tagUri: aerospace, partNumber: '', serial: '#12' });
  });

  test('no room for an asset type behind twelve digits', () => {
    const tagUri = 'urn:epc:tag:grai-96:0.012345678901..7';
    expect(decoded(encoded({ tagUri }))).toMatchObject({ tagUri, assetType: '' });
  });
});

describe('what is not written', () => {
  test.each([
    ['a leading zero', 'sgtin-96:3.0614141.812345.06789', /serial: a number without leading zeros/],
    ['2^38', 'sgtin-96:3.0614141.812345.274877906944', /below 2\^38/],
    ['a filter of 8', 'sgtin-96:8.0614141.812345.6789', /filter/],
    ['a short item reference', 'sgtin-96:3.0614141.12345.6789', /6 digits/],
    ['a prefix of five digits', 'sgtin-96:3.61414.81234567.6789', /6 to 12 digits/],
    ['a bare slash', 'sgtin-198:3.0614141.712345.32a/b', /%2F/],
    ['an escape that is not needed', 'sgtin-198:3.0614141.712345.%41', /%2F/],
    ['a character outside', 'sgtin-198:3.0614141.712345.\u00e4', /character/],
    ['21 characters', 'sgtin-198:3.0614141.712345.123456789012345678901', /1 to 20 characters/],
    ['no serial', 'sgtin-96:3.0614141.812345', /filter\.companyPrefix\.itemReference\.serial/],
    ['letters in digits', 'sgcn-96:3.4012345.67890.4711a', /1 to 12 digits/],
    ['a part number of four digits', 'cpi-96:3.061414112345.1000.1', /3 digits/],
    ['the letter O', 'usdod-96:3.CAGEO.5678', /I and O/],
    ['an unknown scheme', 'sgtin-64:3.0614141.812345.6789', /sgtin-96/],
  ])('%s', (_what, tag, detail) => {
    expect(encoded({ tagUri: `urn:epc:tag:${tag}` })).toMatch(detail);
  });

  test.each([
    [{ tagUri: 'urn:epc:raw:96.x3074' }, /^tagUri: a raw URI/],
    [{ tagUri: 'urn:epc:raw:24.x307425' }, /^tagUri: a raw URI/],
    [{ tagUri: 'urn:epc:raw:96.xC2.x3074257BF7194E4000001A85' }, /^tagUri: a raw URI/],
    [{ tagUri: 'urn:epc:tag:sgtin-96:3.0614141.812345.6789', serial: '6790' }, /^serial: the tag URI says "6789"/],
    [{ tagUri: 7 }, /^tagUri/],
    [{ scheme: 'SGTIN+', gtin: '79521141123453' }, /^tagUri/],
    [{}, /^tagUri/],
    [null, /^: an object/],
    [[], /^: an object/],
    ['urn:epc:raw:96.x3074257BF7194E4000001A85', /^: an object/],
  ])('%j', (value, detail) => {
    expect(encoded(value)).toMatch(detail);
  });

  test('a lower-case raw URI and digits as a number are taken', () => {
    expect(encoded({ tagUri: 'urn:epc:raw:32.x3074abcd' })).toBe('3074ABCD');
    const fields = { scheme: 'SGTIN-96', filter: 3, companyPrefix: '0614141', itemReference: 812345, serial: 6789 };
    expect(encoded(fields)).toBe('3074257BF7194E4000001A85');
  });
});

/** Bytes that are close to an EPC: a known header, and zeros, ones or anything behind it. */
const nearEpc = fc
  .tuple(
    fc.integer({ min: 0x2c, max: 0x41 }),
    fc.uint8Array({ minLength: 1, maxLength: 61 }),
    fc.constantFrom(0, 0x80, 0xff),
    fc.nat(61),
  )
  .map(([header, rest, filling, from]) => Uint8Array.of(header, ...rest.fill(filling, from)))
  .filter((epc) => epc.length % 2 === 0);

describe('laws', () => {
  test('every EPC of whole words comes back from its tag URI alone', () => {
    fc.assert(
      fc.property(fc.oneof(nearEpc, fc.uint8Array({ minLength: 12, maxLength: 62 })), (random) => {
        const epc = random.subarray(0, 2 * Math.floor(random.length / 2));
        const read = decodeEpc(epc);
        expect(read.ok && encodeEpc(read.value.tagUri)).toEqual({ ok: true, value: epc });
        const json = epcFormat.decode(epc);
        expect(json.ok && epcFormat.encode(JSON.parse(JSON.stringify(json.value)))).toEqual({ ok: true, value: epc });
      }),
      { numRuns: 3000 },
    );
  });

  test('no bytes and no JSON throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), (any) => {
        const read = epcFormat.decode(any);
        expect(read.ok).toBe(any.length > 0 && any.length <= 62 && any.length % 2 === 0);
      }),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything(),
          fc.record({ tagUri: fc.string() }),
          fc.record({ tagUri: fc.string().map((text) => `urn:epc:tag:sgtin-198:3.0614141.812345.${text}`) }),
        ),
        (any) => {
          expect(typeof epcFormat.encode(any).ok).toBe('boolean');
        },
      ),
    );
  });

  test('damaged examples stay byte exact', () => {
    let schemes = 0;
    let runs = 0;
    for (const [, , hex] of VECTORS) {
      const whole = bytes(words(hex));
      for (let at = 0; at < 8 * whole.length; at += 1) {
        for (const other of [at, (at * 7 + 3) % (8 * whole.length)]) {
          const damaged = whole.slice();
          for (const bit of new Set([at, other])) damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
          const read = decodeEpc(damaged);
          if (!read.ok) throw new Error(read.error.detail);
          schemes += Number(read.value.kind === 'scheme');
          runs += 1;
          expect(encodeEpc(read.value.tagUri)).toEqual({ ok: true, value: damaged });
        }
      }
    }
    expect(runs).toBeGreaterThan(8000);
    expect(schemes).toBeGreaterThan(1000);
  });
});
