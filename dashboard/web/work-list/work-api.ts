/** How the server is asked for the lines of a filter: page after page, up to what a team can walk. */
import type { WorkLine, WorkLines } from '#contract/wire/rest-work-list.ts';
import { getJson } from '#dashboard/web/api/http.ts';
import { paths } from '#dashboard/web/api/paths.ts';
import type { Filter } from './filters.ts';
import { lineKey } from './group-lines.ts';

/** More lines than a team walks in a day; the list is worked off from the top, and the export holds all of them. */
export const LINES_MAX = 1000;
const PAGE_LINES = 500;

/** `next` of the answer says whether there are more lines than these. */
export async function fetchLines(library: string, filter: Filter, signal: AbortSignal): Promise<WorkLines> {
  const page = (cursor: string | null): Promise<WorkLines> =>
    getJson<WorkLines>(paths.work(library, filter, { limit: PAGE_LINES, cursor }), signal);
  const first = await page(null);
  // The list may change between two pages: a line that comes twice counts once.
  const rows = new Map<string, WorkLine>(first.rows.map((row) => [lineKey(row), row]));
  let { next } = first;
  for (let asked = PAGE_LINES; next !== null && asked < LINES_MAX; asked += PAGE_LINES) {
    const more = await page(next);
    for (const row of more.rows) rows.set(lineKey(row), row);
    next = more.next;
  }
  return { ...first, rows: [...rows.values()], next };
}
