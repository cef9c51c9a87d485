import { describe, expect, test } from '@jest/globals';
import { Life, type LifeState } from '#sim/people/life.ts';
import { DEMO_RATES } from '#sim/people/rates.ts';
import { routeBetween, type Crossing } from '#sim/people/routes.ts';
import { LINES } from '#sim/world/zones.ts';
import { buildDemoLibrary } from '#sim/world/demo-library.ts';
import { Stock } from '#sim/world/stock.ts';

const demo = buildDemoLibrary({ library: 'demo', seed: 1 });
const START_MS = Date.UTC(2026, 0, 12, 13);
const MINUTE_MS = 60_000;
const homes = demo.homes.map((home) => demo.shelves[home]?.id ?? '');

interface Run {
  readonly stock: Stock;
  readonly life: Life;
  readonly crossings: (Crossing & { readonly atMs: number })[];
}

function run(seed: number, from?: { state: LifeState; places: readonly string[]; startMs: number }): Run {
  const stock = new Stock(
    demo.items.map(({ barcode }) => barcode),
    from?.places ?? homes,
  );
  const crossings: Run['crossings'] = [];
  const deps = {
    demo,
    stock,
    seed,
    rates: DEMO_RATES,
    startMs: from?.startMs ?? START_MS,
    crossed: (crossing: Crossing, atMs: number) => crossings.push({ ...crossing, atMs }),
    reached: () => undefined,
  };
  return { stock, life: new Life(deps, from?.state), crossings };
}

function misplacedIn(stock: Stock): number {
  const shelves = new Set(demo.shelves.map(({ id }) => id));
  return stock.touched().filter((item) => shelves.has(stock.placeOf(item)) && !demo.isHome(item, stock.placeOf(item)))
    .length;
}

describe('the life of the library', () => {
  test('the same seed brings the same moves', () => {
    const [one, two, other] = [run(5), run(5), run(6)];
    for (const each of [one, two, other]) each.life.advance(START_MS + 10 * MINUTE_MS);
    expect(one.stock.movesSince(0).length).toBeGreaterThan(50);
    expect(two.stock.movesSince(0)).toEqual(one.stock.movesSince(0));
    expect(other.stock.movesSince(0)).not.toEqual(one.stock.movesSince(0));
  });

  test('it does not matter in how many steps time comes', () => {
    const [one, many] = [run(5), run(5)];
    one.life.advance(START_MS + 5 * MINUTE_MS);
    for (let ms = 0; ms <= 5 * MINUTE_MS; ms += 250) many.life.advance(START_MS + ms);
    expect(many.stock.movesSince(0)).toEqual(one.stock.movesSince(0));
  });

  test('over four hours: 25 to 50 moves a minute, 5 to 30 items standing wrong, people in every zone', () => {
    const { stock, life } = run(5);
    const wrong: number[] = [];
    const people: number[] = [];
    for (let minute = 1; minute <= 240; minute += 1) {
      life.advance(START_MS + minute * MINUTE_MS);
      wrong.push(misplacedIn(stock));
      people.push(Object.values(life.peoplePerZone()).reduce((sum, n) => sum + n, 0));
    }
    const perMinute = stock.movesSince(START_MS + 60 * MINUTE_MS).length / 180;
    expect(perMinute).toBeGreaterThan(25);
    expect(perMinute).toBeLessThan(50);
    expect(Math.min(...wrong)).toBeGreaterThanOrEqual(5);
    expect(Math.max(...wrong)).toBeLessThanOrEqual(30);
    expect(Math.min(...people.slice(10))).toBeGreaterThan(15);
    expect(Math.max(...people)).toBeLessThan(150);
    for (const count of Object.values(life.peoplePerZone())) expect(count).toBeGreaterThan(0);
  });

  test('people are conserved: who is in a zone crossed into it, line by line', () => {
    const { life, crossings } = run(8);
    life.advance(START_MS + 60 * MINUTE_MS);
    const counts: Record<string, number> = {};
    for (const { line, direction } of crossings) {
      const { from, to } = LINES.find(({ id }) => id === line) ?? { from: null, to: '?' };
      const sign = direction === 'in' ? 1 : -1;
      counts[to] = (counts[to] ?? 0) + sign;
      if (from !== null) counts[from] = (counts[from] ?? 0) - sign;
    }
    expect(counts).toEqual(life.peoplePerZone());
  });

  test('every item is in exactly one place, and the log of moves leads there', () => {
    const { stock, life } = run(9);
    life.advance(START_MS + 60 * MINUTE_MS);
    const places = new Set(stock.places());
    const seen = [...places].flatMap((place) => [...stock.itemsAt(place)]);
    expect(seen).toHaveLength(demo.items.length);
    expect(new Set(seen).size).toBe(demo.items.length);
    const replayed = new Map(demo.items.map(({ barcode }, item) => [barcode, homes[item] ?? '']));
    for (const { barcode, from, to } of stock.movesSince(0)) {
      expect(replayed.get(barcode)).toBe(from);
      replayed.set(barcode, to);
    }
    expect([...replayed.values()]).toEqual(stock.places());
    expect(new Set(life.carried()).size).toBe(stock.itemsAt('hands').size);
  });

  test('a run that was put away goes on as if nothing had been, only later', () => {
    const whole = run(5);
    whole.life.advance(START_MS + 20 * MINUTE_MS);
    const half = run(5);
    half.life.advance(START_MS + 10 * MINUTE_MS);
    const state = JSON.parse(JSON.stringify(half.life.state(START_MS + 10 * MINUTE_MS))) as LifeState;
    const pauseMs = 90 * MINUTE_MS;
    const startMs = START_MS + 10 * MINUTE_MS + pauseMs;
    const rest = run(5, { state, places: half.stock.places(), startMs });
    rest.life.advance(startMs + 10 * MINUTE_MS);
    const expected = whole.stock.movesSince(START_MS + 10 * MINUTE_MS);
    // Arrival rates follow the clock on the wall, so only what was under way already is the same to the millisecond.
    const near = expected.filter(({ atMs }) => atMs < START_MS + 11 * MINUTE_MS);
    expect(near.length).toBeGreaterThan(3);
    const seen = rest.stock.movesSince(0).map(({ barcode, from, to }) => ({ barcode, from, to }));
    expect(seen.slice(0, near.length)).toEqual(near.map(({ barcode, from, to }) => ({ barcode, from, to })));
  });
});

describe('ways through the building', () => {
  test.each([
    [null, 'hall', ['door-main in']],
    [null, 'ground-reading', ['door-main in', 'arch-ground in', 'door-reading in']],
    ['ground-reading', 'upper-quiet', ['door-reading out', 'arch-ground out', 'stairs in', 'door-quiet in']],
    ['upper-quiet', null, ['door-quiet out', 'stairs out', 'door-main out']],
    ['hall', 'hall', []],
  ] as const)('from %s to %s', (from, to, expected) => {
    expect(routeBetween(from, to).map(({ line, direction }) => `${line} ${direction}`)).toEqual(expected);
  });
});
