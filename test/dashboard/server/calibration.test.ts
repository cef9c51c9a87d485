/** Promise: every antenna of the plan is listed with what is known of it, and what staff say of it reaches the engine. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { input } from '#contract/wire/input.ts';
import type { Antennas } from '#contract/wire/rest-calibration.ts';
import { openRegistryReader } from '#store/registry/registry-reader.ts';
import { BOOKS, book, createWorld, type SignedIn, type World } from './world.ts';

const sinceMs = Date.UTC(2026, 2, 2, 9);
const TAG = 'uid:E004010000000001';
const calibration = { library: 'demo', readPoint: 'rp-2', offsetDb: 3.5, source: 'hand', samples: 41.6, references: 2 };
/** As the engine writes a tag that the antenna of another shelf hears too. */
const tagMemory = {
  c: 1,
  h: 'rp-1',
  t: [sinceMs, sinceMs + 60_000, 0, 0],
  p: 0.9,
  r: 0,
  w: 'first-heard',
  k: [],
  b: null,
  s: [
    [0, ['rp-1', 20, 18, 10, -500, 0, sinceMs, sinceMs + 60_000, [1, 7, 2], 0, 0.9]],
    [1, ['rp-2', 20, 5, 4, -260, 0, sinceMs, sinceMs + 50_000, null, 0, 0.1]],
  ],
};

let world: World;
let ana: SignedIn;
let zoe: SignedIn;
const path = '/libraries/demo/antennas';
const queued = (): unknown[] => {
  const registry = openRegistryReader(join(world.folder, 'registry.db'));
  const inputs = registry.inputsAfter(0, 100).map((row) => input.parse(row.input));
  registry.close();
  return inputs.filter(({ kind }) => kind === 'calibration' || kind === 'reference-tag');
};

beforeAll(async () => {
  world = await createWorld({ items: [...BOOKS, book('0009', { tags: [TAG] })] });
  [ana, zoe] = await Promise.all([world.signIn('ana'), world.signIn('zoe')]);
  const remember = (slice: string, key: string, body: unknown) => ({
    slice,
    key,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  world.commit({
    readPoints: [
      { library: 'demo', readPoint: 'rp-1', state: 'live', sinceMs, lastHeardMs: sinceMs },
      { library: 'demo', readPoint: 'rp-4', state: 'dead', sinceMs, lastHeardMs: null },
    ],
    items: [
      {
        library: 'demo',
        item: '0009',
        place: 's-1',
        condition: 'present',
        sinceMs,
        lastSeenMs: sinceMs,
        confidence: 0.9,
        misshelved: false,
        tickedOffMs: null,
        home: ['s-1'],
      },
    ],
    memory: [
      remember('calibration demo', 'rp-2', { ...calibration, atMs: sinceMs, learntDb: 1 }),
      remember('reference demo', TAG, 's-1'),
      remember('tag demo', TAG, tagMemory),
      remember('stream', '1', { source: 'gw-1', epoch: 'one' }),
    ],
  });
});
afterAll(() => world.close());

test('the deaf come first, the unknown is not taken for silent', async () => {
  const { rows, deafCount } = (await world.get(path, ana).expect(200)).body as Antennas;
  expect(deafCount).toBe(1);
  expect(rows.map(({ readPoint, state }) => `${readPoint} ${String(state)}`)).toEqual([
    'rp-4 dead',
    'rp-1 live',
    'rp-2 null',
    'rp-3 null',
    'rp-5 null',
  ]);
  expect(rows[2]).toMatchObject({ offsetDb: 3.5, source: 'hand', samples: 42, references: 2, places: ['s-2'] });
  const page = (await world.get(`${path}?limit=2&cursor=4`, ana).expect(200)).body as Antennas;
  expect(page).toMatchObject({ rows: [{ readPoint: 'rp-5' }], next: null });
  expect(((await world.get(`${path}?floor=f-2`, ana)).body as Antennas).rows).toEqual([]);
});

test('an antenna hears its own shelf and others, and says how much', async () => {
  const reply = await world.get(`${path}/rp-2/coverage`, ana).expect(200);
  expect(reply.body).toEqual({
    rows: [
      { place: 's-2', isOwn: true, tags: 0, heard: 0, share: null, meanDbm: null },
      { place: 's-1', isOwn: false, tags: 1, heard: 1, share: 0.25, meanDbm: -65 },
    ],
  });
  await world.get(`${path}/rp-9/coverage`, ana).expect(404);
});

test('an item is explained by what each antenna says just now', async () => {
  const item = '/libraries/demo/items/0009/explanation';
  const { evidence } = (await world.get(item, ana).expect(200)).body as { evidence: unknown[] };
  const common = { tag: TAG, isLost: false };
  expect(evidence).toMatchObject([
    { ...common, readPoint: 'rp-1', isChosen: true, weight: 0.9, meanDbm: -50, event: 'gw-1:one:7:2' },
    { ...common, readPoint: 'rp-2', isChosen: false, cyclesSeen: 5, offsetDb: 3.5, event: null },
  ]);
  const past = (await world.get(`${item}?at=2026-03-02T09:30:00.000Z`, ana)).body as { evidence: unknown[] };
  expect(past.evidence).toEqual([]);
});

test('what staff say goes to the engine; whoever only looks, changes nothing', async () => {
  await world.send('put', `${path}/rp-1/offset`, ana).send({ offsetDb: -4 }).expect(204);
  await world.send('put', `${path}/rp-1/offset`, ana).send({ offsetDb: null }).expect(204);
  await world.send('put', `${path}/rp-1/offset`, ana).send({ offsetDb: 31 }).expect(400);
  await world.send('put', `${path}/rp-9/offset`, ana).send({ offsetDb: 1 }).expect(404);
  const tags = '/libraries/demo/reference-tags';
  expect((await world.get(tags, ana).expect(200)).body).toEqual({ rows: [{ tag: TAG, place: 's-1' }] });
  await world.send('put', `${tags}/${TAG}`, ana).send({ place: 's-2' }).expect(204);
  // No antenna listens at the sixth shelf: nothing could be learnt there.
  await world.send('put', `${tags}/${TAG}`, ana).send({ place: 's-6' }).expect(400);
  await world.send('put', `${tags}/${TAG}`, ana).send({ place: null }).expect(204);
  expect(queued()).toEqual([
    { kind: 'calibration', readPoint: 'rp-1', offsetDb: -4 },
    { kind: 'calibration', readPoint: 'rp-1', offsetDb: null },
    { kind: 'reference-tag', tag: TAG, place: 's-2' },
    { kind: 'reference-tag', tag: TAG, place: null },
  ]);
  await world.send('put', `${path}/rp-1/offset`, zoe).send({ offsetDb: 1 }).expect(403);
});
