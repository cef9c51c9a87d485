/**
 * Shelving: bays of several tiers, one antenna along the back of each shelf, books anywhere on it. Steel boards and panels keep
 * less back than one would think: the field goes round their front edges, so that the first board costs little, and now and
 * then a reflection makes a far antenna hear a book nearly as well as its own.
 */
import type { RadioCharacter } from '#test/bench/location/radio.ts';
import type { LabAntenna, LabPlace, LabReader, LabTagSpec, Scene, Spot } from '#test/bench/location/scene.ts';

export interface ShelvingOptions {
  readonly name: string;
  readonly bays: number;
  readonly tiers: number;
  readonly booksPerShelf: number;
  readonly portsPerReader: number;
  readonly dwellMs: number;
  readonly radio: RadioCharacter;
  readonly knowsHomes: boolean;
}

const BAY_METRES = 0.95;
const TIER_METRES = 0.31;
/** Half of the board over which books stand, and half of the antenna. */
const BOOKS_METRES = 0.42;
const ANTENNA_METRES = 0.36;
const DEPTH_METRES = 0.22;
const EXPONENT = 1.7;
const BOARD_DB = 1.1;
const PANEL_DB = 1.6;
const FURTHER_DB = 2.2;
/** Nobody hears further. */
const REACH_BAYS = 3;
const REACH_TIERS = 4;
const BEYOND_DB = 99;

export const STEEL_RADIO: RadioCharacter = {
  ownDbm: -52,
  stillRice: 30,
  fadingRice: 3.2,
  antennaDb: 1,
  tagDb: 1.2,
  weakShare: 0,
  weakDb: 0,
  ghostShare: 0.02,
  sensitivityDbm: -56,
  edgeDb: 3,
  hopMs: 300,
  attemptsPerHop: 1,
};

/** The same steel with poor tags among the good ones. */
export const WEAK_TAGS_RADIO: RadioCharacter = { ...STEEL_RADIO, weakShare: 0.1, weakDb: 7, tagDb: 1.8 };

export function shelving(options: ShelvingOptions): Scene {
  const { bays, tiers, booksPerShelf, portsPerReader, dwellMs } = options;
  const places: LabPlace[] = Array.from({ length: bays * tiers }, (_, i) => {
    const bay = Math.floor(i / tiers);
    const tier = i % tiers;
    return {
      id: `s${String(bay)}-${String(tier)}`,
      bay,
      tier: tier + 1,
      x: bay * BAY_METRES,
      y: 0,
      z: tier * TIER_METRES,
    };
  });
  const readerOf = (i: number): string => `steel-${String(Math.floor(i / portsPerReader))}`;
  const antennas: LabAntenna[] = places.map(({ id, x, y, z }, i) => ({
    reader: readerOf(i),
    port: (i % portsPerReader) + 1,
    place: id,
    x,
    y,
    z,
  }));
  const readers: LabReader[] = [...new Set(antennas.map(({ reader }) => reader))].map((id) => ({
    id,
    ports: portsPerReader,
    dwellMs,
  }));
  return {
    name: options.name,
    radio: options.radio,
    places,
    antennas,
    readers,
    tags: places.flatMap((place, shelf) =>
      Array.from({ length: booksPerShelf }, (_, n): LabTagSpec => {
        const id = `B${String(shelf * booksPerShelf + n).padStart(5, '0')}`;
        const spot = spotAt(place, (n + 0.5) / booksPerShelf, 0.5);
        return { id, place: place.id, spot, ...(options.knowsHomes && { home: place.id }) };
      }),
    ),
    neighbours: neighboursOf(places),
    lossDb: (antenna, place, spot) =>
      lossDb(
        places.find(({ id }) => id === antenna.place),
        place,
        spot,
      ),
    spotAt,
  };
}

function spotAt(place: LabPlace, along: number, deep: number): Spot {
  return { x: place.x + (2 * along - 1) * BOOKS_METRES, y: (deep - 0.5) * 0.06, z: place.z };
}

function lossDb(own: LabPlace | undefined, place: LabPlace, spot: Spot): number {
  const bays = Math.abs((own?.bay ?? 0) - (place.bay ?? 0));
  const tiers = Math.abs((own?.tier ?? 0) - (place.tier ?? 0));
  if (own === undefined || bays > REACH_BAYS || tiers > REACH_TIERS) return BEYOND_DB;
  const along = Math.max(0, Math.abs(spot.x - own.x) - ANTENNA_METRES);
  const way = Math.hypot(DEPTH_METRES + spot.y, 0.55 * along, 0.8 * (spot.z - own.z));
  const sheets = bays + tiers;
  const panels = Math.min(1, tiers) * BOARD_DB + Math.min(1, bays) * PANEL_DB + Math.max(0, sheets - 1) * FURTHER_DB;
  return 10 * EXPONENT * Math.log10(way / DEPTH_METRES) + panels;
}

function neighboursOf(places: readonly LabPlace[]): (readonly [string, string])[] {
  return places.flatMap((a, i) =>
    places.slice(i + 1).flatMap((b) => {
      const steps = Math.abs((a.bay ?? 0) - (b.bay ?? 0)) + Math.abs((a.tier ?? 0) - (b.tier ?? 0));
      return steps === 1 ? [[a.id, b.id] as const] : [];
    }),
  );
}
