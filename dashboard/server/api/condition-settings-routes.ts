import { conditionSettings } from '#contract/domain/condition-settings.ts';
import type { Sources } from '#dashboard/server/sources.ts';
import { ADMIN, inLibrary, STAFF } from './paging.ts';
import { type Route, route } from './route.ts';

const path = '/libraries/{library}/condition-settings';

/** When an item is searched, missing, unseen or waiting too long: the library's own rules. */
export function conditionSettingsRoutes({ registry }: Pick<Sources, 'registry'>): Route[] {
  return [
    route({
      method: 'get',
      path,
      summary: 'The rules of the work list; version 0 is what holds before the first',
      access: STAFF,
      params: inLibrary,
      reply: conditionSettings,
      handle: ({ params }) => registry.conditionSettings(params.library),
    }),
    route({
      method: 'put',
      path,
      summary: 'Set the rules of the work list; their version must rise',
      access: ADMIN,
      params: inLibrary,
      body: conditionSettings,
      reply: null,
      handle({ params: { library }, body }) {
        registry.putConditionSettings(library, body);
      },
    }),
  ];
}
