/** "Where is this book?": search, one item, its trail, and what stands at a place. */
import { z } from 'zod';
import { barcode, placeId } from '#contract/domain/ids.ts';
import type { Item } from '#contract/domain/item.ts';
import { AppError } from '#contract/errors.ts';
import { itemDetail, itemList, type ItemSummary, trail } from '#contract/wire/rest.ts';
import type { Sources } from '#dashboard/server/sources.ts';
import { uncataloguedItem, viewItems } from '#dashboard/server/whereabouts.ts';
import { EVERYONE, inLibrary, pageLimit } from './paging.ts';
import { type Route, route } from './route.ts';

/** Nobody reads the ten-thousandth hit; a longer word finds it. */
const OFFSET_MAX = 10_000;
/** The bar of the Find screen: the last 20 places. */
const TRAIL_ROWS = 20;
/** Ticks of a misshelved line and the like stand between the moves. */
const TRAIL_FACTS_READ = 60;

/** As many hits are put in an order of their own: some copies of each title, so that one within reach comes first. */
const RERANKED_HITS = 200;

const offsetCursor = z
  .string()
  .regex(/^\d{1,6}$/, 'a cursor from `next`')
  .transform(Number)
  .optional();
const oneItem = inLibrary.extend({ barcode });

export function itemRoutes(sources: Sources): Route[] {
  return [searchRoute(sources), detailRoute(sources), trailRoute(sources), placeItemsRoute(sources)];
}

function searchRoute(sources: Sources): Route {
  return route({
    method: 'get',
    path: '/libraries/{library}/items',
    summary: 'Search title, author, call number and barcode, with where each item is now',
    access: EVERYONE,
    params: inLibrary,
    query: z.object({
      q: z.string().trim().min(1).max(200),
      limit: pageLimit(20, 200),
      cursor: offsetCursor,
    }),
    reply: itemList,
    handle({ params: { library }, query }) {
      const offset = query.cursor ?? 0;
      const after = offset + query.limit;
      const isReranked = after < RERANKED_HITS;
      const page = isReranked ? { offset: 0, limit: RERANKED_HITS } : { offset, limit: query.limit + 1 };
      const hits = sources.registry.search(library, query.q, page).map((hit) => hit.item);
      const view = viewItems(sources, library);
      const found = isReranked ? withinReachFirst(view.summaries(hits)).slice(offset, after) : undefined;
      const rows = found ?? view.summaries(hits.slice(0, query.limit));
      const hasMore = isReranked ? hits.length > after : hits.length > query.limit;
      return { rows, next: hasMore && after <= OFFSET_MAX ? String(after) : null };
    },
  });
}

const REACH: Readonly<Record<ItemSummary['where']['condition'], number>> = {
  present: 0,
  withheld: 1,
  unseen: 2,
  departed: 3,
};

/** Titles stay in the order of the search; of the copies of one title, those that were heard come first. */
function withinReachFirst(rows: readonly ItemSummary[]): ItemSummary[] {
  const titles = new Map<string, number>();
  const titleOf = ({ title, author }: ItemSummary): string => `${title}\n${author}`;
  for (const row of rows) if (!titles.has(titleOf(row))) titles.set(titleOf(row), titles.size);
  const order = (row: ItemSummary): number => (titles.get(titleOf(row)) ?? 0) * 10 + REACH[row.where.condition];
  return [...rows].sort((a, b) => order(a) - order(b));
}

function detailRoute(sources: Sources): Route {
  return route({
    method: 'get',
    path: '/libraries/{library}/items/{barcode}',
    summary: 'One item: the catalogue row, where it is, and the shelves it belongs on',
    access: EVERYONE,
    params: oneItem,
    reply: itemDetail,
    handle: ({ params }) => viewItems(sources, params.library).detail(needItem(sources, params)),
  });
}

function trailRoute(sources: Sources): Route {
  return route({
    method: 'get',
    path: '/libraries/{library}/items/{barcode}/trail',
    summary: 'The last places of an item, newest first',
    access: EVERYONE,
    params: oneItem,
    reply: trail,
    handle({ params }) {
      needItem(sources, params);
      const facts = sources.state.need().factsOfSubject(params.library, params.barcode, TRAIL_FACTS_READ);
      const rows = facts
        .filter((fact) => fact.kind.startsWith('item-'))
        .slice(0, TRAIL_ROWS)
        .map(({ n, at, kind, from, to, confidence }) => ({
          n,
          at,
          kind,
          from: from ?? null,
          to: to ?? null,
          confidence: confidence ?? null,
        }));
      return { rows };
    },
  });
}

function placeItemsRoute(sources: Sources): Route {
  return route({
    method: 'get',
    path: '/libraries/{library}/places/{place}/items',
    summary: 'What stands at a place, in barcode order',
    access: EVERYONE,
    params: inLibrary.extend({ place: placeId }),
    query: z.object({ limit: pageLimit(100, 500), cursor: barcode.optional() }),
    reply: itemList,
    handle({ params: { library, place }, query }) {
      if (sources.plans.of(library)?.index.place(place) === undefined) {
        throw new AppError('API_NOT_FOUND', 'There is no such place in the plan.');
      }
      const found = sources.state.need().itemsAt(library, place, { after: query.cursor ?? '', limit: query.limit + 1 });
      const page = found.slice(0, query.limit).map((row) => row.item);
      const catalogued = sources.registry.items(library, page);
      const items = page.map((code): Item => catalogued.get(code) ?? uncataloguedItem(library, code));
      const next = found.length > query.limit ? (page.at(-1) ?? null) : null;
      return { rows: viewItems(sources, library).summaries(items), next };
    },
  });
}

function needItem(sources: Sources, key: { readonly library: string; readonly barcode: string }): Item {
  const found = sources.registry.item(key.library, key.barcode);
  if (found === undefined) throw new AppError('API_NOT_FOUND', 'There is no such item in the catalogue.');
  return found;
}
