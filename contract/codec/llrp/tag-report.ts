/**
 * TagReportData (240): one tag as one antenna saw it. The hot path of the gateway, so it is read straight from the
 * bytes, without a reader object per parameter.
 *
 *     240 | EPC: TV 13 (96 bits) or TLV 241 {bits u16, bytes} | TVs, any subset | op results 349.. | Custom* |
 *
 * A field that is absent is undefined here. Some readers leave out an enabled field when it equals the last one they
 * sent; filling that in needs memory, and is the driver's business.
 *
 * Source: EPCglobal Low Level Reader Protocol 1.1, sections 14.2.3.1 and 17.2.7.3.
 */
import type { CodecError } from '#contract/codec/codec-error.ts';
import { CUSTOM_PARAMETER, type CustomParameter } from '#contract/codec/llrp/custom.ts';
import { TLV_HEADER_BYTES, TV_VALUE_BYTES, type FieldReader } from '#contract/codec/llrp/field-reader.ts';
import { isOpResult, readOpResult, type OpResult } from '#contract/codec/llrp/op-result.ts';

export const TAG_REPORT_DATA = 240;
export const EPC_DATA = 241;
export const EPC_96_TV = 13;
export const EPC_96_BITS = 96;

/** TV parameters of a tag report by type. */
export const TAG_TV = {
  antennaId: 1,
  firstSeenUtcUs: 2,
  firstSeenUptimeUs: 3,
  lastSeenUtcUs: 4,
  lastSeenUptimeUs: 5,
  peakRssiDbm: 6,
  channelIndex: 7,
  seenCount: 8,
  rospecId: 9,
  inventoryParameterSpecId: 10,
  crc: 11,
  pc: 12,
  specIndex: 14,
  clientRequestOpSpecResult: 15,
  accessSpecId: 16,
  xpcW1: 19,
  xpcW2: 20,
} as const;

const U32 = 0x1_0000_0000;
const SAFE_HIGH_WORD_MAX = 0x1f_ffff;

/** Times are whole microseconds; one above 2^53 is undefined. */
export interface TagReport {
  /** Upper-case hex, padded with zero bits to whole bytes. */
  readonly epc: string;
  /** Absent when encoding: 4 bits for each digit of `epc`. */
  readonly epcBits?: number | undefined;
  readonly rospecId?: number | undefined;
  /** 1-based place of the AISpec in the ROSpec. */
  readonly specIndex?: number | undefined;
  readonly inventoryParameterSpecId?: number | undefined;
  /** 1-based port. */
  readonly antennaId?: number | undefined;
  readonly peakRssiDbm?: number | undefined;
  /** 1-based place in the hop or fixed frequency table. */
  readonly channelIndex?: number | undefined;
  readonly firstSeenUtcUs?: number | undefined;
  readonly firstSeenUptimeUs?: number | undefined;
  readonly lastSeenUtcUs?: number | undefined;
  readonly lastSeenUptimeUs?: number | undefined;
  readonly seenCount?: number | undefined;
  /** Protocol control word of the tag. */
  readonly pc?: number | undefined;
  readonly xpcW1?: number | undefined;
  readonly xpcW2?: number | undefined;
  readonly crc?: number | undefined;
  readonly accessSpecId?: number | undefined;
  readonly clientRequestOpSpecResult?: number | undefined;
  readonly opResults?: readonly OpResult[] | undefined;
  readonly custom?: readonly CustomParameter[] | undefined;
}

type Writable<Type> = { -readonly [Name in keyof Type]: Type[Name] };

/** All fields in one order, so that every report has the same shape for the engine that runs it. */
function emptyReport(): Writable<TagReport> {
  return {
    epc: '',
    epcBits: undefined,
    rospecId: undefined,
    specIndex: undefined,
    inventoryParameterSpecId: undefined,
    antennaId: undefined,
    peakRssiDbm: undefined,
    channelIndex: undefined,
    firstSeenUtcUs: undefined,
    firstSeenUptimeUs: undefined,
    lastSeenUtcUs: undefined,
    lastSeenUptimeUs: undefined,
    seenCount: undefined,
    pc: undefined,
    xpcW1: undefined,
    xpcW2: undefined,
    crc: undefined,
    accessSpecId: undefined,
    clientRequestOpSpecResult: undefined,
    opResults: undefined,
    custom: undefined,
  };
}

/** Reads the value of a TagReportData parameter. */
export function readTagReport(body: FieldReader): TagReport {
  const { view, fault, offsetBytes: start, endBytes: end } = body;
  const report = emptyReport();
  let at = start;
  while (at < end) {
    const first = view.getUint8(at);
    const next = first >= 0x80 ? readTv(report, view, { at, end }) : readTlv(report, view, { at, end });
    if (typeof next !== 'number') {
      fault.error ??= next;
      return report;
    }
    at = next;
  }
  if (report.epcBits === undefined) {
    fault.error ??= { code: 'bad-value', offsetBytes: start, detail: 'tag report without an EPC' };
  }
  return report;
}

interface Span {
  readonly at: number;
  readonly end: number;
}

/** Reads the TV at `at`; gives the place after it, or why it could not be read. */
function readTv(report: Writable<TagReport>, view: DataView, { at, end }: Span): number | CodecError {
  const type = view.getUint8(at) & 0x7f;
  const valueBytes = TV_VALUE_BYTES[type] ?? 0;
  if (valueBytes === 0) {
    return { code: 'unknown-type', offsetBytes: at, detail: `TV parameter ${type} has no known length` };
  }
  const value = at + 1;
  const next = value + valueBytes;
  if (next > end) return { code: 'truncated', offsetBytes: at, detail: `TV parameter ${type} is cut off` };

  switch (type) {
    case EPC_96_TV:
      report.epc = hexAt(view, value, 12);
      report.epcBits = EPC_96_BITS;
      break;
    case TAG_TV.antennaId:
      report.antennaId = view.getUint16(value);
      break;
    case TAG_TV.peakRssiDbm:
      report.peakRssiDbm = view.getInt8(value);
      break;
    case TAG_TV.firstSeenUtcUs:
      report.firstSeenUtcUs = microsecondsAt(view, value);
      break;
    case TAG_TV.lastSeenUtcUs:
      report.lastSeenUtcUs = microsecondsAt(view, value);
      break;
    case TAG_TV.firstSeenUptimeUs:
      report.firstSeenUptimeUs = microsecondsAt(view, value);
      break;
    case TAG_TV.lastSeenUptimeUs:
      report.lastSeenUptimeUs = microsecondsAt(view, value);
      break;
    case TAG_TV.seenCount:
      report.seenCount = view.getUint16(value);
      break;
    case TAG_TV.channelIndex:
      report.channelIndex = view.getUint16(value);
      break;
    default:
      readSpecTv(report, view, { type, value });
  }
  return next;
}

/** The TVs that name specs and words of the tag's memory; apart only to keep both lists short. */
function readSpecTv(report: Writable<TagReport>, view: DataView, tv: { type: number; value: number }): void {
  switch (tv.type) {
    case TAG_TV.rospecId:
      report.rospecId = view.getUint32(tv.value);
      break;
    case TAG_TV.specIndex:
      report.specIndex = view.getUint16(tv.value);
      break;
    case TAG_TV.inventoryParameterSpecId:
      report.inventoryParameterSpecId = view.getUint16(tv.value);
      break;
    case TAG_TV.accessSpecId:
      report.accessSpecId = view.getUint32(tv.value);
      break;
    case TAG_TV.pc:
      report.pc = view.getUint16(tv.value);
      break;
    case TAG_TV.crc:
      report.crc = view.getUint16(tv.value);
      break;
    case TAG_TV.xpcW1:
      report.xpcW1 = view.getUint16(tv.value);
      break;
    case TAG_TV.xpcW2:
      report.xpcW2 = view.getUint16(tv.value);
      break;
    case TAG_TV.clientRequestOpSpecResult:
      report.clientRequestOpSpecResult = view.getUint16(tv.value);
  }
}

/** Reads the TLV at `at`; unknown ones are skipped by their length. */
function readTlv(report: Writable<TagReport>, view: DataView, { at, end }: Span): number | CodecError {
  const lengthBytes = at + TLV_HEADER_BYTES <= end ? view.getUint16(at + 2) : 0;
  const type = lengthBytes === 0 ? 0 : view.getUint16(at) & 0x3ff;
  const next = at + lengthBytes;
  if (lengthBytes < TLV_HEADER_BYTES || next > end) {
    return { code: 'bad-length', offsetBytes: at, detail: `parameter ${type} of ${lengthBytes} bytes` };
  }
  const value = at + TLV_HEADER_BYTES;
  if (type === EPC_DATA) {
    const epcBits = next >= value + 2 ? view.getUint16(value) : 0;
    const epcBytes = Math.ceil(epcBits / 8);
    if (value + 2 + epcBytes > next)
      return { code: 'bad-length', offsetBytes: value, detail: `EPC of ${epcBits} bits` };
    report.epc = hexAt(view, value + 2, epcBytes);
    report.epcBits = epcBits;
  } else if (type === CUSTOM_PARAMETER) {
    if (next < value + 8) return { code: 'bad-length', offsetBytes: at, detail: 'Custom parameter without its vendor' };
    const payload = bytesAt(view, value + 8, next);
    const custom = { vendorId: view.getUint32(value), subtype: view.getUint32(value + 4), payload };
    report.custom = [...(report.custom ?? []), custom];
  } else if (isOpResult(type)) {
    const result = readOpResult(type, bytesAt(view, value, next));
    if (result === undefined) return { code: 'bad-length', offsetBytes: at, detail: `result ${type} is cut off` };
    report.opResults = [...(report.opResults ?? []), result];
  }
  return next;
}

function microsecondsAt(view: DataView, at: number): number | undefined {
  const high = view.getUint32(at);
  return high > SAFE_HIGH_WORD_MAX ? undefined : high * U32 + view.getUint32(at + 4);
}

/** Character codes of the hexadecimal digits. */
const DIGITS = Array.from('0123456789ABCDEF', (digit) => digit.charCodeAt(0));

/** Made in one piece: text joined from small pieces is built only when it is first used, at three times the price. */
function hexAt(view: DataView, at: number, count: number): string {
  const codes: number[] = [];
  for (let index = at; index < at + count; index += 1) {
    const byte = view.getUint8(index);
    codes.push(DIGITS[byte >> 4] ?? 0, DIGITS[byte & 0x0f] ?? 0);
  }
  return String.fromCharCode(...codes);
}

function bytesAt(view: DataView, start: number, end: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + start, end - start).slice();
}
