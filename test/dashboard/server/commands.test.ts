/** Promise: who may ask a reader for what, what a screen is told of it, and that an answer is taken in once. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { tagProfile } from '#contract/domain/tag-profile.ts';
import type { CommandView, EncodingReaders } from '#contract/wire/rest-commands.ts';
import { createWorld, eventually, type SignedIn, type World } from './world.ts';

const TAG = 'uid:E004010000000001';
let world: World;
let ana: SignedIn;
let admin: SignedIn;

beforeAll(async () => {
  world = await createWorld();
  [ana, admin] = [await world.signIn('ana'), await world.signIn('demo-admin')];
  tellStatus(true);
});
afterAll(() => world.close());

function tellStatus(isConnected: boolean): void {
  const at = new Date().toISOString();
  const link = 'tcp://127.0.0.1:1';
  const common = { link, state: 'live', since: at, lastHeardAt: at } as const;
  const readers = [
    { ...common, id: 'pad-1', driver: '3m', can: ['hf-access'] },
    { ...common, id: 'shelf-1', driver: 'llrp' },
  ];
  const status = { state: 'online', at, readers, applied: { tagProfile: 0 } } as const;
  const row = { library: 'demo', lastHeardMs: Date.now(), isConnected, status: { ...status, readers: [...readers] } };
  world.broker.putHeard([
    { ...row, device: 'gw-1' },
    // Removed from the registry: what it said once counts no more.
    {
      ...row,
      device: 'gw-gone',
      status: { ...status, readers: [{ ...common, id: 'pad-9', driver: '3m', can: ['hf-access'] }] },
    },
  ]);
}

const ask = (body: object, who: SignedIn) => world.send('post', '/libraries/demo/commands', who).send(body);
const list = { kind: 'list-tags', target: 'pad-1', args: {} };
const view = async (id: string): Promise<CommandView> =>
  (await world.get(`/libraries/demo/commands/${id}`, ana).expect(200)).body as CommandView;

test('staff asks about tags, administrators about readers, facilities and strangers about nothing', async () => {
  await ask(list, ana).expect(200);
  for (const kind of ['start-scan', 'stop-scan']) {
    await ask({ kind, target: 'pad-1', args: {} }, ana).expect(403);
    await ask({ kind, target: 'pad-1', args: {} }, admin).expect(200);
  }
  const [bo, zoe] = [await world.signIn('bo'), await world.signIn('zoe')];
  for (const who of [bo, zoe]) {
    await ask(list, who).expect(403);
    await world.get('/libraries/demo/commands', who).expect(403);
    await world.get('/libraries/demo/tag-profile', who).expect(403);
    await world.get('/libraries/demo/encoding/readers', who).expect(403);
  }
  const profile = tagProfile.parse({ version: 1 });
  await world.send('put', '/libraries/demo/tag-profile', ana).send(profile).expect(403);
  await world
    .send('put', '/libraries/demo/tag-profile', admin)
    .send({ ...profile, secret: '0BADCAFE' })
    .expect(400);
});

test('what does not fit is refused with the field named', async () => {
  const bad = await ask({ ...list, args: { all: true } }, ana).expect(400);
  expect(JSON.stringify(bad.body)).toContain('body.args');
  await ask({ kind: 'dance', target: 'pad-1', args: {} }, ana).expect(400);
  await ask({ ...list, target: 'pad-9' }, ana).expect(404);
  await ask({ ...list, seconds: 4000 }, ana).expect(400);
});

test('from waiting over sent to its answer, and unanswered when nobody did', async () => {
  const { id, ...asked } = (await ask({ ...list, seconds: 30 }, ana).expect(200)).body as CommandView;
  expect(asked).toMatchObject({ state: 'waiting', askedBy: 'ana', gateway: 'gw-1', code: null, result: null });
  world.broker.putSent('demo', id, Date.now());
  expect((await view(id)).state).toBe('sent');
  const at = new Date().toISOString();
  const result = { tags: [], patronCards: 1, unread: 0, secret: 'is not in the contract' };
  world.broker.putReply('demo', id, { outcome: 'done', at, result }, Date.now());
  expect(await view(id)).toMatchObject({
    state: 'done',
    answeredAt: at,
    result: { tags: [], patronCards: 1, unread: 0 },
  });
  expect(JSON.stringify(await view(id))).not.toContain('secret');
  const short = (await ask({ ...list, seconds: 1 }, ana).expect(200)).body as CommandView;
  await eventually(async () => (await view(short.id)).state === 'unanswered');
  await world.get('/libraries/demo/commands/c-no-such', ana).expect(404);
});

test('the list pages newest first and exports as a table', async () => {
  const plain = (await world.get('/libraries/demo/commands', ana).expect(200)).body as { rows: CommandView[] };
  expect([...new Set(plain.rows.map(({ kind }) => kind))].sort()).toEqual(['start-scan', 'stop-scan']);
  const first = (await world.get('/libraries/demo/commands?limit=2&all=true', ana).expect(200)).body as {
    rows: CommandView[];
    next: string;
  };
  expect(first.rows).toHaveLength(2);
  const second = (await world.get(`/libraries/demo/commands?limit=2&all=true&cursor=${first.next}`, ana).expect(200))
    .body as typeof first;
  expect(second.rows[0]?.issuedAt.localeCompare(first.rows[1]?.issuedAt ?? '')).not.toBe(1);
  const csv = (await world.get('/libraries/demo/commands?all=true&format=csv', ana).expect(200)).text.split('\r\n');
  expect(csv[0]).toBe(
    'id,target,gateway,askedBy,issuedAt,deadline,state,code,detail,answeredAt,barcode,isSettled,kind',
  );
  expect(csv.length).toBeGreaterThan(4);
});

test('a verified write gives the item its tag, also when something behind it failed; a refused one gives none', async () => {
  const readers = (await world.get('/libraries/demo/encoding/readers', ana).expect(200)).body as EncodingReaders;
  expect(readers.rows.map(({ reader, can, isOnline }) => [reader, can, isOnline])).toEqual([
    ['pad-1', ['hf-access'], true],
  ]);
  const programme = async (): Promise<CommandView> => {
    const wanted = { reader: 'pad-1', tag: TAG, barcode: '0001' };
    const call = world.send('post', '/libraries/demo/encoding/programme', ana).send(wanted);
    return (await call.expect(200)).body as CommandView;
  };
  const refused = await programme();
  expect(refused.args).toMatchObject({
    tag: TAG,
    content: { itemId: '0001', usage: 1, part: 1, parts: 1 },
    secured: true,
  });
  const at = new Date().toISOString();
  world.broker.putReply('demo', refused.id, { outcome: 'refused', code: 'locked', at }, Date.now());
  await eventually(async () => (await view(refused.id)).isSettled);
  const tags = async (): Promise<unknown> =>
    ((await world.get('/libraries/demo/items/0001', ana)).body as { tags: unknown }).tags;
  expect(await tags()).toEqual([]);

  const partial = await programme();
  const content = { format: 'iso28560-3', confidence: 1, itemId: '0001' };
  const result = { tag: TAG, newTag: TAG, format: 'iso28560-3', content, isWritten: true, changed: 9, isTorn: false };
  world.broker.putReply('demo', partial.id, { outcome: 'failed', code: 'partial', at, result }, Date.now());
  await eventually(async () => (await view(partial.id)).isSettled);
  expect(await tags()).toEqual([TAG]);
});

test('a UHF tag that was renamed by its security bit goes by its new name', async () => {
  const [old, next] = ['epc:19E9F871000000000000126700000001', 'epc:19E9F871000000000000126700000000'];
  const { openRegistryReader } = await import('#store/registry/registry-reader.ts');
  const registry = openRegistryReader(`${world.folder}/registry.db`);
  const settle = async (asked: { body: unknown }, result: object): Promise<void> => {
    const { id } = asked.body as CommandView;
    world.broker.putReply('demo', id, { outcome: 'done', at: new Date().toISOString(), result }, Date.now());
    await eventually(async () => (await view(id)).isSettled);
  };
  const content = { format: 'isil-epc', confidence: 0.9, itemId: '0002' };
  const writing = { kind: 'write-tag', target: 'pad-1', args: { tag: old, content: { itemId: '0002' } } };
  const written = { tag: old, newTag: old, format: 'isil-epc', content, isWritten: true, changed: 8, isTorn: false };
  await settle(await ask(writing, ana).expect(200), written);
  expect(registry.itemsOfTag('demo', old).map(({ barcode }) => barcode)).toEqual(['0002']);
  const securing = { kind: 'set-security', target: 'pad-1', args: { tag: old, secured: false } };
  const steps = [{ mark: 'epc-bit', isDone: true }];
  await settle(await ask(securing, ana).expect(200), { tag: old, newTag: next, secured: false, steps });
  expect([registry.itemsOfTag('demo', old), registry.item('demo', '0002')?.tags]).toEqual([[], [next]]);
  registry.close();
});

test('a pad that is away cannot programme, and says so at once', async () => {
  tellStatus(false);
  const wanted = { reader: 'pad-1', tag: TAG, barcode: '0001' };
  await world.send('post', '/libraries/demo/encoding/programme', ana).send(wanted).expect(409);
});
