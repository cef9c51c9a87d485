import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { checkShelf, type ShelfOrder } from '#engine/shelf-order/check-shelf.ts';

/** Length of the longest non-decreasing run by trying every subset: too slow for anything but a test. */
function longestByForce(keys: readonly string[]): number {
  let longest = 0;
  for (let chosen = 0; chosen < 2 ** keys.length; chosen += 1) {
    const run = keys.filter((_, index) => (chosen & (2 ** index)) !== 0);
    if (run.length > longest && run.every((key, index) => index === 0 || (run[index - 1] ?? '') <= key)) {
      longest = run.length;
    }
  }
  return longest;
}

/** The row after a person did the moves one after the other. */
function carriedOut(keys: readonly string[], { moves }: ShelfOrder): string[] {
  const row = keys.map((key, index) => ({ key, index }));
  for (const { index, after } of moves) {
    const from = row.findIndex((book) => book.index === index);
    const [book] = row.splice(from, 1);
    const to = after === undefined ? 0 : row.findIndex((other) => other.index === after) + 1;
    if (book !== undefined) row.splice(to, 0, book);
  }
  return row.map(({ key }) => key);
}

const row = (text: string): string[] => text.split(' ');

describe('the fewest moves', () => {
  test('a row in order, also with copies, needs none', () => {
    expect(checkShelf(row('a b b b c'))).toEqual({ kept: 5, moves: [] });
    expect(checkShelf([])).toEqual({ kept: 0, moves: [] });
  });

  test('one book too early is one move, not an alarm for all behind it', () => {
    expect(checkShelf(row('a h b c d e f g'))).toEqual({ kept: 7, moves: [{ index: 1, after: 7, distance: 6 }] });
  });

  test('a pair put back together in the wrong place is found, although each stands right beside the other', () => {
    const { kept, moves } = checkShelf(row('a b y z c d e f g h'));
    expect([kept, moves.map(({ index }) => index).sort()]).toEqual([8, [2, 3]]);
  });

  test('to the front', () => {
    expect(checkShelf(row('b c d a'))).toEqual({ kept: 3, moves: [{ index: 3, after: undefined, distance: 3 }] });
  });

  test('against every subset: never a move too many, and the row is in order afterwards', () => {
    const keys = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { maxLength: 11 });
    fc.assert(
      fc.property(keys, (given) => {
        const order = checkShelf(given);
        expect(order.kept).toBe(longestByForce(given));
        expect(order.moves).toHaveLength(given.length - order.kept);
        expect(carriedOut(given, order)).toEqual([...given].sort());
      }),
      { numRuns: 400 },
    );
  });
});
