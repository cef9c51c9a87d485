/** Promise: what a wand heard is on the screen for those who may see it, and what they ask of the wand reaches its gateway. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { FindSignal, SweepRow } from '#contract/domain/sweep.ts';
import type { Room } from '#contract/wire/live.ts';
import type { FindSignalView, SweepDetail, SweepSummary, WandList } from '#contract/wire/rest-sweeps.ts';
import { openRegistryReader } from '#store/registry/registry-reader.ts';
import { book, BOOKS, createWorld, type SignedIn, type World } from './world.ts';

const START = Date.UTC(2026, 2, 2, 9);
const TAG = 'epc:303400000000000000000001';
const LIBRARY = '/libraries/demo';
let world: World;
let ana: SignedIn;

beforeAll(async () => {
  world = await createWorld({ items: [...BOOKS, book('0004', { callNumber: 'P 14', tags: [TAG] })] });
  ana = await world.signIn('ana');
  const at = new Date().toISOString();
  const common = { link: 'tcp://127.0.0.1:1', state: 'live' as const, since: at, lastHeardAt: at };
  const readers = [
    { ...common, id: 'wand-1', driver: 'tsl', can: ['wand'] },
    { ...common, id: 'shelf-1', driver: 'llrp' },
  ];
  const status = { state: 'online' as const, at, readers };
  world.broker.putHeard([{ library: 'demo', device: 'gw-1', lastHeardMs: Date.now(), isConnected: true, status }]);
  world.commit({ sweeps: [sweep('w-1', { endedMs: START + 9000 }), sweep('w-2', { startedMs: START + 60_000 })] });
});
afterAll(() => world.close());

function sweep(session: string, more: Partial<SweepRow> = {}): SweepRow {
  const shelf = { fromMs: START, toMs: START + 9000, isReversed: false, shoneOver: 0 };
  const finding = { place: 's-1', home: [], certainty: 1, detail: null, tag: TAG, distance: 3 };
  return {
    ...{
      library: 'demo',
      session,
      wand: 'wand-1',
      source: 'wand',
      target: null,
      startedMs: START,
      lastMs: START + 9000,
    },
    ...{ endedMs: null, positionError: 2, tagsRead: 5, itemsRead: 4, judged: 4, kept: 3 },
    shelves: [
      { ...shelf, place: 's-1', expected: 3, read: 2, heard: 3 },
      { ...shelf, place: 's-2', expected: 2, read: 2, heard: 2 },
    ],
    findings: [{ ...finding, id: 'move:0004', kind: 'move', barcode: '0004', after: '0001' }],
    findingCount: 1,
    notFound: [{ barcode: '0003', place: 's-1' }],
    notFoundCount: 1,
    ...more,
  };
}

const signal = (more: Partial<FindSignal> = {}): FindSignal => {
  return { library: 'demo', wand: 'wand-1', tag: TAG, atMs: Date.now(), rssiDbm: -40, percent: 78, ...more };
};
const body = async <T>(path: string): Promise<T> => (await world.get(`${LIBRARY}/${path}`, ana).expect(200)).body as T;
const post = (path: string, content: object, who = ana) => world.send('post', `${LIBRARY}/${path}`, who).send(content);

test('staff of the library alone', async () => {
  const others = [await world.signIn('bo'), await world.signIn('zoe')];
  for (const path of ['sweeps', 'sweeps/w-1', 'wands', 'wands/wand-1/find']) {
    await world.get(`${LIBRARY}/${path}`).expect(401);
    for (const who of others) await world.get(`${LIBRARY}/${path}`, who).expect(403);
  }
  for (const path of ['sweeps', 'sweeps/start', 'sweeps/end', 'find']) {
    for (const who of others) await post(path, { wand: 'wand-1' }, who).expect(403);
  }
});

test('the list page by page, newest first; one sweep with titles, shelves and their bay', async () => {
  const first = await body<{ rows: SweepSummary[]; next: string }>('sweeps?limit=1');
  const second = await body<{ rows: SweepSummary[]; next: null }>(`sweeps?limit=1&cursor=${first.next}`);
  expect([first, second].map(({ rows }) => rows.map(({ session }) => session))).toEqual([['w-2'], ['w-1']]);
  expect(second.next).toBeNull();
  expect(second.rows[0]).toMatchObject({ expected: 5, read: 4, places: ['s-1', 's-2'], findings: 1, notFound: 1 });
  const detail = await body<SweepDetail>('sweeps/w-1');
  expect(detail.moves).toMatchObject([
    { rank: 0, kind: 'move', item: { barcode: '0004', callNumber: 'P 14' }, after: { title: 'Wuthering Heights' } },
  ]);
  expect(detail.missing).toMatchObject([{ item: { title: '红楼梦' }, place: 's-1' }]);
  expect(detail.progress.map(({ place, expected, bay }) => [place, expected, bay])).toEqual([
    ['s-1', 3, 'b-1'],
    ['s-2', 2, 'b-1'],
    ['b-1', 5, null],
  ]);
  await world.get(`${LIBRARY}/sweeps/w-9`, ana).expect(404);
  await world.get(`${LIBRARY}/sweeps/..%2Fx`, ana).expect(400);
});

test('wands, and what is asked of them', async () => {
  expect((await body<WandList>('wands')).rows).toMatchObject([
    { reader: 'wand-1', gateway: 'gw-1', isOnline: true, session: 'w-2' },
  ]);
  const ids = [
    await post('sweeps/start', { wand: 'wand-1', place: 's-1' }).expect(200),
    await post('sweeps/end', { wand: 'wand-1' }).expect(200),
    await post('find', { wand: 'wand-1', barcodes: ['0004'], seconds: 30 }).expect(200),
    await post('find', { wand: 'wand-1', barcodes: [] }).expect(200),
  ].map((reply) => (reply.body as { command: string }).command);
  const registry = openRegistryReader(join(world.folder, 'registry.db'));
  const asked = ids.map((id) => registry.command('demo', id));
  registry.close();
  expect(asked.map((row) => [row?.kind, row?.target, row?.askedBy, row?.args])).toEqual([
    ['start-sweep', 'wand-1', 'ana', { place: 's-1' }],
    ['end-sweep', 'wand-1', 'ana', {}],
    ['find', 'wand-1', 'ana', { tags: [TAG], seconds: 30 }],
    ['find', 'wand-1', 'ana', { tags: [], seconds: 120 }],
  ]);
  await post('find', { wand: 'wand-1', barcodes: ['0001'] }).expect(409);
  await post('sweeps/start', { wand: 'wand-9' }).expect(404);
  await post('sweeps/start', { wand: 'wand-1', shelf: 's-1' }).expect(400);
});

test('an upload waits for the broker as it came, with a time for each read', async () => {
  const reads = [{ barcode: '0004' }, { tag: TAG, at: '2026-03-02T09:00:00.000Z' }, { barcode: '0001' }];
  const reply = await post('sweeps', { session: 'robot-7', wand: 'robot', place: 's-1', reads }).expect(200);
  expect(reply.body).toEqual({ session: 'robot-7', reads: 3 });
  const registry = openRegistryReader(join(world.folder, 'registry.db'));
  const input = registry.inputsAfter(0, 1000).at(-1)?.input;
  registry.close();
  expect(input).toMatchObject({ kind: 'sweep', session: 'robot-7', wand: 'robot', place: 's-1' });
  expect((input as { reads: { at: string }[] }).reads.slice(1).map(({ at }) => at)).toEqual([
    '2026-03-02T09:00:00.000Z',
    '2026-03-02T09:00:00.100Z',
  ]);
  await post('sweeps', { wand: 'robot', reads: [] }).expect(400);
  await post('sweeps', { wand: 'robot', reads: [{ shelf: 's-1' }] }).expect(400);
});

test('the room of a search: the signal comes at once, changes, and is taken away when it is silent', async () => {
  const probe = await world.connect(ana);
  const room: Room = { kind: 'find', library: 'demo', wand: 'wand-1' };
  expect(await probe.join(room)).toMatchObject({ ok: true, rows: [] });
  world.commit({ signals: [signal({ atMs: Date.now() - 4000 }), signal({ wand: 'wand-2', percent: 5 })] });
  const heard = await probe.until(({ rows }) => rows.some(([key]) => key === TAG));
  expect(heard.rows[0]?.[1]).toMatchObject({ percent: 78, item: { barcode: '0004' } });
  expect((await body<{ rows: FindSignalView[] }>('wands/wand-1/find')).rows).toMatchObject([
    { tag: TAG, rssiDbm: -40 },
  ]);
  const silent = await probe.until(({ rows }) => rows.some(([key, row]) => key === TAG && row === null));
  expect(silent.seq).toBeGreaterThan(heard.seq);
});

test('the room of a sweep: findings come and go', async () => {
  const probe = await world.connect(ana);
  const answer = await probe.join({ kind: 'sweep', library: 'demo', session: 'w-2' });
  expect(answer.ok && answer.rows?.map(([key]) => key)).toEqual([
    ...['sweep', 'shelf:s-1', 'shelf:s-2', 'bay:b-1', 'finding:move:0004'],
  ]);
  world.commit({ sweeps: [sweep('w-2', { startedMs: START + 60_000, findings: [], findingCount: 0 })] });
  await probe.until(({ rows }) => rows.some(([key, row]) => key === 'finding:move:0004' && row === null));
  expect(await probe.join({ kind: 'sweep', library: 'demo', session: 'w-9' })).toMatchObject({ ok: false });
});
