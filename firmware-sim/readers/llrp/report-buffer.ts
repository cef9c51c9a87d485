/** Tags heard and not yet reported: one entry for each tag at each antenna, as readers keep them. */
import type { RoReportSpec, TagReportContent } from '#contract/codec/llrp/report-spec.ts';
import type { TagReport } from '#contract/codec/llrp/tag-report.ts';

interface Entry {
  readonly epc: string;
  readonly antennaId: number;
  readonly specIndex: number;
  peakRssiDbm: number;
  firstMs: number;
  lastMs: number;
  count: number;
}

/** Protocol control word of a 96-bit EPC: length 6 words, nothing else. */
const PC_96_BITS = 0x3000;
/** The reader sits on one fixed channel at a time. */
const CHANNELS = 4;

export interface Heard {
  readonly epc: string;
  readonly antennaId: number;
  readonly specIndex: number;
  readonly rssiDbm: number;
  readonly atMs: number;
}

/** What a ROSpec without a report spec gets: everything, at its end. */
export const DEFAULT_REPORT: RoReportSpec = {
  trigger: 'n-tags-or-rospec-end',
  n: 0,
  content: {
    rospecId: true,
    specIndex: true,
    inventoryParameterSpecId: true,
    antennaId: true,
    channelIndex: true,
    peakRssi: true,
    firstSeen: true,
    lastSeen: true,
    seenCount: true,
    accessSpecId: true,
    custom: [],
  },
  custom: [],
};

export class ReportBuffer {
  readonly #entries = new Map<string, Entry>();

  get size(): number {
    return this.#entries.size;
  }

  add(heard: Heard): void {
    const key = `${heard.antennaId}/${heard.epc}`;
    const entry = this.#entries.get(key);
    if (entry === undefined) {
      const { epc, antennaId, specIndex, rssiDbm, atMs } = heard;
      const first = { epc, antennaId, specIndex, peakRssiDbm: rssiDbm, firstMs: atMs, lastMs: atMs, count: 1 };
      this.#entries.set(key, first);
      return;
    }
    entry.peakRssiDbm = Math.max(entry.peakRssiDbm, heard.rssiDbm);
    entry.firstMs = Math.min(entry.firstMs, heard.atMs);
    entry.lastMs = Math.max(entry.lastMs, heard.atMs);
    entry.count += 1;
  }

  /** Empties the buffer into tag reports with the fields that were asked for. */
  drain(content: TagReportContent, rospecId: number): TagReport[] {
    const reports = [...this.#entries.values()].map((entry) => reportOf(entry, content, rospecId));
    this.#entries.clear();
    return reports;
  }
}

function reportOf(entry: Entry, content: TagReportContent, rospecId: number): TagReport {
  return {
    epc: entry.epc,
    ...(content.rospecId && { rospecId }),
    ...(content.specIndex && { specIndex: entry.specIndex }),
    ...(content.inventoryParameterSpecId && { inventoryParameterSpecId: 1 }),
    ...(content.antennaId && { antennaId: entry.antennaId }),
    ...(content.peakRssi && { peakRssiDbm: Math.max(-128, Math.min(127, entry.peakRssiDbm)) }),
    ...(content.channelIndex && { channelIndex: 1 + (Math.floor(entry.firstMs / 4000) % CHANNELS) }),
    ...(content.firstSeen && { firstSeenUtcUs: Math.round(entry.firstMs * 1000) }),
    ...(content.lastSeen && { lastSeenUtcUs: Math.round(entry.lastMs * 1000) }),
    ...(content.seenCount && { seenCount: Math.min(entry.count, 0xffff) }),
    ...(content.accessSpecId && { accessSpecId: 0 }),
    ...(content.c1g2?.pc === true && { pc: PC_96_BITS }),
  };
}
