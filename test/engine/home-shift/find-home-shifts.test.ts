import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { homeShelves } from '#contract/domain/call-number/home-shelves.ts';
import { shiftRanges } from '#contract/domain/home-shift.ts';
import { plan as planSchema } from '#contract/domain/plan.ts';
import { indexPlan } from '#contract/domain/plan-index.ts';
import { homeShiftAnswer, homeShifts } from '#contract/wire/rest-home-shift.ts';
import { findHomeShifts, isCovered, type StandingItem } from '#engine/home-shift/find-home-shifts.ts';
import { sequenceShelves } from '#engine/home-shift/shelf-sequence.ts';

const BAYS = 6;
const TIERS = 5;
const SHELVES = BAYS * TIERS;
const BOOKS = 20;

/** Shelf `i` holds QA(10i) to QA(10i+9); the last two bays are empty. Tiers are listed from the floor up, as some do. */
const plan = planSchema.parse({
  version: 3,
  validFrom: '2026-01-01T00:00:00.000Z',
  places: [
    { id: 'main', kind: 'branch', parent: null, name: 'Main' },
    ...Array.from({ length: BAYS }, (_, bay) => [
      { id: `b${bay}`, kind: 'bay', parent: 'main', name: `${bay}` },
      ...Array.from({ length: TIERS }, (__, k) => {
        const rank = bay * TIERS + (TIERS - 1 - k);
        const range = { scheme: 'lcc', from: `QA${10 * rank + 1}`, to: `QA${10 * rank + 9}` };
        const ranges = bay < BAYS - 2 ? { range } : {};
        return { id: `s${rank}`, kind: 'shelf', parent: `b${bay}`, name: `${rank}`, tier: TIERS - k, ...ranges };
      }),
    ]).flat(),
  ],
  aisles: [],
  lines: [],
  readPoints: [],
});
const sequence = sequenceShelves(indexPlan(plan));
const FILLED = (BAYS - 2) * TIERS;

/** Every book of every shelf, standing where `placeOf` says. */
function stand(placeOf: (shelf: number, book: number) => number): StandingItem[] {
  return Array.from({ length: FILLED * BOOKS }, (_, i) => {
    const shelf = Math.floor(i / BOOKS);
    return { home: [`s${shelf}`], place: `s${placeOf(shelf, i % BOOKS)}` };
  });
}

test('books run on from shelf to shelf by tier, then by bay', () => {
  expect(sequence.shelves).toEqual(Array.from({ length: SHELVES }, (_, i) => `s${i}`));
});

describe('one question', () => {
  test('a run two shelves on, with strays: they stay lines of their own', () => {
    const items = stand((shelf, book) => (shelf < 8 ? shelf : book === 7 ? 1 : shelf + 2));
    const questions = findHomeShifts(items, sequence);
    expect(questions).toEqual([expect.objectContaining({ offset: 2, items: 12 * BOOKS, shifted: 12 * (BOOKS - 1) })]);
    const [question] = questions;
    if (question === undefined) throw new Error('no question');
    expect([question.shelves[0], question.standOn[0], question.shelves.length]).toEqual(['s8', 's10', 12]);
    const wrong = items.filter(({ home, place }) => !home.includes(place));
    expect(wrong.filter((item) => !isCovered(question, item))).toHaveLength(12);
  });

  test('goes to a screen as it is, and takes one of two answers', () => {
    const rows = findHomeShifts(
      stand((shelf) => (shelf < 8 ? shelf : shelf + 2)),
      sequence,
    ).map((shift) => ({ ...shift, since: '2026-02-01T00:00:00.000Z' }));
    expect(homeShifts.parse({ rows })).toEqual({ rows });
    expect(homeShiftAnswer.safeParse({ answer: 'perhaps' }).success).toBe(false);
  });

  test('yes makes a plan under which exactly the strays are wrong', () => {
    const items = stand((shelf, book) => (shelf < 8 ? shelf : book === 7 ? 1 : shelf + 2));
    const [question] = findHomeShifts(items, sequence);
    if (question === undefined) throw new Error('no question');
    const next = planSchema.parse(shiftRanges(plan, question, '2026-02-01T00:00:00.000Z'));
    expect(next.version).toBe(4);
    const index = indexPlan(next);
    const homeOf = (callNumber: string): readonly string[] =>
      homeShelves(index, { scheme: 'lcc', callNumber, branch: 'main', collection: '' });
    expect([homeOf('QA75'), homeOf('QA85'), homeOf('QA195')]).toEqual([['s7'], ['s10'], ['s21']]);
    const moved = items.map(({ home, place }) => ({ home: homeOf(`QA${10 * Number(home[0]?.slice(1)) + 5}`), place }));
    expect(moved.filter(({ home, place }) => !home.includes(place))).toHaveLength(12);
    expect(findHomeShifts(moved, sequence)).toEqual([]);
  });

  test('a shelf outside the run keeps its own books and takes the others in', () => {
    const items = stand((shelf) => (shelf === 3 || shelf === 4 ? shelf + 2 : shelf));
    const [question] = findHomeShifts(items, sequence);
    if (question === undefined) throw new Error('no question');
    const index = indexPlan(shiftRanges(plan, question, plan.validFrom));
    const homeOf = (callNumber: string): readonly string[] =>
      homeShelves(index, { scheme: 'lcc', callNumber, branch: 'main', collection: '' });
    expect([homeOf('QA35'), homeOf('QA55')]).toEqual([['s5'], ['s5']]);
  });

  test('law: whatever the stretch and the offset, it is found, forward and back, in any order of the books', () => {
    const stretch = fc
      .record({
        from: fc.nat(FILLED - 3),
        length: fc.integer({ min: 2, max: FILLED }),
        offset: fc.integer({ min: -9, max: 9 }),
      })
      .filter(({ from, length, offset }) => {
        const last = from + length - 1;
        return offset !== 0 && last < FILLED && from + offset >= 0 && last + offset < SHELVES;
      });
    fc.assert(
      fc.property(stretch, ({ from, length, offset }) => {
        const items = stand((shelf) => (shelf >= from && shelf < from + length ? shelf + offset : shelf));
        const found = findHomeShifts(items, sequence);
        expect(found.map((one) => [one.shelves[0], one.shelves.length, one.offset])).toEqual([
          [`s${from}`, length, offset],
        ]);
        expect(findHomeShifts(items.toReversed(), sequence)).toEqual(found);
      }),
      { numRuns: 50 },
    );
  });
});

describe('no question', () => {
  test.each([
    ['everything at home', (shelf: number) => shelf],
    ['one shelf on the next', (shelf: number) => (shelf === 4 ? 5 : shelf)],
    ['a third of each shelf pushed on', (shelf: number, book: number) => (book < 7 ? shelf + 1 : shelf)],
    ['two shelves swapped', (shelf: number) => (shelf === 4 ? 5 : shelf === 5 ? 4 : shelf)],
    ['all in one heap', () => 25],
  ])('%s', (_name, placeOf) => {
    expect(findHomeShifts(stand(placeOf), sequence)).toEqual([]);
  });

  test('law: strays of up to a third, wherever they lie, ask nothing', () => {
    const strays = fc.array(fc.tuple(fc.nat(FILLED - 1), fc.nat(5), fc.nat(SHELVES - 1)), { maxLength: 120 });
    fc.assert(
      fc.property(strays, (list) => {
        const places = new Map(list.map(([shelf, book, place]) => [`${shelf} ${book}`, place]));
        const items = stand((shelf, book) => places.get(`${shelf} ${book}`) ?? shelf);
        expect(findHomeShifts(items, sequence)).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  test('books of another branch, and places that are no shelf, count for nothing', () => {
    const items: StandingItem[] = stand((shelf) => shelf).map(({ home }) => ({ home, place: 'desk' }));
    expect(findHomeShifts([...items, { home: [], place: 's1' }], sequence)).toEqual([]);
  });
});
