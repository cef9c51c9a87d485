/** Alarms at the gates, alarms though lent, and what left without a loan. */
import { z } from 'zod';
import { gateEvents, gateFinding } from '#contract/wire/rest-gates.ts';
import { gatesOf, viewGateEvent } from '#dashboard/server/gates.ts';
import type { Sources } from '#dashboard/server/sources.ts';
import { inLibrary, pageLimit, STAFF } from './paging.ts';
import { type Route, route } from './route.ts';

export function gateRoutes(sources: Sources): Route[] {
  return [
    route({
      method: 'get',
      path: '/libraries/{library}/gates/events',
      summary: 'What happened at the gates, newest first; `finding` picks one kind',
      access: STAFF,
      params: inLibrary,
      query: z.object({
        finding: gateFinding.optional(),
        limit: pageLimit(50, 500),
        cursor: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
      }),
      reply: gateEvents,
      handle({ params: { library }, query: { finding, limit, cursor } }) {
        const state = sources.state.need();
        const gates = gatesOf(sources, library);
        const facts = state.factsOfSubjects(library, gates, { beforeN: cursor, limit: limit + 1, finding });
        const page = facts.slice(0, limit);
        return {
          rows: page.flatMap((fact) => viewGateEvent(sources, fact) ?? []),
          next: facts.length > limit ? String(page.at(-1)?.n ?? 0) : null,
        };
      },
    }),
  ];
}
