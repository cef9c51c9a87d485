/**
 * The figures that make the simulator a proof: if they fail, the laboratory has become too kind, and every accuracy that
 * was measured in it is worth nothing.
 */
import { describe, expect, test } from '@jest/globals';
import { RadioField } from '#sim/radio/field.ts';
import { createRandom } from '#sim/random/random.ts';
import { isWeakTag } from '#sim/radio/physics.ts';
import { buildDemoLibrary } from '#sim/world/demo-library.ts';
import type { Shelf } from '#sim/world/ranges.ts';
import { Stock } from '#sim/world/stock.ts';
import { ASSET_TRACKING, RETAIL_GARMENT } from '#engine/baseline/mobility-profile.ts';
import { SimulatedBaseline } from '#test/support/baseline.ts';

const demo = buildDemoLibrary({ library: 'demo', seed: 1 });
const shelfById = new Map(demo.shelves.map((shelf) => [shelf.id, shelf]));
const smart = demo.shelves.filter(({ antenna }) => antenna !== undefined);
const DWELL_MS = 540;
const PORTS = 15;
const CYCLE_MS = PORTS * DWELL_MS;
const CYCLES = 15;

function freshField(): { stock: Stock; field: RadioField } {
  const stock = new Stock(
    demo.items.map(({ barcode }) => barcode),
    demo.homes.map((home) => demo.shelves[home]?.id ?? ''),
  );
  const isTagged = (item: number): boolean => (demo.items[item]?.tags.length ?? 0) > 0;
  return { stock, field: new RadioField({ shelves: demo.shelves, stock, isTagged, seed: 1 }) };
}

interface Heard {
  readonly item: number;
  readonly shelf: Shelf;
  readonly rssiDbm: number;
  readonly atMs: number;
}

/** All antennas in turn, as twelve readers side by side would do it. */
function listen(field: RadioField, cycles: number, take: (heard: Heard, endMs: number) => void): void {
  for (let slot = 0; slot < cycles * PORTS; slot += 1) {
    const port = (slot % PORTS) + 1;
    for (const shelf of smart) {
      if (shelf.antenna?.antenna !== port) continue;
      const fromMs = slot * DWELL_MS;
      const ear = field.ear(shelf.antenna.reader, port);
      ear?.listen(fromMs, DWELL_MS, (item, rssiDbm, atMs) => {
        take({ item, shelf, rssiDbm, atMs }, fromMs + DWELL_MS);
      });
    }
  }
}

type Neighbour = 'own' | 'tier' | 'bay' | 'behind' | 'further';

function relation(a: Shelf, b: Shelf): Neighbour {
  const key = `${String(Math.abs(a.tier - b.tier))}${String(Math.abs(a.bay - b.bay))}${a.side === b.side ? '0' : '1'}`;
  if (a.floor !== b.floor || a.range !== b.range) return 'further';
  const names: Readonly<Record<string, Neighbour>> = { '000': 'own', '100': 'tier', '010': 'bay', '001': 'behind' };
  return names[key] ?? 'further';
}

describe('the radio around the shelves', () => {
  const { stock, field } = freshField();
  const sums = new Map<Neighbour, { reads: number; sumDbm: number }>();
  const perPair = new Map<string, number[]>();
  const perItem = new Map<number, number>();
  let reads = 0;
  listen(field, CYCLES, ({ item, shelf, rssiDbm }) => {
    const at = shelfById.get(stock.placeOf(item));
    if (at === undefined) return;
    reads += 1;
    const kind = relation(shelf, at);
    const sum = sums.get(kind) ?? { reads: 0, sumDbm: 0 };
    sums.set(kind, { reads: sum.reads + 1, sumDbm: sum.sumDbm + rssiDbm });
    perItem.set(item, (perItem.get(item) ?? 0) + 1);
    const pair = `${String(item)} ${shelf.id}`;
    const values = perPair.get(pair) ?? [];
    values.push(rssiDbm);
    perPair.set(pair, values);
  });
  const own = sums.get('own') ?? { reads: 1, sumDbm: 0 };

  test.each(['tier', 'bay', 'behind'] as const)(
    'the %s neighbour is read at least 0.4 times as often, at most 4 dB weaker',
    (kind) => {
      let pairs = 0;
      for (const a of smart) for (const b of smart) if (relation(a, b) === kind) pairs += 1;
      const sum = sums.get(kind) ?? { reads: 0, sumDbm: 0 };
      const ratio = sum.reads / pairs / (own.reads / smart.length);
      const gapDb = own.sumDbm / own.reads - sum.sumDbm / sum.reads;
      expect(ratio).toBeGreaterThanOrEqual(0.4);
      expect(ratio).toBeLessThan(0.7);
      expect(gapDb).toBeLessThanOrEqual(4);
      expect(gapDb).toBeGreaterThan(2);
    },
  );

  test('a single read fades by at least 4 dB', () => {
    let variance = 0;
    let pairs = 0;
    for (const values of perPair.values()) {
      if (values.length < 10) continue;
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      variance += values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
      pairs += 1;
    }
    expect(Math.sqrt(variance / pairs)).toBeGreaterThanOrEqual(4);
  });

  test('two to three thousand reads a second, an own tag read one to two times a cycle', () => {
    const perSecond = reads / ((CYCLES * CYCLE_MS) / 1000);
    expect(perSecond).toBeGreaterThan(2000);
    expect(perSecond).toBeLessThan(3300);
    const perTag = own.reads / CYCLES / 5000;
    expect(perTag).toBeGreaterThan(1);
    expect(perTag).toBeLessThan(2);
  });

  test('some reads come from far away, and a few tags hardly answer', () => {
    const further = sums.get('further')?.reads ?? 0;
    expect(further / reads).toBeGreaterThan(0.01);
    expect(further / reads).toBeLessThan(0.2);
    const average = reads / 5000;
    const weak = [...Array(20_000).keys()].filter(
      (item) => isWeakTag(item) && smart.some(({ id }) => id === stock.placeOf(item)),
    );
    expect(weak.length).toBeGreaterThan(20);
    const weakAverage = weak.reduce((sum, item) => sum + (perItem.get(item) ?? 0), 0) / weak.length;
    expect(weakAverage).toBeLessThan(average / 5);
  });
});

describe('what moves in the field', () => {
  const readsOf = (field: RadioField, item: number, shelf: Shelf): number => {
    let count = 0;
    const { reader = '', antenna = 0 } = shelf.antenna ?? {};
    for (let n = 0; n < 40; n += 1) {
      field.ear(reader, antenna)?.listen(n * CYCLE_MS, DWELL_MS, (heard) => {
        if (heard === item) count += 1;
      });
    }
    return count;
  };
  const item = demo.homes.findIndex(
    (home, index) =>
      demo.shelves[home]?.antenna !== undefined && !isWeakTag(index) && demo.items[index]?.tags.length === 2,
  );
  const home = demo.shelves[demo.homes[item] ?? -1];
  const other = smart.find(({ floor }) => floor !== home?.floor);

  test('a moved tag is heard where it went and no more where it was', () => {
    if (home === undefined || other === undefined) throw new Error('two smart shelves');
    const { stock, field } = freshField();
    expect(readsOf(field, item, home)).toBeGreaterThan(20);
    expect(readsOf(field, item, other)).toBe(0);
    stock.move(item, other.id, 0);
    expect(readsOf(field, item, home)).toBeLessThan(3);
    expect(readsOf(field, item, other)).toBeGreaterThan(20);
    stock.move(item, 'hands', 0);
    expect(readsOf(field, item, other)).toBeLessThan(3);
  });

  test('law: after any moves every antenna reaches what it would if the field were built anew', () => {
    const { stock, field } = freshField();
    const random = createRandom(3);
    const places = [...smart.map(({ id }) => id), 'hands', 'away'];
    for (let n = 0; n < 3000; n += 1) stock.move(random.below(2000) + 2500, random.pick(places), n);
    const isTagged = (index: number): boolean => (demo.items[index]?.tags.length ?? 0) > 0;
    const anew = new RadioField({ shelves: demo.shelves, stock, isTagged, seed: 1 });
    for (const { antenna } of smart) {
      const { reader = '', antenna: port = 0 } = antenna ?? {};
      const sorted = (from: RadioField): number[] => [...from.inReach(reader, port)].sort((a, b) => a - b);
      expect(sorted(field)).toEqual(sorted(anew));
    }
  });

  test('a hand in front of a shelf mutes it for a while', () => {
    if (home === undefined) throw new Error('a smart shelf');
    const { field } = freshField();
    const { reader = '', antenna = 0 } = home.antenna ?? {};
    const count = (fromMs: number): number => {
      let reads = 0;
      for (let n = 0; n < 20; n += 1) field.ear(reader, antenna)?.listen(fromMs, DWELL_MS, () => (reads += 1));
      return reads;
    };
    field.cover(home.id, 5000);
    expect(count(0)).toBeLessThan(count(5000) / 3);
  });
});

describe('the published baseline in this laboratory', () => {
  test.each([
    ['asset tracking', ASSET_TRACKING, 0.5, 10_000],
    ['retail garment', RETAIL_GARMENT, 0.75, 500],
  ] as const)('%s does as badly as on real reads', (_name, profile, rightMax, movedMin) => {
    const { stock, field } = freshField();
    const baseline = new SimulatedBaseline(profile);
    let movedInFirstCycles = 0;
    let seenMs = 0;
    listen(field, 10, ({ item, shelf, rssiDbm, atMs }, nowMs) => {
      baseline.read(item, shelf.id, { rssiDbm, atMs, nowMs });
      if (seenMs < 2 * CYCLE_MS) movedInFirstCycles = baseline.moved;
      seenMs = nowMs;
    });
    const tags = [...Array(20_000).keys()].filter((item) => baseline.locationOf(item) !== undefined);
    const right = tags.filter((item) => baseline.locationOf(item) === stock.placeOf(item)).length / tags.length;
    expect(tags.length).toBeGreaterThan(4800);
    expect(right).toBeLessThan(rightMax);
    expect(baseline.moved - movedInFirstCycles).toBeGreaterThan(movedMin);
  });
});
