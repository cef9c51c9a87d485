/**
 * Promise: what the encoding desk asks for over REST is done on the tag, read back, told to the one who asked, and known
 * to the catalogue; through a real broker and gateway, on a pad whose every fifth access fails.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { pino } from 'pino';
import { brokerConfig } from '#broker/config.ts';
import { startBroker } from '#broker/main.ts';
import { readHfTag } from '#contract/codec/tag/read-hf.ts';
import { encodeBasicBlock } from '#contract/codec/iso28560-3/basic-block.ts';
import { tagProfile } from '#contract/domain/tag-profile.ts';
import type {
  CaptureResult,
  ListTagsResult,
  ReadTagResult,
  SetSecurityResult,
  WriteTagResult,
} from '#contract/wire/commands.ts';
import type { CommandView, EncodingReaders } from '#contract/wire/rest-commands.ts';
import type { ItemDetail } from '#contract/wire/rest.ts';
import { dashboardConfig } from '#dashboard/server/config.ts';
import { hashPassword } from '#dashboard/server/accounts/password.ts';
import { startDashboard } from '#dashboard/server/main.ts';
import { gatewayConfig } from '#gateway/config.ts';
import { startGateway, type RunningGateway } from '#gateway/main.ts';
import type { HfTag } from '#sim/readers/hf-tag.ts';
import { startThreemReader } from '#sim/readers/threem/reader.ts';
import { openRegistryReader } from '#store/registry/registry-reader.ts';
import { systemClock } from '#store/observe/system-clock.ts';
import { until } from '#test/support/platform.ts';
import { inLibrary, settled, signInOverRest, type RestClient } from '#test/support/rest-client.ts';

jest.setTimeout(60_000);

const PASSWORD = 'correct-horse-battery';
const UID = ['E004010000000001', 'E004010000000002', 'E004010000000003'] as const;
const CARD = 'E004010099999999';
const log = pino({ level: 'silent' });
const closers: (() => Promise<void>)[] = [];
const pad: { tags: HfTag[]; asked: number; glitchEvery: number } = { tags: [], asked: 0, glitchEvery: 5 };
let folder = '';
let url = '';
let rest: RestClient;
let startAgain: () => Promise<RunningGateway>;
let gateway: RunningGateway;

function blank(uid: string): HfTag {
  return { uid, memory: new Uint8Array(112), dsfid: 0, afi: 0, isEasOn: false };
}

function cardOf(itemId: string): HfTag {
  const card = blank(CARD);
  card.memory.set(encodeBasicBlock({ usage: 8, parts: 1, part: 1, itemId, country: '', institution: '' }));
  return card;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shelfwise-encoding-'));
  const secret = randomBytes(32).toString('base64url');
  const deps = { log, clock: systemClock, portPolicy: 'exact' as const };
  const dashboard = await startDashboard(dashboardConfig.parse({ folder, port: 0, web: join(folder, 'web') }), {
    ...deps,
    async seed(registry) {
      registry.putLibrary({ key: 'demo', name: 'Demo', isil: 'NO-02030000', timeZone: 'UTC' });
      const passwordHash = await hashPassword(PASSWORD);
      registry.putUser({ name: 'root', role: 'admin', libraries: ['*'], passwordHash, mustChangePassword: false });
      const secretSha256 = createHash('sha256').update(secret).digest('hex');
      registry.putDevice({
        library: 'demo',
        id: 'gw-1',
        kind: 'gateway',
        secretSha256,
        isEnabled: true,
        createdAtMs: 1,
      });
      const book = { library: 'demo', title: 'Victoria', author: 'Knut Hamsun', year: 1898, language: 'no' };
      const shelf = { scheme: 'ddc' as const, callNumber: '839.82', branch: '', collection: '' };
      await registry.importCatalogue('demo', [
        { ...book, ...shelf, barcode: '03010001', tags: [] },
        { ...book, ...shelf, barcode: '03010002', tags: [`uid:${UID[2]}`] },
      ]);
    },
  });
  closers.push(() => dashboard.close());
  url = dashboard.url;
  const broker = await startBroker(brokerConfig.parse({ folder, port: 0 }), deps);
  closers.push(() => broker.close());
  const reader = await startThreemReader({
    id: 'pad-1',
    pad: { tags: () => pad.tags, isGlitch: () => (pad.asked += 1) % pad.glitchEvery === 0 },
    on: { kind: 'tcp' },
  });
  closers.push(() => reader.close());
  startAgain = () =>
    startGateway(
      gatewayConfig.parse({
        id: 'gw-1',
        library: 'demo',
        broker: `mqtt://127.0.0.1:${String(broker.port)}`,
        secret,
        folder: join(folder, 'gateway'),
        readers: [
          {
            id: 'pad-1',
            driver: '3m',
            link: reader.link,
            antennas: [{ antenna: 1, readPoint: 'rp-pad' }],
            settings: { pollMs: 50 },
          },
        ],
      }),
      deps,
    );
  gateway = await startAgain();
  rest = inLibrary(await signInOverRest(url, { name: 'root', password: PASSWORD }), 'demo');
  await until(
    'a reader that can write tags',
    10_000,
    async () => (await rest.get<EncodingReaders>('encoding/readers')).rows.length > 0,
  );
});
afterAll(async () => {
  await gateway.close();
  for (const close of closers.reverse()) await close();
  await rm(folder, { recursive: true, force: true });
});

/** Asks, and waits for the outcome and what follows from it. */
async function ask(path: string, body: unknown): Promise<CommandView> {
  return settledHere((await rest.post<CommandView>(path, body)).id);
}

const settledHere = (id: string): Promise<CommandView> => settled(rest, id, 40_000);

const tagsOf = async (barcode: string): Promise<readonly string[]> =>
  (await rest.get<ItemDetail>(`items/${barcode}`)).tags;

test('a blank tag is programmed from a barcode, read back, and belongs to its item', async () => {
  const tag = blank(UID[0]);
  pad.tags = [tag];
  const done = await ask('encoding/programme', { reader: 'pad-1', tag: `uid:${tag.uid}`, barcode: '03010001' });
  expect(done).toMatchObject({ state: 'done', code: null, kind: 'write-tag', askedBy: 'root', barcode: '03010001' });
  const result = done.result as WriteTagResult;
  expect(result).toMatchObject({
    isWritten: true,
    isTorn: false,
    format: 'iso28560-3',
    dsfid: { wanted: 0x3e, isDone: false, code: 'not-supported' },
    security: { secured: true, steps: [{ mark: 'afi', isDone: true }] },
  });
  const wanted = encodeBasicBlock({
    usage: 1,
    parts: 1,
    part: 1,
    itemId: '03010001',
    country: 'NO',
    institution: '02030000',
  });
  expect(tag.memory.slice(0, 34)).toEqual(wanted);
  expect(tag.afi).toBe(0x07);
  expect(await tagsOf('03010001')).toEqual([`uid:${UID[0]}`]);
  const registry = openRegistryReader(join(folder, 'registry.db'));
  expect(registry.inputsAfter(0, 100).map(({ input }) => input.kind)).toContain('catalogue-row');
  registry.close();
});

test('it is listed, read, opened for loan and converted; a patron card is counted and nothing else', async () => {
  const card = cardOf('PATRON7');
  const [tag] = pad.tags;
  if (tag === undefined) throw new Error('the pad is empty');
  pad.tags = [tag, card];
  const listed = await ask('commands', { kind: 'list-tags', target: 'pad-1', args: {} });
  const { tags, patronCards, unread } = listed.result as ListTagsResult;
  expect([
    tags.map((one) => [one.tag, one.standing, one.content?.itemId, one.security.state]),
    patronCards,
    unread,
  ]).toEqual([[[`uid:${tag.uid}`, 'item', '03010001', 'secured']], 1, 0]);
  for (const path of ['commands', 'encoding/programme'] as const) {
    const request =
      path === 'commands'
        ? { kind: 'read-tag', target: 'pad-1', args: { tag: `uid:${CARD}` } }
        : { reader: 'pad-1', tag: `uid:${CARD}`, barcode: '03010002', overwrite: true };
    expect(await ask(path, request)).toMatchObject({ state: 'refused', code: 'patron-card', result: null });
  }
  const opened = await ask('commands', {
    kind: 'set-security',
    target: 'pad-1',
    args: { tag: `uid:${tag.uid}`, secured: false },
  });
  expect((opened.result as SetSecurityResult).steps).toEqual([{ mark: 'afi', isDone: true }]);
  expect(tag.afi).toBe(0xc2);

  const converted = await ask('encoding/convert', { reader: 'pad-1', tag: `uid:${tag.uid}`, format: 'iso28560-2' });
  expect(converted).toMatchObject({ state: 'done', result: { isWritten: true, format: 'iso28560-2' } });
  expect(readHfTag({ memory: tag.memory, dsfid: 0x06 }).content).toMatchObject({
    format: 'iso28560-2',
    itemId: '03010001',
    isil: 'NO-02030000',
  });
  const read = (await ask('commands', { kind: 'read-tag', target: 'pad-1', args: { tag: `uid:${tag.uid}` } }))
    .result as ReadTagResult;
  expect(read).toMatchObject({
    standing: 'item',
    content: { format: 'iso28560-2', itemId: '03010001' },
    security: { state: 'unsecured', afi: 0xc2 },
    memory: { blockBytes: 4, isWhole: true },
  });
  expect(read.memory?.data).toHaveLength(224);
  const everything = JSON.stringify(await rest.get('commands?limit=100'));
  expect(everything).not.toContain('PATRON7');
});

test('a set: each tag its part; a tag that carries another item only when told, and then the other item loses it', async () => {
  const old = blank(UID[2]);
  old.memory.set(
    encodeBasicBlock({ usage: 1, parts: 1, part: 1, itemId: '03010002', country: 'NO', institution: '02030000' }),
  );
  pad.tags = [blank(UID[1]), old];
  const tags = [`uid:${UID[1]}`, `uid:${UID[2]}`];
  const wanted = { reader: 'pad-1', barcode: '03010001', tags, format: 'iso28560-3' };
  const first = await rest.call<{ rows: CommandView[] }>('POST', 'encoding/sets', wanted);
  const outcomes = await Promise.all(first.body.rows.map(({ id }) => settledHere(id)));
  expect(outcomes.map(({ state, code }) => [state, code])).toEqual([
    ['done', null],
    ['refused', 'other-item'],
  ]);
  const second = await rest.call<{ rows: CommandView[] }>('POST', 'encoding/sets', { ...wanted, overwrite: true });
  for (const { id } of second.body.rows) expect(await settledHere(id)).toMatchObject({ state: 'done' });
  expect(pad.tags.map(({ memory }) => readHfTag({ memory }).content)).toMatchObject([
    { itemId: '03010001', part: 1, parts: 2 },
    { itemId: '03010001', part: 2, parts: 2 },
  ]);
  expect((await tagsOf('03010001')).toSorted()).toEqual(UID.map((uid) => `uid:${uid}`));
  expect(await tagsOf('03010002')).toEqual([]);
});

test('the profile reaches the gateway, holds over its restart, and changes what is written', async () => {
  const profile = tagProfile.parse({ version: 4, hf: { usesEas: true, afi: { secured: [0xda], unsecured: [0x21] } } });
  expect((await rest.call('PUT', 'tag-profile', profile)).status).toBe(204);
  expect((await rest.call('PUT', 'tag-profile', profile)).status).toBe(409);
  const applied = async (): Promise<boolean> =>
    (await rest.get<EncodingReaders>('encoding/readers')).rows.some(({ profileVersion }) => profileVersion === 4);
  await until('the profile at the gateway', 10_000, applied);
  await gateway.close();
  gateway = await startAgain();
  expect(gateway.status().applied).toEqual({ tagProfile: 4 });
  await until('the reader again', 10_000, async () =>
    (await rest.get<EncodingReaders>('encoding/readers')).rows.some(
      ({ isOnline, state }) => isOnline && state === 'live',
    ),
  );
  const [tag] = pad.tags;
  if (tag === undefined) throw new Error('the pad is empty');
  const done = await ask('commands', {
    kind: 'set-security',
    target: 'pad-1',
    args: { tag: `uid:${tag.uid}`, secured: true },
  });
  expect(done).toMatchObject({ state: 'done', result: { steps: [{ mark: 'afi' }, { mark: 'eas' }] } });
  expect([tag.afi, tag.isEasOn]).toEqual([0xda, true]);
});

test('what cannot be: no such reader, no such item, a format of another trade, a tag that is not there', async () => {
  const tag = `uid:${UID[1]}`;
  const refusals = [
    await rest.call('POST', 'encoding/programme', { reader: 'pad-9', tag, barcode: '03010001' }),
    await rest.call('POST', 'encoding/programme', { reader: 'pad-1', tag, barcode: 'unknown' }),
    await rest.call('POST', 'encoding/convert', { reader: 'pad-1', tag, format: 'uii' }),
    await rest.call('POST', 'commands', { kind: 'set-security', target: 'pad-1', args: { tag, secured: 'yes' } }),
  ];
  expect(refusals.map(({ status }) => status)).toEqual([404, 404, 400, 400]);
  const away = await ask('commands', {
    kind: 'read-tag',
    target: 'pad-1',
    args: { tag: 'uid:E004010077777777' },
    seconds: 5,
  });
  expect(away).toMatchObject({ state: 'failed', code: 'no-tag', result: null });
});

test('a reader that was stopped says so, takes tags again when it is started, and is recorded without cards', async () => {
  expect(await ask('commands', { kind: 'stop-scan', target: 'pad-1', args: {} })).toMatchObject({
    state: 'done',
    result: { isScanning: false },
  });
  const tag = `uid:${UID[1]}`;
  expect(await ask('commands', { kind: 'read-tag', target: 'pad-1', args: { tag } })).toMatchObject({
    code: 'reader-away',
  });
  expect(gateway.status().readers?.[0]).toMatchObject({ scanning: false });
  expect(await ask('commands', { kind: 'start-scan', target: 'pad-1', args: {} })).toMatchObject({ state: 'done' });
  await until('the reader live', 10_000, () => gateway.status().readers?.[0]?.state === 'live');
  expect(await ask('commands', { kind: 'read-tag', target: 'pad-1', args: { tag } })).toMatchObject({ state: 'done' });
  pad.tags.push(cardOf('PATRON7'));
  const captured = await ask('commands', { kind: 'capture', target: 'pad-1', args: { seconds: 1 } });
  expect(captured).toMatchObject({ state: 'done' });
  const { file, chunks, bytes } = captured.result as CaptureResult;
  const lines = (await readFile(file, 'utf8')).trim().split('\n');
  expect([lines.length - 1, chunks > 10, bytes > 500]).toEqual([chunks, true, true]);
  expect(lines[0]).toContain('"driver":"3m"');
  expect(lines.join('')).not.toContain(CARD);
});
