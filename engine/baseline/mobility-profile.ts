/**
 * How much louder another antenna must be before the rule moves a tag to it: by the threshold right after the present
 * antenna read the tag, then less and less, without a bound below.
 *
 *     d        500 ms   1250 ms   2 s   5 s    60 s
 *     offset   +6 dB    0 dB      -6    -30    -470
 *
 * Source: EdgeX app-rfid-llrp-inventory, internal/inventory/mobilityprofile.go.
 */
export interface MobilityProfile {
  readonly thresholdDb: number;
  readonly holdoffMs: number;
  /** Negative. */
  readonly slopeDbPerMs: number;
}

/** What the product starts with. */
export const ASSET_TRACKING: MobilityProfile = { thresholdDb: 6, holdoffMs: 500, slopeDbPerMs: -0.008 };
/** The second published profile: 0 dB only after 72 s. */
export const RETAIL_GARMENT: MobilityProfile = { thresholdDb: 6, holdoffMs: 60_000, slopeDbPerMs: -0.0005 };

/** By how much the challenger must be louder, `sinceMs` after the present antenna last read the tag. */
export function offsetDb({ thresholdDb, holdoffMs, slopeDbPerMs }: MobilityProfile, sinceMs: number): number {
  const interceptDb = thresholdDb - slopeDbPerMs * holdoffMs;
  return Math.min(thresholdDb, slopeDbPerMs * sinceMs + interceptDb);
}
