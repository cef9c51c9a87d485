/** How each antenna hears, and what staff say of it: offsets by hand, tags of known place. */
import { z } from 'zod';
import { placeId, readPointId, tagKey } from '#contract/domain/ids.ts';
import { AppError } from '#contract/errors.ts';
import {
  type AntennaRow,
  antennas,
  coverage,
  offsetChange,
  referenceChange,
  referenceTags,
} from '#contract/wire/rest-calibration.ts';
import { coverageOf } from '#dashboard/server/coverage.ts';
import type { LibraryPlan } from '#dashboard/server/plans.ts';
import type { Sources } from '#dashboard/server/sources.ts';
import { isoOrNull } from '#dashboard/server/whereabouts.ts';
import { EVERYONE, inLibrary, pageLimit, STAFF } from './paging.ts';
import { type Route, route } from './route.ts';

const path = '/libraries/{library}/antennas';
const DEAF: ReadonlySet<AntennaRow['state']> = new Set(['dead', 'blind']);

export function calibrationRoutes(sources: Sources): Route[] {
  return [antennasRoute(sources), coverageRoute(sources), offsetRoute(sources), ...referenceRoutes(sources)];
}

function antennasRoute(sources: Sources): Route {
  return route({
    method: 'get',
    path,
    summary: 'Antennas with their state, and how loud each is held to be; those that hear nothing come first',
    access: EVERYONE,
    params: inLibrary,
    query: z.object({
      floor: placeId.optional(),
      limit: pageLimit(200, 1000),
      cursor: z
        .string()
        .regex(/^\d{1,7}$/, 'a cursor from `next`')
        .transform(Number)
        .optional(),
    }),
    reply: antennas,
    handle({ params: { library }, query: { floor, limit, cursor = 0 } }) {
      const rows = antennaRows(sources, library).filter(
        ({ places }) => floor === undefined || isOnFloor(sources.plans.of(library), places, floor),
      );
      const isDeaf = ({ state }: AntennaRow): boolean => DEAF.has(state);
      const inOrder = [...rows.filter(isDeaf), ...rows.filter((row) => !isDeaf(row))];
      const page = inOrder.slice(cursor, cursor + limit);
      const end = cursor + page.length;
      return { rows: page, next: end < rows.length ? String(end) : null, deafCount: rows.filter(isDeaf).length };
    },
  });
}

function coverageRoute(sources: Sources): Route {
  return route({
    method: 'get',
    path: `${path}/{readPoint}/coverage`,
    summary: 'Which shelves an antenna hears and how well, from a sample of the books that stand round it',
    access: EVERYONE,
    params: inLibrary.extend({ readPoint: readPointId }),
    reply: coverage,
    handle({ params: { library, readPoint } }) {
      const { plan, own } = known(sources, library, readPoint);
      return { rows: coverageOf(sources, library, { plan, readPoint, own }) };
    },
  });
}

function offsetRoute(sources: Sources): Route {
  return route({
    method: 'put',
    path: `${path}/{readPoint}/offset`,
    summary: 'Set how loud an antenna is, or leave it to what is learnt',
    // Whoever stands before the shelf with a tag in hand; it can be taken back at once.
    access: STAFF,
    params: inLibrary.extend({ readPoint: readPointId }),
    body: offsetChange,
    reply: null,
    handle({ params: { library, readPoint }, body: { offsetDb } }) {
      known(sources, library, readPoint);
      sources.registry.queueInput(library, { kind: 'calibration', readPoint, offsetDb });
    },
  });
}

function referenceRoutes(sources: Sources): Route[] {
  return [
    route({
      method: 'get',
      path: '/libraries/{library}/reference-tags',
      summary: 'Tags that are known to stand at a place',
      access: EVERYONE,
      params: inLibrary,
      reply: referenceTags,
      handle: ({ params: { library } }) => ({ rows: [...sources.state.need().referenceTags(library)] }),
    }),
    route({
      method: 'put',
      path: '/libraries/{library}/reference-tags/{tag}',
      summary: 'Say where a tag is fixed, or that it is so no more',
      access: STAFF,
      params: inLibrary.extend({ tag: tagKey }),
      body: referenceChange,
      reply: null,
      handle({ params: { library, tag }, body: { place } }) {
        const heard = place === null ? [] : sources.plans.of(library)?.index.readPointsAt(place);
        if (place !== null && (heard ?? []).length === 0) {
          throw new AppError('API_BAD_INPUT', 'No antenna listens at this place: choose one that has an antenna.');
        }
        sources.registry.queueInput(library, { kind: 'reference-tag', tag, place });
      },
    }),
  ];
}

function antennaRows({ state, plans }: Sources, library: string): readonly AntennaRow[] {
  const reader = state.need();
  const states = new Map(reader.readPoints(library).map((row) => [row.readPoint, row]));
  const calibrations = new Map(reader.calibrations(library).map((row) => [row.readPoint, row]));
  return (plans.of(library)?.index.plan.readPoints ?? []).map((point) => {
    const now = states.get(point.id);
    const calibration = calibrations.get(point.id);
    return {
      readPoint: point.id,
      reader: point.reader,
      antenna: point.antenna,
      places: point.places,
      state: now?.state ?? null,
      since: isoOrNull(now?.sinceMs ?? null),
      lastHeardAt: isoOrNull(now?.lastHeardMs ?? null),
      offsetDb: calibration?.offsetDb ?? 0,
      source: calibration?.source ?? null,
      samples: Math.round(calibration?.samples ?? 0),
      references: Math.round(calibration?.references ?? 0),
      changedAt: isoOrNull(calibration?.atMs ?? null),
    };
  });
}

function isOnFloor(plan: LibraryPlan | undefined, places: readonly string[], floor: string): boolean {
  return places.some((place) => plan?.index.pathToRoot(place).some(({ id }) => id === floor) === true);
}

function known(
  { plans }: Sources,
  library: string,
  readPoint: string,
): { readonly plan: LibraryPlan; readonly own: readonly string[] } {
  const plan = plans.of(library);
  const point = plan?.index.readPoint(readPoint);
  if (plan === undefined || point === undefined) {
    throw new AppError('API_NOT_FOUND', 'The plan has no such antenna.');
  }
  return { plan, own: point.places };
}
