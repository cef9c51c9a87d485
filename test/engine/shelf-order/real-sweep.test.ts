/** What a wand hears is noisy: people are sent to books that stand wrong, and not to those that were read out of order. */
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { checkShelf } from '#engine/shelf-order/check-shelf.ts';
import { guessPlaces, readGap } from '#engine/shelf-order/merge-reads.ts';
import { checkSweep, type SweepOrder } from '#engine/shelf-order/real-sweep.ts';
import { HARD, makeSweep, type MadeSweep, type SweepStyle } from './real-sweeps.ts';

function check({ reads }: MadeSweep): { readonly moved: readonly string[]; readonly order: SweepOrder } {
  const found = new Map<string, { key: string; reads: { at: number; weight: number }[] }>();
  reads.forEach(({ barcode, callNumber }, at) => {
    const book = found.get(barcode) ?? { key: callNumber, reads: [] };
    found.set(barcode, book);
    book.reads.push({ at, weight: 1 });
  });
  const gap = readGap(reads.length, found.size);
  const order = checkSweep([...found.values()].map((book) => ({ key: book.key, at: guessPlaces(book.reads, gap) })));
  const names = [...found.keys()];
  return { moved: order.moves.map(({ index }) => names[index] ?? ''), order };
}

/** Over several sweeps: how many of the first ten lines are right, and how many far strays are on the list at all. */
function score(style: Partial<SweepStyle>): { readonly firstTen: number; readonly found: number } {
  let [listed, right, far, found] = [0, 0, 0, 0];
  for (let n = 0; n < 4; n += 1) {
    const made = makeSweep(`bar-${n}`, { ...HARD, ...style });
    const { moved } = check(made);
    const firstTen = moved.slice(0, 10);
    listed += firstTen.length;
    right += firstTen.filter((barcode) => made.strays.has(barcode)).length;
    for (const [barcode, off] of made.strays) {
      if (off <= 10) continue;
      far += 1;
      if (moved.includes(barcode)) found += 1;
    }
  }
  return { firstTen: right / listed, found: found / far };
}

describe('a real sweep of 1,000 books, 3 % strays, 5 % unread, 10 % untagged', () => {
  test.each<[string, Partial<SweepStyle>]>([
    ['jitter of 5 books, a fifth of both neighbours heard alongside', {}],
    ['jitter of 5 books as standard deviation', { jitter: { kind: 'normal', books: 5 } }],
    ['neighbours heard anywhere', { bleed: { share: 0.2, order: 'anywhere' } }],
    ['four fifths of both neighbours heard', { bleed: { share: 0.8, order: 'alongside' } }],
    ['each book read three times', { readsEach: 3 }],
    ['no neighbours heard', { bleed: { share: 0, order: 'alongside' } }],
  ])('%s', (_, style) => {
    const { firstTen, found } = score(style);
    expect(firstTen).toBeGreaterThanOrEqual(0.9);
    expect(found).toBeGreaterThanOrEqual(0.95);
  });
});

test('a clean sweep of 1,000 books with 3 % strays: exactly the minimal moves', () => {
  const clean: SweepStyle = {
    ...HARD,
    jitter: { kind: 'uniform', books: 0 },
    unreadShare: 0,
    untaggedShare: 0,
    bleed: { share: 0, order: 'alongside' },
  };
  for (let n = 0; n < 3; n += 1) {
    const made = makeSweep(`clean-${n}`, clean);
    const { moved, order } = check(made);
    const exact = checkShelf(made.reads.map(({ callNumber }) => callNumber));
    expect([order.kept, order.positionError]).toEqual([exact.kept, 0]);
    expect(moved).toEqual(exact.moves.map(({ index }) => made.reads[index]?.barcode));
  }
});

test('law: disorder that is no noise of reading is judged exactly, however much of it there is', () => {
  const rows = fc.array(fc.constantFrom(...'abcdefgh'.split('')), { maxLength: 19 });
  fc.assert(
    fc.property(rows, (keys) => {
      const order = checkSweep(keys.map((key, at) => ({ key, at: [at] })));
      if (order.isReversed) return;
      expect(order.kept).toBe(checkShelf(keys).kept);
      expect(order.kept + order.moves.length).toBe(keys.length);
    }),
    { numRuns: 200 },
  );
});

test('a thousand books in no order at all are disorder, not noise', () => {
  const keys = Array.from({ length: 1000 }, (_, i) => String((i * 617) % 1000).padStart(4, '0'));
  const order = checkSweep(keys.map((key, at) => ({ key, at: [at] })));
  expect([order.positionError, order.kept]).toEqual([0, checkShelf(keys).kept]);
});

test('swept from the other end: one finding, and the stray is still found', () => {
  const keys = Array.from({ length: 30 }, (_, i) => String(i).padStart(2, '0')).reverse();
  const [stray = ''] = keys.splice(3, 1);
  keys.splice(20, 0, stray);
  const order = checkSweep(keys.map((key, at) => ({ key, at: [at] })));
  expect([order.isReversed, order.kept]).toEqual([true, 29]);
  expect(order.moves.map(({ index }) => keys[index])).toEqual([stray]);
});

test('the position error can be forced: 0 is exact, more lets neighbours change places', () => {
  const books = 'badcfehgjilknmporqts'.split('').map((key, at) => ({ key, at: [at] }));
  expect(checkSweep(books, { positionError: 0 }).moves).toHaveLength(10);
  expect(checkSweep(books, { positionError: 2 }).moves).toEqual([]);
});

test('a block put back in a wrong place is moved, since nothing else stands there', () => {
  const made = makeSweep('block', { ...HARD, strayShare: 0, bleed: { share: 0, order: 'alongside' } });
  const block = made.reads.slice(200, 240);
  const rest = made.reads.filter((read) => !block.includes(read));
  const { moved } = check({ ...made, reads: [...rest.slice(0, 600), ...block, ...rest.slice(600)] });
  expect(moved.filter((barcode) => block.some((read) => read.barcode === barcode)).length).toBeGreaterThan(35);
});

test('a book heard strongly at its place is right, whatever reflection was heard before', () => {
  expect(
    guessPlaces(
      [2, 50, 51, 52].map((at) => ({ at, weight: 1 })),
      15,
    ),
  ).toEqual([51]);
  expect(
    guessPlaces(
      [2, 3, 50, 51].map((at) => ({ at, weight: 1 })),
      15,
    ),
  ).toEqual([2.5, 50.5]);
});
