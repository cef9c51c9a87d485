/**
 * The fewest moves that put a row of books in order: the longest run of books that already stand in order stays, all
 * others move. Equal keys (copies) are never wrong, whatever their order.
 *
 * One book that stands too early costs one move, not an alarm for every book behind it; a pair put back together in the
 * wrong place is two moves, although each is right beside the other.
 */

/** A book to be moved. */
export interface Move {
  /** Its place in the row as it was read, from 0. */
  readonly index: number;
  /**
   * The book to put it behind: one that stays, or that an earlier move of the list has put right; undefined: to the front.
   * Done in the order of the list, the moves give a row in order.
   */
  readonly after: number | undefined;
  /** How many books it is away from where it belongs: the farther, the surer that it is no error of reading. */
  readonly distance: number;
}

export interface ShelfOrder {
  /** Books that stay. */
  readonly kept: number;
  /** The farthest first. */
  readonly moves: readonly Move[];
}

/** `keys` in the order they stand; compared as plain text (`shelfKey`). */
export function checkShelf(keys: readonly string[]): ShelfOrder {
  const stays = longestRun(keys);
  const target = targets(keys, stays);
  const strays = keys
    .flatMap((_, index) => (stays.has(index) ? [] : [{ index, distance: Math.abs((target[index] ?? index) - index) }]))
    .sort((a, b) => b.distance - a.distance || a.index - b.index);
  const after = insertInOrder(
    keys,
    [...stays].sort((a, b) => a - b),
    strays.map(({ index }) => index),
  );
  return { kept: stays.size, moves: strays.map((stray, i) => ({ ...stray, after: after[i] })) };
}

/**
 * Indices of a longest non-decreasing run. Of runs of equal length the one whose books end earliest in the order is
 * taken. Patience sorting: n log n.
 */
function longestRun(keys: readonly string[]): ReadonlySet<number> {
  /** The index that ends the best run of each length. */
  const ends: number[] = [];
  const before: number[] = [];
  keys.forEach((key, index) => {
    const length = countWhile(ends.length, (at) => (keys[ends[at] ?? 0] ?? '') <= key);
    before.push(ends[length - 1] ?? -1);
    ends[length] = index;
  });
  const run = new Set<number>();
  for (let at = ends.at(-1) ?? -1; at >= 0; at = before[at] ?? -1) run.add(at);
  return run;
}

/** Number of leading places for which `holds` is true; it must hold for a prefix. */
export function countWhile(count: number, holds: (at: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Where each book stands once all is in order; books that stay keep their order among equals. */
function targets(keys: readonly string[], stays: ReadonlySet<number>): readonly number[] {
  const order = keys
    .map((key, index) => ({ key, index, isStray: stays.has(index) ? 0 : 1 }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.isStray - b.isStray || a.index - b.index));
  const target = new Array<number>(keys.length);
  order.forEach(({ index }, at) => (target[index] = at));
  return target;
}

/**
 * Puts books into a row that is in order, one after the other; for each the book to put it behind, undefined: to the front.
 * Numbers are places in `keys`.
 */
export function insertInOrder(
  keys: readonly string[],
  row: readonly number[],
  books: readonly number[],
): readonly (number | undefined)[] {
  const placed = new Row(keys, [...row]);
  return books.map((book) => placed.insert(book));
}

/** Books in order, to which others are added. */
class Row {
  readonly #keys: readonly string[];
  readonly #row: number[];

  constructor(keys: readonly string[], row: number[]) {
    this.#keys = keys;
    this.#row = row;
  }

  /** Puts a book behind the last one that is not above it; gives that one. */
  insert(index: number): number | undefined {
    const key = this.#keys[index] ?? '';
    const at = countWhile(this.#row.length, (place) => (this.#keys[this.#row[place] ?? 0] ?? '') <= key);
    this.#row.splice(at, 0, index);
    return this.#row[at - 1];
  }
}
