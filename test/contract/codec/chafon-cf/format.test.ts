import { describe, expect, test } from '@jest/globals';
import { chafonCfFormat } from '#contract/codec/chafon-cf/format.ts';
import { CF_SHAPE } from '#contract/codec/chafon-cf/framer.ts';
import { crc16Reflected } from '#contract/codec/crc16.ts';
import { fromHex, toHex } from '#contract/hex.ts';
import { testFormatLaws } from '#test/contract/codec/format-laws.ts';

/** Captured: UHF Prime Reader, H103 tests, CF-MU910 driver. The checksums are theirs. */
const CAPTURED = [
  'CF0000020100 9EEA',
  'CF0000721A000000018004000101038602EE01F43121010400000C000301052C68',
  'CFFF0071190000008004000101038602EE01F43121010400000C00030005F681',
  'CF0000710100F156',
  'CFFF0070002415',
  'CFFF000200E761',
  'CFFF00720017A5',
  'CFFF0050000726',
  'CFFF0001050000000000F5B5',
  'CFFF0001050100000003CC6A',
  'CF000001011242 1D',
  'CF000053010047D5',
  'CFFF0053021A00FBC8',
  'CFFF006301021733',
  'CFFF008300 7275',
  'CFFF0088020101A315',
  'CF010050 0100A3F5',
].map((hex) => hex.replaceAll(' ', ''));

/** With the checksum behind it. */
function sealed(hex: string, isLowFirst = false): string {
  const bytes = fromHex(hex) ?? new Uint8Array(0);
  const crc = crc16Reflected(bytes);
  return toHex(Uint8Array.of(...bytes, ...(isLowFirst ? [crc & 0xff, crc >>> 8] : [crc >>> 8, crc & 0xff])));
}

/** Laid out by hand from the SDK's structures; only the checksum is computed. */
const BUILT = [
  sealed('CF 00 0001 12 00 FEC0 01 05 0C E28068940000500A9D2298C6'),
  sealed('CF 00 0001 12 00 FEC0 01 05 0C E28068940000500A9D2298C6', true),
  sealed('CF FF 0003 09 00 00000000 03 0000 04'),
  sealed('CF 00 0003 1D 00 00 01 A1B2 3000 0C E28068940000500A9D2298C6 04 1122334455667788'),
  sealed('CF FF 0004 0B 00 00000001 03 0102 01 CAFE'),
  sealed('CF 00 0004 14 00 04 01 A1B2 3000 0C E28068940000500A9D2298C6'),
  sealed('CF FF 0007 0F 0000 60 E28068940000500A9D2298C6'),
  sealed('CF FF 0007 03 0000 00'),
  sealed('CF 00 0003 01 14'),
];

function decode(hex: string): unknown {
  const decoded = chafonCfFormat.decode(fromHex(hex) ?? new Uint8Array(0));
  return decoded.ok ? decoded.value : decoded.error;
}

describe('Chafon CF frames on the bench', () => {
  testFormatLaws(chafonCfFormat, { frames: [...CAPTURED, ...BUILT] });

  test.each([
    [CAPTURED[1], { direction: 'answer', kind: 'parameters', workMode: 1, startFreI: 902, cn: 49, rfidPower: 33 }],
    [CAPTURED[2], { direction: 'command', kind: 'set-parameters', workMode: 0, ant: 1 }],
    [CAPTURED[3], { direction: 'answer', kind: 'status', command: 0x71, status: 0, crcOrder: 'high-first' }],
    [CAPTURED[9], { direction: 'command', kind: 'inventory', invType: 1, invParam: 3 }],
    [CAPTURED[10], { direction: 'answer', kind: 'status', command: 1, status: 0x12 }],
    [CAPTURED[12], { kind: 'set-power', power: 26, reserved: 0 }],
    [CAPTURED[13], { direction: 'unknown', command: 0x63, data: '02' }],
    [BUILT[0], { kind: 'inventory', rssi: -320, antenna: 1, channel: 5, epc: 'E28068940000500A9D2298C6' }],
    [BUILT[1], { kind: 'inventory', crcOrder: 'low-first' }],
    [BUILT[2], { kind: 'read', memBank: 3, wordPtr: 0, wordCount: 4 }],
    [BUILT[3], { direction: 'answer', kind: 'read', tagStatus: 0, pc: '3000', data: '1122334455667788' }],
    [BUILT[4], { kind: 'write', wordPtr: 0x102, data: 'CAFE', accPwd: '00000001' }],
    [BUILT[5], { kind: 'write', tagStatus: 4 }],
    [BUILT[6], { kind: 'set-mask', maskBits: 96, mask: 'E28068940000500A9D2298C6' }],
    [BUILT[8], { kind: 'status', command: 3, status: 0x14 }],
  ])('%s', (hex = '', fields) => {
    expect(decode(hex)).toMatchObject(fields);
  });

  test('a damaged frame is an error with its place', () => {
    expect(decode('CFFF0070002416')).toMatchObject({ code: 'bad-checksum' });
    expect(decode('CFFF0070')).toMatchObject({ code: 'truncated', offsetBytes: 4 });
    expect(decode('CEFF0070002415')).toMatchObject({ code: 'bad-value', offsetBytes: 0 });
  });

  test.each([
    [{ direction: 'command', address: 255, crcOrder: 'middle', kind: 'stop' }, 'crcOrder'],
    [{ direction: 'command', address: 255, crcOrder: 'high-first', kind: 'halt' }, 'kind'],
    [{ direction: 'command', address: 256, crcOrder: 'high-first', kind: 'stop' }, 'address'],
  ])('%j cannot be written: the fault is at "%s"', (value, path) => {
    expect(chafonCfFormat.encode(value)).toMatchObject({ ok: false, error: { path } });
  });

  test('a stream cut at every place gives the same frames; it keeps one frame at most', () => {
    const stream = fromHex(`00CF${CAPTURED.join('FF')}${BUILT.join('')}`) ?? new Uint8Array(0);
    const framesOf = (cuts: readonly number[]): string[] => {
      const splitter = chafonCfFormat.split?.();
      const edges = [0, ...cuts, stream.length];
      const pieces = edges.slice(1).flatMap((end, i) => splitter?.feed(stream.slice(edges[i], end)) ?? []);
      return [...pieces, ...(splitter?.end() ?? [])].flatMap((piece) =>
        piece.kind === 'frame' ? [toHex(piece.bytes)] : [],
      );
    };
    const whole = framesOf([]);
    expect(whole).toEqual(expect.arrayContaining([...CAPTURED.slice(1), ...BUILT]));
    for (let cut = 1; cut < stream.length; cut += 1) expect(framesOf([cut])).toEqual(whole);
    expect(CF_SHAPE.bytesMax).toBe(262);
  });
});
