/** The numbers of edge presence, each with its reason. Handed in, so that tests and odd sites can change them. */
export interface PresenceLimits {
  /** Between two reports of one tag at one antenna: bounds what a nervous tag can cost. */
  readonly reportGapMsMin: number;
  /** A tag that nothing happens to is reported this often, so that "last seen" stays honest. */
  readonly stillMs: number;
  /** Every antenna reports this often, also with no tag. */
  readonly scanMs: number;
  /** A live antenna without any cycle for this long is not being scanned: above the slowest round over 32 antennas. */
  readonly cycleGapMsMax: number;
  /** A tag heard again where nobody tells of cycles (a wand, a wedge) is reported this often: reads are all there is. */
  readonly unscannedMs: number;
  /** Change of the smoothed power that is worth a report. */
  readonly powerStepDb: number;
  /** Pairs of tag and antenna kept for one reader; about 400 bytes each. The longest unheard go first. */
  readonly pairsMax: number;
}

export const PRESENCE_LIMITS: PresenceLimits = {
  reportGapMsMin: 1000,
  stillMs: 300_000,
  scanMs: 30_000,
  cycleGapMsMax: 60_000,
  unscannedMs: 30_000,
  powerStepDb: 3,
  pairsMax: 200_000,
};

/**
 * Live cycles since the first report at which the evidence is reported again: each of the first ones, because that is when
 * the place of a tag that was just put down is decided, then at bounded cost.
 */
export const MATURE_CYCLES: readonly number[] = [1, 2, 3, 4, 5, 6, 8];

/** Share of cycles heard that an unknown tag is taken to have: low, so that a neighbour's weak tag does not flicker. */
export const HEARD_SHARE_START = 0.3;
/** How many cycles of experience that guess is worth. */
export const HEARD_SHARE_START_CYCLES = 4;
/** The share follows about this many cycles. */
export const HEARD_SHARE_CYCLES = 16;
/** The power follows about this many cycles: at 5 dB of fading the smoothed value then wanders by about 1.3 dB. */
export const POWER_CYCLES = 8;

const LOST_CYCLES_MIN = 3;
const LOST_CYCLES_MAX = 20;
/** A tag that is still there misses this many cycles in a row with at most this chance. */
const LOST_BY_CHANCE_MAX = 0.001;

/** Cycles without a read after which a tag that is usually heard in `heardShare` of them is reported lost. */
export function lostAfterCycles(heardShare: number): number {
  if (heardShare >= 1) return LOST_CYCLES_MIN;
  const cycles = Math.ceil(Math.log(LOST_BY_CHANCE_MAX) / Math.log(1 - heardShare));
  return Math.min(LOST_CYCLES_MAX, Math.max(LOST_CYCLES_MIN, cycles));
}

/** Readings outside are noise or placeholders of a reader that does not measure; they count as "no RSSI". */
export const RSSI_DBM_MIN = -120;
export const RSSI_DBM_MAX = 0;

export function isPower(rssiDbm: number | undefined): rssiDbm is number {
  return rssiDbm !== undefined && rssiDbm >= RSSI_DBM_MIN && rssiDbm <= RSSI_DBM_MAX;
}
