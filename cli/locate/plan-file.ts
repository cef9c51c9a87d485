/**
 * The plan of a recording, as `shelfwise locate` reads it, made into the plan that the engine knows. Names in a recording are
 * whatever its owner wrote; inside they are numbered, since ids of the contract are narrower.
 */
import { z } from 'zod';
import type { Plan } from '#contract/domain/plan.ts';

const name = z.union([z.string().min(1).max(200), z.number()]).transform(String);
const metres = z.number().min(-100_000).max(100_000);

export const locatePlan = z.object({
  readPoints: z
    .array(z.object({ reader: name, antenna: name, place: name, x: metres.optional(), y: metres.optional() }))
    .min(1)
    .max(100_000),
  /** Places whose antennas hear each other's tags nearly as well as their own. */
  neighbours: z
    .array(z.tuple([name, name]))
    .max(400_000)
    .optional(),
  /** Tags that are known to stand at a place: what the antennas hear of them tells how loud each antenna is. */
  references: z
    .array(z.object({ tag: name, place: name }))
    .max(100_000)
    .optional(),
  /** How a reader takes its antennas in turn; inferred from the reads where it is not given. */
  schedule: z
    .array(
      z.object({
        reader: name,
        cycleMs: z.number().positive().max(86_400_000),
        dwellMs: z.number().positive().max(86_400_000),
      }),
    )
    .max(100_000)
    .optional(),
});
export type LocatePlan = z.output<typeof locatePlan>;
export type LocateSchedule = NonNullable<LocatePlan['schedule']>[number];

export interface ReaderPlan {
  readonly id: string;
  readonly antennas: readonly { readonly name: string; readonly port: number; readonly readPoint: string }[];
  readonly schedule: LocateSchedule | undefined;
}

export interface NumberedPlan {
  readonly plan: Plan;
  /** By the reader's name in the recording. */
  readonly readers: ReadonlyMap<string, ReaderPlan>;
  placeName(id: string): string;
  placeId(name: string): string | undefined;
}

/** A name that is used but nowhere declared is the place itself: recordings list read points, not places. */
export function numberPlan(given: LocatePlan): NumberedPlan {
  const named = [
    ...given.readPoints.map(({ place }) => place),
    ...(given.neighbours ?? []).flat(),
    ...(given.references ?? []).map(({ place }) => place),
  ];
  const names = [...new Set(named)];
  const ids = new Map(names.map((place, i) => [place, `place-${String(i)}`]));
  const readers = new Map<
    string,
    { id: string; antennas: ReaderPlan['antennas'][number][]; schedule: LocateSchedule | undefined }
  >();
  const readPoints: Plan['readPoints'][number][] = [];
  for (const { reader, antenna, place, x, y } of given.readPoints) {
    let known = readers.get(reader);
    if (known === undefined) {
      const schedule = given.schedule?.find((entry) => entry.reader === reader);
      readers.set(reader, (known = { id: `reader-${String(readers.size)}`, antennas: [], schedule }));
    }
    const placeId = ids.get(place) ?? '';
    const same = known.antennas.find(({ name: other }) => other === antenna);
    if (same !== undefined) {
      // An antenna over several places is listed once for each of them.
      readPoints.find(({ id }) => id === same.readPoint)?.places.push(placeId);
      continue;
    }
    const readPoint = `read-point-${String(readPoints.length)}`;
    const port = known.antennas.length + 1;
    known.antennas.push({ name: antenna, port, readPoint });
    readPoints.push({
      id: readPoint,
      reader: known.id,
      antenna: port,
      places: [placeId],
      ...(x !== undefined && y !== undefined && { x, y }),
    });
  }
  const idOf = (place: string): string => ids.get(place) ?? '';
  return {
    plan: {
      version: 1,
      validFrom: '2000-01-01T00:00:00.000Z',
      places: [
        { id: 'recording', kind: 'branch', parent: null, name: 'recording' },
        ...names.flatMap((_, i): Plan['places'] => [
          // A room of its own for each: places in one room would be taken for neighbours in their order.
          { id: `room-${String(i)}`, kind: 'room', parent: 'recording', name: String(i) },
          { id: `place-${String(i)}`, kind: 'shelf', parent: `room-${String(i)}`, name: String(i) },
        ]),
      ],
      aisles: [],
      lines: [],
      readPoints,
      sensors: [],
      neighbours: (given.neighbours ?? []).map(([a, b]) => [idOf(a), idOf(b)]),
    },
    readers,
    placeName: (id) => names[Number(id.slice('place-'.length))] ?? id,
    placeId: (place) => ids.get(place),
  };
}
