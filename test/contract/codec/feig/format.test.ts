import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { feigFormat } from '#contract/codec/feig/format.ts';
import { crc16Reflected } from '#contract/codec/crc16.ts';
import type { JsonObject } from '#contract/codec/format.ts';
import { fromHex, toHex } from '#contract/hex.ts';
import { testFormatLaws } from '#test/contract/codec/format-laws.ts';

/** Frames that programs and readers have exchanged. */
const CAPTURED = [
  // NXP community, "ICODE SLIX2 SL2S2602 SET PASSWORD FAIL", ID ISC.LRM1002 with IsoStart.
  '02000AFFB104B2023D9F',
  '02000A00B100D339DBFA',
  '02000FFFB104B30202D339D3391E68',
  '02000900B1950FDC5A',
  // ST community, "RF present password using FedmIscReader", IsoStart.
  '02000FFFB102B3000100000000217E',
  // InlayTester.Drivers.FeigReader, tests of its transport: a question and an answer of a real reader.
  '020007FF656E61',
  '02000F00650003030044530D307469',
  '020008FF8081403A',
] as const;

/** Length and checksum for the parts between them, which are written from the manuals. */
function frame(parts: string, form: 'standard' | 'advanced' = 'standard'): string {
  const middle = fromHex(parts) ?? new Uint8Array(0);
  const bytes = middle.length + (form === 'standard' ? 3 : 5);
  const head = form === 'standard' ? [bytes] : [2, bytes >> 8, bytes & 0xff];
  const covered = Uint8Array.of(...head, ...middle);
  const crc = crc16Reflected(covered);
  return toHex(Uint8Array.of(...covered, crc & 0xff, crc >> 8));
}

function shown(hex: string): JsonObject {
  const decoded = feigFormat.decode(fromHex(hex) ?? new Uint8Array(0));
  if (!decoded.ok) throw new Error(decoded.error.detail);
  return decoded.value;
}

const UID = 'E00401000FFFFFFF';
const BLOCK = '31 30 01 11';

/** ID ISC.PR101 manual, chapters 5 and 6; CPRM02.pm of Biblio-RFID for the questions. */
const HOST: readonly (readonly [parts: string, fields: object])[] = [
  ['FF 52 00', { direction: 'question', kind: 'baud-rate-detection' }],
  ['00 52 00', { direction: 'answer', kind: 'baud-rate-detection', status: 0 }],
  ['FF 65', { direction: 'question', kind: 'software-version' }],
  ['FF 66 00', { direction: 'question', kind: 'reader-info', mode: 0 }],
  ['FF 69', { direction: 'question', kind: 'rf-reset' }],
  ['00 69 00', { direction: 'answer', kind: 'rf-reset', status: 0 }],
  ['FF 6A 01', { direction: 'question', kind: 'rf-on-off', rf: 1 }],
  ['FF B0 01 00', { direction: 'question', kind: 'inventory', more: 0, notify: 0, presence: 0, antenna: 0 }],
  ['05 B0 01 80', { direction: 'question', kind: 'inventory', more: 1 }],
  ['FF B0 01 40 0A', { kind: 'inventory', notify: 1, notifyTime100Ms: 10 }],
  ['FF B0 01 10 03', { kind: 'inventory', antenna: 1, antennas: 3 }],
  ['00 B0 01', { direction: 'answer', kind: 'iso-host', status: 1 }],
  [
    `00 B0 00 02 03 3E ${UID} 03 00 E004015012345678`,
    {
      direction: 'answer',
      kind: 'iso-host',
      status: 0,
      tags: [
        { trType: 3, dsfid: 0x3e, id: UID },
        { trType: 3, dsfid: 0, id: 'E004015012345678' },
      ],
    },
  ],
  [`00 B0 94 01 03 00 ${UID}`, { status: 0x94, tags: [{ id: UID }] }],
  ['00 B0 00 01 04 00 00 04A1B2C3D4E5F6', { tags: [{ trType: 4, trInfo: 0, optInfo: 0, id: '04A1B2C3D4E5F6' }] }],
  [
    '00 B0 00 01 84 00 0E 3000 300833B2DDD9014000000000',
    { tags: [{ trType: 0x84, id: '3000300833B2DDD9014000000000' }] },
  ],
  [`FF B0 02 01 ${UID}`, { kind: 'stay-quiet', addressing: 1, uid: UID }],
  [`FF B0 23 01 ${UID} 00 04`, { kind: 'read-blocks', security: 0, uid: UID, firstBlock: 0, blockCount: 4 }],
  [`FF B0 23 0A 02 01`, { kind: 'read-blocks', security: 1, addressing: 2, firstBlock: 2, blockCount: 1 }],
  [
    `00 B0 00 02 04 00 ${BLOCK} 01 04030201`,
    {
      kind: 'iso-host',
      blocks: [
        { security: 0, data: '31300111' },
        { security: 1, data: '04030201' },
      ],
    },
  ],
  [
    `FF B0 24 01 ${UID} 01 01 04 ${BLOCK}`,
    { kind: 'write-blocks', uid: UID, firstBlock: 1, blockCount: 1, blockBytes: 4, blocks: '31300111' },
  ],
  ['00 B0 03 05', { kind: 'iso-host', status: 3, failedBlock: 5 }],
  [`FF B0 25 01 ${UID}`, { kind: 'select', uid: UID }],
  ['FF B0 26 00', { kind: 'reset-to-ready', addressing: 0 }],
  [`FF B0 27 01 ${UID} C2`, { kind: 'write-afi', uid: UID, afi: 0xc2 }],
  [`FF B0 28 01 ${UID}`, { kind: 'lock-afi' }],
  [`FF B0 29 01 ${UID} 3E`, { kind: 'write-dsfid', dsfid: 0x3e }],
  [`FF B0 2A 01 ${UID}`, { kind: 'lock-dsfid' }],
  [`FF B0 2B 01 ${UID}`, { kind: 'system-information' }],
  [
    `00 B0 00 3E ${UID} 07 03 1B 01`,
    { kind: 'iso-host', dsfid: 0x3e, uid: UID, afi: 7, blockBytesLess1: 3, blocksLess1: 27, icReference: 1 },
  ],
  [`FF B0 2C 01 ${UID} 00 04`, { kind: 'block-security', firstBlock: 0, blockCount: 4 }],
  ['00 B0 00 04 00 00 01 00', { kind: 'iso-host', security: [0, 0, 1, 0] }],
  ['00 B0 95 12', { kind: 'iso-host', status: 0x95, isoError: 0x12 }],
  ['00 B0 95 10 07', { kind: 'iso-host', status: 0x95, isoError: 0x10, failedBlock: 7 }],
  [`FF B0 23 21 ${UID} 03 0000 04`, { kind: 'iso-host', isoCommand: 0x23 }],
  [`FF B1 04 A2 01 ${UID}`, { kind: 'set-eas', uid: UID }],
  [`FF B1 04 A5 00`, { kind: 'eas-alarm', addressing: 0 }],
  [
    `FF BF 02 0028 0000 22 B2 04 ${UID}`,
    { kind: 'transparent', mode: 2, responseBits: 40, responseDelay: 0, request: `22B204${UID}` },
  ],
  [
    `FF BF 03 0018 0000 846A 62 A2 04 ${UID}`,
    { kind: 'transparent', mode: 3, eofDelay: 0x846a, request: `62A204${UID}` },
  ],
  ['00 BF 00 00 D3 39 1A 2B', { direction: 'answer', kind: 'transparent', data: '00D3391A2B' }],
  ['FF 71 000C 0004 000A 0000', { kind: 'set-output', outputStates: 12, flashing: 4, time100Ms: 10 }],
  ['FF 72 01 01 81 01 000A', { kind: 'set-outputs', outputs: [{ output: 0x81, state: 1, time100Ms: 10 }] }],
  ['FF 80 81', { kind: 'read-configuration', eeprom: 1, block: 1 }],
  ['00 80 00 0102030405060708090A0B0C0D0E', { direction: 'answer', record: '0102030405060708090A0B0C0D0E' }],
  ['FF 81 01 0102030405060708090A0B0C0D0E', { kind: 'write-configuration', eeprom: 0, block: 1 }],
  ['FF 99 01 02', { direction: 'unknown', command: 0x99, body: '0102' }],
];

/** ID ISC.LRU3000 manual chapter 11, ID ISC.LR1002 chapter 10; the field order is that of FEIG's SDK. */
const BUFFER: readonly (readonly [parts: string, fields: object])[] = [
  ['FF 22 0010', { direction: 'question', kind: 'read-buffer-advanced', dataSetCount: 16 }],
  ['00 22 92', { direction: 'answer', kind: 'read-buffer-advanced', status: 0x92 }],
  ['FF 31', { direction: 'question', kind: 'read-buffer-info' }],
  ['00 31 00 012C 0000 0003', { kind: 'read-buffer-info', tableSize: 300, tableStart: 0, tableLength: 3 }],
  ['FF 32', { direction: 'question', kind: 'clear-buffer' }],
  ['00 32 00', { direction: 'answer', kind: 'clear-buffer', status: 0 }],
  ['FF 33', { direction: 'question', kind: 'initialize-buffer' }],
  // Identifier, blocks, time, antenna: 2 + (3 + 8) + (3 + 8) + 4 + 1 = 29 bytes.
  [
    `00 22 00 33 0001 001D 03 00 08 ${UID} 0002 04 ${BLOCK} 04030201 0E 1F 3A98 02`,
    {
      direction: 'answer',
      status: 0,
      trData1: 0x33,
      dataSets: [
        {
          trType: 3,
          iddt: 0,
          id: UID,
          blockBytes: 4,
          blocks: '3130011104030201',
          time: { hour: 14, minute: 31, milliseconds: 15000 },
          antenna: 2,
        },
      ],
    },
  ],
  // Everything TR-DATA2 adds, AFI and DSFID within the identifier; date; two bytes of a later firmware.
  [
    `00 22 94 F1 37 0001 0031 03 00 0A 07 3E ${UID} 0E 1F 3A98 14 1A 0B 17 00 01 03 01 00A0B0C0D0E0 02 01 3C 00000000 02 28 00000000 01 ABCD`,
    {
      status: 0x94,
      trData1: 0xf1,
      trData2: 0x37,
      dataSets: [
        {
          afi: 7,
          dsfid: 0x3e,
          id: UID,
          date: { century: 20, year: 26, month: 11, day: 23, timeZone: 0 },
          antenna: 1,
          inputs: 3,
          state: 1,
          mac: '00A0B0C0D0E0',
          antennas: [
            { antenna: 1, rssi: 60, reserved: '00000000' },
            { antenna: 2, rssi: 40, reserved: '00000000' },
          ],
          direction: 1,
          rest: 'ABCD',
        },
      ],
    },
  ],
  // An input event without a tag.
  ['00 22 00 81 01 0001 0007 00 00 00 01 01', { dataSets: [{ trType: 0, iddt: 0, id: '', inputs: 1, state: 1 }] }],
  ['00 22 00 01 0000', { trData1: 1, dataSets: [] }],
  ['FF 21 05', { direction: 'question', kind: 'read-buffer', dataSetCount: 5 }],
  [
    `00 21 00 33 01 03 ${UID} 05 01 ${BLOCK} 0E 1F 3A98 01`,
    { kind: 'read-buffer', dataSets: [{ trType: 3, id: UID, firstBlock: 5, blocks: '31300111', antenna: 1 }] },
  ],
  ['00 6E 00 0000000000', { direction: 'answer', kind: 'reader-diagnostic', data: '0000000000' }],
  ['00 88 00 14 1A 0B 17 00 0E 1F 3A98', { kind: 'get-system-time-and-date', hour: 14, day: 23 }],
  ['00 86 00 0E 1F 3A98', { kind: 'get-system-timer', milliseconds: 15000 }],
  ['00 77 00 00000005 00000003 00000000 00000001', { kind: 'get-counters', counter1: 5, counter4: 1 }],
];

const FRAMES = [...HOST, ...BUFFER];

describe('what stands in a frame', () => {
  test('captured: an SLIX tag is asked for a random number, and refuses a password', () => {
    expect(CAPTURED.map(shown)).toEqual([
      { direction: 'question', kind: 'get-random-number', form: 'advanced', address: 255, addressing: 2 },
      { direction: 'answer', kind: 'iso-custom', form: 'advanced', address: 0, status: 0, data: 'D339' },
      {
        direction: 'question',
        kind: 'set-password',
        form: 'advanced',
        address: 255,
        addressing: 2,
        passwordId: 2,
        password: 'D339D339',
      },
      { direction: 'answer', kind: 'iso-custom', form: 'advanced', address: 0, status: 0x95, isoError: 0x0f },
      {
        direction: 'question',
        kind: 'iso-custom',
        form: 'advanced',
        address: 255,
        manufacturer: 2,
        customCommand: 0xb3,
        data: '000100000000',
      },
      { direction: 'question', kind: 'software-version', form: 'advanced', address: 255 },
      {
        direction: 'answer',
        kind: 'software-version',
        form: 'advanced',
        address: 0,
        status: 0,
        softwareMajor: 3,
        softwareMinor: 3,
        developmentRevision: 0,
        hardwareType: 0x44,
        readerType: 0x53,
        transponderTypes: 0x0d30,
      },
      { direction: 'question', kind: 'read-configuration', form: 'advanced', address: 255, eeprom: 1, block: 1 },
    ]);
  });

  test.each(FRAMES)('%s', (parts, fields) => {
    expect(shown(frame(parts))).toMatchObject({ form: 'standard', ...fields });
    expect(shown(frame(parts, 'advanced'))).toMatchObject({ form: 'advanced', ...fields });
  });

  test('a frame of more than 255 bytes', () => {
    const parts = `00 B0 00 19 ${`03 00 ${UID} `.repeat(25)}`;
    expect(fromHex(frame(parts, 'advanced'))).toHaveLength(259);
    expect(shown(frame(parts, 'advanced'))).toMatchObject({ tags: Array.from({ length: 25 }, () => ({ id: UID })) });
  });
});

describe('what cannot be read', () => {
  test.each([
    ['nothing', '', 'truncated'],
    ['a start that is none', '04FF65', 'bad-value'],
    ['a length too small', '020006FF656E', 'bad-length'],
    ['a wrong checksum', '020007FF656E62', 'bad-checksum'],
    ['a byte behind it', '020007FF656E6100', 'bad-length'],
    ['half a frame', '020007FF65', 'truncated'],
  ])('%s', (_name, hex, code) => {
    expect(feigFormat.decode(fromHex(hex) ?? new Uint8Array(0))).toMatchObject({ ok: false, error: { code } });
  });
});

describe('what cannot be written', () => {
  const head = { form: 'standard', address: 255 };
  const dataSet = { trType: 3, iddt: 0, id: UID };
  test.each([
    ['an unknown kind', { direction: 'question', kind: 'x', ...head }, 'kind'],
    ['a field too many', { direction: 'question', kind: 'rf-reset', ...head, x: 1 }, ''],
    ['a UID too short', { direction: 'question', kind: 'select', ...head, addressing: 1, uid: 'E0' }, 'uid'],
    [
      'too much for the form',
      { direction: 'question', kind: 'iso-host', ...head, isoCommand: 0x99, data: '00'.repeat(260) },
      'form',
    ],
    ['an answer without status', { direction: 'answer', kind: 'rf-reset', ...head }, 'status'],
    [
      'a field that TR-DATA does not announce',
      {
        direction: 'answer',
        kind: 'read-buffer-advanced',
        ...head,
        status: 0,
        trData1: 1,
        dataSets: [{ ...dataSet, antenna: 1 }],
      },
      'dataSets.0',
    ],
    [
      'a tag without its UID',
      { direction: 'answer', kind: 'iso-host', ...head, status: 0, tags: [{ trType: 3, dsfid: 0, id: 'E0' }] },
      'tags.0',
    ],
  ])('%s', (_name, value, path) => {
    expect(feigFormat.encode(value)).toMatchObject({ ok: false, error: { path } });
  });
});

describe('the laws', () => {
  test('whatever body a frame has, it comes back from its fields alone', () => {
    const known = FRAMES.map(([parts]) => fromHex(parts) ?? new Uint8Array(0));
    const mutated = fc
      .tuple(
        fc.constantFrom(...known),
        fc.array(fc.tuple(fc.nat({ max: 80 }), fc.nat({ max: 255 })), { maxLength: 3 }),
        fc.uint8Array({ maxLength: 3 }),
        fc.nat({ max: 3 }),
      )
      .map(([parts, changes, tail, cut]) => {
        const copy = Uint8Array.of(...parts.slice(0, Math.max(2, parts.length - cut)), ...tail);
        for (const [at, value] of changes) copy[at % copy.length] = value;
        return copy;
      });
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array({ minLength: 2, maxLength: 60 })), fc.boolean(), (parts, isLong) => {
        const hex = frame(toHex(parts), isLong ? 'advanced' : 'standard');
        const encoded = feigFormat.encode(JSON.parse(JSON.stringify(shown(hex))) as unknown);
        expect(encoded.ok ? toHex(encoded.value) : encoded.error).toBe(hex);
      }),
      { numRuns: 4000 },
    );
  });

  test('a flood of false starts costs no more than one frame of memory', () => {
    const splitter = feigFormat.split?.();
    const noise = new Uint8Array(3000).fill(0xff);
    const good = fromHex(frame('00 69 00')) ?? new Uint8Array(0);
    const pieces = [splitter?.feed(noise) ?? [], splitter?.feed(good) ?? [], splitter?.end() ?? []].flat();
    expect(pieces.filter(({ kind }) => kind === 'frame')).toHaveLength(1);
  });

  testFormatLaws(feigFormat, {
    frames: [
      ...CAPTURED,
      ...FRAMES.map(([parts]) => frame(parts)),
      ...BUFFER.map(([parts]) => frame(parts, 'advanced')),
    ],
    numRuns: 4000,
  });
});
