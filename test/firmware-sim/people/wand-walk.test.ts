import { expect, test } from '@jest/globals';
import { WandWalk } from '#sim/people/wand-walk.ts';
import { isUnreadable } from '#sim/radio/wand-beam.ts';
import { createRandom } from '#sim/random/random.ts';
import { buildDemoLibrary } from '#sim/world/demo-library.ts';
import { Stock } from '#sim/world/stock.ts';
import { Tags } from '#sim/tags.ts';

const demo = buildDemoLibrary({ library: 'demo', seed: 1 });
const stock = new Stock(
  demo.items.map(({ barcode }) => barcode),
  demo.homes.map((home) => demo.shelves[home]?.id ?? ''),
);
const tags = new Tags(demo, stock);
const epcOf = (item: number): string | undefined => tags.epcOf(item);
const BAY = 'f2-r3-b4';
const shelves = demo.shelves.filter(({ id }) => id.startsWith(`${BAY}-`)).map(({ id }) => id);

test('a bay is swept shelf by shelf: nearly every book with a tag is heard, loudest in the order in which it stands', () => {
  const walk = new WandWalk({ demo, stock, random: createRandom(1, 'wand'), epcOf });
  expect(walk.heard(0)).toEqual([]);
  const lengthMs = walk.begin(BAY, 1000) ?? 0;
  const loudest = new Map<string, { readonly rssiDbm: number; readonly atMs: number }>();
  for (let nowMs = 1000; nowMs <= 1000 + lengthMs; nowMs += 50) {
    for (const { epc, rssiDbm } of walk.heard(nowMs)) {
      if (rssiDbm > (loudest.get(epc)?.rssiDbm ?? -Infinity)) loudest.set(epc, { rssiDbm, atMs: nowMs });
    }
  }
  expect(walk.heard(1000 + lengthMs)).toEqual([]);
  const readable = shelves.flatMap((id) => walk.orderOn(id)).flatMap((item) => epcOf(item) ?? []);
  const wanted = readable.filter((epc) => !isUnreadable(epc));
  expect(wanted.length).toBeGreaterThan(100);
  expect(readable.length - wanted.length).toBeGreaterThan(0);
  const found = wanted.filter((epc) => loudest.has(epc));
  expect(found.length).toBeGreaterThan(0.98 * wanted.length);
  // Far apart books are heard in their order; neighbours change places, as they do with real wands.
  const times = found.map((epc) => loudest.get(epc)?.atMs ?? 0);
  const swaps = (apart: number): number => times.filter((atMs, i) => atMs > (times[i + apart] ?? Infinity)).length;
  expect(swaps(1)).toBeGreaterThan(5);
  expect(swaps(20)).toBeLessThan(0.03 * times.length);
  expect([...loudest.keys()].filter((epc) => epc.startsWith('5E1F'))).toHaveLength(shelves.length);
});

test('the order of a shelf is kept, with a few books astray, wherever an item was put', () => {
  const walk = new WandWalk({ demo, stock, random: createRandom(1, 'wand'), epcOf });
  const isRising = (place: string): boolean =>
    walk.orderOn(place).every((item, i, row) => i === 0 || item > (row[i - 1] ?? 0));
  const disorderly = demo.shelves.filter(({ id }) => !isRising(id)).length;
  expect(disorderly).toBeGreaterThan(20);
  expect(disorderly).toBeLessThan(demo.shelves.length / 2);
  const [first = '', second = ''] = shelves;
  const [item = 0] = walk.orderOn(second);
  stock.move(item, first, 1);
  expect(walk.orderOn(first)).toContain(item);
  expect(walk.orderOn(first)).toEqual(walk.orderOn(first));
  expect(walk.begin('no-such-place', 0)).toBeUndefined();
});
