import { shelvingSettings } from '#contract/domain/shelving-settings.ts';
import type { Sources } from '#dashboard/server/sources.ts';
import { ADMIN, EVERYONE, inLibrary } from './paging.ts';
import { type Route, route } from './route.ts';

const path = '/libraries/{library}/shelving';

/** How the library shelves: prefixes, and where the signs of its classification stand. */
export function shelvingRoutes({ registry, plans }: Pick<Sources, 'registry' | 'plans'>): Route[] {
  return [
    route({
      method: 'get',
      path,
      summary: 'How call numbers are read and ordered',
      access: EVERYONE,
      params: inLibrary,
      reply: shelvingSettings,
      handle: ({ params }) => registry.shelvingSettings(params.library),
    }),
    route({
      method: 'put',
      path,
      summary: 'Set how call numbers are read and ordered; every home is found anew',
      access: ADMIN,
      params: inLibrary,
      body: shelvingSettings,
      reply: null,
      handle({ params: { library }, body }) {
        registry.putShelvingSettings(library, body);
        plans.forget(library);
      },
    }),
  ];
}
