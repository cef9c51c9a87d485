/**
 * Promise: somebody carries a handheld along the shelves, and two seconds after the sweep's end the screen names the books
 * that stand wrong: bytes of the reader over TCP, through a real gateway, broker, engine and dashboard.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { pino } from 'pino';
import { brokerConfig } from '#broker/config.ts';
import { startBroker } from '#broker/main.ts';
import { plan as planSchema } from '#contract/domain/plan.ts';
import type { CommandView } from '#contract/wire/rest-commands.ts';
import type { FindSignalView, SweepDetail, SweepSummary, WandList } from '#contract/wire/rest-sweeps.ts';
import { dashboardConfig } from '#dashboard/server/config.ts';
import { hashPassword } from '#dashboard/server/accounts/password.ts';
import { startDashboard } from '#dashboard/server/main.ts';
import { engineConfig } from '#engine/config.ts';
import { startEngine } from '#engine/run/main.ts';
import { gatewayConfig } from '#gateway/config.ts';
import { startGateway } from '#gateway/main.ts';
import { hearBeam, type Standing } from '#sim/radio/wand-beam.ts';
import { createRandom } from '#sim/random/random.ts';
import { startTslReader, type TslReader } from '#sim/readers/tsl/reader.ts';
import { systemClock } from '#store/observe/system-clock.ts';
import { until } from '#test/support/platform.ts';
import { inLibrary, settled, signInOverRest, type RestClient } from '#test/support/rest-client.ts';

jest.setTimeout(40_000);

const PASSWORD = 'correct-horse-battery';
const SHELVES = ['s-1', 's-2', 's-3'] as const;
const BOOKS_EACH = 40;
const BOOK_METRES = 0.025;
/** Beside both ends of a shelf. */
const BESIDE_METRES = 0.3;
/** With each inventory, so that a slow machine walks slowly instead of leaping. */
const STEP_METRES = 0.035;
const log = pino({ level: 'silent' });
const closers: (() => Promise<void>)[] = [];

const shelfTag = (shelf: number): string => `5E1F00000000000000000${String(shelf).padStart(3, '0')}`;
const epcOf = (book: number): string => `3034${book.toString(16).toUpperCase().padStart(20, '0')}`;
const barcodeOf = (book: number): string => String(3_000_000 + book);
const callNumberOf = (book: number): string => `${String(100 + book)} A`;

const books = Array.from({ length: SHELVES.length * BOOKS_EACH }, (_, book) => book);
const rows = SHELVES.map((_, shelf) => books.slice(shelf * BOOKS_EACH, (shelf + 1) * BOOKS_EACH));
const take = (shelf: number, at: number): number => rows[shelf]?.splice(at, 1)[0] ?? -1;
const put = (shelf: number, at: number, book: number): number => (rows[shelf]?.splice(at, 0, book), book);
/** Out of order on their own shelf, on another shelf, and nowhere. */
const astray = [put(0, 30, take(0, 6)), put(1, 5, take(1, 33))];
const elsewhere = put(0, 20, take(2, 25));
const gone = take(1, 18);

const plan = planSchema.parse({
  version: 1,
  validFrom: '2026-01-01T00:00:00.000Z',
  places: [
    { id: 'lib', kind: 'library', parent: null, name: 'Library' },
    { id: 'main', kind: 'branch', parent: 'lib', name: 'Main' },
    { id: 'bay', kind: 'bay', parent: 'main', name: '1' },
    ...SHELVES.map((id, i) => ({
      id,
      kind: 'shelf',
      parent: 'bay',
      name: id,
      tier: i + 1,
      shelfTag: `epc:${shelfTag(i)}`,
      range: { scheme: 'ddc', from: callNumberOf(i * BOOKS_EACH), to: callNumberOf((i + 1) * BOOKS_EACH - 1) },
    })),
  ],
  aisles: [],
  lines: [],
  readPoints: [],
});

const standing: Standing[] = rows.flatMap((row, shelf) => [
  { epc: shelfTag(shelf), shelf, metres: -0.05 },
  ...row.map((book, at) => ({ epc: epcOf(book), shelf, metres: at * BOOK_METRES })),
]);
const random = createRandom(7, 'wand');
/** How far the hand has come; `undefined`: it points at the floor. */
let walked: number | undefined;
let isWalking = false;
const WALK_METRES = BOOKS_EACH * BOOK_METRES + 2 * BESIDE_METRES;

let folder = '';
let url = '';
let rest: RestClient;
let reader: TslReader;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shelfwise-wand-'));
  const secret = randomBytes(32).toString('base64url');
  const deps = { log, clock: systemClock, portPolicy: 'exact' as const };
  const dashboard = await startDashboard(dashboardConfig.parse({ folder, port: 0, web: join(folder, 'web') }), {
    ...deps,
    async seed(registry) {
      registry.putLibrary({ key: 'demo', name: 'Demo', isil: null, timeZone: 'UTC' });
      const passwordHash = await hashPassword(PASSWORD);
      registry.putUser({ name: 'root', role: 'admin', libraries: ['*'], passwordHash, mustChangePassword: false });
      const secretSha256 = createHash('sha256').update(secret).digest('hex');
      registry.putDevice({ library: 'demo', id: 'gw', kind: 'gateway', secretSha256, isEnabled: true, createdAtMs: 1 });
      registry.putPlan('demo', plan);
      await registry.importCatalogue(
        'demo',
        books.map((book) => ({
          ...{ library: 'demo', barcode: barcodeOf(book), title: `Book ${String(book)}`, author: '', year: null },
          ...{ language: 'en', scheme: 'ddc' as const, callNumber: callNumberOf(book), branch: 'main', collection: '' },
          tags: [`epc:${epcOf(book)}`],
        })),
      );
    },
  });
  closers.push(() => dashboard.close());
  url = dashboard.url;
  const broker = await startBroker(brokerConfig.parse({ folder, port: 0 }), deps);
  closers.push(() => broker.close());
  const engine = await startEngine(engineConfig.parse({ folder }), deps);
  closers.push(() => engine.close());
  reader = await startTslReader({ id: 'wand-1', tags: heard, on: { kind: 'tcp' } });
  closers.push(() => reader.close());
  const gateway = await startGateway(
    gatewayConfig.parse({
      id: 'gw',
      library: 'demo',
      broker: `mqtt://127.0.0.1:${String(broker.port)}`,
      secret,
      folder: join(folder, 'gateway'),
      readers: [
        {
          id: 'wand-1',
          driver: 'tsl',
          link: reader.link,
          antennas: [{ antenna: 1, readPoint: 'rp-wand-1' }],
          wand: { shelfTags: ['5E1F'], silenceMs: 20_000 },
        },
      ],
    }),
    deps,
  );
  closers.push(() => gateway.close());
  rest = inLibrary(await signInOverRest(url, { name: 'root', password: PASSWORD }), 'demo');
});
afterAll(async () => {
  for (const close of closers.reverse()) await close();
  await rm(folder, { recursive: true, force: true });
});

function heard(): ReturnType<typeof hearBeam> {
  if (walked === undefined) return [];
  if (isWalking) walked += STEP_METRES;
  const shelf = Math.min(SHELVES.length - 1, Math.floor(walked / WALK_METRES));
  return hearBeam(standing, { shelf, metres: walked - shelf * WALK_METRES - BESIDE_METRES }, random);
}

async function ask(path: string, body: unknown): Promise<CommandView> {
  return settled(rest, (await rest.post<{ command: string }>(path, body)).command, 10_000);
}

test('a wand sweeps three shelves: what stands wrong is known two seconds after the end, and found by its signal', async () => {
  await until('a wand on the line', 10_000, async () =>
    (await rest.get<WandList>('wands')).rows.some(({ isOnline, state }) => isOnline && state === 'live'),
  );
  expect(await ask('sweeps/start', { wand: 'wand-1', place: 'bay' })).toMatchObject({ state: 'done' });
  walked = 0;
  isWalking = true;
  reader.pull();
  await until('the end of the shelves', 20_000, () => (walked ?? 0) >= SHELVES.length * WALK_METRES);
  isWalking = false;
  reader.release();
  const [running] = (await rest.get<{ rows: SweepSummary[] }>('sweeps')).rows;
  expect([running?.endedAt, running?.target, (running?.itemsRead ?? 0) > BOOKS_EACH]).toEqual([null, 'bay', true]);

  const { command } = await rest.post<{ command: string }>('sweeps/end', { wand: 'wand-1' });
  expect(command).not.toBe('');
  const sweep = await until('the sweep two seconds after its end', 2000, async () => {
    const view = await rest.get<SweepDetail>(`sweeps/${running?.session ?? ''}`);
    return view.endedAt === null ? undefined : view;
  });
  const sure = sweep.moves.filter(({ certainty }) => certainty >= 0.9);
  expect(sure.map(({ kind, item }) => `${kind} ${item?.barcode ?? ''}`).toSorted()).toEqual(
    [...astray.map((book) => `move ${barcodeOf(book)}`), `wrong-shelf ${barcodeOf(elsewhere)}`].toSorted(),
  );
  expect(sweep.moves.find(({ kind }) => kind === 'wrong-shelf')).toMatchObject({ place: 's-1', home: ['s-3'] });
  expect(sweep.missing.map(({ item, place }) => [item.barcode, place])).toEqual([[barcodeOf(gone), 's-2']]);
  expect(sweep.progress.map(({ place }) => place)).toEqual([...SHELVES, 'bay']);

  expect(await ask('find', { wand: 'wand-1', barcodes: [barcodeOf(elsewhere)] })).toMatchObject({ state: 'done' });
  walked = BESIDE_METRES + 20 * BOOK_METRES;
  reader.pull();
  const signal = await until('its signal', 3000, async () => {
    const { rows: signals } = await rest.get<{ rows: FindSignalView[] }>('wands/wand-1/find');
    return signals.find(({ percent }) => percent > 50);
  });
  expect(signal.item?.barcode).toBe(barcodeOf(elsewhere));
  reader.release();
});
