/** Power per opportunity: how strongly a read point hears a tag, silence included, and how sure that number is. */
import type { EvidenceTable } from './evidence-table.ts';
import type { LocationRules } from './location-rules.ts';

/** Stands for the reads of a reader without RSSI; only differences between antennas count. */
const NO_RSSI_MW = 1e-6;

const NO_RSSI_VARIANCE = 4;

const DB_PER_NEPER = 10 / Math.LN10;

/** What one report or one slot holds. */
export interface Sample {
  readonly live: number;
  readonly seen: number;
  readonly reads: number;
  readonly sumMw: number;
}

export function sampleOf(table: EvidenceTable, slot: number): Sample {
  return {
    live: table.live[slot] ?? 0,
    seen: table.seen[slot] ?? 0,
    reads: table.reads[slot] ?? 0,
    sumMw: table.sumMw[slot] ?? 0,
  };
}

/** Share of the live cycles in which the tag was heard; half a cycle of doubt keeps it off 0 and 1. */
function share({ live, seen }: Sample): number {
  return (Math.min(seen, live) + 0.5) / (live + 1);
}

/** Mean power of the reads times the share of cycles: a cycle of silence counts as no power at all. */
export function powerDbm(sample: Sample): number {
  const meanMw = sample.reads > 0 ? sample.sumMw / sample.reads : NO_RSSI_MW;
  return 10 * Math.log10(Math.max(meanMw, 1e-15) * share(sample));
}

/** Variance of {@link powerDbm} from fading and from the number of opportunities, in dB². */
export function powerVariance(sample: Sample, rules: LocationRules): number {
  const heard = share(sample);
  const ofShare = (DB_PER_NEPER ** 2 * (1 - heard)) / (heard * (sample.live + 1));
  // Without RSSI the share is all there is; the rest is what shares of two antennas differ by for no reason.
  return (sample.reads > 0 ? rules.fadingDb ** 2 / sample.reads : NO_RSSI_VARIANCE) + ofShare;
}
