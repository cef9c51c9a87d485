/** In-house uses as librarians report them: by day, shelf and class. */
import { AppError } from '#contract/errors.ts';
import { callNumberScheme } from '#contract/domain/plan.ts';
import { inHouseQuery, type InHouseUses, inHouseUses } from '#contract/wire/rest-in-house.ts';
import { dayBounds, localDate } from '#dashboard/server/local-day.ts';
import { libraryRow, type Sources } from '#dashboard/server/sources.ts';
import { isoOrNull } from '#dashboard/server/whereabouts.ts';
import { z } from 'zod';
import { inLibrary, pageLimit, EVERYONE } from './paging.ts';
import { type Route, route } from './route.ts';

const DAYS_MAX = 400;
const DAY_MS = 86_400_000;

export function inHouseRoutes(sources: Sources): Route[] {
  return [
    route({
      method: 'get',
      path: '/libraries/{library}/in-house-uses',
      summary: 'Items taken from their shelf and put back without a loan, by day, shelf and class',
      access: EVERYONE,
      params: inLibrary,
      query: inHouseQuery.extend({
        limit: pageLimit(500, 5000),
        cursor: z
          .string()
          .regex(/^\d{1,7}$/, 'a cursor from `next`')
          .transform(Number)
          .optional(),
      }),
      reply: inHouseUses,
      handle({ params: { library }, query }) {
        const { timeZone } = libraryRow(sources, library);
        const fromMs = dayBounds(query.from, timeZone).fromMs;
        const { toMs } = dayBounds(query.to, timeZone);
        if (toMs <= fromMs || toMs - fromMs > (DAYS_MAX + 1) * DAY_MS) {
          throw new AppError('API_BAD_INPUT', 'The days must follow one another, 400 of them at most.');
        }
        const state = sources.state.need();
        const rows = sumUp(sources, library, { ...query, fromMs, toMs, timeZone });
        const start = query.cursor ?? 0;
        const page = rows.slice(start, start + query.limit);
        return {
          rows: page,
          next: start + page.length < rows.length ? String(start + page.length) : null,
          total: rows.reduce((sum, { uses }) => sum + uses, 0),
          countedSince: isoOrNull(state.firstUseMs(library)),
        };
      },
    }),
  ];
}

function sumUp(
  sources: Sources,
  library: string,
  {
    by,
    floor,
    fromMs,
    toMs,
    timeZone,
  }: {
    readonly by: readonly string[];
    readonly floor?: string | undefined;
    readonly fromMs: number;
    readonly toMs: number;
    readonly timeZone: string;
  },
): InHouseUses['rows'] {
  const plan = sources.plans.of(library);
  const isOnFloor = (shelf: string): boolean =>
    floor === undefined || plan?.index.pathToRoot(shelf).some((above) => above.id === floor) === true;
  const sums = new Map<string, InHouseUses['rows'][number]>();
  for (const use of sources.state.need().uses(library, { fromMs, toMs })) {
    if (!isOnFloor(use.shelf)) continue;
    const row = {
      day: by.includes('day') ? localDate(use.hourMs, timeZone) : null,
      shelf: by.includes('shelf') ? use.shelf : null,
      scheme: by.includes('class') ? callNumberScheme.parse(use.scheme) : null,
      class: by.includes('class') ? use.class : null,
    };
    const key = JSON.stringify(row);
    sums.set(key, { ...row, uses: (sums.get(key)?.uses ?? 0) + use.uses });
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}
