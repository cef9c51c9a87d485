/**
 * What Impinj readers can do beyond LLRP, as far as settings ask for it. Nothing of this is sent to other readers.
 *
 * Source: the vendor's definition for the LLRP Toolkit (impinjdef.xml); subtypes as in contract/codec/llrp/impinj.table.ts.
 */
import { VENDOR, writeCustom, type CustomParameter } from '#contract/codec/llrp/custom.ts';
import { FieldWriter } from '#contract/codec/llrp/field-writer.ts';
import { toHex } from '#contract/hex.ts';
import type { Request } from '#gateway/drivers/llrp/connection.ts';
import type { LlrpSettings } from '#gateway/drivers/llrp/settings.ts';

type ImpinjSettings = NonNullable<LlrpSettings['impinj']>;

const SUBTYPE = {
  enableExtensions: 21,
  searchMode: 23,
  fixedFrequencyList: 26,
  reportContent: 50,
  enableTid: 51,
  enableFineRssi: 53,
  tid: 55,
  fineRssi: 57,
} as const;

const SEARCH_MODES = { 'single-target': 1, 'dual-target': 2, 'tag-focus': 3, 'dual-target-reset': 6 } as const;
const ENABLED = 1;
const CHANNEL_LIST = 2;
const CENTIBELS_PER_DB = 100;

/** Opens the extensions; without it the reader refuses all others. */
export const ENABLE_EXTENSIONS: Request = {
  kind: 'custom-message',
  vendorId: VENDOR.impinj,
  subtype: SUBTYPE.enableExtensions,
  payload: new Uint8Array(4),
};

/** Beside the inventory command of each antenna. `channels` are 1-based places in the table of fixed frequencies. */
export function inventoryExtensions({ searchMode }: ImpinjSettings, channels: readonly number[]): CustomParameter[] {
  const extensions: CustomParameter[] = [];
  if (searchMode !== undefined) extensions.push(extension(SUBTYPE.searchMode, [SEARCH_MODES[searchMode]]));
  if (channels.length > 0) {
    extensions.push(extension(SUBTYPE.fixedFrequencyList, [CHANNEL_LIST, 0, channels.length, ...channels]));
  }
  return extensions;
}

/** Beside the report spec. */
export function reportExtensions({ tid, fineRssi }: ImpinjSettings): CustomParameter[] {
  const content: CustomParameter[] = [];
  if (tid) content.push(extension(SUBTYPE.enableTid, [ENABLED]));
  if (fineRssi) content.push(extension(SUBTYPE.enableFineRssi, [ENABLED]));
  if (content.length === 0) return [];
  const out = new FieldWriter();
  writeCustom(out, content);
  return [{ vendorId: VENDOR.impinj, subtype: SUBTYPE.reportContent, payload: out.finish() }];
}

/** What the reader adds to a tag report. */
export function readReportExtensions(custom: readonly CustomParameter[]): { tid?: string; rssiDbm?: number } {
  let tid: string | undefined;
  let rssiDbm: number | undefined;
  for (const { vendorId, subtype, payload } of custom) {
    if (vendorId !== VENDOR.impinj) continue;
    const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
    if (subtype === SUBTYPE.fineRssi && payload.length >= 2) rssiDbm = view.getInt16(0) / CENTIBELS_PER_DB;
    if (subtype === SUBTYPE.tid && payload.length > 2) tid = toHex(payload.subarray(2, 2 + 2 * view.getUint16(0)));
  }
  return { ...(tid !== undefined && { tid }), ...(rssiDbm !== undefined && { rssiDbm }) };
}

function extension(subtype: number, words: readonly number[]): CustomParameter {
  const payload = new Uint8Array(2 * words.length);
  const view = new DataView(payload.buffer);
  words.forEach((word, index) => {
    view.setUint16(2 * index, word);
  });
  return { vendorId: VENDOR.impinj, subtype, payload };
}
