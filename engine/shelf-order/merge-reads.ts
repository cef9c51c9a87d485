/**
 * From the reads of a sweep to the places of its books. A book is heard again and again while the beam passes, and once more
 * from the shelf below: reads that lie together are one guess, and the guess with most of them is the best.
 */

/** One read of one book: where in the sweep, and how much it counts (power in mW, or 1). */
export interface BookRead {
  readonly at: number;
  readonly weight: number;
}

/** A guess with less than this share of the best one is a reflection. */
const GUESS_SHARE_MIN = 0.34;
const GUESSES_MAX = 4;

/** Best guess first. Reads farther apart than `gap` are different guesses. */
export function guessPlaces(reads: readonly BookRead[], gap: number): readonly number[] {
  const sorted = [...reads].sort((a, b) => a.at - b.at);
  const guesses: { weight: number; moment: number; last: number }[] = [];
  for (const { at, weight } of sorted) {
    const open = guesses.at(-1);
    if (open !== undefined && at - open.last <= gap) {
      open.weight += weight;
      open.moment += weight * at;
      open.last = at;
    } else guesses.push({ weight, moment: weight * at, last: at });
  }
  guesses.sort((a, b) => b.weight - a.weight);
  const best = guesses[0]?.weight ?? 0;
  return guesses
    .slice(0, GUESSES_MAX)
    .flatMap(({ weight, moment }) => (weight >= GUESS_SHARE_MIN * best && weight > 0 ? [moment / weight] : []));
}

/** Books that pass between two reads of one that are still the same pass of the beam. */
const BEAM_BOOKS = 15;

/** The gap for a sweep in which each of `books` books was read `reads / books` times, one read being one step. */
export function readGap(reads: number, books: number): number {
  return BEAM_BOOKS * Math.max(1, reads / Math.max(1, books));
}
