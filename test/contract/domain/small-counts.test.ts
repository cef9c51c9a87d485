import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type CountNode, type ShownCount, withholdSmallCounts } from '#contract/domain/small-counts.ts';

const LIMIT = 3;
const LEAVES = ['a', 'b', 'c', 'd'] as const;
type Counts = readonly [number, number, number, number];

/** A branch of two floors; the first has one zone, the other three, so that both kinds of group are there. */
function branch([a, b, c, d]: Counts): CountNode {
  const leaf = (id: string, people: number): CountNode => ({ id, people });
  const floors = [
    { id: 'floor-1', parts: [leaf('a', a)] },
    { id: 'floor-2', parts: [leaf('b', b), leaf('c', c), leaf('d', d)] },
  ];
  return { id: 'branch', parts: floors };
}

/** All ways in which that many people can be in the four zones. */
function* spreads(total: number): Generator<Counts> {
  for (let a = 0; a <= total; a += 1) {
    for (let b = 0; a + b <= total; b += 1) {
      for (let c = 0; a + b + c <= total; c += 1) yield [a, b, c, total - a - b - c];
    }
  }
}

function statesOf(counts: readonly ShownCount[]): Record<string, number | string | null> {
  return Object.fromEntries(counts.map(({ id, people, state }) => [id, people ?? state]));
}

describe('withholding small counts', () => {
  it('shows all where nothing is small', () => {
    expect(statesOf(withholdSmallCounts(branch([5, 6, 7, 8]), 5))).toEqual({
      branch: 26,
      'floor-1': 5,
      a: 5,
      'floor-2': 21,
      b: 6,
      c: 7,
      d: 8,
    });
  });

  it('withholds the neighbours of a small one, and shows their sum', () => {
    const shown = statesOf(withholdSmallCounts(branch([5, 6, 4, 8]), 5));
    expect(shown).toMatchObject({ branch: 23, a: 5, 'floor-2': 18, b: 'withheld', c: 'withheld', d: 'withheld' });
  });

  it('tells an unknown zone from a small one; no total then binds the others', () => {
    const root: CountNode = {
      id: 'branch',
      parts: [
        { id: 'a', people: null },
        { id: 'b', people: 4 },
        { id: 'c', people: 9 },
      ],
    };
    expect(statesOf(withholdSmallCounts(root))).toEqual({ branch: 'unknown', a: 'unknown', b: 'withheld', c: 9 });
  });

  it('never lets anyone who knows the rule exclude a number below the limit', () => {
    const people = fc.nat({ max: 6 });
    fc.assert(
      fc.property(fc.tuple(people, people, people, people), (counts) => {
        const published = JSON.stringify(withholdSmallCounts(branch(counts), LIMIT));
        const hidden = withholdSmallCounts(branch(counts), LIMIT).filter(({ state }) => state === 'withheld');
        const total = counts.reduce((sum, count) => sum + count, 0);
        // The total is either shown, or known to be below the limit.
        const totals = total >= LIMIT ? [total] : Array.from({ length: LIMIT }, (_, index) => index);
        const possible = new Map(LEAVES.map((id) => [id as string, new Set<number>()]));
        for (const spread of totals.flatMap((some) => [...spreads(some)])) {
          if (JSON.stringify(withholdSmallCounts(branch(spread), LIMIT)) !== published) continue;
          LEAVES.forEach((id, index) => possible.get(id)?.add(spread[index] ?? NaN));
        }
        for (const id of hidden.map((count) => count.id).filter((name) => possible.has(name))) {
          expect([...(possible.get(id) ?? [])]).toEqual(expect.arrayContaining([0, 1, 2]));
        }
      }),
      { numRuns: 60, examples: [[[0, 0, 0, 0]], [[3, 2, 3, 3]], [[2, 3, 3, 3]], [[1, 1, 0, 0]]] },
    );
  });
});
