/** Promise: the lines the engine put up come out in pages with their reasons, and an answer goes to the engine as an input. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { WorkEntryRow } from '#contract/domain/work-entry.ts';
import type { InHouseUses } from '#contract/wire/rest-in-house.ts';
import type { WorkLines } from '#contract/wire/rest-work-list.ts';
import { openRegistryReader } from '#store/registry/registry-reader.ts';
import type { QueuedInput } from '#store/registry/registry.ts';
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

/** What waits for the broker. */
function openInputs({ folder }: World): readonly QueuedInput['input'][] {
  const registry = openRegistryReader(join(folder, 'registry.db'));
  try {
    return registry.inputsAfter(0, 1000).map(({ input }) => input);
  } finally {
    registry.close();
  }
}

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

describe('a tick-off that is sent again', () => {
  const pull = { kind: 'pull', subject: '0002', outcome: 'done', place: 's-1' };
  const send = (body: object): ReturnType<World['send']> =>
    world.send('post', '/libraries/demo/work/tick-off', ana).send(body);

  test('is answered as the first time and put into the queue once; another one for the same line is refused', async () => {
    const queued = (): number => openInputs(world).filter((input) => input.kind === 'work-tick-off').length;
    const before = queued();
    const body = { ...pull, at: new Date().toISOString(), id: 'phone-1-0001' };
    await send(body).expect(204);
    await send(body).expect(204);
    expect(queued()).toBe(before + 1);
    await send({ ...body, id: 'phone-2-0001' }).expect(409);
  });

  test('is known by the engine’s row too, when nobody remembers the id', async () => {
    const tickedOffMs = sinceMs + 60_000;
    const row = { ...line('pull', '0004', 'hold-on-shelf'), tickedOffMs, outcome: 'done' as const };
    world.commit({ work: [{ library: 'demo', kind: row.kind, subject: row.subject, row }] });
    const body = { ...pull, subject: '0004', at: new Date(tickedOffMs).toISOString(), id: 'phone-1-0002' };
    await send(body).expect(204);
    await send({ ...body, at: new Date(tickedOffMs + 1).toISOString() }).expect(409);
  });
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
