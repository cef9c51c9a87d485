import { z } from 'zod';
import { fact } from '#contract/domain/fact.ts';
import type { Sources } from '#dashboard/server/sources.ts';
import { EVERYONE, inLibrary, pageLimit } from './paging.ts';
import { type Route, route } from './route.ts';

const factNumber = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** What the engine concluded, by number: whoever remembers the last number misses nothing. */
export function factRoutes(sources: Sources): Route[] {
  return [
    route({
      method: 'get',
      path: '/libraries/{library}/facts',
      summary: 'Facts after a number, oldest first; `next` is the number to go on from',
      access: EVERYONE,
      params: inLibrary,
      query: z.object({ after: factNumber.default(0), limit: pageLimit(100, 1000), cursor: factNumber.optional() }),
      reply: z.object({ rows: z.array(fact), next: z.string().nullable() }),
      handle({ params: { library }, query }) {
        const after = query.cursor ?? query.after;
        const found = sources.state.need().factsAfter(library, after, query.limit + 1);
        const rows = found.slice(0, query.limit);
        return { rows: [...rows], next: found.length > query.limit ? String(rows.at(-1)?.n ?? after) : null };
      },
    }),
  ];
}
