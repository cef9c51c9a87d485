/**
 * Some readers leave out an enabled field of a tag report when it equals the last one they sent. One memory per
 * connection fills it in again.
 *
 * A time that stands in a report replaces the remembered one of the other kind: a reader sends UTC or uptime, not both.
 */
import type { TagReport } from '#contract/codec/llrp/tag-report.ts';

/** The fields we enable and use. */
export interface FilledReport {
  readonly epc: string;
  readonly antennaId: number | undefined;
  readonly peakRssiDbm: number | undefined;
  readonly seenCount: number | undefined;
  readonly pc: number | undefined;
  readonly firstSeenUs: number | undefined;
  readonly lastSeenUs: number | undefined;
}

export class ReportFill {
  #last: Omit<FilledReport, 'epc'> = {
    antennaId: undefined,
    peakRssiDbm: undefined,
    seenCount: undefined,
    pc: undefined,
    firstSeenUs: undefined,
    lastSeenUs: undefined,
  };

  fill(report: TagReport): FilledReport {
    const last = this.#last;
    const filled = {
      epc: report.epc,
      antennaId: report.antennaId ?? last.antennaId,
      peakRssiDbm: report.peakRssiDbm ?? last.peakRssiDbm,
      seenCount: report.seenCount ?? last.seenCount,
      pc: report.pc ?? last.pc,
      firstSeenUs: report.firstSeenUtcUs ?? report.firstSeenUptimeUs ?? last.firstSeenUs,
      lastSeenUs: report.lastSeenUtcUs ?? report.lastSeenUptimeUs ?? last.lastSeenUs,
    };
    this.#last = filled;
    return filled;
  }
}
