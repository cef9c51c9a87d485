/** "How full is it, now and over a day?" */
import { z } from 'zod';
import { placeId } from '#contract/domain/ids.ts';
import { AppError } from '#contract/errors.ts';
import { type SpaceDay, spaceDay, spaceNow } from '#contract/wire/rest.ts';
import { type DayBounds, dayBounds, localDate } from '#dashboard/server/local-day.ts';
import { libraryRow, type Sources } from '#dashboard/server/sources.ts';
import { spaceRows } from '#dashboard/server/space.ts';
import type { HistoryValue } from '#store/history/history.ts';
import type { StateReader } from '#store/state/state.ts';
import { EVERYONE, inLibrary } from './paging.ts';
import { type Route, route } from './route.ts';

/** 288 steps a day: fine enough for a peak, few enough for a chart. */
const STEP_SECONDS = 300;
/** Facts of one zone looked at when the history is down: a busy zone's day. */
const FACTS_READ_MAX = 5000;

export function spaceRoutes(sources: Sources): Route[] {
  return [
    route({
      method: 'get',
      path: '/libraries/{library}/space',
      summary: 'People in every zone now; null is unknown',
      access: EVERYONE,
      params: inLibrary,
      reply: spaceNow,
      handle({ params: { library } }) {
        const rows = spaceRows(library, sources.plans.of(library), sources.state.need(), sources.clock.nowMs());
        return { rows: [...rows].map(([place, row]) => ({ place, ...row })) };
      },
    }),
    route({
      method: 'get',
      path: '/libraries/{library}/space/{place}/day',
      summary: 'People in one zone over one day of the library, in steps of five minutes',
      access: EVERYONE,
      params: inLibrary.extend({ place: placeId }),
      query: z.object({ date: z.iso.date().optional() }),
      reply: spaceDay,
      async handle({ params: { library, place }, query }) {
        if (sources.plans.of(library)?.index.place(place) === undefined) {
          throw new AppError('API_NOT_FOUND', 'There is no such place in the plan.');
        }
        const { timeZone } = libraryRow(sources, library);
        const bounds = dayBounds(query.date ?? localDate(sources.clock.nowMs(), timeZone), timeZone);
        return toSpaceDay(place, bounds, await levels(sources, { library, place }, bounds));
      },
    }),
  ];
}

/** From the history; while it is down, from the fact log as far back as it is quick to read. */
async function levels(
  sources: Sources,
  zone: { readonly library: string; readonly place: string },
  { fromMs, toMs }: DayBounds,
): Promise<readonly HistoryValue[]> {
  try {
    return await sources.history.need().series({
      library: zone.library,
      measurement: 'level',
      subject: zone.place,
      field: 'people',
      fromMs,
      toMs,
      stepMs: STEP_SECONDS * 1000,
      aggregate: 'mean',
    });
  } catch (error: unknown) {
    const state = sources.state.get();
    if (!(error instanceof AppError) || error.code !== 'STO_UNAVAILABLE' || state === undefined) throw error;
    sources.log.warn({ err: error, library: zone.library }, 'history is down, the day is read from the fact log');
    return levelsFromFacts(state, zone, { fromMs, toMs });
  }
}

function levelsFromFacts(
  state: StateReader,
  zone: { readonly library: string; readonly place: string },
  { fromMs, toMs }: DayBounds,
): HistoryValue[] {
  const stepMs = STEP_SECONDS * 1000;
  const steps = Array.from({ length: Math.ceil((toMs - fromMs) / stepMs) }, () => ({ sum: 0, count: 0 }));
  for (const fact of state.factsOfSubject(zone.library, zone.place, FACTS_READ_MAX)) {
    const step = steps[Math.floor((Date.parse(fact.at) - fromMs) / stepMs)];
    const people = fact.kind === 'zone-level' ? (fact.level?.people ?? null) : null;
    if (step === undefined || people === null) continue;
    step.sum += people;
    step.count += 1;
  }
  return steps.map(({ sum, count }, i) => ({ atMs: fromMs + i * stepMs, value: count === 0 ? null : sum / count }));
}

function toSpaceDay(place: string, { fromMs, toMs }: DayBounds, values: readonly HistoryValue[]): SpaceDay {
  return {
    place,
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    stepSeconds: STEP_SECONDS,
    rows: values.map(({ atMs, value }) => ({ at: new Date(atMs).toISOString(), people: value })),
  };
}
