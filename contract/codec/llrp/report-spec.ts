/**
 * ROReportSpec (237): when a reader reports, and what each tag report holds.
 *
 *     237 | trigger u8 | n u16 | 238 | Custom* |
 *     238 | flags u16, most significant first | 348 {flags u8}? | Custom* |
 *
 * Source: EPCglobal Low Level Reader Protocol 1.1, sections 14.2.1 and 17.2.7.1.
 */
import { CUSTOM_PARAMETER, readCustom, writeCustom, type CustomParameter } from '#contract/codec/llrp/custom.ts';
import type { FieldReader } from '#contract/codec/llrp/field-reader.ts';
import type { FieldWriter } from '#contract/codec/llrp/field-writer.ts';

export const RO_REPORT_SPEC = 237;
const TAG_REPORT_CONTENT_SELECTOR = 238;
const C1G2_EPC_MEMORY_SELECTOR = 348;

/** In the order of the standard; the last four exist since LLRP 1.1. */
const TRIGGERS = [
  'none',
  'n-tags-or-aispec-end',
  'n-tags-or-rospec-end',
  'n-seconds-or-aispec-end',
  'n-seconds-or-rospec-end',
  'n-milliseconds-or-aispec-end',
  'n-milliseconds-or-rospec-end',
] as const;

/** What a tag report holds besides the EPC. */
export interface TagReportContent {
  readonly rospecId: boolean;
  readonly specIndex: boolean;
  readonly inventoryParameterSpecId: boolean;
  readonly antennaId: boolean;
  readonly channelIndex: boolean;
  readonly peakRssi: boolean;
  readonly firstSeen: boolean;
  readonly lastSeen: boolean;
  readonly seenCount: boolean;
  readonly accessSpecId: boolean;
  /** Words of the tag's own EPC memory bank. */
  readonly c1g2?: { readonly crc: boolean; readonly pc: boolean; readonly xpc: boolean };
  /** Vendor fields inside the selector. */
  readonly custom: readonly CustomParameter[];
}

export interface RoReportSpec {
  readonly trigger: (typeof TRIGGERS)[number];
  /** Tags, seconds or milliseconds as the trigger says; 0 = no limit, only the end of the spec. */
  readonly n: number;
  readonly content: TagReportContent;
  readonly custom: readonly CustomParameter[];
}

const CONTENT_FLAGS = [
  'rospecId',
  'specIndex',
  'inventoryParameterSpecId',
  'antennaId',
  'channelIndex',
  'peakRssi',
  'firstSeen',
  'lastSeen',
  'seenCount',
  'accessSpecId',
] as const;

const NO_CONTENT: TagReportContent = {
  rospecId: false,
  specIndex: false,
  inventoryParameterSpecId: false,
  antennaId: false,
  channelIndex: false,
  peakRssi: false,
  firstSeen: false,
  lastSeen: false,
  seenCount: false,
  accessSpecId: false,
  custom: [],
};

/** Reads the value of an ROReportSpec parameter. */
export function readRoReportSpec(body: FieldReader): RoReportSpec {
  const trigger = body.oneOf(TRIGGERS);
  const n = body.u16();
  let content = NO_CONTENT;
  const custom: CustomParameter[] = [];
  for (const { type, body: value } of body.parameters()) {
    if (type === TAG_REPORT_CONTENT_SELECTOR) content = readContent(value);
    else if (type === CUSTOM_PARAMETER) custom.push(readCustom(value));
  }
  return { trigger, n, content, custom };
}

function readContent(body: FieldReader): TagReportContent {
  const flags = body.u16();
  const content: Record<(typeof CONTENT_FLAGS)[number], boolean> = { ...NO_CONTENT };
  CONTENT_FLAGS.forEach((name, index) => (content[name] = ((flags >> (15 - index)) & 1) === 1));
  let c1g2: TagReportContent['c1g2'];
  const custom: CustomParameter[] = [];
  for (const { type, body: value } of body.parameters()) {
    if (type === C1G2_EPC_MEMORY_SELECTOR) {
      const words = value.u8();
      c1g2 = { crc: (words & 0x80) !== 0, pc: (words & 0x40) !== 0, xpc: (words & 0x20) !== 0 };
    } else if (type === CUSTOM_PARAMETER) custom.push(readCustom(value));
  }
  return { ...content, ...(c1g2 && { c1g2 }), custom };
}

/** Writes one ROReportSpec parameter. */
export function writeRoReportSpec(out: FieldWriter, spec: RoReportSpec): void {
  const { content } = spec;
  const { c1g2 } = content;
  out.tlv(RO_REPORT_SPEC, () => {
    out.oneOf(TRIGGERS, spec.trigger);
    out.u16(spec.n);
    out.tlv(TAG_REPORT_CONTENT_SELECTOR, () => {
      out.flags(
        16,
        CONTENT_FLAGS.map((name) => content[name]),
      );
      if (c1g2 !== undefined) {
        out.tlv(C1G2_EPC_MEMORY_SELECTOR, () => {
          out.flags(8, [c1g2.crc, c1g2.pc, c1g2.xpc]);
        });
      }
      writeCustom(out, content.custom);
    });
    writeCustom(out, spec.custom);
  });
}
