/** One work list for everything that stands wrong, waits, is missing or at odds with the ILS; and what staff answer to it. */
import { z } from 'zod';
import type { WorkEntryRow, WorkKind, WorkOutcome } from '#contract/domain/work-entry.ts';
import { AppError } from '#contract/errors.ts';
import {
  ilsStatusUpload,
  placeItems,
  workLines,
  workQuery,
  workTickOff,
  type WorkTickOff,
} from '#contract/wire/rest-work-list.ts';
import { isoOrNull } from '#dashboard/server/whereabouts.ts';
import type { Sources } from '#dashboard/server/sources.ts';
import { showLines, sortedLines } from '#dashboard/server/work-lines.ts';
import { inLibrary, pageLimit, STAFF } from './paging.ts';
import { type Route, route } from './route.ts';

/** What a phone did while it had no line. */
const TICK_AGE_MS_MAX = 7 * 86_400_000;
const ILS_ITEMS_AN_INPUT = 500;
const ILS_BYTES_MAX = 2 * 1024 * 1024;
const ANSWERED_BY_SEARCH: ReadonlySet<WorkKind> = new Set(['search', 'missing', 'unseen']);

/** Where the page before ended: its index, and the line, in case the list has changed since. */
const cursor = z
  .string()
  .max(300)
  .regex(/^\d{1,6}~[a-z-]+~/, 'a cursor from `next`')
  .optional();

export function workRoutes(sources: Sources): Route[] {
  return [listRoute(sources), tickOffRoute(sources), placeRoute(sources), ilsRoute(sources)];
}

function listRoute(sources: Sources): Route {
  return route({
    method: 'get',
    path: '/libraries/{library}/work',
    summary: 'The work list in walking order; untagged, dead-tag and unseen only when asked for by kind',
    access: STAFF,
    params: inLibrary,
    query: workQuery.extend({ limit: pageLimit(200, 1000), cursor }),
    reply: workLines,
    handle({ params: { library }, query }) {
      const { kind, floor, collection, from } = query;
      const filter = { kinds: kind, floor, collection, from, withTicked: query.ticked === '1' };
      const list = sortedLines(sources, library, filter);
      const start = startOf(list.rows, query.cursor);
      const page = list.rows.slice(start, start + query.limit);
      const last = page.at(-1)?.row;
      const hasMore = start + page.length < list.rows.length && last !== undefined;
      return {
        rows: showLines(sources, library, { rows: page, rankOf: list.rankOf }),
        next: hasMore ? `${String(start + page.length)}~${last.kind}~${last.subject}` : null,
        walkMetres: list.walkMetres,
        counts: [...sources.state.need().workCounts(library)],
        asOf: isoOrNull(sources.state.need().asOfMs()),
      };
    },
  });
}

function startOf(rows: ReturnType<typeof sortedLines>['rows'], at: string | undefined): number {
  const [index, kind, ...subject] = at?.split('~') ?? [];
  if (index === undefined) return 0;
  const found = rows.findIndex(({ row }) => row.kind === kind && row.subject === subject.join('~'));
  return found < 0 ? Number(index) : found + 1;
}

function tickOffRoute(sources: Sources): Route {
  return route({
    method: 'post',
    path: '/libraries/{library}/work/tick-off',
    summary: 'A line is done: found, not found, or done; `at` for what a phone did without a line',
    access: STAFF,
    params: inLibrary,
    body: workTickOff,
    reply: null,
    handle({ params: { library }, body }) {
      const { kind, subject, outcome, place, id } = body;
      checkOutcome(kind, outcome);
      const row = sources.state.need().workLine(library, kind, subject);
      if (id !== undefined && (sources.tickOffs.isTaken(library, id) || isSameAnswer(row, body))) return;
      const hasMoved = place !== undefined && row?.place !== place;
      if (row === undefined || sources.tickOffs.lineTickedOffMs(row) !== null || hasMoved) {
        throw new AppError('API_CONFLICT', 'This line is no longer on the work list as it was shown.');
      }
      const nowMs = sources.clock.nowMs();
      const atMs = body.at === undefined ? nowMs : Math.min(Date.parse(body.at), nowMs);
      if (atMs < nowMs - TICK_AGE_MS_MAX) throw new AppError('API_CONFLICT', 'That was more than seven days ago.');
      const at = new Date(atMs).toISOString();
      sources.registry.queueInput(library, { kind: 'work-tick-off', workKind: kind, subject, outcome, at });
      sources.tickOffs.addLine(row, id);
    },
  });
}

/** The engine's row holds what this sender said at this millisecond: a repeat, sent over a restart of ours. */
function isSameAnswer(row: WorkEntryRow | undefined, { at, outcome }: WorkTickOff): boolean {
  return at !== undefined && row?.tickedOffMs === Date.parse(at) && row.outcome === outcome;
}

function checkOutcome(kind: WorkKind, outcome: WorkOutcome): void {
  if (kind === 'home-shift') throw new AppError('API_BAD_INPUT', 'This is a question; answer it at home-shifts.');
  if (ANSWERED_BY_SEARCH.has(kind) === (outcome !== 'done')) return;
  throw new AppError('API_BAD_INPUT', 'A search is answered with found or not-found, any other line with done.');
}

function placeRoute(sources: Sources): Route {
  return route({
    method: 'post',
    path: '/libraries/{library}/work/place-items',
    summary: 'These items were put onto this trolley, crate or hold shelf, where no antenna need listen',
    access: STAFF,
    params: inLibrary,
    body: placeItems,
    reply: null,
    handle({ params: { library }, body }) {
      if (sources.plans.of(library)?.index.place(body.place) === undefined) {
        throw new AppError('API_NOT_FOUND', 'There is no such place in the plan.');
      }
      const at = new Date(sources.clock.nowMs()).toISOString();
      sources.registry.queueInput(library, { kind: 'place-items', place: body.place, items: body.items, at });
    },
  });
}

function ilsRoute(sources: Sources): Route {
  return route({
    method: 'post',
    path: '/libraries/{library}/ils-status',
    summary: 'What the ILS says of items, up to 5,000 a request; kept apart from where they are',
    access: STAFF,
    params: inLibrary,
    body: ilsStatusUpload,
    bodyBytesMax: ILS_BYTES_MAX,
    reply: null,
    handle({ params: { library }, body }) {
      const nowAt = new Date(sources.clock.nowMs()).toISOString();
      const items = body.items.map(({ barcode, status, at, dueAt, pickupPlace, expiresAt }) => ({
        barcode,
        status,
        at: at ?? nowAt,
        dueAt: dueAt ?? null,
        pickupPlace: pickupPlace ?? null,
        expiresAt: expiresAt ?? null,
      }));
      for (let from = 0; from < items.length; from += ILS_ITEMS_AN_INPUT) {
        sources.registry.queueInput(library, { kind: 'ils', items: items.slice(from, from + ILS_ITEMS_AN_INPUT) });
      }
    },
  });
}
