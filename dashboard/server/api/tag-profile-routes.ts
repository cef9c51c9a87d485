import { DEFAULT_TAG_PROFILE, tagProfile, type TagProfile } from '#contract/domain/tag-profile.ts';
import { libraryRow, type Sources } from '#dashboard/server/sources.ts';
import { ADMIN, inLibrary, STAFF } from './paging.ts';
import { type Route, route } from './route.ts';

/** How a library writes its tags, and what it means by "secured". */
export function tagProfileRoutes({ registry }: Pick<Sources, 'registry'>): Route[] {
  return [
    route({
      method: 'get',
      path: '/libraries/{library}/tag-profile',
      summary: 'The newest tag profile; version 0 is what holds before the first',
      access: STAFF,
      params: inLibrary,
      reply: tagProfile,
      handle: ({ params }) => registry.tagProfile(params.library) ?? DEFAULT_TAG_PROFILE,
    }),
    route({
      method: 'put',
      path: '/libraries/{library}/tag-profile',
      summary: 'Replace the tag profile; its version must rise. Passwords by name only',
      access: ADMIN,
      params: inLibrary,
      body: tagProfile,
      reply: null,
      handle({ params: { library }, body }: { params: { library: string }; body: TagProfile }) {
        registry.putTagProfile(library, body);
        // The engine judges by it whose a tag is and whether a gate would call.
        const { isil } = libraryRow({ registry }, library);
        registry.queueInput(library, { kind: 'library-profile', isil, isilAliases: [], tagProfile: body });
      },
    }),
  ];
}
