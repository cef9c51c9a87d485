/**
 * The whole centre in this process, as `shelfwise up` starts it, under ten gateways in a second one: how many sightings a
 * second go through broker, journal, engine and history together; how long a book that arrives takes to the screen while
 * they come; and how fast what has gathered in the journal drains into a real InfluxDB.
 */
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { io, type Socket } from 'socket.io-client';
import { readSettings } from '#cli/config.ts';
import { startCentre, type RunningCentre } from '#cli/start-centre.ts';
import { deviceUsername } from '#contract/domain/ids.ts';
import type { Diff, JoinAnswer, Room } from '#contract/wire/live.ts';
import { gatewayTopic } from '#contract/wire/topics.ts';
import { openHistoryPosition } from '#engine/run/history-position.ts';
import { startHistoryWriter } from '#engine/run/history-writer.ts';
import { openInfluxHistory } from '#store/history/influx-history.ts';
import { openJournalReader } from '#store/journal/journal-reader.ts';
import { systemClock } from '#store/observe/system-clock.ts';
import { openRegistryReader } from '#store/registry/registry-reader.ts';
import { openRegistryWriter } from '#store/registry/registry-writer.ts';
import { openStateReader } from '#store/state/state-reader.ts';
import { startInfluxd } from '#test/support/influxd.ts';
import * as library from './end-to-end-library.ts';
import type { BenchRow } from './row.ts';

const THROUGHPUT_MS = 10_000;
const LOAD_PER_SECOND = 10_000;
const PROBE_EVERY_MS = 100;
/** The load starts cold: engine and history have seen none of its items. */
const SETTLE_MS = 3_000;
const GIVE_UP_MS = 60_000;

const log = pino({ level: 'warn' }, pino.destination(2));

interface Bench {
  readonly folder: string;
  readonly secret: string;
  readonly centre: RunningCentre;
}

export async function benchEndToEnd(): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'shelfwise-bench-all-'));
  const secret = randomBytes(32).toString('base64url');
  await seed(folder, secret);
  const settings = readSettings({
    folder,
    sections: ['broker', 'engine', 'dashboard'],
    overrides: { broker: { port: 0 }, dashboard: { port: 0, firstAdminMustChangePassword: false } },
  });
  const closers: (() => Promise<void>)[] = [];
  const rows: BenchRow[] = [];
  try {
    const deps = { log, clock: systemClock, metrics: new Registry(), portPolicy: 'exact' as const };
    const bench = { folder, secret, centre: await startCentre(settings, deps, closers) };
    rows.push(await measureThroughput(bench), ...(await measureLatency(bench)));
  } finally {
    for (const close of closers.reverse()) await close();
  }
  try {
    rows.push(await measureDrain(folder));
    return rows;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function seed(folder: string, secret: string): Promise<void> {
  const registry = openRegistryWriter(join(folder, 'registry.db'));
  registry.putLibrary({ key: library.LIBRARY, name: 'Bench', isil: null, timeZone: 'UTC' });
  registry.putPlan(library.LIBRARY, library.benchPlan());
  await registry.importCatalogue(library.LIBRARY, library.benchItems());
  const secretSha256 = createHash('sha256').update(secret).digest('hex');
  for (const id of [...library.LOAD_GATEWAYS, library.PROBE_GATEWAY]) {
    registry.putDevice({
      library: library.LIBRARY,
      id,
      kind: 'gateway',
      secretSha256,
      isEnabled: true,
      createdAtMs: 0,
    });
  }
  registry.close();
}

/** From the first message until the last sighting is in state and history; nothing may be left over. */
async function measureThroughput(bench: Bench): Promise<BenchRow> {
  const { sightings, tookMs } = await runLoad(bench, 0, THROUGHPUT_MS);
  const endedMs = performance.now();
  await untilTakenIn(bench);
  const catchUpMs = performance.now() - endedMs;
  return {
    name: 'sightings through broker, journal, engine and SQLite history',
    value: Math.round((sightings / (tookMs + catchUpMs)) * 1_000),
    unit: 'sightings/s',
    bar: { value: 10_000, is: 'at-least' },
    baseline: { name: 'Node-RED to InfluxDB loses events above', value: 3_000 },
    note: `10 gateways, 100 sightings a message; catching up took ${Math.round(catchUpMs)} ms of it`,
  };
}

async function untilTakenIn({ centre }: Bench): Promise<void> {
  const { broker, engine } = centre;
  if (broker === undefined || engine === undefined) throw new Error('broker and engine run');
  const offset = broker.journal.lastOffset();
  await until('engine and history have taken everything in', () => {
    const { state, behind } = engine.historyState();
    return engine.state.offset() >= offset && state === 'ok' && broker.journal.lastOffset() - behind >= offset;
  });
}

async function measureLatency(bench: Bench): Promise<BenchRow[]> {
  const screen = await openScreen(bench.centre);
  const shownMs = new Map<string, number>();
  screen.on('diff', ({ rows }: Diff) => {
    for (const [place, row] of rows) {
      if (row !== null && (row as { items: number }).items > 0 && !shownMs.has(place)) {
        shownMs.set(place, performance.now());
      }
    }
  });
  const room: Room = { kind: 'floor', library: library.LIBRARY, floor: library.FLOOR };
  const joined = (await screen.emitWithAck('join', { room })) as JoinAnswer;
  if (!joined.ok) throw new Error(`the screen may not look: ${joined.detail}`);
  shownMs.clear();

  const durationMs = SETTLE_MS + library.PROBES * PROBE_EVERY_MS + 1_000;
  const loading = runLoad(bench, LOAD_PER_SECOND, durationMs);
  await pause(SETTLE_MS);
  const sentMs = await sendProbes(bench);
  const load = await loading;
  await until('every probe is on the screen', () => [...sentMs.keys()].every((place) => shownMs.has(place)));
  screen.disconnect();
  await untilTakenIn(bench);

  const latenciesMs = [...sentMs].map(([place, sent]) => (shownMs.get(place) ?? NaN) - sent).sort((a, b) => a - b);
  const at = (share: number): number => Math.round(latenciesMs[Math.floor(latenciesMs.length * share)] ?? NaN);
  const reached = Math.round((load.sightings / load.tookMs) * 1_000);
  const note = `${library.PROBES} arrivals under ${reached.toLocaleString('en')} sightings/s`;
  const name = 'a book arrives: message published to diff on the screen';
  return [
    { name: `${name}, p50`, value: at(0.5), unit: 'ms', bar: { value: 300, is: 'at-most' }, note },
    { name: `${name}, p95`, value: at(0.95), unit: 'ms', bar: { value: 300, is: 'at-most' }, note },
    {
      name: 'load that was reached while the screen was watched',
      value: reached,
      unit: 'sightings/s',
      bar: { value: LOAD_PER_SECOND * 0.98, is: 'at-least' },
    },
  ];
}

/** One item after the other is heard for the first time. Returns when each message left, by shelf. */
async function sendProbes({ centre, secret }: Bench): Promise<ReadonlyMap<string, number>> {
  const { LIBRARY, PROBE_GATEWAY, PROBES, probeShelf, probeSighting } = library;
  const name = deviceUsername(LIBRARY, PROBE_GATEWAY);
  const port = centre.broker?.port ?? 0;
  const client = await connectAsync({ host: '127.0.0.1', port, clientId: name, username: name, password: secret });
  const topic = gatewayTopic(LIBRARY, PROBE_GATEWAY, 'observations');
  const epoch = `probe-${Date.now()}`;
  const sentMs = new Map<string, number>();
  const sending: Promise<unknown>[] = [];
  for (let probe = 0; probe < PROBES; probe += 1) {
    const at = new Date().toISOString();
    const observations = [probeSighting(probe, at)];
    const batch = { epoch, seq: probe + 1, sentAt: at, uptimeMs: performance.now(), clock: 'synced', observations };
    sentMs.set(probeShelf(probe), performance.now());
    sending.push(client.publishAsync(topic, JSON.stringify(batch), { qos: 1 }));
    // Uneven, or every probe would meet the same moment of the batching windows.
    await pause(PROBE_EVERY_MS * (0.5 + Math.random()));
  }
  await Promise.all(sending);
  await client.endAsync();
  return sentMs;
}

async function openScreen({ dashboard }: RunningCentre): Promise<Socket> {
  if (dashboard?.firstAdmin === undefined) throw new Error('the dashboard made no first account');
  const { name, password } = dashboard.firstAdmin;
  const reply = await fetch(`${dashboard.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, password }),
  });
  const cookie = reply.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
  const socket = io(dashboard.url, { transports: ['websocket'], extraHeaders: { cookie } });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => {
      resolve();
    });
    socket.once('connect_error', reject);
  });
  return socket;
}

/** The history writer alone, over the journal that the load has left, into an InfluxDB that was away until now. */
async function measureDrain(folder: string): Promise<BenchRow> {
  const influxd = await startInfluxd();
  const history = openInfluxHistory({ url: influxd.url, database: 'bench' });
  const journal = openJournalReader(join(folder, 'journal.db'));
  const state = openStateReader(join(folder, 'state.db'));
  const registry = openRegistryReader(join(folder, 'registry.db'));
  const position = openHistoryPosition(join(folder, 'drain-position.db'));
  try {
    let points = 0;
    const startMs = performance.now();
    const writer = startHistoryWriter({
      log,
      clock: systemClock,
      journal,
      state,
      history,
      position,
      libraries: () => [library.LIBRARY],
      plan: (key) => registry.plan(key),
      pollMs: 10,
      onWritten: ({ stored }) => (points += stored),
    });
    const last = journal.lastOffset();
    await until('the backlog is in InfluxDB', () => position.offset() >= last);
    const tookMs = performance.now() - startMs;
    await writer.stop();
    return {
      name: 'InfluxDB: the journal drains through `influx`',
      value: Math.round((points / tookMs) * 1_000),
      unit: 'points/s',
      bar: { value: 60_000, is: 'at-least' },
      baseline: { name: '`influx` alone with ready-made points', value: 92_300 },
      note: `${points.toLocaleString('en')} points, read from the journal and checked on the way; influxd beside it`,
    };
  } finally {
    position.close();
    registry.close();
    state.close();
    await journal.close();
    await history.close();
    await influxd.stop();
  }
}

function runLoad(
  { centre, secret }: Bench,
  perSecond: number,
  durationMs: number,
): Promise<{ readonly sightings: number; readonly tookMs: number }> {
  const args = [centre.broker?.port ?? 0, secret, perSecond, durationMs].map(String);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'test/bench/end-to-end-load.ts', ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.once('close', (exitCode) => {
      if (exitCode === 0) resolve(JSON.parse(output) as { sightings: number; tookMs: number });
      else reject(new Error(`the load ended with ${String(exitCode)}`));
    });
  });
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const giveUpMs = performance.now() + GIVE_UP_MS;
  while (!holds()) {
    if (performance.now() > giveUpMs) throw new Error(`waited a minute in vain until ${what}`);
    await pause(20);
  }
}

function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}
