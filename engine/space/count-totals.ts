/** From cumulative totals of a counter to people who crossed: wraps, resets, duplicates, late frames and nonsense. */

export interface Totals {
  readonly atMs: number;
  readonly in: number;
  readonly out: number;
}

export interface Crossing {
  readonly in: number;
  readonly out: number;
  readonly how: 'first' | 'counted' | 'duplicate' | 'late' | 'reset' | 'implausible';
}

/** A wide door at the end of a lecture: three people a second and direction; the rest is a few frames of bad clocks. */
const PEOPLE_PER_SECOND_MAX = 3;
const PEOPLE_SLACK = 20;

const NOBODY = { in: 0, out: 0 };

/** What happened between two readings of the same device; `totalBits` is the width at which it wraps. */
export function countCrossing(known: Totals | undefined, now: Totals, totalBits: number): Crossing {
  if (known === undefined) return { ...NOBODY, how: 'first' };
  if (now.in === known.in && now.out === known.out) return { ...NOBODY, how: 'duplicate' };
  // Totals are cumulative: whatever a late frame counted, the newer one counted, too.
  if (now.atMs < known.atMs) return { ...NOBODY, how: 'late' };
  const peopleMax = PEOPLE_SLACK + (PEOPLE_PER_SECOND_MAX * (now.atMs - known.atMs)) / 1000;
  const span = 2 ** totalBits;
  const moved = { in: wrapped(now.in - known.in, span), out: wrapped(now.out - known.out, span) };
  if (moved.in <= peopleMax && moved.out <= peopleMax) return { ...moved, how: 'counted' };
  const isReset = now.in < known.in || now.out < known.out;
  // After a reset the totals themselves are what was counted since; what was counted before it is lost.
  if (isReset && now.in <= peopleMax && now.out <= peopleMax) return { in: now.in, out: now.out, how: 'reset' };
  return { ...NOBODY, how: 'implausible' };
}

function wrapped(difference: number, span: number): number {
  return difference < 0 ? difference + span : difference;
}
