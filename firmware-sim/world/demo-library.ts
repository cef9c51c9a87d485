/**
 * The demo library: a building, its plan, and 20,000 items that stand where their call numbers belong. The same seed
 * always gives the same library, down to the last tag.
 */
import { createHomeFinder } from '#contract/domain/call-number/home-shelves.ts';
import type { Item } from '#contract/domain/item.ts';
import { indexPlan } from '#contract/domain/plan-index.ts';
import { plan as planSchema, type Plan } from '#contract/domain/plan.ts';
import { loadTitles, type Title } from '#sim/catalogue/load-titles.ts';
import { createRandom, fnv1a, type Random } from '#sim/random/random.ts';
import { BRANCH, buildingAisles, buildingPlaces } from './building.ts';
import { COLLECTIONS, copiesOf, type Copy } from './holdings.ts';
import { rangeAisles, rangePlaces, SHELVES_PER_RANGE, type Shelf } from './ranges.ts';
import { STANDARD, standardSite, type Site } from './site.ts';
import { LINES } from './zones.ts';
import { barcodeOf, epcOf, SHELF_TAG_PREFIX, shelfTagOf, uidOf } from './tag-numbers.ts';

export interface DemoLibrary {
  readonly library: {
    readonly key: string;
    readonly name: string;
    readonly isil: string;
    readonly timeZone: string;
  };
  readonly plan: Plan;
  readonly items: readonly Item[];
  /** All shelves of the building, in call-number order. */
  readonly shelves: readonly Shelf[];
  /** For each item the place of its home in `shelves`. */
  readonly homes: readonly number[];
  /** Which readers stand where. */
  readonly site: Site;
  /** Items that lie somewhere else than at home on the first day. */
  readonly laid: readonly (readonly [item: number, place: string])[];
  /** Changes when items, call numbers or shelves do: what was put away for another library does not fit this one. */
  readonly fingerprint: number;
  /** Whether an item is right at a place: at home, or where the same call number goes on. */
  isHome(item: number, place: string): boolean;
}

export interface DemoOptions {
  /** Key of the library. */
  readonly library: string;
  readonly seed: number;
  /** The titles it holds; the lists in `catalogue/` when left out. */
  readonly titles?: readonly Title[];
  /** Which readers stand where; the standard ones when left out. */
  readonly site?: Site;
}

/** Part of the items that nobody has tagged yet. */
const UNTAGGED_SHARE = 0.005;
/** A prime, hence every serial comes once. */
const SERIALS = 999_983;
const SERIAL_STEP = 61_813;

/** Builds it; the plan is checked against the contract's own schema. */
export function buildDemoLibrary(options: DemoOptions): DemoLibrary {
  const { library: key, seed, titles = loadTitles(), site = standardSite() } = options;
  const library = { key, name: 'Shelfwise Demonstration Library', isil: 'DE-SW1', timeZone: 'Europe/Berlin' };
  const random = createRandom(seed, 'world');
  const { shelves } = site;
  const stock = stockShelves(shelves, titles, random);
  const items: Item[] = [];
  const homes: number[] = [];
  stock.forEach((copies, home) => {
    for (const copy of copies) {
      // Labels were stuck on in the order of buying, not of the shelves: a step with no common divisor scatters them.
      const serial = ((items.length * SERIAL_STEP) % SERIALS) + 1;
      items.push(itemOf(copy, { library: key, serial, isTagged: random.next() >= UNTAGGED_SHARE }));
      homes.push(home);
    }
  });
  const plan = planOf(library, site, stock);
  const finder = createHomeFinder(indexPlan(plan));
  const isHome = (item: number, place: string): boolean => {
    const entry = items[item];
    return entry !== undefined && finder.homeShelves(entry).includes(place);
  };
  const laid = laidOut(site, items, homes);
  const world: unknown[] = [homes, items.map(({ barcode, callNumber }) => [barcode, callNumber])];
  world.push(SHELF_TAG_PREFIX);
  // A family that joined a site changes its plan.
  if (site.name !== STANDARD) world.push(site.name, plan.readPoints);
  const fingerprint = fnv1a(JSON.stringify(world));
  return { library, plan, items, shelves, homes, site, laid, fingerprint, isHome };
}

/** Tagged items from shelves that no antenna sees, so that no smart shelf has a gap: far apart in the catalogue. */
function laidOut({ shelves, spots }: Site, items: readonly Item[], homes: readonly number[]): DemoLibrary['laid'] {
  const wanted = spots.flatMap(({ readPoint, items: count }) =>
    Array.from({ length: count }, () => readPoint.places[0] ?? ''),
  );
  const free = items.flatMap(({ tags }, item) =>
    tags.length > 0 && shelves[homes[item] ?? -1]?.antenna === undefined ? [item] : [],
  );
  const step = Math.floor(free.length / Math.max(1, wanted.length));
  return wanted.map((place, n) => [free[n * step] ?? 0, place]);
}

/** For each shelf its copies in order: every collection gets its share of its floor, evenly but for a few books. */
function stockShelves(
  shelves: readonly Shelf[],
  titles: readonly Title[],
  random: Random,
): readonly (readonly Copy[])[] {
  const stock: (readonly Copy[])[] = [];
  for (const floor of [1, 2] as const) {
    const copies = COLLECTIONS.filter((collection) => collection.floor === floor).flatMap((collection) =>
      copiesOf(titles, collection, random),
    );
    const count = shelves.filter((shelf) => shelf.floor === floor).length;
    const bounds = new Set(collectionBounds(floor, count));
    let from = 0;
    for (let n = 1; n <= count; n += 1) {
      // Ends of ranges and collections stay exact, so that the smart range always holds the same number of items.
      const isExact = n % SHELVES_PER_RANGE === 0 || bounds.has(n);
      const to = Math.round((n * copies.length) / count) + (isExact ? 0 : random.below(5) - 2);
      stock.push(copies.slice(from, to));
      from = to;
    }
  }
  return stock;
}

/** After how many shelves of the floor each collection ends. */
function collectionBounds(floor: 1 | 2, shelves: number): readonly number[] {
  const onFloor = COLLECTIONS.filter((collection) => collection.floor === floor);
  const total = onFloor.reduce((sum, collection) => sum + collection.items, 0);
  let items = 0;
  return onFloor.map((collection) => Math.round(((items += collection.items) * shelves) / total));
}

function itemOf(copy: Copy, own: { library: string; serial: number; isTagged: boolean }): Item {
  const barcode = barcodeOf(own.serial);
  const { title, author, year, language } = copy.title;
  return {
    library: own.library,
    barcode,
    title,
    author,
    year,
    language,
    scheme: copy.collection.scheme,
    callNumber: copy.callNumber,
    branch: BRANCH,
    collection: copy.collection.collection,
    tags: own.isTagged ? [`epc:${epcOf(barcode)}`, `uid:${uidOf(own.serial)}`] : [],
  };
}

function planOf(library: DemoLibrary['library'], { shelves, spots }: Site, stock: readonly (readonly Copy[])[]): Plan {
  const contents = new Map(
    shelves.map((shelf, at) => [shelf, { ...contentsOf(stock[at] ?? []), shelfTag: `epc:${shelfTagOf(at)}` }]),
  );
  const readPoints = shelves.flatMap(({ id, antenna }) =>
    antenna === undefined
      ? []
      : [{ id: antenna.readPoint, reader: antenna.reader, antenna: antenna.antenna, places: [id] }],
  );
  return planSchema.parse({
    version: 1,
    validFrom: '2026-01-01T00:00:00.000Z',
    places: [
      ...buildingPlaces(library),
      ...spots.flatMap(({ place }) => place ?? []),
      ...rangePlaces(shelves, (shelf) => contents.get(shelf) ?? {}),
    ],
    aisles: [...buildingAisles(), ...rangeAisles(shelves)],
    lines: LINES.map(({ id, from, to }) => ({ id, from, to })),
    readPoints: [...readPoints, ...spots.map(({ readPoint }) => readPoint)],
    sensors: LINES.map(({ id, sensor }) => ({
      id: sensor,
      decoder: 'milesight-vs133',
      lines: [{ channel: 1, line: id, reversed: false }],
    })),
  });
}

function contentsOf(copies: readonly Copy[]): Pick<Plan['places'][number], 'collection' | 'range'> {
  const first = copies[0];
  const last = copies.at(-1);
  if (first === undefined || last === undefined) return {};
  const { collection, scheme } = first.collection;
  return { collection, range: { scheme, from: first.callNumber, to: last.callNumber } };
}
