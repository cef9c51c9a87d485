/**
 * The few Impinj extensions that a simulated reader of that maker has.
 *
 * Source: the vendor's definition for the LLRP Toolkit (impinjdef.xml); subtypes as in contract/codec/llrp/impinj.table.ts.
 */
import {
  CUSTOM_PARAMETER,
  readCustom,
  VENDOR,
  type CustomMessage,
  type CustomParameter,
} from '#contract/codec/llrp/custom.ts';
import { FieldReader } from '#contract/codec/llrp/field-reader.ts';
import { FieldWriter } from '#contract/codec/llrp/field-writer.ts';
import type { Rospec } from '#contract/codec/llrp/rospec.ts';
import { STATUS_OK, writeStatus } from '#contract/codec/llrp/status.ts';

const ENABLE_EXTENSIONS = 21;
const ENABLE_EXTENSIONS_RESPONSE = 22;
const REPORT_CONTENT = 50;
const ENABLE_TID = 51;
const ENABLE_FINE_RSSI = 53;
const TID = 55;
const FINE_RSSI = 57;

/** What a report spec asks for beyond the standard. */
export interface ExtraContent {
  readonly tid: boolean;
  readonly fineRssi: boolean;
}

export function isEnabling({ vendorId, subtype }: CustomMessage): boolean {
  return vendorId === VENDOR.impinj && subtype === ENABLE_EXTENSIONS;
}

/** The answer that all is well. */
export function enabled(): Omit<CustomMessage, 'version' | 'messageId'> {
  const out = new FieldWriter();
  writeStatus(out, STATUS_OK);
  return {
    kind: 'custom-message',
    vendorId: VENDOR.impinj,
    subtype: ENABLE_EXTENSIONS_RESPONSE,
    payload: out.finish(),
  };
}

/** Every vendor parameter of a ROSpec, wherever it stands. */
export function extensionsOf(rospec: Rospec): readonly CustomParameter[] {
  const inSpecs = rospec.specs.flatMap((spec) =>
    spec.kind === 'aispec'
      ? [
          ...spec.custom,
          ...spec.inventories.flatMap(({ custom, antennas }) => [
            ...custom,
            ...antennas.flatMap((antenna) => [...antenna.custom, ...(antenna.inventory?.custom ?? [])]),
          ]),
        ]
      : [],
  );
  return [...inSpecs, ...(rospec.report?.custom ?? []), ...(rospec.report?.content.custom ?? [])];
}

export function extraContent(custom: readonly CustomParameter[]): ExtraContent {
  const selector = custom.find(({ vendorId, subtype }) => vendorId === VENDOR.impinj && subtype === REPORT_CONTENT);
  const inner = selector === undefined ? [] : nested(selector.payload);
  const asks = (wanted: number): boolean =>
    inner.some(({ subtype, payload }) => subtype === wanted && payload[1] === 1);
  return { tid: asks(ENABLE_TID), fineRssi: asks(ENABLE_FINE_RSSI) };
}

/** The vendor parameters of one tag report. */
export function reportExtensions(
  { tid, fineRssi }: ExtraContent,
  tag: { readonly tid: Uint8Array | undefined; readonly rssiDbm: number },
): CustomParameter[] {
  const custom: CustomParameter[] = [];
  if (tid && tag.tid !== undefined) {
    const words = new Uint8Array(2 + tag.tid.length);
    new DataView(words.buffer).setUint16(0, tag.tid.length / 2);
    words.set(tag.tid, 2);
    custom.push({ vendorId: VENDOR.impinj, subtype: TID, payload: words });
  }
  if (fineRssi) {
    const payload = new Uint8Array(2);
    new DataView(payload.buffer).setInt16(0, Math.round(100 * tag.rssiDbm));
    custom.push({ vendorId: VENDOR.impinj, subtype: FINE_RSSI, payload });
  }
  return custom;
}

function nested(payload: Uint8Array): CustomParameter[] {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const reader = new FieldReader(view, 0, payload.length, { error: undefined });
  return [...reader.parameters()].flatMap(({ type, body }) => (type === CUSTOM_PARAMETER ? [readCustom(body)] : []));
}
