import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Format } from '#contract/codec/format.ts';
import { UHFREADER_SHAPE } from '#contract/codec/uhfreader/framer.ts';
import { uhfreader18Format, uhfreader288Format } from '#contract/codec/uhfreader/format.ts';
import { crc16Reflected } from '#contract/codec/crc16.ts';
import { fromHex, toHex } from '#contract/hex.ts';
import { testFormatLaws } from '#test/contract/codec/format-laws.ts';

/** Bytes of a hex text, with the checksum behind them. */
function sealed(hex: string): string {
  const bytes = fromHex(hex) ?? new Uint8Array(0);
  const crc = crc16Reflected(bytes);
  return toHex(Uint8Array.of(...bytes, crc & 0xff, crc >>> 8));
}

function decode(format: Format, hex: string): unknown {
  const decoded = format.decode(fromHex(hex) ?? new Uint8Array(0));
  return decoded.ok ? decoded.value : decoded.error;
}

/**
 * Captured: the inventory answers of a CF-RU6403 published with wabson/chafon-rfid, and the commands and answers of a
 * CF-MU804 published with Timereversal/rfidtime. The checksums are the readers'.
 */
const CAPTURED_288 = [
  '1500010301010c0000000000000000000003136bb1a5',
  '1500010301010c3039606303c74380001a055940f93e',
  '1500010304010c49440000000000000a0003346425c0',
  '0d000103010104003230386da3d2',
  '0700010101001e4b',
  '2300010301020c0000000000000000000003136b0c0000000000000000000003146c70f2',
  '1500010301010ce28068940000400a9d22a9eb5df9c3',
  '1500010301010c3034b708ac397e0000000649421ab7',
  '09000104fe00803280be',
  '05007601ebd8',
  '0500500081be',
];

/** Laid out by hand from the manual's tables; only the checksum is computed. */
const BUILT_288 = [
  // Inventory with a mask of 12 bits, TID words 0..5, target A, antenna 2, 500 ms.
  sealed('11 00 01 04 01 01 0020 0C E280 00 06 00 81 05'),
  // Inventory as chafon-rfid asks for it: an empty mask, then target, antenna and time.
  sealed('0D FF 01 0F 00 01 0000 00 00 80 14'),
  // Statistics behind an inventory.
  sealed('0C 00 01 26 01 0032 00000064'),
  // FastID: an EPC of 12 bytes and a TID of 12.
  sealed('21 00 01 03 02 01 98 E28068940000500A9D2298C6 E2801130200010203040506A 55'),
  // UHFEx10: phase and frequency behind the RSSI.
  sealed('1C 00 01 03 01 01 4C E28068940000500A9D2298C6 55 0102 0304 0D3B2A'),
  // Read 4 words of the user bank of one tag, and the answer; the same by mask.
  sealed('18 00 02 06 E28068940000500A9D2298C6 03 00 04 00000000'),
  sealed('0D 00 02 00 1122334455667788'),
  sealed('13 00 02 FF 02 00 06 00000000 02 0000 18 E28011'),
  // Write two words at word 300, by the extended command.
  sealed('1D 00 16 02 06 E28068940000500A9D2298C6 03 012C CAFEBABE 00000001'),
  sealed('05 00 16 00'),
  sealed('06 00 03 FC 04'),
  sealed('0D 00 04 02 11223344 AABBCCDD'),
  sealed('11 00 21 00 0300 0C 02 31 80 1E 14 0F 01 00 00'),
  sealed('0B FF 75 00 02 05 04 01 00 06'),
  sealed('31 00 77 00 01 00 02 05 04 01 01 0000 00' + '00'.repeat(32) + '00 06'),
  sealed('14 00 EE 00 01 0C E28068940000500A9D2298C6 5A'),
  sealed('15 00 EE 28 00000007 0000000F00000000 00000003'),
  sealed('09 00 18 00 0005 0010'),
  sealed('16 00 72 01 01 02 0C E28068940000500A9D2298C6 5A 07'),
  sealed('0E 00 19 01 01 01 00 04 E2801130 5A'),
  sealed('05 00 01 FB'),
  sealed('05 00 00 FE'),
  sealed('08 00 2F 1E 1A 1A 14'),
  sealed('07 00 3F 01 00FF'),
  sealed('06 00 99 00 7F'),
];

/** From the manual's own tables, and captured: CF-RU5102 (mgaffigan/ChafonReaderApi), HW-VX6330K (xynogen/uhfreader18). */
const CAPTURED_18 = [
  '13000103010c0000000000000000000003133f39',
  '13000103010c49440000000000000a000334a5fb',
  '20000103020c0000000000000000000003130c0000000000000000000003149ac9',
  '0d002100011708033e000d1eb1f1',
  '1100ee002000708c2b380b2d00000000e056',
  '040a01abb6',
  '050001fbf23d',
];

const BUILT_18 = [
  sealed('06 00 01 02 06'),
  sealed('18 00 02 06 E28068940000500A9D2298C6 03 00 04 00000000'),
  sealed('1A 00 02 06 E28068940000500A9D2298C6 03 00 04 00000000 00 04'),
  sealed('0D 00 02 00 1122334455667788'),
  sealed('1A 00 03 01 06 E28068940000500A9D2298C6 03 02 CAFE 00000000'),
  sealed('0A 00 35 00 02 04 00 01 00'),
  sealed('11 00 36 00 00 1E 0A 0F 00 02 04 00 01 00 08 00'),
  sealed('0D 00 50 00 0102030405060708'),
  sealed('05 00 EE EE'),
];

describe('UHFReader288 frames on the bench', () => {
  testFormatLaws(uhfreader288Format, { frames: [...CAPTURED_288, ...BUILT_288].map((one) => one.toUpperCase()) });

  test('captured tags have antenna, EPC and signal strength', () => {
    expect(decode(uhfreader288Format, '1500010304010c49440000000000000a0003346425c0')).toEqual({
      direction: 'answer',
      address: 0,
      kind: 'inventory',
      status: 3,
      ant: 4,
      tags: [{ epc: '49440000000000000A000334', rssi: 0x64 }],
    });
  });

  test('captured commands: inventory without a mask, real-time mode', () => {
    expect(decode(uhfreader288Format, '09000104FE00803280BE')).toEqual({
      direction: 'command',
      address: 0,
      kind: 'inventory',
      qValue: 4,
      session: 0xfe,
      search: { target: 0, ant: 0x80, scanTime: 50 },
    });
    expect(decode(uhfreader288Format, '05007601EBD8')).toMatchObject({ kind: 'set-read-mode', readMode: 1 });
  });

  test.each([
    [BUILT_288[0], { kind: 'inventory', mask: { maskLen: 12, maskData: 'E280' }, tid: { adrTid: 0, lenTid: 6 } }],
    [BUILT_288[1], { kind: 'inventory', mask: { maskLen: 0, maskData: '' }, search: { ant: 0x80, scanTime: 20 } }],
    [BUILT_288[2], { kind: 'inventory-statistics', readRate: 50, totalCount: 100 }],
    [BUILT_288[3], { tags: [{ epc: 'E28068940000500A9D2298C6', tid: 'E2801130200010203040506A', rssi: 0x55 }] }],
    [BUILT_288[4], { tags: [{ phase: { phaseBegin: 0x102, phaseEnd: 0x304, frequencyKhz: 867_114 } }] }],
    [BUILT_288[5], { kind: 'read', epc: 'E28068940000500A9D2298C6', mem: 3, wordPtr: 0, num: 4, pwd: '00000000' }],
    [BUILT_288[6], { direction: 'answer', kind: 'read', data: '1122334455667788' }],
    [BUILT_288[7], { kind: 'read', mem: 2, mask: { maskMem: 2, maskLen: 24, maskData: 'E28011' } }],
    [BUILT_288[8], { kind: 'write-extended', wordPtr: 300, data: 'CAFEBABE', pwd: '00000001' }],
    [BUILT_288[10], { kind: 'tag-error', command: 3, tagError: 4 }],
    [BUILT_288[15], { kind: 'tag', ant: 1, tag: { epc: 'E28068940000500A9D2298C6', rssi: 0x5a } }],
    [BUILT_288[16], { kind: 'heartbeat', packetNo: 7, totalCount: 3 }],
    [BUILT_288[18], { kind: 'buffered-tags', tags: [{ ant: 2, count: 7 }] }],
    [BUILT_288[20], { kind: 'status', command: 1, status: 0xfb }],
    [BUILT_288[22], { kind: 'set-power', power: [30, 26, 26, 20] }],
    [BUILT_288[24], { direction: 'unknown', address: 0, command: 0x99, data: '007F' }],
  ])('%s', (hex = '', fields) => {
    expect(decode(uhfreader288Format, hex)).toMatchObject(fields);
  });

  test('a long FastID tag of an older reader, whose length needs bit 6', () => {
    const epc = 'AB'.repeat(62);
    const frame = sealed(`53 00 01 03 01 01 CA ${epc} ${'CD'.repeat(12)} 40`);
    expect(decode(uhfreader288Format, frame)).toMatchObject({ tags: [{ epc, tid: 'CD'.repeat(12), rssi: 0x40 }] });
  });

  test('the broadcast address is always a command', () => {
    expect(decode(uhfreader288Format, sealed('05 FF 76 00'))).toMatchObject({ direction: 'command', readMode: 0 });
    expect(decode(uhfreader288Format, sealed('05 01 76 00'))).toMatchObject({ direction: 'answer', status: 0 });
  });

  test('a damaged frame is an error with its place', () => {
    expect(decode(uhfreader288Format, '0700010101001e4c')).toMatchObject({ code: 'bad-checksum' });
    expect(decode(uhfreader288Format, '07000101')).toMatchObject({ code: 'truncated', offsetBytes: 4 });
    expect(decode(uhfreader288Format, '0300010000')).toMatchObject({ code: 'bad-length', offsetBytes: 0 });
    expect(decode(uhfreader288Format, '0700010101001e4b00')).toMatchObject({ code: 'bad-length', offsetBytes: 8 });
  });

  test.each([
    [{ direction: 'command', address: 0, kind: 'reed' }, 'kind'],
    [{ direction: 'command', address: 300, kind: 'stop' }, 'address'],
    [{ direction: 'command', address: 0, kind: 'kill', epc: 'E280', killPwd: '11' }, 'killPwd'],
    [{ direction: 'command', address: 0, kind: 'kill', killPwd: '11223344' }, ''],
    [{ direction: 'command', address: 0, kind: 'stop', more: 1 }, 'more'],
    [{ direction: 'command', address: 0, kind: 'constructor' }, 'kind'],
    [{ direction: 'answer', address: 0, kind: 'inventory', status: 9, ant: 1, tags: [] }, 'status'],
    [
      { direction: 'answer', address: 0, kind: 'inventory', status: 1, ant: 1, tags: [{ epc: 'X', rssi: 1 }] },
      'tags.0.epc',
    ],
    [{ direction: 'answer', address: 0, kind: 'read', status: 0, data: 'AB'.repeat(252) }, ''],
  ])('%j cannot be written: the fault is at "%s"', (value, path) => {
    expect(uhfreader288Format.encode(value)).toMatchObject({ ok: false, error: { path } });
  });
});

describe('UHFReader18 frames on the bench', () => {
  testFormatLaws(uhfreader18Format, { frames: [...CAPTURED_18, ...BUILT_18].map((one) => one.toUpperCase()) });

  test.each([
    [CAPTURED_18[2], { kind: 'inventory', epcs: ['000000000000000000000313', '000000000000000000000314'] }],
    [CAPTURED_18[3], { kind: 'reader-info', version: '0117', type: 8, maxFre: 0x3e, power: 13, scanTime: 30 }],
    [CAPTURED_18[4], { kind: 'pushed', data: '2000708C2B380B2D00000000' }],
    [CAPTURED_18[5], { direction: 'command', address: 10, kind: 'inventory' }],
    [CAPTURED_18[6], { kind: 'status', command: 1, status: 0xfb }],
    [BUILT_18[0], { direction: 'command', kind: 'inventory', tid: { adrTid: 2, lenTid: 6 } }],
    [BUILT_18[2], { kind: 'read', mask: { maskAdr: 0, maskLen: 4 } }],
    [BUILT_18[4], { kind: 'write', wordPtr: 2, data: 'CAFE', epc: 'E28068940000500A9D2298C6' }],
    [BUILT_18[6], { kind: 'work-mode', readMode: 0, memInven: 4, accuracy: 8 }],
    [BUILT_18[8], { direction: 'answer', kind: 'status', status: 0xee }],
  ])('%s', (hex = '', fields) => {
    expect(decode(uhfreader18Format, hex)).toMatchObject(fields);
  });
});

describe('frames of every length and code', () => {
  const frames = fc
    .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 251 }))
    .map(([address, code, data]) => {
      const head = Uint8Array.of(data.length + 4, address, code, ...data);
      const crc = crc16Reflected(head);
      return Uint8Array.of(...head, crc & 0xff, crc >>> 8);
    });

  test.each([uhfreader288Format, uhfreader18Format])(
    '$name: a well-formed frame is always told, and comes back',
    (format) => {
      fc.assert(
        fc.property(frames, (bytes) => {
          const decoded = format.decode(bytes);
          expect(decoded.ok).toBe(true);
          const encoded = decoded.ok ? format.encode(JSON.parse(JSON.stringify(decoded.value))) : decoded;
          expect(encoded.ok ? toHex(encoded.value) : encoded.error).toBe(toHex(bytes));
        }),
        { numRuns: 4000 },
      );
    },
  );

  test('a splitter keeps no more than one frame', () => {
    const splitter = uhfreader288Format.split?.();
    let told = 0;
    for (let i = 0; i < 400; i += 1) {
      for (const piece of splitter?.feed(new Uint8Array(64).fill(0xff)) ?? []) {
        told += piece.kind === 'fault' ? Number.parseInt(piece.error.detail, 10) : piece.bytes.length;
      }
    }
    expect(400 * 64 - told).toBeLessThan(UHFREADER_SHAPE.bytesMax);
  });
});
