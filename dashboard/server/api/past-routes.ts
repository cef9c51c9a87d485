/** "What stood where at 10:35, and what moved that hour?" Kept from the facts, so that no sighting is read again. */
import { z } from 'zod';
import type { Fact } from '#contract/domain/fact.ts';
import { barcode, placeId } from '#contract/domain/ids.ts';
import type { Item } from '#contract/domain/item.ts';
import type { PlaceKind } from '#contract/domain/plan.ts';
import { AppError } from '#contract/errors.ts';
import { PAST_MINUTES_MAX, pastFloor, pastItems, type PastMove, pastMoves } from '#contract/wire/rest-past.ts';
import { fullMinute, pastFloorOf } from '#dashboard/server/past.ts';
import type { LibraryPlan } from '#dashboard/server/plans.ts';
import type { Sources } from '#dashboard/server/sources.ts';
import { isoOrNull, uncataloguedItem } from '#dashboard/server/whereabouts.ts';
import { EVERYONE, inLibrary, pageLimit } from './paging.ts';
import { type Route, route } from './route.ts';

const MINUTE_MS = 60_000;
/** Moves looked at for one page: on a busy morning most of them may be of other floors. */
const MOVES_READ_MAX = 2000;

const moveCursor = z
  .string()
  .regex(/^\d{1,15}\.\d{1,15}$/, 'a cursor from `next`')
  .transform((text) => {
    const [fromMs = 0, afterN = 0] = text.split('.').map(Number);
    return { fromMs, afterN };
  })
  .optional();

export function pastRoutes(sources: Sources): Route[] {
  return [floorRoute(sources), movesRoute(sources), itemsRoute(sources)];
}

function floorRoute(sources: Sources): Route {
  return route({
    method: 'get',
    path: '/libraries/{library}/past/floors/{floor}',
    summary: 'Items on every shelf of a floor at an earlier minute, and how that changed minute by minute',
    access: EVERYONE,
    params: inLibrary.extend({ floor: placeId }),
    query: z.object({
      from: z.iso.datetime(),
      minutes: z.coerce.number().int().min(1).max(PAST_MINUTES_MAX).default(60),
    }),
    reply: pastFloor,
    handle({ params: { library, floor }, query }) {
      const plan = needPlace(sources, { library, place: floor, kind: 'floor' });
      const fromMs = fullMinute(Date.parse(query.from));
      const toMs = fromMs + query.minutes * MINUTE_MS;
      return pastFloorOf(sources.state.need(), plan, { library, floor, fromMs, toMs });
    },
  });
}

function movesRoute(sources: Sources): Route {
  return route({
    method: 'get',
    path: '/libraries/{library}/past/moves',
    summary: 'Items that came, moved or left from one moment to another, in order of time',
    access: EVERYONE,
    params: inLibrary,
    query: z.object({
      from: z.iso.datetime(),
      to: z.iso.datetime(),
      floor: placeId.optional(),
      limit: pageLimit(100, 500),
      cursor: moveCursor,
    }),
    reply: pastMoves,
    handle({ params: { library }, query }) {
      const [fromMs, toMs] = [Date.parse(query.from), Date.parse(query.to)];
      if (toMs - fromMs > PAST_MINUTES_MAX * MINUTE_MS) {
        throw new AppError('API_BAD_INPUT', `At most ${PAST_MINUTES_MAX} minutes at a time.`);
      }
      const start = query.cursor ?? { fromMs, afterN: -1 };
      const read = sources.state.need().past.moves(library, { ...start, toMs, limit: MOVES_READ_MAX });
      const here = read.filter(isOn(sources.plans.of(library), query.floor));
      const page = here.slice(0, query.limit);
      // Where the page did not fill, everything that was read has been said.
      const last = here.length > page.length ? page.at(-1) : read.length < MOVES_READ_MAX ? undefined : read.at(-1);
      const next = last === undefined ? null : `${Date.parse(last.at)}.${last.n}`;
      return { rows: toMoves(sources, library, page), next };
    },
  });
}

function itemsRoute(sources: Sources): Route {
  return route({
    method: 'get',
    path: '/libraries/{library}/past/places/{place}/items',
    summary: 'What stood at a place at an earlier minute, in barcode order',
    access: EVERYONE,
    params: inLibrary.extend({ place: placeId }),
    query: z.object({ at: z.iso.datetime(), limit: pageLimit(100, 500), cursor: barcode.optional() }),
    reply: pastItems,
    handle({ params: { library, place }, query }) {
      needPlace(sources, { library, place });
      const atMs = fullMinute(Date.parse(query.at));
      const page = { atMs, after: query.cursor ?? '', limit: query.limit + 1 };
      const found = sources.state.need().past.itemsAt(library, place, page);
      const stays = found.slice(0, query.limit);
      const itemOf = catalogueOf(
        sources,
        library,
        stays.map((stay) => stay.item),
      );
      const rows = stays.map(({ item, fromMs, toMs, confidence, misshelved }) => {
        const { title, author, year, language, callNumber } = itemOf(item);
        const [since, until] = [new Date(fromMs).toISOString(), isoOrNull(toMs)];
        return { barcode: item, title, author, year, language, callNumber, since, until, confidence, misshelved };
      });
      return { rows, next: found.length > query.limit ? (stays.at(-1)?.item ?? null) : null };
    },
  });
}

function needPlace(
  sources: Sources,
  wanted: { readonly library: string; readonly place: string; readonly kind?: PlaceKind },
): LibraryPlan {
  const plan = sources.plans.of(wanted.library);
  const kind = plan?.index.place(wanted.place)?.kind;
  if (plan !== undefined && kind !== undefined && kind === (wanted.kind ?? kind)) return plan;
  throw new AppError('API_NOT_FOUND', 'There is no such place in the plan.');
}

function isOn(plan: LibraryPlan | undefined, floor: string | undefined): (fact: Fact) => boolean {
  if (floor === undefined) return () => true;
  return ({ from, to }) =>
    [from, to].some((place) => place != null && plan?.index.pathToRoot(place).some(({ id }) => id === floor) === true);
}

function catalogueOf(sources: Sources, library: string, barcodes: readonly string[]): (barcode: string) => Item {
  const known = sources.registry.items(library, [...new Set(barcodes)]);
  return (code) => known.get(code) ?? uncataloguedItem(library, code);
}

function toMoves(sources: Sources, library: string, facts: readonly Fact[]): PastMove[] {
  const itemOf = catalogueOf(
    sources,
    library,
    facts.map((fact) => fact.subject),
  );
  return facts.map(({ n, at, kind, subject, from, to, confidence }) => {
    const { title, callNumber } = itemOf(subject);
    const said = { n, at, kind: kind as PastMove['kind'], barcode: subject, title, callNumber };
    return { ...said, from: from ?? null, to: to ?? null, confidence: confidence ?? null };
  });
}
