/** A dashboard over real stores in a folder of its own: two libraries, three people, six shelves, some books. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { io, type Socket } from 'socket.io-client';
import request from 'supertest';
import type { Fact } from '#contract/domain/fact.ts';
import type { Item } from '#contract/domain/item.ts';
import { type Plan, plan as planSchema } from '#contract/domain/plan.ts';
import type { Diff, JoinAnswer, Room } from '#contract/wire/live.ts';
import { dashboardConfig } from '#dashboard/server/config.ts';
import { type RunningDashboard, startDashboard } from '#dashboard/server/main.ts';
import { hashPassword } from '#dashboard/server/accounts/password.ts';
import { openBrokerStateWriter } from '#store/broker-state/broker-state-writer.ts';
import type { BrokerStateWriter } from '#store/broker-state/broker-state.ts';
import { systemClock } from '#store/observe/system-clock.ts';
import type { RegistryWriter } from '#store/registry/registry.ts';
import type { ItemRow, ReadPointRow, StateCommit, StateWriter, ZoneRow } from '#store/state/state.ts';
import { openStateWriter } from '#store/state/state-writer.ts';

export const PASSWORD = 'correct-horse-battery';
export const SHELVES = ['s-1', 's-2', 's-3', 's-4', 's-5', 's-6'] as const;

export function demoPlan(version = 1): Plan {
  const place = (id: string, kind: string, parent: string | null, more: object = {}): object => ({
    id,
    kind,
    parent,
    name: id,
    ...more,
  });
  const range = (letter: string): object => ({ range: { scheme: 'lcc', from: `${letter} 1`, to: `${letter} 9999` } });
  return planSchema.parse({
    version,
    validFrom: '2026-01-01T00:00:00.000Z',
    places: [
      place('lib', 'library', null),
      place('main', 'branch', 'lib'),
      place('f-1', 'floor', 'main'),
      place('f-2', 'floor', 'main'),
      place('z-1', 'zone', 'f-1', { capacity: 40 }),
      place('r-1', 'range', 'f-1'),
      place('b-1', 'bay', 'r-1'),
      place('b-2', 'bay', 'r-1'),
      ...SHELVES.map((id, i) =>
        place(id, 'shelf', i < 3 ? 'b-1' : 'b-2', {
          tier: (i % 3) + 1,
          collection: 'LIT',
          ...range('PQRSTU'.charAt(i)),
        }),
      ),
    ],
    aisles: [{ a: 'b-1', b: 'b-2', metres: 4 }],
    lines: [{ id: 'door', from: null, to: 'z-1' }],
    readPoints: SHELVES.slice(0, 5).map((id, i) => ({
      id: `rp-${i + 1}`,
      reader: 'reader-1',
      antenna: i + 1,
      places: [id],
    })),
  });
}

export function book(barcode: string, more: Partial<Item> = {}): Item {
  return {
    library: 'demo',
    barcode,
    title: `Title ${barcode}`,
    author: 'Somebody',
    year: 1999,
    language: 'en',
    scheme: 'lcc',
    callNumber: 'P 12',
    branch: 'main',
    collection: 'LIT',
    tags: [],
    ...more,
  };
}

export const BOOKS: readonly Item[] = [
  book('0001', { title: 'Wuthering Heights', author: 'Emily Brontë' }),
  book('0002', { title: '=cmd|calc', author: 'Mallory', callNumber: 'Q 20' }),
  book('0003', { title: '红楼梦', author: '曹雪芹', language: 'zh' }),
];

export interface SignedIn {
  readonly cookie: string;
  readonly csrf: string;
}

export interface World {
  readonly folder: string;
  readonly dashboard: RunningDashboard;
  readonly broker: BrokerStateWriter;
  signIn(name: string, password?: string): Promise<SignedIn>;
  get(path: string, who?: SignedIn): request.Test;
  send(method: 'post' | 'put' | 'delete', path: string, who: SignedIn): request.Test;
  /** Commits as the engine does; offsets rise by themselves. The first makes the file. */
  commit(
    change: Partial<
      Pick<
        StateCommit,
        | 'items'
        | 'zones'
        | 'readPoints'
        | 'memory'
        | 'asOfMs'
        | 'work'
        | 'ils'
        | 'uses'
        | 'sweeps'
        | 'signals'
        | 'homeShifts'
      >
    > & {
      facts?: readonly FactSeed[];
    },
  ): void;
  connect(who: SignedIn | undefined): Promise<LiveProbe>;
  close(): Promise<void>;
}

type FactSeed = Pick<Fact, 'kind' | 'subject'> & Partial<Fact>;

export interface WorldOptions {
  readonly config?: Readonly<Record<string, unknown>>;
  readonly hasState?: boolean;
  readonly items?: readonly Item[];
  readonly plan?: Plan;
}

export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'shelfwise-dashboard-'));
  const hasState = options.hasState ?? true;
  let state: StateWriter | undefined;
  let onCommit: () => void = () => undefined;
  const broker = openBrokerStateWriter(join(folder, 'broker.db'));
  const config = dashboardConfig.parse({ folder, port: 0, web: join(folder, 'web'), ...options.config });
  const dashboard = await startDashboard(config, {
    log: pino({ level: 'silent' }),
    clock: systemClock,
    portPolicy: 'exact',
    seed: (registry) => seed(registry, options),
    onStateCommit(listener) {
      onCommit = listener;
      return () => (onCommit = () => undefined);
    },
  });
  const sockets: Socket[] = [];
  let offset = 0;
  const factNumbers = new Map<string, number>();

  const toFact = (seedFact: FactSeed): Fact => {
    const library = seedFact.library ?? 'demo';
    const n = (factNumbers.get(library) ?? 0) + 1;
    factNumbers.set(library, n);
    const evidence = { rule: 'test', competitors: [] };
    return { at: new Date().toISOString(), entry: offset, evidence, ...seedFact, library, n };
  };

  const world: World = {
    folder,
    dashboard,
    broker,
    async signIn(name, password = PASSWORD) {
      const reply = await request(dashboard.url).post('/api/v1/session').send({ name, password }).expect(200);
      const cookie = String(reply.headers['set-cookie']).split(';', 1)[0] ?? '';
      return { cookie, csrf: (reply.body as { csrfToken: string }).csrfToken };
    },
    get(path, who) {
      const call = request(dashboard.url).get(`/api/v1${path}`);
      return who === undefined ? call : call.set('cookie', who.cookie);
    },
    send: (method, path, who) =>
      request(dashboard.url)[method](`/api/v1${path}`).set('cookie', who.cookie).set('x-csrf-token', who.csrf),
    commit({ facts = [], items = [], zones = [], readPoints = [], asOfMs = Date.now(), ...more }) {
      state ??= openStateWriter(join(folder, 'state.db'));
      offset += 1;
      const numbered = facts.map(toFact);
      state.commit({
        offset,
        asOfMs,
        engineVersion: 'test',
        facts: numbered,
        items,
        zones,
        readPoints,
        memory: [],
        ...more,
      });
      onCommit();
    },
    async connect(who) {
      const socket = io(dashboard.url, {
        transports: ['websocket'],
        forceNew: true,
        reconnection: false,
        ...(who === undefined ? {} : { extraHeaders: { cookie: who.cookie } }),
      });
      sockets.push(socket);
      return probe(socket);
    },
    async close() {
      for (const socket of sockets) socket.disconnect();
      await dashboard.close();
      state?.close();
      broker.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  if (hasState) world.commit({});
  return world;
}

async function seed(registry: RegistryWriter, options: WorldOptions): Promise<void> {
  const passwordHash = await hashPassword(PASSWORD);
  registry.putLibrary({ key: 'demo', name: 'Demo', isil: null, timeZone: 'Europe/Berlin' });
  registry.putLibrary({ key: 'other', name: 'Other', isil: null, timeZone: 'UTC' });
  const account = { passwordHash, mustChangePassword: false };
  registry.putUser({ name: 'root', role: 'admin', libraries: ['*'], ...account });
  registry.putUser({ name: 'demo-admin', role: 'admin', libraries: ['demo'], ...account });
  registry.putUser({ name: 'ana', role: 'staff', libraries: ['demo'], ...account });
  registry.putUser({ name: 'bo', role: 'facilities', libraries: ['demo'], ...account });
  registry.putUser({ name: 'zoe', role: 'staff', libraries: ['other'], ...account });
  registry.putPlan('demo', options.plan ?? demoPlan());
  registry.putPlan('other', demoPlan());
  await registry.importCatalogue('demo', options.items ?? BOOKS);
  const secretSha256 = createHash('sha256').update('s').digest('hex');
  registry.putDevice({ library: 'demo', id: 'gw-1', kind: 'gateway', secretSha256, isEnabled: true, createdAtMs: 1 });
  registry.putDevice({ library: 'demo', id: 'counter', kind: 'sensor', secretSha256, isEnabled: true, createdAtMs: 1 });
}

export function itemAt(item: string, place: string, more: Partial<ItemRow> = {}): ItemRow {
  return {
    library: 'demo',
    item,
    place,
    condition: 'present',
    sinceMs: Date.UTC(2026, 2, 2, 9),
    lastSeenMs: Date.UTC(2026, 2, 2, 10),
    confidence: 0.9,
    misshelved: false,
    tickedOffMs: null,
    home: [],
    ...more,
  };
}

export function antenna(
  readPoint: string,
  state: ReadPointRow['state'],
  lastHeardMs = Date.UTC(2026, 2, 2),
): ReadPointRow {
  return { library: 'demo', readPoint, state, sinceMs: 1, lastHeardMs };
}

export function zone(people: number | null, atMs = Date.now()): ZoneRow {
  return { library: 'demo', place: 'z-1', people, low: people, high: people, atMs };
}

/** A screen: joins rooms and remembers what it was told. */
export interface LiveProbe {
  readonly socket: Socket;
  readonly diffs: Diff[];
  join(room: Room, since?: { epoch: string; seq: number }): Promise<JoinAnswer>;
  /** The first diff told from now on (or before) for which `test` holds. */
  until(test: (diff: Diff) => boolean): Promise<Diff>;
  gone(): Promise<string>;
}

async function probe(socket: Socket): Promise<LiveProbe> {
  const diffs: Diff[] = [];
  const waiting = new Set<() => void>();
  socket.on('diff', (diff: Diff) => {
    diffs.push(diff);
    for (const look of waiting) look();
  });
  const gone = new Promise<string>((resolve) =>
    socket.once('disconnect', (reason) => {
      resolve(reason);
    }),
  );
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => {
      resolve();
    });
    socket.once('connect_error', reject);
  });
  return {
    socket,
    diffs,
    join: (room, since) =>
      socket.emitWithAck('join', since === undefined ? { room } : { room, since }) as Promise<JoinAnswer>,
    until: (test) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = diffs.find(test);
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    gone: () => gone,
  };
}

/** Waits for something that will hold soon; the test's own time limit ends it otherwise. */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}
