/** Tags heard and not yet reported: one entry for each tag at each antenna, as readers keep them. */
import type { RoReportSpec, TagReportContent } from '#contract/codec/llrp/report-spec.ts';
import type { OpResult } from '#contract/codec/llrp/op-result.ts';
import type { TagReport } from '#contract/codec/llrp/tag-report.ts';

import type { Performed } from './access-table.ts';
import { reportExtensions, type ExtraContent } from './extensions.ts';

interface Entry {
  readonly epc: string;
  readonly antennaId: number;
  readonly specIndex: number;
  peakRssiDbm: number;
  firstMs: number;
  lastMs: number;
  count: number;
  accessSpecId: number;
  opResults: readonly OpResult[];
  readonly tid: Uint8Array | undefined;
  readonly pc: number;
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
  /** Protocol control word; absent: that of 96 bits. */
  readonly pc?: number | undefined;
  readonly tid?: Uint8Array | undefined;
  /** What was done to the tag in this round. */
  readonly performed?: Performed | undefined;
}

/** How times are told, and what goes beside the standard's fields. */
export interface ReportForm {
  readonly content: TagReportContent;
  readonly rospecId: number;
  readonly extra: ExtraContent;
  /** Wall clock time at which the reader started; undefined where it has a clock of its own. */
  readonly bootMs: number | undefined;
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
    const { performed } = heard;
    if (entry === undefined) {
      const { epc, antennaId, specIndex, rssiDbm, atMs, tid, pc = PC_96_BITS } = heard;
      const done = { accessSpecId: performed?.accessSpecId ?? 0, opResults: performed?.results ?? [] };
      const times = { firstMs: atMs, lastMs: atMs, count: 1 };
      this.#entries.set(key, { epc, antennaId, specIndex, peakRssiDbm: rssiDbm, ...times, ...done, tid, pc });
      return;
    }
    entry.peakRssiDbm = Math.max(entry.peakRssiDbm, heard.rssiDbm);
    entry.firstMs = Math.min(entry.firstMs, heard.atMs);
    entry.lastMs = Math.max(entry.lastMs, heard.atMs);
    entry.count += 1;
    if (performed === undefined) return;
    const again = new Set(performed.results.map(({ opSpecId }) => opSpecId));
    entry.opResults = [...entry.opResults.filter(({ opSpecId }) => !again.has(opSpecId)), ...performed.results];
    entry.accessSpecId = performed.accessSpecId;
  }

  /** Empties the buffer into tag reports with the fields that were asked for. */
  drain(form: ReportForm): TagReport[] {
    const reports = [...this.#entries.values()].map((entry) => reportOf(entry, form));
    this.#entries.clear();
    return reports;
  }
}

function reportOf(entry: Entry, { content, rospecId, extra, bootMs }: ReportForm): TagReport {
  const custom = reportExtensions(extra, { tid: entry.tid, rssiDbm: entry.peakRssiDbm });
  const us = (atMs: number): number => Math.max(0, Math.round((atMs - (bootMs ?? 0)) * 1000));
  const [first, last] = bootMs === undefined ? UTC_FIELDS : UPTIME_FIELDS;
  return {
    epc: entry.epc,
    ...(content.rospecId && { rospecId }),
    ...(content.specIndex && { specIndex: entry.specIndex }),
    ...(content.inventoryParameterSpecId && { inventoryParameterSpecId: 1 }),
    ...(content.antennaId && { antennaId: entry.antennaId }),
    ...(content.peakRssi && { peakRssiDbm: Math.max(-128, Math.min(127, Math.round(entry.peakRssiDbm))) }),
    ...(content.channelIndex && { channelIndex: 1 + (Math.floor(entry.firstMs / 4000) % CHANNELS) }),
    ...(content.firstSeen && { [first]: us(entry.firstMs) }),
    ...(content.lastSeen && { [last]: us(entry.lastMs) }),
    ...(content.seenCount && { seenCount: Math.min(entry.count, 0xffff) }),
    ...(content.accessSpecId && { accessSpecId: entry.accessSpecId }),
    ...(content.c1g2?.pc === true && { pc: entry.pc }),
    ...(entry.opResults.length > 0 && { opResults: entry.opResults }),
    ...(custom.length > 0 && { custom }),
  };
}

const UTC_FIELDS = ['firstSeenUtcUs', 'lastSeenUtcUs'] as const;
const UPTIME_FIELDS = ['firstSeenUptimeUs', 'lastSeenUptimeUs'] as const;
