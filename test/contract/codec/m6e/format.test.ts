import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  encodeFrame,
  M6E_RESPONSE_SHAPE,
  M6E_SHAPE,
  m6eCrc,
  openFrame,
  responseShape,
} from '#contract/codec/m6e/frame.ts';
import { m6eFormat } from '#contract/codec/m6e/format.ts';
import { MESSAGES } from '#contract/codec/m6e/messages.table.ts';
import { SerialFramer, type FrameShape } from '#contract/codec/serial-framer.ts';
import { fromHex, toHex } from '#contract/hex.ts';
import { testFormatLaws } from '#test/contract/codec/format-laws.ts';

const bytes = (hex: string): Uint8Array => fromHex(hex) ?? new Uint8Array(0);
const decode = (hex: string) => m6eFormat.decode(bytes(hex));

/** Recorded from a module in a continuous read, with its checksum: SparkFun library, parseResponse. */
const RECORD =
  'FF 28 22 00 00 10 00 1B 01 FF 01 01 C4 11 0E 16 40 00 00 01 27 00 00 05 00 00 0F 00 80 30 00 ' +
  '00 00 00 00 00 00 00 00 00 00 15 45 E9 4A 56 1D';

/** Recorded on the line of the maker's Universal Reader Assistant, or published with the SparkFun library. */
const RECORDED: readonly (readonly [hex: string, fields: object])[] = [
  [
    RECORD,
    {
      ...{ direction: 'response', kind: 'read-tag-multiple', status: 0, option: 0x10, searchFlags: 0x1b },
      ...{ metadataFlags: 0x1ff, responseType: 1, readCount: 1, rssiDbm: -60, antennaTx: 1, antennaRx: 1 },
      ...{ frequencyKhz: 923_200, timestampMs: 295, phase: 0, protocol: 5, embedded: { data: '' }, gpio: 15 },
      id: { pc: '3000', epc: '000000000000000000001545', crc: 'E94A' },
    },
  ],
  [
    'FF 08 22 88 10 00 13 03 E8 00 57 1F DF',
    {
      ...{ direction: 'command', kind: 'read-tag-multiple', multiSelect: 0x88, option: 0x10, searchFlags: 0x13 },
      ...{ timeoutMs: 1000, metadataFlags: 0x57 },
    },
  ],
  [
    'FF 17 22 88 14 00 13 03 E8 00 57 00 00 00 00 00 00 00 20 18 98 12 AB 04 00 00 39 B2',
    {
      ...{ direction: 'command', kind: 'read-tag-multiple', multiSelect: 0x88, option: 0x14, searchFlags: 0x13 },
      ...{ timeoutMs: 1000, metadataFlags: 0x57, parameters: '0000000000000020189812AB040000' },
    },
  ],
  [
    'FF 15 2F 00 00 01 22 00 00 05 0C 22 88 10 05 1B 03 E8 00 C8 00 57 01 00 C9 DA',
    {
      ...{ direction: 'command', kind: 'multi-protocol-tag-operation', timeoutMs: 0, option: 1, subOpcode: 0x22 },
      ...{ searchFlags: 0, protocol: 5, planBytes: 12, planOpcode: 0x22, multiSelect: 0x88, planOption: 0x10 },
      ...{ planSearchFlags: 0x51b, planTimeoutMs: 1000, offTimeMs: 200, metadataFlags: 0x57, statsFlags: 0x100 },
    },
  ],
  [
    'FF 23 2F 00 00 01 22 00 00 05 1A 22 88 14 05 1B 03 E8 00 FA 00 57 01 00 00 00 00 00 00 00 00 20 10 E2 00 04 00 00 46 C5',
    {
      ...{ direction: 'command', kind: 'multi-protocol-tag-operation', timeoutMs: 0, option: 1, subOpcode: 0x22 },
      ...{ searchFlags: 0, protocol: 5, planBytes: 26, planOpcode: 0x22 },
      plan: '8814051B03E800FA00570100' + '000000000000002010E200040000',
    },
  ],
  ['FF 03 9A 01 08 00 A7 5D', { direction: 'command', kind: 'set-optional', option: 1, key: 8, value: '00' }],
  ['FF 03 9A 01 0C 00 A3 5D', { direction: 'command', kind: 'set-optional', option: 1, key: 12, value: '00' }],
  [
    'FF 0A 24 03 E8 00 00 00 00 00 03 00 EE 58 9D',
    {
      ...{ direction: 'command', kind: 'write-tag-memory', timeoutMs: 1000, option: 0, address: 0, memBank: 3 },
      data: '00EE',
    },
  ],
  ['FF 03 29 00 57 00 A3 22', { direction: 'command', kind: 'get-tag-buffer', metadataFlags: 0x57, readOptions: 0 }],
  [
    'FF 1C 28 03 E8 11 00 00 00 00 00 00 00 00 00 00 00 00 60 98 12 AB 32 FF 00 02 06 05 E4 01 F6 BA 85',
    {
      ...{ direction: 'command', kind: 'read-tag-memory', timeoutMs: 1000, option: 0x11, metadataFlags: 0 },
      ...{ memBank: 0, address: 0, words: 0, accessPassword: '00000000' },
      mask: { bits: 96, mask: '9812AB32FF00020605E401F6' },
    },
  ],
  [
    'FF 20 23 03 E8 01 00 00 00 00 60 98 12 AB 32 FF 00 02 06 05 E4 01 F4 98 12 AB 32 FF 00 02 06 05 E4 01 F5 5D 8F',
    {
      ...{ direction: 'command', kind: 'write-tag-epc', timeoutMs: 1000, option: 1, accessPassword: '00000000' },
      ...{ mask: { bits: 96, mask: '9812AB32FF00020605E401F4' }, epc: '9812AB32FF00020605E401F5' },
    },
  ],
  [
    'FF 12 23 03 E8 01 00 00 00 00 20 AA BB CC DD AA BB CC DD EE FF 2F FA',
    {
      ...{ direction: 'command', kind: 'write-tag-epc', timeoutMs: 1000, option: 1, accessPassword: '00000000' },
      ...{ mask: { bits: 32, mask: 'AABBCCDD' }, epc: 'AABBCCDDEEFF' },
    },
  ],
  // Recorded from an M5e and an M6e Nano, and the maker's start-up sequence of compatible modules, checksums and all.
  ['FF 00 04 1D 0B', { direction: 'command', kind: 'boot-firmware' }],
  ['FF 00 03 1D 0C', { direction: 'command', kind: 'version' }],
  [
    'FF 14 04 00 00 07 10 23 00 01 00 00 03 20 14 10 07 01 07 02 09 00 00 00 10 52 51',
    {
      ...{ direction: 'response', kind: 'boot-firmware', status: 0, bootloader: '07102300', hardware: '01000003' },
      ...{ firmwareDate: '20141007', firmware: '01070209', protocols: '00000010' },
    },
  ],
  [
    'FF 14 03 00 00 23 01 06 00 38 00 02 01 20 24 09 13 02 01 06 08 00 00 00 10 CB 65',
    {
      ...{ direction: 'response', kind: 'version', status: 0, bootloader: '23010600', hardware: '38000201' },
      ...{ firmwareDate: '20240913', firmware: '02010608', protocols: '00000010' },
    },
  ],
  [
    'FF 0E 21 00 00 E2 00 32 2F E2 0D F9 31 13 28 B7 E3 D1 00 AA D0',
    { direction: 'response', kind: 'read-tag-single', status: 0, epc: 'E200322FE20DF9311328B7E3', crc: 'D100' },
  ],
  ['FF 00 21 04 00 B4 83', { direction: 'response', kind: 'read-tag-single', status: 0x400 }],
  ['FF 00 0C 1D 03', { direction: 'command', kind: 'get-current-program' }],
  ['FF 01 97 02 4B BF', { direction: 'command', kind: 'set-region', region: 2 }],
  ['FF 00 97 00 00 77 9E', { direction: 'response', kind: 'set-region', status: 0 }],
  ['FF 02 63 00 00 00 05 21 46', { direction: 'response', kind: 'get-protocol', status: 0, protocol: 5 }],
  ['FF 02 93 00 05 51 7D', { direction: 'command', kind: 'set-protocol', protocol: 5 }],
  ['FF 00 93 00 00 37 1A', { direction: 'response', kind: 'set-protocol', status: 0 }],
  [
    'FF 07 62 00 00 01 08 FC 08 FC 03 E8 7A C9',
    {
      ...{ direction: 'response', kind: 'get-read-power', status: 0, option: 1, powerCentiDbm: 2300 },
      ...{ maxCentiDbm: 2300, minCentiDbm: 1000 },
    },
  ],
  ['FF 02 92 04 B0 45 E9', { direction: 'command', kind: 'set-read-power', powerCentiDbm: 1200 }],
  [
    'FF 03 91 02 01 01 42 C5',
    { direction: 'command', kind: 'set-antenna-port', option: 2, antennas: [{ antennaTx: 1, antennaRx: 1 }] },
  ],
  [
    'FF 05 22 00 00 13 01 F4 2B 19',
    { direction: 'command', kind: 'read-tag-multiple', option: 0, searchFlags: 0x13, timeoutMs: 500 },
  ],
  [
    'FF 10 2F 00 00 01 22 00 00 05 07 22 10 00 1B 03 E8 01 FF DD 2B',
    {
      ...{ direction: 'command', kind: 'multi-protocol-tag-operation', timeoutMs: 0, option: 1, subOpcode: 0x22 },
      ...{ searchFlags: 0, protocol: 5, planBytes: 7, planOpcode: 0x22, planOption: 0x10, planSearchFlags: 0x1b },
      ...{ planTimeoutMs: 1000, metadataFlags: 0x1ff },
    },
  ],
];

/** Recorded without their checksums, which the recording programs do not print: it is put behind them. */
const BODIES: readonly (readonly [hex: string, fields: object])[] = [
  // SparkFun library, check(): embedded data, Q, link frequency and target.
  [
    'FF 3D 22 00 00 10 01 1F 0F FF 01 01 DD 11 0D 37 FC 00 00 00 B3 00 AE 05 00 90 FF 00 06 2F 80 29 01 0E 01 54 00 0D ' +
      '5F FB FF FF DC 00 80 02 00 00 00 80 34 00 E2 00 00 15 86 0E 02 88 15 40 80 29 3B 72',
    {
      ...{ status: 0, metadataFlags: 0xfff, rssiDbm: -35, frequencyKhz: 866_300, timestampMs: 179, phase: 0xae },
      ...{ embedded: { data: 'FF00062F8029010E0154000D5FFBFFFFDC00' }, gpio: 0x80, q: 2, linkFrequency: 0, target: 0 },
      id: { pc: '3400', epc: 'E2000015860E028815408029', crc: '3B72' },
    },
  ],
  // The same: the module's temperature, 26 degrees.
  [
    'FF 0A 22 00 00 00 01 1F 02 82 00 82 00 01 1A',
    { kind: 'read-tag-multiple', searchFlags: 0x11f, responseType: 2, requestedStats: '8200', temperatureC: 26 },
  ],
  // The same, parseResponse(): a second is over; 0x128 embedded reads... are not, there is one, of opcode 28.
  [
    'FF 0E 22 04 00 00 01 1F 00 00 00 00 00 01 28 00 00 00 00',
    { status: 0x400, responseType: 0, tagCount: 0, embeddedCount: 1, embeddedOpcode: 0x28, succeeded: 0, failed: 0 },
  ],
  // MercuryAPI, TMR_SR_hasMoreTags(): the end of a search with multiple select.
  ['FF 0B 22 04 00 88 10 00 1B 00 10 01 00 00 00 FD', { status: 0x400, multiSelect: 0x88, elapsedMs: 253 }],
  ['FF 00 22 04 00', { status: 0x400, kind: 'read-tag-multiple' }],
  ['FF 00 22 05 04', { status: 0x504 }],
  ['FF 00 22 05 05', { status: 0x505 }],
  // Published with a capture of the tag buffer: two tags, their timestamps 9 and 14 ms.
  [
    'FF 38 29 00 00 00 57 00 02 2B C6 11 00 00 00 09 05 00 80 34 00 E2 00 47 04 57 60 64 26 E3 01 01 0E C4 BB ' +
      '2F CC 11 00 00 00 0E 05 00 80 30 00 E2 00 42 0E 8C 50 60 17 04 4E 79 49 50 A7',
    {
      kind: 'get-tag-buffer',
      tagCount: 2,
      tags: [
        {
          ...{ readCount: 43, rssiDbm: -58, antennaTx: 1, antennaRx: 1, timestampMs: 9, protocol: 5 },
          id: { pc: '3400', epc: 'E2004704576064' + '26E301010E', crc: 'C4BB' },
        },
        {
          ...{ readCount: 47, rssiDbm: -52, antennaTx: 1, antennaRx: 1, timestampMs: 14, protocol: 5 },
          id: { pc: '3000', epc: 'E200420E8C506017044E7949', crc: '50A7' },
        },
      ],
    },
  ],
  // SparkFun library, readData(): passwords, and the TID of a Monza.
  ['FF 08 28 00 00 EE FF 11 22 12 34 56 78', { kind: 'read-tag-memory', status: 0, data: 'EEFF112212345678' }],
  // The same, getGPIO().
  [
    'FF 0D 66 00 00 01 01 00 01 02 00 00 03 00 00 04 00 01',
    { kind: 'get-pins', option: 1, pins: [1, 2, 3, 4].map((pin) => ({ pin, output: 0, high: pin % 3 === 1 ? 1 : 0 })) },
  ],
];

function withCrc(hex: string): string {
  const body = bytes(hex);
  return toHex(body) + m6eCrc(body.subarray(1)).toString(16).padStart(4, '0').toUpperCase();
}

/** As the project and the SparkFun library send them; layouts of MercuryAPI, serial_reader_l3.c. */
const COMMANDS: readonly (readonly [hex: string, fields: object])[] = [
  [
    'FF 10 2F 00 00 01 22 00 00 05 07 22 10 00 1B 03 E8 01 FF',
    { planBytes: 7, planOption: 0x10, planSearchFlags: 0x1b, planTimeoutMs: 1000, metadataFlags: 0x1ff },
  ],
  ['FF 03 2F 00 00 02', { kind: 'multi-protocol-tag-operation', option: 2 }],
  ['FF 00 04', { kind: 'boot-firmware' }],
  ['FF 00 03', { kind: 'version' }],
  ['FF 01 97 08', { kind: 'set-region', region: 8 }],
  ['FF 02 92 0A 8C', { kind: 'set-read-power', powerCentiDbm: 2700 }],
  ['FF 02 91 01 01', { kind: 'set-antenna-port', antennaTx: 1, antennaRx: 1 }],
  ['FF 03 91 02 01 01', { kind: 'set-antenna-port', option: 2, antennas: [{ antennaTx: 1, antennaRx: 1 }] }],
  ['FF 02 93 00 05', { kind: 'set-protocol', protocol: 5 }],
  ['FF 02 77 AB CD', { kind: 'other', opcode: 0x77, data: 'ABCD' }],
  ['FF 08 28 03 E8 02 00 00 00 00 06', { kind: 'read-tag-memory', memBank: 2, address: 0, words: 6 }],
];

const ALL = [...RECORDED.map(([hex]) => hex), ...[...BODIES, ...COMMANDS].map(([hex]) => withCrc(hex))];

describe('ThingMagic frames on the bench', () => {
  testFormatLaws(m6eFormat, { frames: ALL, numRuns: 4000 });

  test.each(RECORDED)('recorded: %s', (hex, fields) => {
    expect(decode(hex)).toEqual({ ok: true, value: fields });
  });

  test.each([...BODIES, ...COMMANDS])('%s', (hex, fields) => {
    expect(decode(withCrc(hex))).toMatchObject({ ok: true, value: fields });
  });

  test('the checksum is not that of the catalogue', () => {
    // MercuryAPI's tm_crc over the catalogue's usual input; CRC-16/CCITT-FALSE would give 29B1.
    expect(m6eCrc(new TextEncoder().encode('123456789'))).toBe(0xa69d);
  });

  test('every message has its own opcode and kind', () => {
    expect(new Set(MESSAGES.map(({ opcode }) => opcode)).size).toBe(MESSAGES.length);
    expect(new Set(MESSAGES.map(({ kind }) => kind)).size).toBe(MESSAGES.length);
  });

  test('whatever stands in a whole frame comes back from its fields alone', () => {
    const opcodes = fc.oneof(
      fc.constantFrom(...MESSAGES.map(({ opcode }) => opcode)),
      fc.integer({ min: 0, max: 0xff }),
    );
    const samples = ALL.map((hex) => openFrame(bytes(hex)).data);
    const mutated = fc.tuple(fc.constantFrom(...samples), fc.nat(), fc.nat(255)).map(([data, at, value]) => {
      const copy = data.slice();
      if (copy.length > 0) copy[at % copy.length] = value;
      return copy;
    });
    const data = fc.oneof(fc.uint8Array({ maxLength: 60 }), mutated);
    const statuses = fc.option(fc.constantFrom(0, 0x400, 0x504), { nil: undefined });
    fc.assert(
      fc.property(statuses, opcodes, data, (status, opcode, given) => {
        const frame = encodeFrame({ opcode, status, data: given });
        const decoded = m6eFormat.decode(frame);
        const encoded = m6eFormat.encode(decoded.ok ? decoded.value : undefined);
        expect(encoded.ok ? toHex(encoded.value) : encoded.error).toBe(toHex(frame));
      }),
      { numRuns: 4000 },
    );
  });

  test.each([
    ['powerCentiDbm', { direction: 'command', kind: 'set-read-power', powerCentiDbm: 40_000 }],
    ['status', { direction: 'response', kind: 'version' }],
    ['opcode', { direction: 'command', kind: 'other', data: '' }],
    ['kind', { direction: 'command', kind: 'nonsense' }],
    [
      'mask.mask',
      {
        direction: 'command',
        kind: 'write-tag-epc',
        timeoutMs: 1,
        option: 1,
        accessPassword: '00000000',
        mask: { bits: 9, mask: 'AA' },
        epc: '',
      },
    ],
    ['', { direction: 'command', kind: 'other', opcode: 1, data: '00'.repeat(252) }],
  ])('a fault names its field: "%s"', (path, value) => {
    expect(m6eFormat.encode(value)).toMatchObject({ ok: false, error: { code: 'bad-value', path } });
  });

  test('damage is an error', () => {
    expect(decode(RECORD.replace('C4', 'C5'))).toMatchObject({ ok: false, error: { code: 'bad-checksum' } });
    expect(decode('FF 03 9A 01 08 00 A7 5E')).toMatchObject({ ok: false, error: { code: 'bad-checksum' } });
    expect(decode('FF 28 22')).toMatchObject({ ok: false, error: { code: 'truncated', offsetBytes: 3 } });
    expect(decode('FF FF 22 00')).toMatchObject({ ok: false, error: { code: 'bad-length' } });
  });
});

describe('ThingMagic frames on a line', () => {
  function hear(shape: FrameShape, stream: Uint8Array): { frames: string[]; noiseBytes: number } {
    const framer = new SerialFramer(shape);
    const events = [...framer.feed(stream), ...framer.flush()];
    return {
      frames: events.flatMap((event) => (event.kind === 'frame' ? [toHex(event.bytes)] : [])),
      noiseBytes: events.reduce((sum, event) => sum + (event.kind === 'noise' ? event.bytes : 0), 0),
    };
  }

  test('a wake-up preamble, noise and torn frames cost themselves alone', () => {
    const frame = bytes(RECORD);
    for (let cut = 1; cut < frame.length; cut += 1) {
      const stream = Uint8Array.from([...bytes('FF FF FF FF'), ...frame.slice(0, cut), ...frame, ...frame]);
      for (const shape of [M6E_RESPONSE_SHAPE, responseShape(new Set([0x22, 0x2f])), M6E_SHAPE]) {
        expect(hear(shape, stream)).toEqual({ frames: [toHex(frame), toHex(frame)], noiseBytes: cut + 4 });
      }
    }
  });

  test('a record whose bytes fit as a command too is still a record', () => {
    // The EPC's own CRC is chosen so that it is the checksum of the shorter frame.
    const { data } = openFrame(bytes(RECORD));
    const crc = m6eCrc(Uint8Array.of(data.length, 0x22, 0, 0, ...data.subarray(0, -2)));
    data.set([crc >>> 8, crc & 0xff], data.length - 2);
    const frame = encodeFrame({ opcode: 0x22, status: 0, data });
    expect(hear(M6E_SHAPE, frame)).toEqual({ frames: [toHex(frame)], noiseBytes: 0 });
  });

  test('what is kept of a stream without end is one frame at most', () => {
    const framer = new SerialFramer(M6E_SHAPE);
    for (let i = 0; i < 100; i += 1) framer.feed(new Uint8Array(1000).fill(0xff).fill(0xf0, 1, 2));
    const left = framer.flush().reduce((sum, event) => sum + (event.kind === 'noise' ? event.bytes : 0), 0);
    expect(left).toBeLessThanOrEqual(256);
  });
});
