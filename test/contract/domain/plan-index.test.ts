import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createHomeFinder, homeShelves } from '#contract/domain/call-number/home-shelves.ts';
import { keyRange } from '#contract/domain/call-number/key-range.ts';
import { shelfKey } from '#contract/domain/call-number/shelf-key.ts';
import { indexPlan } from '#contract/domain/plan-index.ts';
import { plan as planSchema, type Place, type Plan } from '#contract/domain/plan.ts';
import { shelvingSettings } from '#contract/domain/shelving-settings.ts';
import { walkingOrder } from '#contract/domain/walking-order.ts';

/** Two branches; the main one has a range of two bays with two tiers each, beside a desk. */
const plan: Plan = planSchema.parse({
  version: 1,
  validFrom: '2026-01-01T00:00:00.000Z',
  places: [
    { id: 'lib', kind: 'library', parent: null, name: 'Library' },
    { id: 'main', kind: 'branch', parent: 'lib', name: 'Main' },
    { id: 'annex', kind: 'branch', parent: 'lib', name: 'Annex' },
    { id: 'f1', kind: 'floor', parent: 'main', name: '1' },
    { id: 'zone', kind: 'zone', parent: 'f1', name: 'Stacks' },
    { id: 'r1', kind: 'range', parent: 'zone', name: 'R1', collection: 'open' },
    { id: 'b1', kind: 'bay', parent: 'r1', name: 'B1' },
    { id: 'b2', kind: 'bay', parent: 'r1', name: 'B2' },
    shelf('s11', 'b1', 1, 'QA1', 'QA9'),
    shelf('s12', 'b1', 2, 'QA9', 'QA75'),
    shelf('s21', 'b2', 1, 'QA76', 'QA76'),
    shelf('s22', 'b2', 2, 'QA76', 'QA99'),
    { id: 'new', kind: 'shelf', parent: 'zone', name: 'New', collection: 'new' },
    { id: 'bad', kind: 'shelf', parent: 'zone', name: 'Bad', range: { scheme: 'ddc', from: 'x', to: 'y' } },
    { id: 'desk', kind: 'desk', parent: 'f1', name: 'Desk' },
    { id: 'a1', kind: 'shelf', parent: 'annex', name: 'A1', range: { scheme: 'lcc', from: 'QA1', to: 'QA99' } },
  ],
  aisles: [
    { a: 'desk', b: 'b1', metres: 4 },
    { a: 'b1', b: 'b2', metres: 1 },
    { a: 'desk', b: 'new', metres: 2 },
  ],
  lines: [],
  readPoints: [
    { id: 'rp1', reader: 'reader-1', antenna: 1, places: ['s11'] },
    { id: 'rp2', reader: 'reader-1', antenna: 2, places: ['s21', 's22'] },
  ],
});

function shelf(id: string, parent: string, tier: number, from: string, to: string): unknown {
  return { id, kind: 'shelf', parent, name: id, tier, range: { scheme: 'lcc', from, to } };
}

const item = (callNumber: string, collection = 'open', branch = 'main') =>
  ({ scheme: 'lcc', callNumber, branch, collection }) as const;

describe('the index of a plan', () => {
  const index = indexPlan(plan);

  test('goes up the tree', () => {
    expect(index.pathToRoot('s12').map((place) => place.id)).toEqual(['s12', 'b1', 'r1', 'zone', 'f1', 'main', 'lib']);
    expect(index.enclosing('s12', 'floor')?.id).toBe('f1');
    expect(index.enclosing('desk', 'zone')).toBeUndefined();
    expect(index.pathToRoot('nowhere')).toEqual([]);
  });

  test('neighbours are the next tiers and the same tier of the next bay', () => {
    expect([...index.neighbours('s11')].sort()).toEqual(['s12', 's21']);
    expect(index.isAdjacent('s21', 's22')).toBe(true);
    expect(index.isAdjacent('s11', 's22')).toBe(false);
    expect(index.neighbours('b1')).toEqual(['b2']);
  });

  test('knows which antennas listen where', () => {
    expect(index.readPoint('rp2')?.places).toEqual(['s21', 's22']);
    expect(index.readPointsAt('s22').map((point) => point.id)).toEqual(['rp2']);
    expect(index.readPointsAt('s12')).toEqual([]);
  });

  test('lists ranges nobody can read', () => {
    expect(index.rangeFaults).toEqual([{ place: 'bad', detail: 'a Dewey call number begins with three digits' }]);
  });

  test.each([
    ['QA5', 'open', 'main', ['s11']],
    ['QA9 .B2', 'open', 'main', ['s11', 's12']],
    ['QA76.9 .D3', 'open', 'main', ['s21', 's22']],
    ['QA77', 'open', 'Main', ['s22']],
    ['QA100', 'open', 'main', []],
    ['QA5', 'new', 'main', ['new']],
    ['unreadable', 'new', 'main', ['new']],
    ['QA5', 'rare', 'main', []],
    ['QA5', 'open', 'annex', ['a1']],
    ['QA5', 'open', 'elsewhere', []],
  ])('%s of %s in %s belongs to %j', (callNumber, collection, branch, expected) => {
    expect(homeShelves(index, item(callNumber, collection, branch))).toEqual(expected);
  });

  test('law: the table finds what a walk over all shelves finds', () => {
    const number = fc.integer({ min: 1, max: 120 });
    fc.assert(
      fc.property(fc.array(fc.tuple(number, fc.nat(30)), { maxLength: 20 }), number, (ranges, wanted) => {
        const places = ranges.map(([from, width], i) => ({
          id: `s${String(i)}`,
          kind: 'shelf' as const,
          parent: null,
          name: 's',
          range: { scheme: 'lcc' as const, from: `QA${String(from)}`, to: `QA${String(from + width)}` },
        }));
        const finder = createHomeFinder(indexPlan({ ...plan, places, aisles: [], readPoints: [] }));
        const key = shelfKey('lcc', `QA${String(wanted)}.5`);
        const expected = places.filter(({ range }) => {
          const keys = keyRange(range);
          return keys.ok && key.ok && keys.value.from <= key.value && key.value <= keys.value.to;
        });
        expect(finder.homeShelves(item(`QA${String(wanted)}.5`))).toEqual(expected.map((place) => place.id));
      }),
    );
  });
});

describe('homes by size and by several ranges', () => {
  const lcc = (from: string, to: string) => ({ scheme: 'lcc' as const, from, to });
  const branch: Place = { id: 'main', kind: 'branch', parent: null, name: 'Main' };
  const places: Place[] = [
    branch,
    { id: 'bay', kind: 'bay', parent: 'main', name: '1', collection: 'open', range: lcc('QA1', 'QA99') },
    { id: 'plain', kind: 'shelf', parent: 'bay', name: '1' },
    { id: 'folio', kind: 'shelf', parent: 'bay', name: '2', sizes: ['folio', 'atlas'] },
    {
      id: 'two',
      kind: 'shelf',
      parent: 'bay',
      name: '3',
      range: lcc('QA1', 'QA9'),
      ranges: [lcc('QB1', 'QB9'), lcc('QA5', 'QA7')],
    },
    { id: 'empty', kind: 'shelf', parent: 'bay', name: '4', ranges: [] },
    { id: 'dewey', kind: 'shelf', parent: 'bay', name: '5', ranges: [{ scheme: 'ddc', from: '500', to: '599' }] },
  ];
  const index = indexPlan({ ...plan, places, aisles: [], lines: [], readPoints: [] });

  test.each([
    ['the usual size', { ...item('QA50'), size: undefined }, ['plain']],
    ['a size that stands apart', { ...item('QA50'), size: 'folio' }, ['folio']],
    ['a size that nobody keeps apart', { ...item('QA50'), size: 'mini' }, ['plain']],
    ['overlapping ranges of one shelf', item('QA6'), ['plain', 'two']],
    ['the second range of a shelf', item('QB5'), ['two']],
    ['another scheme', { ...item('523.1 A'), scheme: 'ddc' as const }, ['dewey']],
    ['nothing', item('ZA1'), []],
  ])('%s', (_name, wanted, expected) => {
    expect(homeShelves(index, wanted)).toEqual(expected);
  });

  test('the shelving settings of the library decide how ends and items are read', () => {
    const shelf = { id: 's', kind: 'shelf' as const, parent: 'main', name: 's' };
    const sections = [branch, { ...shelf, range: { scheme: 'ddc' as const, from: 'FIC A', to: 'FIC M' } }];
    const bare = { ...plan, places: sections, aisles: [], lines: [], readPoints: [] };
    const wanted = { ...item('FIC HUG'), scheme: 'ddc' as const };
    expect(indexPlan(bare).rangeFaults).toHaveLength(1);
    expect(homeShelves(indexPlan(bare), wanted)).toEqual([]);
    const shelving = shelvingSettings.parse({ ddcSections: ['FIC'] });
    expect(homeShelves(indexPlan(bare, shelving), wanted)).toEqual(['s']);
  });

  test('law: between two consecutive shelf ends a book is at home exactly there', () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 9999 }), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(
        numbers,
        fc.integer({ min: 1, max: 9999 }),
        fc.constantFrom('', ' .B5', '.7 .C1 1990 v.2'),
        (ends, n, rest) => {
          const sorted = ends.toSorted((a, b) => a - b);
          const shelves = sorted.slice(1).map((to, i) => ({
            id: `s${i}`,
            kind: 'shelf' as const,
            parent: 'main',
            name: 's',
            range: lcc(`QA${sorted[i] ?? 0}`, `QA${to - 1}`),
          }));
          const small = indexPlan({
            ...plan,
            places: [branch, ...shelves],
            aisles: [],
            lines: [],
            readPoints: [],
          });
          const at = sorted.findLastIndex((end) => end <= n);
          const expected = at < 0 || at >= shelves.length ? [] : [`s${at}`];
          expect(homeShelves(small, item(`QA${n}${rest}`))).toEqual(expected);
        },
      ),
    );
  });
});

describe('walking order', () => {
  const index = indexPlan(plan);

  test('goes along the aisles from the start, shelves of one bay together', () => {
    expect(walkingOrder(index, ['s21', 'new', 's11', 's12'], 'desk')).toEqual({
      order: ['new', 's11', 's12', 's21'],
      metres: 2 + 2 + 4 + 1,
    });
  });

  test('begins at the first place without a start', () => {
    expect(walkingOrder(index, ['s22', 's11'])).toEqual({ order: ['s22', 's11'], metres: 1 });
  });

  test('puts what no aisle reaches last, and takes each place once', () => {
    expect(walkingOrder(index, ['a1', 's11', 'a1', 's11'], 'desk')).toEqual({ order: ['s11', 'a1'], metres: 4 });
    expect(walkingOrder(index, [], 'desk')).toEqual({ order: [], metres: 0 });
    expect(walkingOrder(index, ['a1']).order).toEqual(['a1']);
  });

  test('law: the best way to a few places on a random map, and always the same', () => {
    const edges = fc.array(fc.tuple(fc.nat(5), fc.nat(5), fc.integer({ min: 1, max: 50 })), {
      minLength: 5,
      maxLength: 15,
    });
    fc.assert(
      fc.property(edges, (list) => {
        const places = [0, 1, 2, 3, 4, 5].map((i) => ({
          id: `p${String(i)}`,
          kind: 'bay' as const,
          parent: null,
          name: 'p',
        }));
        const spine = [0, 1, 2, 3, 4].map((i) => ({ a: `p${String(i)}`, b: `p${String(i + 1)}`, metres: 60 }));
        const aisles = [
          ...spine,
          ...list.map(([a, b, metres]) => ({ a: `p${String(a)}`, b: `p${String(b)}`, metres })),
        ];
        const small = indexPlan({ ...plan, places, aisles, readPoints: [] });
        const ids = ['p5', 'p3', 'p1', 'p4', 'p2'];
        const walk = walkingOrder(small, ids, 'p0');
        expect([...walk.order].sort()).toEqual([...ids].sort());
        expect(walkingOrder(small, ids, 'p0')).toEqual(walk);
        const pair = (a: string, b: string): number => walkingOrder(small, [b], a).metres;
        const best = Math.min(
          ...permutations(ids).map((way) => way.reduce((sum, id, i) => sum + pair(way[i - 1] ?? 'p0', id), 0)),
        );
        expect(walk.metres).toBeGreaterThanOrEqual(best - 1e-9);
        expect(walk.metres).toBeLessThanOrEqual(best + 1e-9);
      }),
      {
        numRuns: 30,
        examples: [
          [
            [
              [2, 5, 6],
              [0, 4, 1],
              [4, 3, 5],
              [5, 3, 5],
              [0, 1, 4],
              [0, 0, 1],
              [0, 0, 1],
            ],
          ],
        ],
      },
    );
  });
});

function permutations(values: readonly string[]): string[][] {
  if (values.length <= 1) return [[...values]];
  return values.flatMap((value, i) => permutations(values.toSpliced(i, 1)).map((rest) => [value, ...rest]));
}
