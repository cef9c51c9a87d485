/**
 * The plan: what the building is, in metres. It is data of the library, versioned, and reduced from the journal like any
 * other input, so that an old event is always judged by the plan that was valid when it happened.
 */
import { z } from 'zod';
import { SENSOR_DECODERS } from '#contract/codec/space-sensor/decoder-names.table.ts';
import { deviceId, lineId, placeId, readerId, readPointId, tagKey } from './ids.ts';

/** From the whole to the part; the kinds after `shelf` stand anywhere in the tree. */
export const placeKind = z.enum([
  'library',
  'branch',
  'floor',
  'zone',
  'room',
  'range',
  'bay',
  'shelf',
  'seat',
  'line',
  'desk',
  'gate',
  'kiosk',
  'return-slot',
  'hold-shelf',
  'trolley',
  'crate',
]);
export type PlaceKind = z.infer<typeof placeKind>;

/** How call numbers of a collection are read and ordered. `local` compares as plain text. */
export const callNumberScheme = z.enum(['lcc', 'ddc', 'clc', 'udc', 'local']);
export type CallNumberScheme = z.infer<typeof callNumberScheme>;

/** Both ends belong to the range; they are call numbers as printed on the shelf end, not keys. */
export const callNumberRange = z.object({
  scheme: callNumberScheme,
  from: z.string().min(1).max(80),
  to: z.string().min(1).max(80),
});
export type CallNumberRange = z.infer<typeof callNumberRange>;

/** Metres on the floor's own grid: x to the right, y down. */
const point = z.tuple([z.number(), z.number()]);

export const place = z.object({
  id: placeId,
  kind: placeKind,
  parent: placeId.nullable(),
  /** The label on the wall, without its kind: "2" for "Floor 2". Screens add the word in the reader's language. */
  name: z.string().min(1).max(80),
  polygon: z.array(point).min(3).max(200).optional(),
  /** Height order of a shelf within its bay, 1 = top. */
  tier: z.int().min(1).max(20).optional(),
  collection: z.string().max(40).optional(),
  range: callNumberRange.optional(),
  /** Where one range is not enough: all of them count, `range` too. An empty list is home to nothing, whatever stands above. */
  ranges: z.array(callNumberRange).max(50).optional(),
  /** Sizes of items that stand here (`folio`); none is every size that no other shelf of the branch names. */
  sizes: z.array(z.string().min(1).max(40)).max(20).optional(),
  /** Seats and zones: people. Shelves: items. */
  capacity: z.int().min(0).max(100_000).optional(),
  /** Tag on the shelf end or rail that tells a wand where it is: `epc:…`, `uid:…` or `tid:…`. */
  shelfTag: tagKey.optional(),
});
export type Place = z.infer<typeof place>;

export const readPoint = z.object({
  id: readPointId,
  reader: readerId,
  /** Antenna port, from 1. */
  antenna: z.int().min(1).max(1024),
  /** Usually one shelf; several when the antenna cannot tell them apart. */
  places: z.array(placeId).min(1).max(32),
  /** Where the antenna hangs, on the floor's own grid: how far it is from the others tells how much of them it hears. */
  x: z.number().optional(),
  y: z.number().optional(),
});
export type ReadPoint = z.infer<typeof readPoint>;

/** A channel as the vendor calls it: the number of a line or region, or a name (Xovis logics, Butlr zones). */
const sensorChannel = z.union([z.int().min(1).max(16), z.string().min(1).max(64)]);

/** A third-party sensor and what its channels mean: bytes are decoded by the engine, so the wiring is data. */
export const sensor = z.object({
  id: deviceId,
  decoder: z.enum(SENSOR_DECODERS),
  lines: z
    .array(
      z.object({
        channel: sensorChannel,
        line: lineId,
        /** True where the vendor's "in" leads from `to` to `from` of the line. */
        reversed: z.boolean().default(false),
      }),
    )
    .default([]),
  /** Where its levels and its air belong. Without a channel: the sensor as a whole. */
  places: z
    .array(z.object({ channel: sensorChannel.optional(), place: placeId }))
    .max(1000)
    .optional(),
});
export type Sensor = z.infer<typeof sensor>;

const planShape = z.object({
  version: z.int().min(1),
  validFrom: z.iso.datetime(),
  places: z.array(place).min(1).max(200_000),
  /** Walkable edges between places (ranges, bays, desks, doors, stairs). */
  aisles: z.array(z.object({ a: placeId, b: placeId, metres: z.number().positive().max(1000) })).max(200_000),
  /** "In" leads from `from` to `to`; `null` is the street. */
  lines: z.array(z.object({ id: lineId, from: placeId.nullable(), to: placeId.nullable() })).max(10_000),
  readPoints: z.array(readPoint).max(100_000),
  sensors: z.array(sensor).max(10_000).default([]),
  /** Places that stand side by side beyond what their tree and outlines tell. */
  neighbours: z
    .array(z.tuple([placeId, placeId]))
    .max(400_000)
    .optional(),
});

/** The plan with every cross-reference checked: each fault is reported with its path. */
export const plan = planShape.superRefine((value, context) => {
  const fault = (path: (string | number)[], message: string): void => {
    context.addIssue({ code: 'custom', path, message });
  };
  const byId = new Map(value.places.map((entry) => [entry.id, entry]));
  if (byId.size !== value.places.length) fault(['places'], 'two places share an id');
  value.places.forEach((entry, i) => {
    if (entry.parent !== null && !byId.has(entry.parent)) fault(['places', i, 'parent'], `no place ${entry.parent}`);
    else if (isInCycle(entry.id, byId)) fault(['places', i, 'parent'], 'a place cannot stand inside itself');
  });
  value.aisles.forEach((edge, i) => {
    for (const end of ['a', 'b'] as const) {
      if (!byId.has(edge[end])) fault(['aisles', i, end], `no place ${edge[end]}`);
    }
  });
  value.lines.forEach((line, i) => {
    for (const end of ['from', 'to'] as const) {
      const id = line[end];
      if (id !== null && !byId.has(id)) fault(['lines', i, end], `no place ${id}`);
    }
  });
  const shelfTags = new Set<string>();
  value.places.forEach(({ shelfTag }, i) => {
    if (shelfTag === undefined) return;
    if (shelfTags.has(shelfTag)) fault(['places', i, 'shelfTag'], 'two places share a shelf tag');
    shelfTags.add(shelfTag);
  });
  value.neighbours?.forEach((pair, i) => {
    for (const id of pair) if (!byId.has(id)) fault(['neighbours', i], `no place ${id}`);
  });
  const lines = new Set(value.lines.map((line) => line.id));
  const readPoints = new Set<string>();
  value.readPoints.forEach((entry, i) => {
    if (readPoints.has(entry.id)) fault(['readPoints', i, 'id'], 'two read points share an id');
    readPoints.add(entry.id);
    entry.places.forEach((id, j) => {
      if (!byId.has(id)) fault(['readPoints', i, 'places', j], `no place ${id}`);
    });
  });
  value.sensors.forEach((entry, i) => {
    entry.lines.forEach((line, j) => {
      if (!lines.has(line.line)) fault(['sensors', i, 'lines', j, 'line'], `no line ${line.line}`);
    });
    entry.places?.forEach(({ place }, j) => {
      if (!byId.has(place)) fault(['sensors', i, 'places', j, 'place'], `no place ${place}`);
    });
  });
});
export type Plan = z.infer<typeof plan>;

function isInCycle(id: string, byId: ReadonlyMap<string, Place>): boolean {
  let steps = 0;
  let current = byId.get(id)?.parent ?? null;
  // A tree deeper than 32 is no building; the bound also ends the walk round a cycle that `id` only leads into.
  while (current !== null && steps < 32) {
    if (current === id) return true;
    current = byId.get(current)?.parent ?? null;
    steps += 1;
  }
  return current !== null;
}
