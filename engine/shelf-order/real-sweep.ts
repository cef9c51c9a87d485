/**
 * The order of a shelf as a wand heard it. A wand reads at random within its beam, misses books, and hears the shelves above
 * and below; what is disorder of the reading must not become work for people.
 *
 * The row is found first (`tracks.ts`), then how far its books scatter about their places: that is the position error. A
 * book is out of order only beyond it. What was heard along the row and belongs to no place in it, in numbers that strays
 * do not have, shone over from a shelf beside it and is left out.
 */
import { checkShelf, countWhile, insertInOrder, type Move, type ShelfOrder } from './check-shelf.ts';
import { findRow, median, type PlacedBook, type Row } from './tracks.ts';

/** One book of a sweep. */
export interface SweptBook {
  readonly key: string;
  /** Where in the sweep it was heard, in any unit that rises along it: best guess first, then others nearly as good. */
  readonly at: readonly number[];
}

export interface SweepOrder extends ShelfOrder {
  /** Books by which a place may be wrong without anything being wrong; 0: the order is taken as it is. */
  readonly positionError: number;
  /** The row runs from right to left: one finding for the whole of it, and the moves are those that remain. */
  readonly isReversed: boolean;
  /** Heard here, standing beside: neither kept nor moved. */
  readonly shoneOver: readonly number[];
  /** 0 to 1 for each move, in the order of `moves`. */
  readonly certainty: readonly number[];
}

export interface SweepOrderOptions {
  /** Absent: found out from the books. 0: the order counts as it is. */
  readonly positionError?: number | undefined;
}

/** Below this nobody can tell noise from disorder, and a few moves are quickly done. */
const NOISE_BOOKS_MIN = 20;
/** A position error above this share of the row says nothing any more: that is disorder. */
const ERROR_SHARE_MAX = 0.25;
/** No beam covers more books. */
const ERROR_BOOKS_MAX = 40;
/** Share of the books that must stand a little wrong before it is called noise. */
const NOISE_SHARE_MIN = 0.08;
const REVERSED_BOOKS_MIN = 12;
const REVERSED_KEPT_MIN = 0.7;

export function checkSweep(books: readonly SweptBook[], options: SweepOrderOptions = {}): SweepOrder {
  const forward = checkOneWay(books, options);
  if (books.length < REVERSED_BOOKS_MIN || forward.kept >= books.length / 2) return forward;
  const mirrored = books.map(({ key, at }) => ({ key, at: at.map((place) => -place) }));
  const backward = checkOneWay(mirrored, options);
  const isReversed = backward.kept >= REVERSED_KEPT_MIN * books.length && backward.kept >= 2 * forward.kept;
  return isReversed ? { ...backward, isReversed } : forward;
}

function checkOneWay(books: readonly SweptBook[], { positionError }: SweepOrderOptions): SweepOrder {
  if (positionError === 0) return exactOrder(books);
  const isForced = positionError !== undefined;
  if (!isForced && books.length < NOISE_BOOKS_MIN) return exactOrder(books);
  const sweep = lineUp(books);
  const row = findRow(sweep.inKeyOrder);
  const error = positionError ?? positionErrorOf(sweep, row);
  const judged = judge(sweep, row, error);
  if (!isForced && !isNoise(sweep, judged, error)) return exactOrder(books);
  return toOrder(sweep, judged, error);
}

function exactOrder(books: readonly SweptBook[]): SweepOrder {
  const order = books.map((_, book) => book).sort((a, b) => (books[a]?.at[0] ?? 0) - (books[b]?.at[0] ?? 0) || a - b);
  const { kept, moves } = checkShelf(order.map((book) => books[book]?.key ?? ''));
  const bookAt = (index: number): number => order[index] ?? index;
  return {
    kept,
    moves: moves.map(({ index, after, distance }) => ({
      index: bookAt(index),
      after: after === undefined ? undefined : bookAt(after),
      distance,
    })),
    certainty: moves.map(({ distance }) => certaintyOf(distance, 0)),
    positionError: 0,
    isReversed: false,
    shoneOver: [],
  };
}

interface Sweep {
  readonly books: readonly SweptBook[];
  /** Places as numbers of books passed, so that waiting in front of a shelf stretches nothing. */
  readonly inKeyOrder: readonly (PlacedBook & { readonly others: readonly number[] })[];
}

function lineUp(books: readonly SweptBook[]): Sweep {
  const starts = books.map(({ at }) => at[0] ?? 0).sort((a, b) => a - b);
  const numbers = books.map((_, book) => book);
  numbers.sort((a, b) => (books[a]?.at[0] ?? 0) - (books[b]?.at[0] ?? 0) || a - b);
  const rank = new Map(numbers.map((book, place) => [book, place]));
  const keyOf = (book: number): string => books[book]?.key ?? '';
  numbers.sort((a, b) => {
    if (keyOf(a) !== keyOf(b)) return keyOf(a) < keyOf(b) ? -1 : 1;
    return (rank.get(a) ?? 0) - (rank.get(b) ?? 0);
  });
  const inKeyOrder = numbers.map((book) => ({
    book,
    at: rank.get(book) ?? 0,
    others: (books[book]?.at ?? []).slice(1).map((place) => countBelow(starts, place)),
  }));
  return { books, inKeyOrder };
}

/** Books on each side in key order whose shift says by how much strays before them moved the whole row. */
const SHIFT_BOOKS = 15;
/** The share of books that scatter no more than this is widened by half as much again: beyond it a book is out of order. */
const SCATTER_SHARE = 0.9;
const SCATTER_FACTOR = 1.8;
const ERROR_MIN = 2;

function positionErrorOf({ inKeyOrder }: Sweep, row: Row): number {
  const members = inKeyOrder.filter((_, position) => row.members.has(position));
  const places = members.map(({ at }) => at).sort((a, b) => a - b);
  const shifts = members.map(({ at }, rank) => countBelow(places, at) - rank);
  const scatter = shifts.map((shift, i) => {
    const around = shifts.slice(Math.max(0, i - SHIFT_BOOKS), i + SHIFT_BOOKS + 1);
    return Math.abs(shift - median(around));
  });
  scatter.sort((a, b) => a - b);
  const usual = scatter[Math.floor(scatter.length * SCATTER_SHARE)] ?? 0;
  return Math.max(ERROR_MIN, Math.ceil(usual * SCATTER_FACTOR));
}

interface Judged {
  /** Positions in key order. */
  readonly kept: readonly number[];
  readonly strays: readonly { readonly position: number; readonly distance: number }[];
  readonly shoneOver: readonly number[];
}

/** Fewer than this share of the row, on one side of its keys, are strays; more shone over. */
const SHONE_SHARE_MIN = 0.025;
const SHONE_BOOKS_MIN = 4;
/** Within the keys of the row only a long line is more than a few strays in a row. */
const TRACK_SHARE_MIN = 0.05;
const TRACK_BOOKS_MIN = 10;
const ROUNDS = 3;

function judge(sweep: Sweep, row: Row, error: number): Judged {
  const { inKeyOrder } = sweep;
  const span = spanOf(row, inKeyOrder.length);
  let kept = [...row.members].filter((at) => at >= span.from && at <= span.to).sort((a, b) => a - b);
  const distances = new Array<number>(inKeyOrder.length).fill(0);
  for (let round = 0; round < ROUNDS; round += 1) {
    const measure = ruler(sweep, kept);
    inKeyOrder.forEach((_, position) => (distances[position] = measure(position)));
    kept = distances.flatMap((distance, at) => (distance <= error && at >= span.from && at <= span.to ? [at] : []));
  }
  const isKept = new Set(kept);
  const shone = findShoneOver(sweep, { row, span, isKept, error, distances });
  const strays = inKeyOrder.flatMap((_, position) =>
    isKept.has(position) || shone.has(position) ? [] : [{ position, distance: distances[position] ?? 0 }],
  );
  return { kept, strays, shoneOver: [...shone] };
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** The keys of the row: up to where most books in key order belong to it, so that a few that joined by chance stretch nothing. */
function spanOf({ members }: Row, size: number): Span {
  const around = Math.max(3, Math.min(15, Math.floor(size / 3)));
  const isDense = (position: number, step: 1 | -1): boolean => {
    let count = 0;
    for (let i = 0; i < around; i += 1) if (members.has(position + i * step)) count += 1;
    return members.has(position) && count >= 0.85 * around;
  };
  let from = 0;
  while (from < size - 1 && !isDense(from, 1)) from += 1;
  let to = size - 1;
  while (to > from && !isDense(to, -1)) to -= 1;
  return from < to ? { from, to } : { from: 0, to: size - 1 };
}

/** How many books of the row stand between a book and where its key belongs; the nearest of its guesses counts. */
function ruler({ books, inKeyOrder }: Sweep, kept: readonly number[]): (position: number) => number {
  const places = kept.map((position) => inKeyOrder[position]?.at ?? 0).sort((a, b) => a - b);
  const keys = kept.map((position) => books[inKeyOrder[position]?.book ?? 0]?.key ?? '');
  const own = new Set(kept);
  return (position) => {
    const placed = inKeyOrder[position];
    const key = books[placed?.book ?? 0]?.key ?? '';
    const low = countWhile(keys.length, (i) => (keys[i] ?? '') < key);
    const high = countWhile(keys.length, (i) => (keys[i] ?? '') <= key) - (own.has(position) ? 1 : 0);
    const guesses = [placed?.at ?? 0, ...(placed?.others ?? [])];
    return Math.min(
      ...guesses.map((at) => {
        const passed = countBelow(places, at);
        return passed < low ? low - passed : Math.max(0, passed - high);
      }),
    );
  };
}

interface Surroundings {
  readonly row: Row;
  readonly span: Span;
  readonly isKept: ReadonlySet<number>;
  readonly error: number;
  readonly distances: readonly number[];
}

function findShoneOver(sweep: Sweep, { row, span, isKept, error, distances }: Surroundings): ReadonlySet<number> {
  const { inKeyOrder } = sweep;
  const shone = new Set<number>();
  const sides = [
    inKeyOrder.map((_, position) => position).filter((position) => position < span.from),
    inKeyOrder.map((_, position) => position).filter((position) => position > span.to),
  ];
  const booksMin = Math.max(SHONE_BOOKS_MIN, SHONE_SHARE_MIN * isKept.size);
  for (const side of sides) {
    // At the very end of the row it may belong to the next shelf as well: nobody has to move it.
    for (const at of side) if (side.length >= booksMin || (distances[at] ?? 0) <= error) shone.add(at);
  }
  const places = [...isKept].map((position) => inKeyOrder[position]?.at ?? 0).sort((a, b) => a - b);
  const trackMin = Math.max(TRACK_BOOKS_MIN, TRACK_SHARE_MIN * isKept.size);
  for (const track of row.others) {
    if (track.length >= trackMin && isInterleaved(track, sweep, places)) for (const at of track) shone.add(at);
  }
  for (const at of isKept) shone.delete(at);
  return shone;
}

/** A block that was put back in a wrong place has it to itself; what shines over is heard between the books of the row. */
function isInterleaved(track: readonly number[], { inKeyOrder }: Sweep, places: readonly number[]): boolean {
  const own = track.map((position) => inKeyOrder[position]?.at ?? 0).sort((a, b) => a - b);
  const from = own[Math.floor(own.length * 0.1)] ?? 0;
  const to = own[Math.floor(own.length * 0.9)] ?? 0;
  const between = countBelow(places, to) - countBelow(places, from);
  return to > from && between / (to - from) >= 0.4;
}

/** Noise is many small shifts; disorder is books far from where they belong. */
function isNoise({ books, inKeyOrder }: Sweep, { kept, strays }: Judged, error: number): boolean {
  if (
    kept.length < NOISE_BOOKS_MIN ||
    error > Math.min(ERROR_BOOKS_MAX, ERROR_SHARE_MAX * kept.length) ||
    kept.length < 2 * strays.length
  ) {
    return false;
  }
  const swept = kept.map((position) => inKeyOrder[position]).sort((a, b) => (a?.at ?? 0) - (b?.at ?? 0));
  const small = kept.length - checkShelf(swept.map((placed) => books[placed?.book ?? 0]?.key ?? '')).kept;
  return small >= NOISE_SHARE_MIN * kept.length && small >= 2 * strays.length;
}

function toOrder({ books, inKeyOrder }: Sweep, { kept, strays, shoneOver }: Judged, error: number): SweepOrder {
  const bookAt = (position: number): number => inKeyOrder[position]?.book ?? 0;
  const sorted = strays.toSorted((a, b) => b.distance - a.distance || a.position - b.position);
  const keys = books.map(({ key }) => key);
  const after = insertInOrder(
    keys,
    kept.map(bookAt),
    sorted.map(({ position }) => bookAt(position)),
  );
  const moves: Move[] = sorted.map(({ position, distance }, i) => ({
    index: bookAt(position),
    after: after[i],
    distance,
  }));
  return {
    kept: kept.length,
    moves,
    certainty: moves.map(({ distance }) => certaintyOf(distance, error)),
    positionError: error,
    isReversed: false,
    shoneOver: shoneOver.map(bookAt),
  };
}

/** Even chances at the position error, 0.93 at twice as much. */
function certaintyOf(distance: number, error: number): number {
  const beyond = Math.max(0, distance - error);
  return Math.round((1 - 0.5 * Math.exp(-beyond / Math.max(2, error / 2))) * 1000) / 1000;
}

function countBelow(sorted: readonly number[], value: number): number {
  return countWhile(sorted.length, (i) => (sorted[i] ?? 0) < value);
}
