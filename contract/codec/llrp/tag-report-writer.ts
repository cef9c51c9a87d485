/**
 * Writes a TagReportData (240), as a reader simulator sends it; the inverse of `tag-report.ts`.
 *
 * Source: EPCglobal Low Level Reader Protocol 1.1, sections 14.2.3.1 and 17.2.7.3 (order of the parameters).
 */
import { assert } from '#contract/assert.ts';
import { fromHex } from '#contract/hex.ts';
import { writeCustom } from '#contract/codec/llrp/custom.ts';
import type { FieldWriter } from '#contract/codec/llrp/field-writer.ts';
import { writeOpResult } from '#contract/codec/llrp/op-result.ts';
import {
  EPC_96_BITS,
  EPC_96_TV,
  EPC_DATA,
  TAG_REPORT_DATA,
  TAG_TV,
  type TagReport,
} from '#contract/codec/llrp/tag-report.ts';

/** The TVs in the order of the standard, with the kind of their value. */
const TV_ORDER = [
  ['rospecId', 'u32'],
  ['specIndex', 'u16'],
  ['inventoryParameterSpecId', 'u16'],
  ['antennaId', 'u16'],
  ['peakRssiDbm', 'i8'],
  ['channelIndex', 'u16'],
  ['firstSeenUtcUs', 'microseconds'],
  ['firstSeenUptimeUs', 'microseconds'],
  ['lastSeenUtcUs', 'microseconds'],
  ['lastSeenUptimeUs', 'microseconds'],
  ['seenCount', 'u16'],
  ['pc', 'u16'],
  ['xpcW1', 'u16'],
  ['xpcW2', 'u16'],
  ['crc', 'u16'],
  ['accessSpecId', 'u32'],
] as const;

/** Writes one TagReportData parameter. */
export function writeTagReport(out: FieldWriter, report: TagReport): void {
  out.tlv(TAG_REPORT_DATA, () => {
    writeEpc(out, report);
    for (const [name, width] of TV_ORDER) {
      const value = report[name];
      if (value === undefined) continue;
      out.tv(TAG_TV[name]);
      out[width](value);
    }
    for (const result of report.opResults ?? []) writeOpResult(out, result);
    if (report.clientRequestOpSpecResult !== undefined) {
      out.tv(TAG_TV.clientRequestOpSpecResult);
      out.u16(report.clientRequestOpSpecResult);
    }
    writeCustom(out, report.custom ?? []);
  });
}

function writeEpc(out: FieldWriter, report: TagReport): void {
  const bytes = fromHex(report.epc);
  assert(bytes !== undefined, 'the EPC is hexadecimal');
  const epcBits = report.epcBits ?? 8 * bytes.length;
  assert(Math.ceil(epcBits / 8) === bytes.length, 'the EPC has as many bytes as its bits need');
  if (epcBits === EPC_96_BITS) {
    out.tv(EPC_96_TV);
    out.put(bytes);
    return;
  }
  out.tlv(EPC_DATA, () => {
    out.u16(epcBits);
    out.put(bytes);
  });
}
