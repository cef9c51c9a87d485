/** "What do I do next, in which order do I walk?" */
import { z } from 'zod';
import { placeId } from '#contract/domain/ids.ts';
import { AppError } from '#contract/errors.ts';
import { tickOff, type WorkList, workList } from '#contract/wire/rest.ts';
import { walkTo } from '#dashboard/server/last-walk.ts';
import type { Sources } from '#dashboard/server/sources.ts';
import { uncataloguedItem, viewItems } from '#dashboard/server/whereabouts.ts';
import type { ItemRow } from '#store/state/state.ts';
import { inLibrary, STAFF } from './paging.ts';
import { type Route, route } from './route.ts';

/** More lines than a team walks in a day; the list is worked off from the top. */
const LINES_MAX = 1000;

type Line = ItemRow & { readonly place: string };

export function workListRoutes(sources: Sources): Route[] {
  return [
    route({
      method: 'get',
      path: '/libraries/{library}/work-list',
      summary: 'Items on a wrong shelf, in walking order',
      access: STAFF,
      params: inLibrary,
      query: z.object({ floor: placeId.optional() }),
      reply: workList,
      handle: ({ params, query }) => buildWorkList(sources, params.library, query.floor),
    }),
    route({
      method: 'post',
      path: '/libraries/{library}/work-list/tick-off',
      summary: 'This item was taken away from this place',
      access: STAFF,
      params: inLibrary,
      body: tickOff,
      reply: null,
      handle({ params: { library }, body }) {
        const row = sources.state.need().item(library, body.item);
        if (row?.misshelved !== true) {
          throw new AppError('API_CONFLICT', 'This item is no longer on the work list.');
        }
        const at = new Date(sources.clock.nowMs()).toISOString();
        sources.registry.queueInput(library, { kind: 'tick-off', item: body.item, place: body.place, at });
        sources.tickOffs.add(library, body.item, body.place);
      },
    }),
  ];
}

function buildWorkList(sources: Sources, library: string, floor: string | undefined): WorkList {
  const plan = sources.plans.of(library);
  const isOnFloor = (place: string): boolean =>
    floor === undefined || plan?.index.pathToRoot(place).some((above) => above.id === floor) === true;
  const lines = sources.state
    .need()
    .misshelved(library, LINES_MAX)
    .filter((row): row is Line => row.place !== null && isOnFloor(row.place));
  const walk = plan === undefined ? undefined : walkTo(plan, [...new Set(lines.map((line) => line.place))].sort());
  const rank = new Map(walk?.order.map((place, i) => [place, i]));
  const sorted = lines.toSorted(
    (a, b) => (rank.get(a.place) ?? Infinity) - (rank.get(b.place) ?? Infinity) || (a.item < b.item ? -1 : 1),
  );

  const catalogue = sources.registry.items(
    library,
    sorted.map((line) => line.item),
  );
  const view = viewItems(sources, library);
  const items = sorted.map((line) => catalogue.get(line.item) ?? uncataloguedItem(library, line.item));
  const summaries = view.summaries(items);
  const rows = sorted.flatMap((line, i) => {
    const [item, summary] = [items[i], summaries[i]];
    if (item === undefined || summary === undefined) return [];
    const tickedOffMs = sources.tickOffs.tickedOffMs(line);
    return [
      {
        item: summary,
        place: line.place,
        home: [...view.home(item, line)],
        since: new Date(line.sinceMs ?? line.lastSeenMs ?? 0).toISOString(),
        tickedOffAt: tickedOffMs === null ? null : new Date(tickedOffMs).toISOString(),
      },
    ];
  });
  return { rows, walkMetres: walk?.metres ?? 0 };
}
