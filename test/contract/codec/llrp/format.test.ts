import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { JsonObject } from '#contract/codec/format.ts';
import { ALL_ELEMENTS, type Element, type ElementField } from '#contract/codec/llrp/element.ts';
import { llrpFormat } from '#contract/codec/llrp/format.ts';
import { HEADER_BYTES, MESSAGE_BYTES_MAX } from '#contract/codec/llrp/header.ts';
import { toHex } from '#contract/hex.ts';
import { bytesOf } from '#test/contract/codec/llrp/notation.ts';
import { VECTORS } from '#test/contract/codec/llrp/vectors.table.ts';

const V1 = { version: 1, messageId: 7 };

/** By hand from the tables of the LLRP 1.1 standard, sections 17.1 to 17.3, and of Impinj's toolkit definition. */
const SHOWN: readonly (readonly [name: string, notation: string, json: JsonObject])[] = [
  ['KEEPALIVE', '043E 0000000A 00000007', { message: 'KEEPALIVE', ...V1 }],
  [
    'a tag report',
    '043D{ 00000007 00F0( 8D 3005FB63AC1F3841EC880467 81 0001 86 CE 82 0005A9E7D2C3B1A0 8C 3000 93 0001 ) }',
    {
      message: 'RO_ACCESS_REPORT',
      ...V1,
      parameters: [
        {
          parameter: 'TagReportData',
          parameters: [
            { parameter: 'EPC-96', EPC: '3005FB63AC1F3841EC880467' },
            { parameter: 'AntennaID', AntennaID: 1 },
            { parameter: 'PeakRSSI', PeakRSSI: -50 },
            { parameter: 'FirstSeenTimestampUTC', Microseconds: '1594188022133152' },
            { parameter: 'C1G2-PC', PC_Bits: 0x3000 },
            { parameter: 'C1G2-XPCW1', XPC_W1: 1 },
          ],
        },
      ],
    },
  ],
  [
    'an EPC of 12 bits whose padding is not zero, and a time above 2^53',
    '043D{ 00000007 00F0( 00F1( 000C ABCF ) 84 FFFFFFFFFFFFFFFF ) }',
    {
      message: 'RO_ACCESS_REPORT',
      ...V1,
      parameters: [
        {
          parameter: 'TagReportData',
          parameters: [
            { parameter: 'EPCData', EPCLengthBits: 12, EPC: 'ABCF' },
            { parameter: 'LastSeenTimestampUTC', Microseconds: '18446744073709551615' },
          ],
        },
      ],
    },
  ],
  [
    'access: every operation of C1G2',
    `0428{ 00000007 00CF( 0000000A 0000 01 80 00000001
       00D0 0007 01 0001
       00D1( 0152( 0153( 60 0020 000C FFF0 000C ABC0 ) )
         0155( 0001 00000000 80 0000 0006 )    0156( 0002 12345678 C0 0000 0001 CAFE )
         0157( 0003 87654321 )   0158( 0004 00000000 0159( 00 02 ) )
         015A( 0005 00000000 C0 0000 0001 )   015B( 0006 00000000 C0 0001 0002 CAFEBABE )
         0165( 0007 00000001 05 )   0166( 0008 00000000 C0 0000 0001 8000 )
         0167( 0009 00000000 C0 0000 0001 )   00D2( 000A ) )
       00EF 0005 00 ) }`,
    {
      message: 'ADD_ACCESSSPEC',
      ...V1,
      parameters: [
        {
          parameter: 'AccessSpec',
          AccessSpecID: 10,
          AntennaID: 0,
          ProtocolID: 1,
          CurrentState: true,
          ROSpecID: 1,
          parameters: [
            { parameter: 'AccessSpecStopTrigger', AccessSpecStopTrigger: 1, OperationCountValue: 1 },
            {
              parameter: 'AccessCommand',
              parameters: [
                {
                  parameter: 'C1G2TagSpec',
                  parameters: [
                    {
                      parameter: 'C1G2TargetTag',
                      MB: 1,
                      Match: true,
                      Pointer: 32,
                      MaskBitCount: 12,
                      TagMask: 'FFF0',
                      DataBitCount: 12,
                      TagData: 'ABC0',
                    },
                  ],
                },
                { parameter: 'C1G2Read', OpSpecID: 1, AccessPassword: 0, MB: 2, WordPointer: 0, WordCount: 6 },
                {
                  parameter: 'C1G2Write',
                  OpSpecID: 2,
                  AccessPassword: 0x12345678,
                  MB: 3,
                  WordPointer: 0,
                  WriteData: 'CAFE',
                },
                { parameter: 'C1G2Kill', OpSpecID: 3, KillPassword: 0x87654321 },
                {
                  parameter: 'C1G2Lock',
                  OpSpecID: 4,
                  AccessPassword: 0,
                  parameters: [{ parameter: 'C1G2LockPayload', Privilege: 0, DataField: 2 }],
                },
                { parameter: 'C1G2BlockErase', OpSpecID: 5, AccessPassword: 0, MB: 3, WordPointer: 0, WordCount: 1 },
                {
                  parameter: 'C1G2BlockWrite',
                  OpSpecID: 6,
                  AccessPassword: 0,
                  MB: 3,
                  WordPointer: 1,
                  WriteData: 'CAFEBABE',
                },
                { parameter: 'C1G2Recommission', OpSpecID: 7, KillPassword: 1, '3SB': true, '2SB': false, LSB: true },
                {
                  parameter: 'C1G2BlockPermalock',
                  OpSpecID: 8,
                  AccessPassword: 0,
                  MB: 3,
                  BlockPointer: 0,
                  BlockMask: '8000',
                },
                {
                  parameter: 'C1G2GetBlockPermalockStatus',
                  OpSpecID: 9,
                  AccessPassword: 0,
                  MB: 3,
                  BlockPointer: 0,
                  BlockRange: 1,
                },
                { parameter: 'ClientRequestOpSpec', OpSpecID: 10 },
              ],
            },
            { parameter: 'AccessReportSpec', AccessReportTrigger: 0 },
          ],
        },
      ],
    },
  ],
  [
    'an RF survey report',
    '043D{ 00000007 00F2( 89 00000001 8E 0001 00F3( 000D3722 000000C8 A6 BA 0081 000C 00000000000F4240 ) ) }',
    {
      message: 'RO_ACCESS_REPORT',
      ...V1,
      parameters: [
        {
          parameter: 'RFSurveyReportData',
          parameters: [
            { parameter: 'ROSpecID', ROSpecID: 1 },
            { parameter: 'SpecIndex', SpecIndex: 1 },
            {
              parameter: 'FrequencyRSSILevelEntry',
              Frequency: 866082,
              Bandwidth: 200,
              AverageRSSI: -90,
              PeakRSSI: -70,
              parameters: [{ parameter: 'Uptime', Microseconds: '1000000' }],
            },
          ],
        },
      ],
    },
  ],
  [
    'the answer to a request of the reader',
    '0437{ 00000007 00D3( 0000000A 00F1( 0010 ABCD ) 0155 000F 0001 00000000 80 0000 0002 ) }',
    {
      message: 'CLIENT_REQUEST_OP_RESPONSE',
      ...V1,
      parameters: [
        {
          parameter: 'ClientRequestResponse',
          AccessSpecID: 10,
          parameters: [
            { parameter: 'EPCData', EPCLengthBits: 16, EPC: 'ABCD' },
            { parameter: 'C1G2Read', OpSpecID: 1, AccessPassword: 0, MB: 2, WordPointer: 0, WordCount: 2 },
          ],
        },
      ],
    },
  ],
  [
    'reserved bits that are set: of the message, of a parameter, between fields',
    'A403{ 00000007 81 7CE2 0005 07 }',
    {
      message: 'SET_READER_CONFIG',
      version: 1,
      messageId: 7,
      headerReserved: 5,
      ResetToFactoryDefault: true,
      reserved: 1,
      parameters: [
        {
          parameter: 'EventsAndReports',
          headerReserved: 31,
          HoldEventsAndReportsUponReconnect: false,
          reserved: 7,
        },
      ],
    },
  ],
  ['types without a name', '0563{ 00000007 CAFE }', { message: 'Unknown', ...V1, type: 355, data: 'CAFE' }],
  [
    'a parameter without a name, and a text that is no UTF-8',
    '0464{ 00000007 011F( 0064 0002 C328 ) 01F4 0006 BEEF }',
    {
      message: 'ERROR_MESSAGE',
      ...V1,
      parameters: [
        { parameter: 'LLRPStatus', StatusCode: 100, ErrorDescription: { hex: 'C328' } },
        { parameter: 'Unknown', type: 500, data: 'BEEF' },
      ],
    },
  ],
  [
    'Impinj: enable extensions',
    '07FF 00000013 00000007 0000651A 15 00000000',
    { message: 'IMPINJ_ENABLE_EXTENSIONS', ...V1 },
  ],
  [
    'Impinj: fine RSSI and phase, a subtype that is not known and one that does not fit',
    `043D{ 00000007 00F0( 8D 3005FB63AC1F3841EC880467
       03FF( 0000651A 00000039 E890 ) 03FF( 0000651A 00000038 0400 )
       03FF( 0000651A 0000FFFF 01 ) 03FF( 0000651A 00000039 E8 ) ) }`,
    {
      message: 'RO_ACCESS_REPORT',
      ...V1,
      parameters: [
        {
          parameter: 'TagReportData',
          parameters: [
            { parameter: 'EPC-96', EPC: '3005FB63AC1F3841EC880467' },
            { parameter: 'ImpinjPeakRSSI', RSSI: -6000 },
            { parameter: 'ImpinjRFPhaseAngle', PhaseAngle: 1024 },
            { parameter: 'Custom', VendorIdentifier: 25882, ParameterSubtype: 65535, Data: '01' },
            { parameter: 'Custom', VendorIdentifier: 25882, ParameterSubtype: 57, Data: 'E8' },
          ],
        },
      ],
    },
  ],
  [
    'a vendor we have no names for',
    '07FF 00000011 00000007 00002992 01 CAFE',
    { message: 'CUSTOM_MESSAGE', ...V1, VendorIdentifier: 10642, MessageSubtype: 1, Data: 'CAFE' },
  ],
];

const everyVector: readonly (readonly [name: string, notation: string])[] = [...VECTORS, ...SHOWN].map(
  ([name, notation]) => [name, notation],
);

describe('LLRP for the bench tool', () => {
  test.each(SHOWN)('%s is shown and written', (_name, notation, json) => {
    const bytes = bytesOf(notation);
    expect(llrpFormat.decode(bytes)).toEqual({ ok: true, value: json });
    expect(llrpFormat.encode(JSON.parse(JSON.stringify(json)))).toEqual({ ok: true, value: bytes });
  });

  test.each(everyVector)('%s comes back byte for byte', (_name, notation) => {
    const bytes = bytesOf(notation);
    const decoded = llrpFormat.decode(bytes);
    const encoded = decoded.ok ? llrpFormat.encode(JSON.parse(JSON.stringify(decoded.value))) : undefined;
    expect(encoded?.ok === true ? toHex(encoded.value) : decoded).toBe(toHex(bytes));
    expect(JSON.stringify(decoded)).not.toContain('Unknown","type":1');
  });

  test.each(everyVector)('%s cut anywhere is an error', (_name, notation) => {
    const bytes = bytesOf(notation);
    for (let length = 0; length < bytes.length; length += 1) {
      expect(llrpFormat.decode(bytes.subarray(0, length))).toMatchObject({ ok: false });
    }
  });

  test('names of the toolkits are taken too', () => {
    const encoded = llrpFormat.encode({
      message: 'RO_ACCESS_REPORT',
      ...V1,
      parameters: [{ parameter: 'EPC_96', EPC: '3005FB63AC1F3841EC880467' }, { parameter: 'C1G2UHFRFModeTable' }],
    });
    expect(encoded).toEqual({ ok: true, value: bytesOf('043D{ 00000007 8D 3005FB63AC1F3841EC880467 0148 0004 }') });
  });

  test.each([
    ['not an object', 7, ''],
    ['no name', { version: 1 }, 'message'],
    ['a name of nothing', { message: 'HELLO', ...V1 }, 'message'],
    ['a version that does not exist', { message: 'KEEPALIVE', version: 3, messageId: 1 }, 'version'],
    ['no message id', { message: 'KEEPALIVE', version: 1 }, 'messageId'],
    ['a field that is missing', { message: 'START_ROSPEC', ...V1 }, 'ROSpecID'],
    ['a number that is too large', { message: 'START_ROSPEC', ...V1, ROSpecID: 2 ** 32 }, 'ROSpecID'],
    ['a field of no such name', { message: 'KEEPALIVE', ...V1, Hello: 1 }, 'Hello'],
    ['parameters that are no list', { message: 'KEEPALIVE', ...V1, parameters: {} }, 'parameters'],
    ['a parameter of no name', { message: 'KEEPALIVE', ...V1, parameters: [{}] }, 'parameters.0'],
    [
      'a parameter nobody knows',
      { message: 'KEEPALIVE', ...V1, parameters: [{ parameter: 'Tag' }] },
      'parameters.0.parameter',
    ],
    [
      'a wrong value deep inside',
      {
        message: 'RO_ACCESS_REPORT',
        ...V1,
        parameters: [{ parameter: 'TagReportData', parameters: [{ parameter: 'PeakRSSI', PeakRSSI: -129 }] }],
      },
      'parameters.0.parameters.0.PeakRSSI',
    ],
    [
      'bits that are not those of the bytes',
      { message: 'KEEPALIVE', ...V1, parameters: [{ parameter: 'EPCData', EPC: 'AB', EPCLengthBits: 9 }] },
      'parameters.0.EPCLengthBits',
    ],
    [
      'half a word',
      {
        message: 'KEEPALIVE',
        ...V1,
        parameters: [{ parameter: 'C1G2ReadOpSpecResult', Result: 0, OpSpecID: 1, ReadData: 'AB' }],
      },
      'parameters.0.ReadData',
    ],
    [
      'half a character',
      {
        message: 'KEEPALIVE',
        ...V1,
        parameters: [{ parameter: 'LLRPStatus', StatusCode: 0, ErrorDescription: '\uD800' }],
      },
      'parameters.0.ErrorDescription',
    ],
    [
      'a parameter that is too long',
      {
        message: 'KEEPALIVE',
        ...V1,
        parameters: [{ parameter: 'Unknown', type: 500, data: '00'.repeat(65532) }],
      },
      'parameters.0',
    ],
    ['a message that is too long', { message: 'Unknown', ...V1, type: 500, data: '00'.repeat(MESSAGE_BYTES_MAX) }, ''],
  ])('%s is refused with its path', (_name, value, path) => {
    expect(llrpFormat.encode(value)).toMatchObject({ ok: false, error: { path } });
  });
});

/** Values of one field, at their limits. */
function valuesOf(field: ElementField): fc.Arbitrary<Record<string, unknown>> {
  const named = (value: fc.Arbitrary<unknown>): fc.Arbitrary<Record<string, unknown>> =>
    value.map((given) => ({ [field.name]: given }));
  const hex = (constraints: fc.IntArrayConstraints): fc.Arbitrary<string> => fc.uint8Array(constraints).map(toHex);
  switch (field.kind) {
    case 'unsigned':
      return named(fc.integer({ min: 0, max: 2 ** field.bits - 1 }));
    case 'signed':
      return named(fc.integer({ min: -(2 ** (field.bits - 1)), max: 2 ** (field.bits - 1) - 1 }));
    case 'flag':
      return named(fc.boolean());
    case 'reserved':
      return fc.integer({ min: 0, max: 2 ** field.bits - 1 }).map((v) => (v === 0 ? {} : { [field.name]: v }));
    case 'u64':
      return named(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String));
    case 'text':
      return named(fc.string({ unit: 'grapheme', maxLength: 20 }));
    case 'hex':
      return named(hex({ minLength: field.bytes, maxLength: field.bytes }));
    case 'counted-hex':
      return named(hex({ maxLength: 6 }).map((text) => text.repeat(field.unitBytes)));
    case 'numbers':
      return named(fc.array(fc.integer({ min: 0, max: 2 ** field.bits - 1 }), { maxLength: 5 }));
    case 'bits':
      return fc
        .record({ bytes: fc.uint8Array({ maxLength: 9 }), short: fc.integer({ min: 0, max: 7 }) })
        .map(({ bytes, short }) => ({
          [field.name]: toHex(bytes),
          [field.countName]: Math.max(0, 8 * bytes.length - short),
        }));
    case 'rest':
      return named(hex({ maxLength: 9 }));
  }
}

function contentOf({ fields }: Element): fc.Arbitrary<Record<string, unknown>> {
  return fc.tuple(...fields.map(valuesOf)).map((parts) => Object.assign({}, ...parts) as Record<string, unknown>);
}

const messages = ALL_ELEMENTS.filter(({ form }) => form.endsWith('message'));
/** The vendor of a raw Custom is taken to be nobody: Impinj ones have names. */
const parameters = ALL_ELEMENTS.filter(({ form }) => !form.endsWith('message'));

function anyParameter(depth: number): fc.Arbitrary<Record<string, unknown>> {
  return fc.constantFrom(...parameters).chain((element) => {
    const hasChildren = depth > 0 && element.form !== 'tv' && !element.fields.some(({ kind }) => kind === 'rest');
    const children = hasChildren ? fc.array(anyParameter(depth - 1), { maxLength: 3 }) : fc.constant([]);
    return fc.record({ content: contentOf(element), children }).map(({ content, children: held }) => ({
      parameter: element.name,
      ...(element.name === 'Custom' ? { ...content, VendorIdentifier: 10642 } : content),
      ...(held.length > 0 && { parameters: held }),
    }));
  });
}

const anyMessage = fc.constantFrom(...messages).chain((element) =>
  fc
    .record({
      content: contentOf(element),
      held: element.name === 'CUSTOM_MESSAGE' ? fc.constant([]) : fc.array(anyParameter(3), { maxLength: 3 }),
      version: fc.constantFrom(1, 2),
      messageId: fc.integer({ min: 0, max: 0xffff_ffff }),
    })
    .map(({ content, held, version, messageId }) => ({
      message: element.name,
      version,
      messageId,
      ...(element.name === 'CUSTOM_MESSAGE' ? { ...content, VendorIdentifier: 10642 } : content),
      ...(held.length > 0 && { parameters: held }),
    })),
);

describe('LLRP laws of the bench tool', () => {
  test('the tables name each type and each name once', () => {
    const types = ALL_ELEMENTS.map(({ form, type }) => `${form} ${type}`);
    const names = ALL_ELEMENTS.map(({ name }) => name);
    expect(new Set(types).size).toBe(types.length);
    expect(new Set(names).size).toBe(names.length);
    expect(ALL_ELEMENTS.filter(({ form }) => form === 'message')).toHaveLength(46);
  });

  test('the fields of every element end on a whole byte', () => {
    for (const { name, fields } of ALL_ELEMENTS) {
      const bits = fields.reduce((sum, field) => {
        if ('bits' in field && field.kind !== 'numbers') return sum + field.bits;
        return field.kind === 'flag' ? sum + 1 : sum;
      }, 0);
      expect([name, bits % 8]).toEqual([name, 0]);
    }
  });

  test('every message and parameter, with any values, comes back', () => {
    fc.assert(
      fc.property(anyMessage, (given) => {
        const encoded = llrpFormat.encode(given);
        expect(encoded).toMatchObject({ ok: true });
        if (encoded.ok) expect(llrpFormat.decode(encoded.value)).toEqual({ ok: true, value: given });
      }),
      { numRuns: 1500 },
    );
  });

  test('20,000 damaged messages: nothing throws, and what is read is the same bytes again', () => {
    let seed = 42;
    const next = (below: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return (seed >>> 8) % below;
    };
    const originals = everyVector.map(([, notation]) => bytesOf(notation));
    let read = 0;
    for (let round = 0; round < 20_000; round += 1) {
      const bytes = (originals[next(originals.length)] ?? new Uint8Array()).slice();
      for (let change = next(4); change >= 0; change -= 1) bytes[next(bytes.length)] = next(256);
      const decoded = llrpFormat.decode(bytes);
      if (!decoded.ok) continue;
      read += 1;
      const encoded = llrpFormat.encode(decoded.value);
      if (!encoded.ok || toHex(encoded.value) !== toHex(bytes)) throw new Error(`not the same again: ${toHex(bytes)}`);
    }
    expect(read).toBeGreaterThan(1000);
  });

  test('any JSON is encoded or refused', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        llrpFormat.encode(value);
        llrpFormat.encode({ message: 'ADD_ROSPEC', version: 1, messageId: 1, parameters: [value] });
      }),
      { numRuns: 300 },
    );
  });

  test('parameters within parameters by the thousand are refused, both ways', () => {
    const depth = 5000;
    const bytes = new Uint8Array(HEADER_BYTES + 4 * depth);
    const view = new DataView(bytes.buffer);
    view.setUint16(0, 0x0464);
    view.setUint32(2, bytes.length);
    for (let level = 0; level < depth; level += 1) {
      view.setUint16(HEADER_BYTES + 4 * level, 0xd1);
      view.setUint16(HEADER_BYTES + 4 * level + 2, 4 * (depth - level));
    }
    expect(llrpFormat.decode(bytes)).toMatchObject({ ok: false, error: { code: 'unsupported' } });
    let parameter: Record<string, unknown> = { parameter: 'AccessCommand' };
    for (let level = 0; level < depth; level += 1) parameter = { parameter: 'AccessCommand', parameters: [parameter] };
    expect(
      llrpFormat.encode({ message: 'KEEPALIVE', version: 1, messageId: 1, parameters: [parameter] }),
    ).toMatchObject({
      ok: false,
      error: { code: 'unsupported' },
    });
  });
});

describe('LLRP streams of the bench tool', () => {
  const frames = VECTORS.slice(0, 12).map(([, notation]) => bytesOf(notation));
  const stream = Uint8Array.from(frames.flatMap((bytes) => [...bytes]));

  test('whatever the pieces, every message comes with its place', () => {
    const offsets = frames.map((_, index) => frames.slice(0, index).reduce((sum, { length }) => sum + length, 0));
    for (let pieceBytes = 1; pieceBytes <= 40; pieceBytes += 1) {
      const splitter = llrpFormat.split?.();
      const pieces = [];
      for (let at = 0; at < stream.length; at += pieceBytes) {
        pieces.push(...(splitter?.feed(stream.subarray(at, at + pieceBytes)) ?? []));
      }
      expect(pieces.map((piece) => (piece.kind === 'frame' ? [piece.offsetBytes, toHex(piece.bytes)] : piece))).toEqual(
        frames.map((bytes, index) => [offsets[index], toHex(bytes)]),
      );
      expect(splitter?.end()).toEqual([]);
    }
  });

  test('a torn end and a wrong header are faults, and only once', () => {
    const torn = llrpFormat.split?.();
    expect(torn?.feed(stream.subarray(0, 14))).toHaveLength(1);
    expect(torn?.end()).toMatchObject([{ kind: 'fault', error: { code: 'truncated', offsetBytes: 10 } }]);
    const lost = llrpFormat.split?.();
    const noise = new TextEncoder().encode('HTTP/1.1 400 Bad Request');
    expect(lost?.feed(Uint8Array.from([...stream.subarray(0, 10), ...noise]))).toMatchObject([
      { kind: 'frame', offsetBytes: 0 },
      { kind: 'fault', error: { code: 'bad-length', offsetBytes: 12 } },
    ]);
    expect(lost?.feed(stream)).toEqual([]);
    expect(lost?.end()).toEqual([]);
  });
});
