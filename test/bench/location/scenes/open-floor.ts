/**
 * Open floor: one reader with its antennas over a square of zones, nine tags on a grid in each, nobody says where they belong. A
 * tag belongs to the nearest antenna; those at a zone's edge are nearly as near to others. Four zones are read all the time;
 * sixteen take turns of two seconds, half a minute for each round, as on a multiplexed shelf.
 */
import { createRandom } from '#sim/random/random.ts';
import type { RadioCharacter } from '#test/bench/location/radio.ts';
import { metres, type LabAntenna, type LabPlace, type Scene } from '#test/bench/location/scene.ts';

/** Along each side of a zone. */
const TAGS_PER_SIDE = 3;
const SPACING_METRES = 0.6;
/** Antennas hang over the middle of each zone. */
const HEIGHT_METRES = 1.3;
const EXPONENT = 2.9;
const NEAREST_METRES = 1.5;

export const OPEN_FLOOR_RADIO: RadioCharacter = {
  ownDbm: -54,
  stillRice: 22,
  fadingRice: 2.8,
  antennaDb: 1.2,
  tagDb: 2,
  weakShare: 0,
  weakDb: 0,
  ghostShare: 0,
  sensitivityDbm: -58,
  edgeDb: 3,
  hopMs: 250,
  attemptsPerHop: 1,
};

export interface OpenFloorOptions {
  readonly name?: string;
  readonly seed: number;
  readonly zonesPerSide?: number;
  /** How long each of the antennas listens. */
  readonly dwellMs?: number;
}

export function openFloor({ name = 'open floor', seed, zonesPerSide = 2, dwellMs = 250 }: OpenFloorOptions): Scene {
  const random = createRandom(seed, name);
  const zoneMetres = TAGS_PER_SIDE * SPACING_METRES;
  const side = zonesPerSide * TAGS_PER_SIDE;
  const grid = (i: number, perSide: number, step: number): { x: number; y: number; z: number } => ({
    x: ((i % perSide) - (perSide - 1) / 2) * step,
    y: (Math.floor(i / perSide) - (perSide - 1) / 2) * step,
    z: 0,
  });
  const places: LabPlace[] = Array.from({ length: zonesPerSide ** 2 }, (_, i) => ({
    id: `zone-${String(i + 1)}`,
    ...grid(i, zonesPerSide, zoneMetres),
  }));
  const antennas: LabAntenna[] = places.map(({ id, x, y }, i) => ({
    reader: 'floor',
    port: i + 1,
    place: id,
    x,
    y,
    z: HEIGHT_METRES,
  }));
  return {
    name,
    radio: OPEN_FLOOR_RADIO,
    places,
    antennas,
    readers: [{ id: 'floor', ports: places.length, dwellMs }],
    tags: Array.from({ length: side ** 2 }, (_, i) => {
      const spot = grid(i, side, SPACING_METRES);
      const [nearest] = [...places].sort((a, b) => metres(a, spot) - metres(b, spot));
      return { id: `T${String(random.below(0xfff) * 1000 + i).padStart(7, '0')}`, place: nearest?.id ?? '', spot };
    }),
    neighbours: places.flatMap((a, i) =>
      places.slice(i + 1).flatMap((b) => (metres(a, b) < 1.1 * zoneMetres ? [[a.id, b.id] as const] : [])),
    ),
    lossDb: (antenna, _place, spot) => 10 * EXPONENT * Math.log10(metres(antenna, spot) / NEAREST_METRES),
    spotAt: (place, along, deep) => ({
      x: place.x + (along - 0.5) * zoneMetres,
      y: place.y + (deep - 0.5) * zoneMetres,
      z: 0,
    }),
  };
}
