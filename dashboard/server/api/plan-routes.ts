import { plan, type Plan } from '#contract/domain/plan.ts';
import { AppError } from '#contract/errors.ts';
import { planReply } from '#contract/wire/rest.ts';
import type { Sources } from '#dashboard/server/sources.ts';
import { ADMIN, EVERYONE, inLibrary } from './paging.ts';
import { type Route, route } from './route.ts';

/** A library of 67,000 shelves is about 15 MB of JSON. */
const PLAN_BYTES_MAX = 32 * 1024 * 1024;

/** What the building is. */
export function planRoutes({ registry, plans }: Pick<Sources, 'registry' | 'plans'>): Route[] {
  return [
    route({
      method: 'get',
      path: '/libraries/{library}/plan',
      summary: 'The newest plan',
      access: EVERYONE,
      params: inLibrary,
      reply: planReply,
      handle({ params, response }) {
        const found = plans.of(params.library)?.index.plan;
        if (found === undefined) throw new AppError('API_NOT_FOUND', 'This library has no plan yet.');
        response.set('cache-control', 'private, no-cache');
        return found;
      },
    }),
    route({
      method: 'put',
      path: '/libraries/{library}/plan',
      summary: 'Replace the plan; its version must rise',
      access: ADMIN,
      params: inLibrary,
      body: plan,
      bodyBytesMax: PLAN_BYTES_MAX,
      reply: null,
      handle({ params: { library }, body }: { params: { library: string }; body: Plan }) {
        const newest = plans.of(library)?.index.plan.version ?? 0;
        if (body.version <= newest) {
          throw new AppError('API_CONFLICT', `The plan is at version ${newest}; the next must be higher.`);
        }
        registry.putPlan(library, body);
        plans.forget(library);
      },
    }),
  ];
}
