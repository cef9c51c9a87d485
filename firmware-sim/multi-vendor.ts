/**
 * A site with readers of every family that can be simulated, each before its own place: bays of shelves, desks, trolleys,
 * return slots. It shows that families get along with each other, not how well shelves are told apart: bays with antennas
 * stand two apart, and shelves without one are shielded.
 */
import type { Plan } from '#contract/domain/plan.ts';
import { FAMILIES, type Family } from './families.ts';
import { box, buildingShelves, DESK, TROLLEY } from './world/building.ts';
import { BAYS_PER_SIDE, RANGES_PER_FLOOR, type Shelf } from './world/ranges.ts';
import { withoutAntenna, type Site, type SiteReader, type Spot } from './world/site.ts';

type PlaceKind = Exclude<Family['stands'], 'shelves'>;

const ITEMS_PER_SPOT = 6;
/** A reader reaches the bays beside its own. */
const BAY_STEP = 2;
const BAYS_WITH_READER = Math.ceil(BAYS_PER_SIDE / BAY_STEP);
const FLOORS = 2;
/** Places the building has anyway; the first reader of that kind stands there. */
const OF_THE_BUILDING: Readonly<Partial<Record<PlaceKind, string>>> = { desk: DESK, trolley: TROLLEY };
/** Free floor of the entrance hall, in metres. */
const FREE = { left: 0.8, top: 9.8, stepX: 1.5, stepY: 1, columns: 4 } as const;

interface Placed extends SiteReader {
  readonly family: Family;
}

/** `readersEach` readers of every family. */
export function multiVendorSite(name: string, readersEach: number): Site {
  const placed = FAMILIES.flatMap((family) =>
    Array.from({ length: readersEach }, (_, n): Placed => {
      return { id: `${family.driver}-${n + 1}`, driver: family.driver, family };
    }),
  );
  return {
    name,
    readers: placed.map(({ id, driver }) => ({ id, driver })),
    shelves: shelvesWith(placed.filter(({ family }) => family.stands === 'shelves')),
    spots: spotsOf(placed),
    isShielded: true,
    hasTagMemory: true,
  };
}

/** One bay each, in turn on both floors, an antenna behind each of its upper shelves. */
function shelvesWith(readers: readonly Placed[]): readonly Shelf[] {
  const readerAt = new Map(readers.map((reader, n) => [bayOf(n), reader]));
  return buildingShelves().map((standard) => {
    const shelf = withoutAntenna(standard);
    const reader = shelf.side === 'a' ? readerAt.get(bayKey(shelf)) : undefined;
    if (reader === undefined || shelf.tier > reader.family.antennas) return shelf;
    return { ...shelf, antenna: { reader: reader.id, antenna: shelf.tier, readPoint: `rp-${shelf.id}` } };
  });
}

function bayOf(n: number): string {
  const onFloor = Math.floor(n / FLOORS);
  const range = 1 + Math.floor(onFloor / BAYS_WITH_READER);
  if (range > RANGES_PER_FLOOR) throw new RangeError('the building has not so many bays');
  return bayKey({ floor: 1 + (n % FLOORS), range, bay: 1 + BAY_STEP * (onFloor % BAYS_WITH_READER) });
}

function bayKey({ floor, range, bay }: { floor: number; range: number; bay: number }): string {
  return `${floor}/${range}/${bay}`;
}

function spotsOf(readers: readonly Placed[]): readonly Spot[] {
  const countOf = new Map<PlaceKind, number>();
  let added = 0;
  return readers.flatMap(({ id, family: { stands } }): Spot[] => {
    if (stands === 'shelves') return [];
    const count = (countOf.get(stands) ?? 0) + 1;
    countOf.set(stands, count);
    const known = count === 1 ? OF_THE_BUILDING[stands] : undefined;
    const place = known ?? `${stands}-${count}`;
    const readPoint = { id: `rp-${place}`, reader: id, antenna: 1, places: [place] };
    if (known !== undefined) return [{ readPoint, items: ITEMS_PER_SPOT }];
    return [{ readPoint, place: placeOf(place, stands, { count, at: added++ }), items: ITEMS_PER_SPOT }];
  });
}

function placeOf(
  id: string,
  kind: PlaceKind,
  { count, at }: { readonly count: number; readonly at: number },
): Plan['places'][number] {
  const left = FREE.left + FREE.stepX * (at % FREE.columns);
  const top = FREE.top + FREE.stepY * Math.floor(at / FREE.columns);
  const polygon = box(left, top, left + 0.9, top + 0.6);
  return { id, kind, parent: 'hall', name: String(count), polygon, capacity: 200 };
}
