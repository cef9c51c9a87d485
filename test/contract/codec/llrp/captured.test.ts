/** Bytes of readers and clients that others have published, through both decoders. */
import { describe, expect, test } from '@jest/globals';
import { llrpFormat } from '#contract/codec/llrp/format.ts';
import { decodeMessage } from '#contract/codec/llrp/message.ts';
import { fromHex, toHex } from '#contract/hex.ts';

/** PASCAL-YongGoo/LLRP_TOOLKIT: a Bluebird FR900 on the wire. */
const FR900_REPORT =
  '043D0000003A0000000000F0003000F1001600808504700004905050315530340070230081000186B78C440003FF000E00005E95000000380016';
const FR900_GREETING = '043F000000200000000000F600160080000C00063E90AAB9CCE0010000060000';
/** llrpjs: a greeting, and a ROSpec with a GPI start trigger and three AISpecs. */
const GREETING = '043F000000200000000000F600160080000C00042B1923A01BDA010000060000';
const ADD_ROSPEC = `0414000000C60000006700B100BC00000001000000B2001D00B300100300B5000B0001800000000000B60009000000000000B7002B0001
  000200B80009010000EA6000BA001A000101 00DE00130000014A000D00014F0008000000000 0B7002B0001000300B80009010000EA6000BA001A000101
  00DE00130000014A000D00014F0008000000000 0B7002D00020002000300B80009010000EA6000BA001A00010100DE00130000014A000D00014F0008
  0000000000ED001201000000EE000BFFC0015C0005C0`;

describe('captured LLRP', () => {
  test.each([FR900_REPORT, FR900_GREETING, GREETING, ADD_ROSPEC])('comes back byte for byte: %s', (hex) => {
    const bytes = fromHex(hex) ?? new Uint8Array();
    const decoded = llrpFormat.decode(bytes);
    const encoded = decoded.ok ? llrpFormat.encode(decoded.value) : undefined;
    expect(encoded?.ok === true ? toHex(encoded.value) : decoded).toBe(toHex(bytes));
    expect(JSON.stringify(decoded)).not.toContain('Unknown');
    expect(decodeMessage(bytes).ok).toBe(true);
  });

  test('a report of a reader with an extension of its own', () => {
    const bytes = fromHex(FR900_REPORT) ?? new Uint8Array();
    expect(decodeMessage(bytes)).toMatchObject({
      ok: true,
      value: { tags: [{ epc: '85047000049050503155303400702300', epcBits: 128, antennaId: 1, peakRssiDbm: -73 }] },
    });
    expect(llrpFormat.decode(bytes)).toMatchObject({
      value: {
        parameters: [
          {
            parameter: 'TagReportData',
            parameters: [
              { parameter: 'EPCData', EPCLengthBits: 128, EPC: '85047000049050503155303400702300' },
              { parameter: 'AntennaID', AntennaID: 1 },
              { parameter: 'PeakRSSI', PeakRSSI: -73 },
              { parameter: 'C1G2-PC', PC_Bits: 0x4400 },
              { parameter: 'Custom', VendorIdentifier: 0x5e95, ParameterSubtype: 56, Data: '0016' },
            ],
          },
        ],
      },
    });
  });
});
