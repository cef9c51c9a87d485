/** Promise: a list comes page by page, in order, each line once, and no further than a team walks in a day. */
import { afterEach, expect, jest, test } from '@jest/globals';
import type { WorkLines } from '#contract/wire/rest-work-list.ts';
import { fetchLines, LINES_MAX } from '#dashboard/web/work-list/work-api.ts';
import { workLine } from './work-line.ts';

const FILTER = { kinds: ['pull', 'search'], floor: 'f 1' } as const;

afterEach(() => {
  jest.restoreAllMocks();
});

/** A server with these lines, of which one more comes before the others with every page. */
function serve(lines: number): URL[] {
  const asked: URL[] = [];
  jest.spyOn(globalThis, 'fetch').mockImplementation((address) => {
    const url = new URL(address, 'http://library.test');
    asked.push(url);
    const limit = Number(url.searchParams.get('limit'));
    const start = Math.max(0, Number(url.searchParams.get('cursor') ?? 0) - asked.length + 1);
    const rows = Array.from({ length: Math.min(limit, lines - start) }, (_, i) =>
      workLine({ subject: String(start + i) }),
    );
    const end = start + rows.length;
    const page: WorkLines = {
      rows,
      next: end < lines ? String(end) : null,
      walkMetres: 7,
      counts: [{ kind: 'misshelved', lines }],
      asOf: null,
    };
    return Promise.resolve(Response.json(page));
  });
  return asked;
}

const fetched = (): Promise<WorkLines> => fetchLines('demo', FILTER, new AbortController().signal);
const subjects = (list: WorkLines): readonly number[] => list.rows.map(({ subject }) => Number(subject));

test('the filter goes to the server with every page', async () => {
  const asked = serve(700);
  const list = await fetched();
  expect(subjects(list)).toEqual(Array.from({ length: 700 }, (_, i) => i));
  expect(list).toMatchObject({ next: null, walkMetres: 7, counts: [{ kind: 'misshelved', lines: 700 }] });
  expect(asked.map(({ pathname }) => pathname)).toEqual(Array(2).fill('/api/v1/libraries/demo/work'));
  for (const { searchParams } of asked) {
    expect([searchParams.get('kind'), searchParams.get('floor')]).toEqual(['pull,search', 'f 1']);
  }
});

test('a longer list ends where it is too long to walk, and says that there is more', async () => {
  serve(5 * LINES_MAX);
  const list = await fetched();
  expect(list.rows.length).toBeGreaterThan(LINES_MAX / 2);
  expect(list.rows.length).toBeLessThanOrEqual(LINES_MAX);
  expect(new Set(subjects(list)).size).toBe(list.rows.length);
  expect(list.next).not.toBeNull();
});
