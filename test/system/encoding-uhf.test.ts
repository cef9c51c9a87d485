/**
 * Promise: what the encoding desk asks for over REST is done in the memory of a UHF tag, read back, told to the one who
 * asked, and known to the catalogue; through a real broker and gateway, on an LLRP reader and on a serial one.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { pino } from 'pino';
import { brokerConfig } from '#broker/config.ts';
import { startBroker } from '#broker/main.ts';
import { readUhfTag } from '#contract/codec/tag/read-uhf.ts';
import { tagProfile } from '#contract/domain/tag-profile.ts';
import { fromHex } from '#contract/hex.ts';
import type { ReadTagResult, SetSecurityResult, WriteTagResult } from '#contract/wire/commands.ts';
import type { CommandView, EncodingReaders } from '#contract/wire/rest-commands.ts';
import type { ItemDetail } from '#contract/wire/rest.ts';
import { dashboardConfig } from '#dashboard/server/config.ts';
import { hashPassword } from '#dashboard/server/accounts/password.ts';
import { startDashboard } from '#dashboard/server/main.ts';
import { gatewayConfig } from '#gateway/config.ts';
import { startGateway } from '#gateway/main.ts';
import { inventoryAnswer, newGen2Tag, type Gen2Tag } from '#sim/readers/gen2-tag.ts';
import { startLlrpReader } from '#sim/readers/llrp/reader.ts';
import { openSerialPair } from '#sim/readers/serial-line.ts';
import { startUhfreader288 } from '#sim/readers/uhfreader/reader.ts';
import { systemClock } from '#store/observe/system-clock.ts';
import { tableAir, type LyingTag } from '#test/firmware-sim/readers/fakes/table-air.ts';
import { until } from '#test/support/platform.ts';
import { inLibrary, settled, signInOverRest, type RestClient } from '#test/support/rest-client.ts';

jest.setTimeout(30_000);

const PASSWORD = 'correct-horse-battery';
const ACCESS = '0BADCAFE';
const log = pino({ level: 'silent' });
const closers: (() => Promise<unknown>)[] = [];
/** What lies on each reader. */
const table: Record<string, LyingTag[]> = { 'desk-llrp': [], 'desk-288': [] };
let url = '';
let rest: RestClient;
let version = 0;

function lay(reader: string, tag: Gen2Tag): Gen2Tag {
  table[reader]?.splice(0, Infinity, { tag, rssiDbm: -45 });
  return tag;
}

const nameOf = (tag: Gen2Tag): string => `epc:${inventoryAnswer(tag).epc}`;
const pcOf = (tag: Gen2Tag): number => Number.parseInt(inventoryAnswer(tag).pc, 16);
const contentOf = (tag: Gen2Tag): object | undefined =>
  readUhfTag({ epc: fromHex(inventoryAnswer(tag).epc) ?? new Uint8Array(0), pc: pcOf(tag) }).content;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'shelfwise-encoding-uhf-'));
  closers.push(() => rm(folder, { recursive: true, force: true }));
  const secret = randomBytes(32).toString('base64url');
  const deps = { log, clock: systemClock, portPolicy: 'exact' as const };
  const dashboard = await startDashboard(dashboardConfig.parse({ folder, port: 0, web: join(folder, 'web') }), {
    ...deps,
    async seed(registry) {
      registry.putLibrary({ key: 'demo', name: 'Demo', isil: 'DE-290', timeZone: 'UTC' });
      const passwordHash = await hashPassword(PASSWORD);
      registry.putUser({ name: 'root', role: 'admin', libraries: ['*'], passwordHash, mustChangePassword: false });
      const secretSha256 = createHash('sha256').update(secret).digest('hex');
      registry.putDevice({
        ...{ library: 'demo', id: 'gw-1', kind: 'gateway', secretSha256 },
        ...{ isEnabled: true, createdAtMs: 1 },
      });
      const book = { library: 'demo', title: 'Victoria', author: 'Knut Hamsun', year: 1898, language: 'no' };
      const shelf = { scheme: 'ddc' as const, callNumber: '839.82', branch: '', collection: '', tags: [] };
      const barcodes = ['31234561', '31234562', '31234563', '31234564'];
      await registry.importCatalogue(
        'demo',
        barcodes.map((barcode) => ({ ...book, ...shelf, barcode })),
      );
    },
  });
  closers.push(() => dashboard.close());
  url = dashboard.url;
  const broker = await startBroker(brokerConfig.parse({ folder, port: 0 }), deps);
  closers.push(() => broker.close());
  const air = tableAir(table['desk-llrp'] ?? []);
  const llrp = await startLlrpReader({
    ...{ id: 'desk-llrp', antennas: 1, clock: systemClock, epcOf: () => undefined },
    ...{ ear: (antenna) => air.ear(antenna), tagOf: (item) => air.tagOf(item) },
  });
  closers.push(() => llrp.close());
  const pair = await openSerialPair(folder);
  closers.push(() => pair.close());
  const serial = await startUhfreader288({
    ...{ id: 'desk-288', antennas: 1, clock: systemClock, roundMs: 10, air: tableAir(table['desk-288'] ?? []) },
    on: { kind: 'serial', path: pair.device, linkPath: pair.gateway },
  });
  closers.push(() => serial.close());
  const antennas = [{ antenna: 1, readPoint: 'rp-desk' }];
  const gateway = await startGateway(
    gatewayConfig.parse({
      ...{ id: 'gw-1', library: 'demo', secret, folder: join(folder, 'gateway') },
      broker: `mqtt://127.0.0.1:${String(broker.port)}`,
      tagSecrets: { 'gen2-right': ACCESS, 'gen2-wrong': 'DEADBEEF' },
      readers: [
        {
          ...{ id: 'desk-llrp', driver: 'llrp', antennas, link: `tcp://127.0.0.1:${String(llrp.port)}` },
          settings: { dwellMs: 40, accessTimeoutMs: 500 },
        },
        {
          ...{ id: 'desk-288', driver: 'uhfreader288', antennas, link: serial.link },
          settings: { scanMs: 300, pollMs: 50 },
        },
      ],
    }),
    deps,
  );
  closers.push(() => gateway.close());
  rest = inLibrary(await signInOverRest(url, { name: 'root', password: PASSWORD }), 'demo');
  const areThere = async (): Promise<boolean> =>
    (await rest.get<EncodingReaders>('encoding/readers')).rows.filter(({ can }) => can.includes('uhf-access'))
      .length === 2;
  await until('both readers', 10_000, areThere);
});
afterAll(async () => {
  for (const close of closers.reverse()) await close();
});
beforeEach(() => {
  for (const lying of Object.values(table)) lying.length = 0;
});

/** Asks, and waits for the outcome and what follows from it. */
async function ask(path: string, body: unknown): Promise<CommandView> {
  return settled(rest, (await rest.post<CommandView>(path, body)).id, 25_000);
}

const secure = (target: string, tag: string, secured: boolean): Promise<CommandView> =>
  ask('commands', { kind: 'set-security', target, args: { tag, secured } });

const tagsOf = async (barcode: string): Promise<readonly string[]> =>
  (await rest.get<ItemDetail>(`items/${barcode}`)).tags;

/** The library changes its profile, and the gateway works by it. */
async function use(uhf: object): Promise<void> {
  version += 1;
  expect((await rest.call('PUT', 'tag-profile', tagProfile.parse({ version, uhf }))).status).toBe(204);
  await until('the profile at the gateway', 10_000, async () =>
    (await rest.get<EncodingReaders>('encoding/readers')).rows.every(
      ({ profileVersion }) => profileVersion === version,
    ),
  );
}

const FACTORY = 'E2801170000002071A2B3C4';
const DESKS = [
  { reader: 'desk-llrp', first: '31234561', second: '31234562' },
  { reader: 'desk-288', first: '31234563', second: '31234564' },
] as const;
type Desk = (typeof DESKS)[number];

/** The same at both desks, at once. */
async function atDesks(step: (desk: Desk, at: number) => Promise<void>): Promise<void> {
  await Promise.all(DESKS.map(step));
}

const epcOf = (number: string, secured: boolean): string =>
  `19E9F871${Number(number).toString(16).toUpperCase().padStart(16, '0')}0000000${Number(secured)}`;

test('a blank tag is programmed, lent, converted as it is, and returned by its bit', async () => {
  const tags = DESKS.map(({ reader, first }) => lay(reader, newGen2Tag({ epc: FACTORY + first.slice(-1) })));
  const tagAt = (at: number): Gen2Tag => tags[at] ?? newGen2Tag({ epc: '' });

  await use({ format: 'uii', security: 'pc-afi' });
  await atDesks(async ({ reader, first }, at) => {
    const tag = tagAt(at);
    const blank = nameOf(tag);
    const done = await ask('encoding/programme', { reader, tag: blank, barcode: first });
    expect(done).toMatchObject({ state: 'done', code: null, kind: 'write-tag', barcode: first });
    expect(done.result as WriteTagResult).toMatchObject({
      ...{ tag: blank, newTag: nameOf(tag), isWritten: true, isTorn: false, format: 'uii' },
      security: { secured: true, steps: [{ mark: 'pc-afi', isDone: true }] },
    });
    expect(contentOf(tag)).toMatchObject({ itemId: first, isil: 'DE-290' });
    expect(pcOf(tag) & 0x1ff).toBe(0x107);
    expect(await tagsOf(first)).toEqual([nameOf(tag)]);

    const lent = await secure(reader, nameOf(tag), false);
    expect((lent.result as SetSecurityResult).steps).toEqual([{ mark: 'pc-afi', isDone: true }]);
    expect(pcOf(tag) & 0x1ff).toBe(0x1c2);
  });

  await use({ format: 'isil-epc', security: 'epc-bit' });
  await atDesks(async ({ reader, first }, at) => {
    const tag = tagAt(at);
    const uii = nameOf(tag);
    // Converting says nothing about lending: a lent book stays lent.
    const converted = await ask('encoding/convert', { reader, tag: uii, format: 'isil-epc' });
    expect(converted).toMatchObject({ state: 'done', result: { isWritten: true, format: 'isil-epc', tag: uii } });
    expect(inventoryAnswer(tag)).toMatchObject({ pc: '4000', epc: epcOf(first, false) });
    expect(await tagsOf(first)).toEqual([nameOf(tag)]);

    const returned = await secure(reader, nameOf(tag), true);
    expect((returned.result as SetSecurityResult).steps).toEqual([{ mark: 'epc-bit', isDone: true }]);
    expect(inventoryAnswer(tag).epc).toBe(epcOf(first, true));
    expect(await tagsOf(first)).toEqual([nameOf(tag)]);
    const read = await ask('commands', { kind: 'read-tag', target: reader, args: { tag: nameOf(tag) } });
    expect(read.result as ReadTagResult).toMatchObject({
      content: { itemId: first, format: 'isil-epc' },
      security: { state: 'secured' },
    });
  });
});

test('a tag under an access password changes only with it; a blank one has none and is programmed all the same', async () => {
  const epc = epcOf('4711', true);
  const locked = { accessPassword: ACCESS, locks: { 1: 'password' } } as const;
  const tags = DESKS.map(({ reader }) => lay(reader, newGen2Tag({ epc, ...locked })));
  for (const passwords of [{}, { access: 'gen2-wrong' }]) {
    await use({ format: 'isil-epc', security: 'epc-bit', passwords });
    await atDesks(async ({ reader }, at) => {
      expect(await secure(reader, `epc:${epc}`, false)).toMatchObject({ state: 'failed', code: 'wrong-password' });
      expect(tags[at]?.banks).toEqual(newGen2Tag({ epc, ...locked }).banks);
    });
  }

  await use({ format: 'isil-epc', security: 'epc-bit', passwords: { access: 'gen2-right' } });
  await atDesks(async ({ reader, second }, at) => {
    const lent = epcOf('4711', false);
    const done = await secure(reader, `epc:${epc}`, false);
    expect(done).toMatchObject({ state: 'done', result: { secured: false, newTag: `epc:${lent}` } });
    expect(tags[at] && inventoryAnswer(tags[at]).epc).toBe(lent);

    const blank = lay(reader, newGen2Tag({ epc: FACTORY + second.slice(-1) }));
    const written = await ask('encoding/programme', { reader, tag: nameOf(blank), barcode: second });
    expect(written).toMatchObject({ state: 'done', result: { security: { steps: [{ isDone: true }] } } });
    expect(contentOf(blank)).toMatchObject({ itemId: second, isil: 'DE-290' });
    expect(await tagsOf(second)).toEqual([nameOf(blank)]);
  });
  expect(JSON.stringify(await rest.get('commands?limit=100'))).not.toMatch(/0BADCAFE|DEADBEEF/i);
});
