/** Which readers stand where in the demo building. The building, its items and its people are the same in every site. */
import type { Plan } from '#contract/domain/plan.ts';
import { buildingShelves, DESK, DESK_READ_POINT, DESK_READER } from './building.ts';
import type { Shelf } from './ranges.ts';

export interface SiteReader {
  readonly id: string;
  /** As the gateway names the family. */
  readonly driver: string;
}

/** An antenna that looks at one place which is no shelf. */
export interface Spot {
  readonly readPoint: Plan['readPoints'][number];
  /** The place, where the building does not have it anyway. */
  readonly place?: Plan['places'][number];
  /** Items that lie there on the first day. */
  readonly items: number;
}

export interface Site {
  readonly name: string;
  readonly readers: readonly SiteReader[];
  /** All shelves in the order in which call numbers run; those with an antenna say so. */
  readonly shelves: readonly Shelf[];
  readonly spots: readonly Spot[];
  /** Shelves without an antenna are out of every antenna's earshot. */
  readonly isShielded: boolean;
  /** UHF tags can be read and written word by word; costs memory, so not where there are thousands within reach. */
  readonly hasTagMemory: boolean;
}

export const STANDARD = 'standard' as const;

/** A library that begins: the shelves of one reader, and the pad at the return desk. */
export function smallSite(name: string): Site {
  const { readers, shelves, ...rest } = standardSite();
  const [first] = readers;
  return {
    ...rest,
    name,
    readers: readers.filter(({ id }) => id === first?.id || id === DESK_READER),
    shelves: shelves.map((shelf) => (shelf.antenna?.reader === first?.id ? shelf : withoutAntenna(shelf))),
    // The bare shelves stand as near as the others: there, only those with an antenna may be heard.
    isShielded: true,
  };
}

/** The same shelf with nothing behind it. */
export function withoutAntenna(shelf: Shelf): Shelf {
  const { antenna, ...bare } = shelf;
  return antenna === undefined ? shelf : bare;
}

/** A smart range on each floor under LLRP readers, and a pad at the return desk. */
export function standardSite(): Site {
  const shelves = buildingShelves();
  const uhf = new Set(shelves.flatMap(({ antenna }) => (antenna === undefined ? [] : [antenna.reader])));
  return {
    name: STANDARD,
    readers: [...[...uhf].sort().map((id) => ({ id, driver: 'llrp' })), { id: DESK_READER, driver: '3m' }],
    shelves,
    spots: [{ readPoint: { id: DESK_READ_POINT, reader: DESK_READER, antenna: 1, places: [DESK] }, items: 0 }],
    isShielded: false,
    hasTagMemory: false,
  };
}
