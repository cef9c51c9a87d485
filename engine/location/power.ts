/** How strongly and how often a read point hears a tag, and how likely that is for a place it may stand at. */
import type { EvidenceTable } from './evidence-table.ts';
import type { LocationRules } from './location-rules.ts';

/** Taken out once: these run for every report, and a look-up of a global costs more than they do. */
const { exp, log, log10, max, min } = Math;

/** What one report or one slot holds. */
export interface Sample {
  readonly live: number;
  readonly seen: number;
  /** Reads with RSSI, and the sum of their dBm. */
  readonly reads: number;
  readonly sumDbm: number;
}

export const NO_SAMPLE: Sample = { live: 0, seen: 0, reads: 0, sumDbm: 0 };

export function sampleOf(table: EvidenceTable, slot: number): Sample {
  return {
    live: table.live[slot] ?? 0,
    seen: table.seen[slot] ?? 0,
    reads: table.reads[slot] ?? 0,
    sumDbm: table.sumDbm[slot] ?? 0,
  };
}

export function meanDbm({ reads, sumDbm }: Sample): number {
  return reads > 0 ? sumDbm / reads : SILENT_DBM;
}

/** Stands for a tag of which no power is known; only differences count. */
const SILENT_DBM = -60;

/** Share of the live cycles in which the tag was heard; half a cycle of doubt keeps it off 0 and 1. */
export function heardShare({ live, seen }: Sample): number {
  return (min(seen, live) + 0.5) / (live + 1);
}

/** Mean power with the silence counted in: what two places are compared by where nothing finer is known. */
export function powerDbm(sample: Sample): number {
  return meanDbm(sample) + 10 * log10(heardShare(sample));
}

export function logit(share: number): number {
  return log(share / (1 - share));
}

/** Share in which a tag is heard that is heard with the odds `ownLogit` at its own shelf, `gapDb` weaker. */
export function shareAt(ownLogit: number, gapDb: number, rules: LocationRules): number {
  const share = 1 / (1 + exp(rules.logitPerDb * gapDb - ownLogit));
  return min(rules.shareMax, max(rules.shareMin, share));
}

/** Logarithm of the likelihood of these hits and misses; many cycles count as fewer, since shadowing does not average out. */
export function logShare(sample: Sample, share: number, cyclesMax: number): number {
  const { live } = sample;
  const seen = min(sample.seen, live);
  const counted = 1 / (1 + live / cyclesMax);
  return counted * (seen * log(share) + (live - seen) * log(1 - share));
}
