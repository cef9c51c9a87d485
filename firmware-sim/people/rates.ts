/**
 * How lively the library is. The defaults make a demonstration: about nine visitors a minute who do not stay long, so that
 * books are put down from the first minutes on, and ten to twenty items standing wrong at any time.
 */
export interface Rates {
  /** Visitors a minute at a busy hour. */
  readonly arrivalsPerMinute: number;
  /** How many come in the first minutes of a new run, so that there is something to see. */
  readonly openingVisitors: number;
  /** Items a visitor takes from the shelves, on average. */
  readonly takesPerVisitor: number;
  /** What becomes of a taken item; the rest is borrowed. */
  readonly leftAtDeskShare: number;
  readonly putBackShare: number;
  readonly misplacedShare: number;
  /** Time in a reading room or at the shelves. */
  readonly stayMinutes: number;
  readonly borrowedMinutes: number;
  readonly onTrolleyMinutes: number;
  /** From standing wrong to being put right. */
  readonly wrongMinutes: number;
  /** Part of what staff shelve that lands on a wrong shelf. */
  readonly staffSlipShare: number;
  /** Part of the items that visitors take from shelves with antennas. */
  readonly smartShare: number;
  /** Part of the items on smart shelves that stand wrong at the start. */
  readonly misplacedAtStartShare: number;
}

export const DEMO_RATES: Rates = {
  arrivalsPerMinute: 9,
  openingVisitors: 45,
  takesPerVisitor: 1.1,
  leftAtDeskShare: 0.5,
  putBackShare: 0.2,
  misplacedShare: 0.15,
  stayMinutes: 3,
  borrowedMinutes: 20,
  onTrolleyMinutes: 2,
  wrongMinutes: 10,
  staffSlipShare: 0.02,
  smartShare: 0.9,
  misplacedAtStartShare: 0.003,
};

/** Share of the busiest hour by hour of the day, in the library's own time zone. Never quiet: it is a demonstration. */
const BY_HOUR = [
  0.7, 0.65, 0.6, 0.6, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.95, 1, 0.95, 0.95, 1, 1, 1, 0.95, 0.9, 0.85, 0.8, 0.8, 0.75,
  0.7,
] as const;

/** The library's clock on the wall, asked often: one formatter does. */
export function hourReader(timeZone: string): (atMs: number) => number {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: 'numeric', hourCycle: 'h23' });
  return (atMs) => Number(format.format(atMs));
}

/** Visitors a minute at that hour. */
export function arrivalsPerMinute(rates: Rates, hour: number): number {
  return rates.arrivalsPerMinute * (BY_HOUR[hour] ?? 1);
}
