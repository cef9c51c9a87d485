/** Promise: the lines the engine put up come out in pages with their reasons, and an answer goes to the engine as an input. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { WorkEntryRow } from '#contract/domain/work-entry.ts';
import type { InHouseUses } from '#contract/wire/rest-in-house.ts';
import type { WorkLines } from '#contract/wire/rest-work-list.ts';
import { createWorld, type SignedIn, type World } from './world.ts';

const sinceMs = Date.UTC(2026, 2, 2, 9);
const line = (kind: WorkEntryRow['kind'], subject: string, rule: WorkEntryRow['reason']['rule']): WorkEntryRow => ({
  library: 'demo',
  kind,
  subject,
  item: subject,
  place: 's-1',
  sinceMs,
  confidence: null,
  reason: { rule },
  tickedOffMs: null,
  outcome: null,
});
const LINES = [
  line('search', '0001', 'silent-at-home'),
  line('pull', '0002', 'hold-on-shelf'),
  line('untagged', '0003', 'no-tag-known'),
];

let world: World;
let ana: SignedIn;
const work = async (query = ''): Promise<WorkLines> =>
  (await world.get(`/libraries/demo/work${query}`, ana).expect(200)).body as WorkLines;

beforeAll(async () => {
  world = await createWorld();
  ana = await world.signIn('ana');
  const word = { status: 'on-hold', atMs: sinceMs, dueAt: null, pickupPlace: 'desk', expiresAt: null } as const;
  const use = { library: 'demo', shelf: 's-2', scheme: 'lcc', class: 'Q', uses: 2 };
  world.commit({
    work: LINES.map((row) => ({ library: 'demo', kind: row.kind, subject: row.subject, row })),
    ils: [{ library: 'demo', item: '0002', ...word }],
    // The last hour of the day in Berlin is the evening before by UTC.
    uses: [
      { ...use, hourMs: Date.UTC(2026, 2, 2, 22) },
      { ...use, hourMs: Date.UTC(2026, 2, 2, 23) },
    ],
  });
});
afterAll(() => world.close());

test('lines that are walked come unasked, the long lists by kind; the counts name all', async () => {
  const all = await work();
  expect(all.rows.map((row) => row.kind)).toEqual(['pull', 'search']);
  expect(all.rows[0]).toMatchObject({
    ils: { status: 'on-hold', pickupPlace: 'desk' },
    reason: { rule: 'hold-on-shelf' },
  });
  expect(all.counts.map(({ kind }) => kind).sort()).toEqual(['pull', 'search', 'untagged']);
  expect((await work('?kind=untagged')).rows.map((row) => row.subject)).toEqual(['0003']);
});

test('pages follow one another', async () => {
  const first = await work('?limit=1');
  const second = await work(`?limit=1&cursor=${encodeURIComponent(first.next ?? '')}`);
  expect([...first.rows, ...second.rows].map((row) => row.kind)).toEqual(['pull', 'search']);
  expect(second.next).toBeNull();
});

test('a search is answered with found or not-found, once', async () => {
  const tick = (outcome: string): ReturnType<World['send']> =>
    world.send('post', '/libraries/demo/work/tick-off', ana).send({ kind: 'search', subject: '0001', outcome });
  await tick('done').expect(400);
  await tick('not-found').expect(204);
  await tick('not-found').expect(409);
  expect((await work('?ticked=0')).rows.map((row) => row.kind)).toEqual(['pull']);
});

test('what the ILS says is taken, and what it cannot say is refused', async () => {
  const send = (status: string): ReturnType<World['send']> =>
    world.send('post', '/libraries/demo/ils-status', ana).send({ items: [{ barcode: '0001', status }] });
  await send('on-loan').expect(204);
  await send('eaten').expect(400);
});

test('uses are counted in the days of the library', async () => {
  const path = '/libraries/demo/in-house-uses?from=2026-03-02&to=2026-03-03&by=day,class';
  const { rows, total } = (await world.get(path, ana).expect(200)).body as InHouseUses;
  expect(rows.map(({ day, uses }) => [day, uses])).toEqual([
    ['2026-03-02', 2],
    ['2026-03-03', 2],
  ]);
  expect(total).toBe(4);
});
