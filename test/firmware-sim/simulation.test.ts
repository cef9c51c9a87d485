import { afterEach, describe, expect, test } from '@jest/globals';
import { Aedes } from 'aedes';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { parse } from 'yaml';
import { LlrpFramer } from '#contract/codec/llrp/framer.ts';
import { decodeMessage, encodeMessage, type LlrpMessage } from '#contract/codec/llrp/message.ts';
import { decodeVs133, lineTotals } from '#contract/codec/milesight/vs133.ts';
import { decodeUplink } from '#contract/codec/things-stack/uplink.ts';
import { plan } from '#contract/domain/plan.ts';
import { simConfig } from '#sim/config.ts';
import { startSim } from '#sim/main.ts';
import type { SimulationOptions } from '#sim/simulation-options.ts';
import { startSimulation, type Simulation } from '#sim/simulation.ts';
import { buildDemoLibrary } from '#sim/world/demo-library.ts';

const demo = buildDemoLibrary({ library: 'demo', seed: 1 });
const log = pino({ level: 'silent' });
const clock = { nowMs: () => Date.now(), uptimeMs: () => performance.now() };
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(options: Partial<SimulationOptions> = {}): Promise<Simulation> {
  const simulation = await startSimulation({ demo, seed: 1, clock, log, ...options });
  closing.push(() => simulation.close());
  return simulation;
}

/** Reads of one reader until there are `wanted` of them. */
async function readTags(link: string, antennas: readonly number[], wanted: number): Promise<Map<string, number>> {
  const heard = new Map<string, number>();
  const socket = connect(Number(new URL(link).port), '127.0.0.1');
  closing.push(() => socket.destroy());
  const framer = new LlrpFramer();
  const send = (message: LlrpMessage): unknown => socket.write(encodeMessage(message));
  const content = {
    rospecId: false,
    specIndex: false,
    inventoryParameterSpecId: false,
    antennaId: true,
    channelIndex: false,
    peakRssi: true,
    firstSeen: false,
    lastSeen: true,
    seenCount: true,
    accessSpecId: false,
    custom: [],
  };
  send({
    kind: 'add-rospec',
    version: 1,
    messageId: 1,
    rospec: {
      id: 1,
      priority: 0,
      state: 'disabled',
      boundary: { start: { kind: 'immediate' }, stop: { kind: 'null' } },
      specs: antennas.map((antennaId) => ({
        kind: 'aispec',
        antennaIds: [antennaId],
        stop: { kind: 'duration', durationMs: 150 },
        inventories: [{ id: 1, airProtocol: 1, antennas: [], custom: [] }],
        custom: [],
      })),
      report: { trigger: 'n-tags-or-aispec-end', n: 16, content, custom: [] },
    },
  });
  send({ kind: 'enable-rospec', version: 1, messageId: 2, id: 1 });
  let reads = 0;
  for await (const chunk of socket) {
    for (const bytes of framer.feed(chunk as Uint8Array).messages) {
      const message = decodeMessage(bytes);
      if (!message.ok || message.value.kind !== 'ro-access-report') continue;
      for (const { epc, seenCount = 0 } of message.value.tags) {
        heard.set(epc, (heard.get(epc) ?? 0) + seenCount);
        reads += seenCount;
      }
    }
    if (reads >= wanted) break;
  }
  return heard;
}

describe('the simulation', () => {
  test('thirteen readers with a link each, every antenna at its read point', async () => {
    const simulation = await start();
    expect(simulation.readers).toHaveLength(13);
    expect(new Set(simulation.readers.map(({ link }) => link)).size).toBe(13);
    const readPoints = new Map(demo.plan.readPoints.map((entry) => [entry.id, entry]));
    for (const { id, antennas } of simulation.readers) {
      for (const { antenna, readPoint } of antennas) {
        expect(readPoints.get(readPoint)).toMatchObject({ reader: id, antenna });
      }
    }
    expect(simulation.readers.flatMap(({ antennas }) => antennas)).toHaveLength(181);
  });

  test('a reader hears, over TCP, the items of its shelves', async () => {
    const simulation = await start();
    const reader = simulation.readers.find(({ driver }) => driver === 'llrp');
    if (reader === undefined) throw new Error('a UHF reader');
    const heard = await readTags(reader.link, [1, 2, 3], 300);
    const byEpc = new Map(demo.items.map(({ tags, barcode }) => [tags[0]?.slice(4), barcode]));
    const range = `f1-r2-`;
    for (const epc of heard.keys()) expect(byEpc.has(epc)).toBe(true);
    const places = [...heard.keys()].map((epc) => simulation.truth().placeOf(byEpc.get(epc) ?? '') ?? '');
    expect(places.filter((place) => place.startsWith(range)).length / places.length).toBeGreaterThan(0.9);
  });

  test('an item moved by hand is true at once, in the log and in nobody’s way', async () => {
    const simulation = await start();
    const barcode = simulation.truth().untouched()[0] ?? '';
    const place = 'f2-r2-a1-t1';
    expect(simulation.moveItem(barcode, place)).toBe(true);
    expect(simulation.truth().placeOf(barcode)).toBe(place);
    expect(simulation.truth().movesSince(0).at(-1)).toMatchObject({ barcode, to: place });
    expect(simulation.truth().misplaced()).toContainEqual({ barcode, place });
    expect(simulation.truth().untouched()).not.toContain(barcode);
    expect(simulation.moveItem(barcode, 'nowhere')).toBe(false);
    expect(simulation.moveItem('nobody', place)).toBe(false);
  });

  test('a tag laid on the pad by hand is blank, keeps what is written on it, and is gone when lifted', async () => {
    const simulation = await start();
    const uid = 'E004010055000001';
    const laid = (): (number | undefined)[] =>
      simulation.padTags().flatMap((tag) => (tag.uid === uid ? [tag.memory[0]] : []));
    expect([simulation.layTag(uid), simulation.layTag(uid), laid()]).toEqual([true, false, [0]]);
    simulation
      .padTags()
      .find((tag) => tag.uid === uid)
      ?.memory.fill(0x11, 0, 1);
    expect([simulation.liftTag(uid), simulation.liftTag(uid), laid()]).toEqual([true, false, []]);
    expect([simulation.layTag(uid), laid()]).toEqual([true, [0x11]]);
  });

  test('a snapshot brings everything back; one of another world is left alone', async () => {
    const first = await start();
    const barcode = first.truth().untouched()[7] ?? '';
    first.moveItem(barcode, 'f2-r2-a1-t1');
    const text = first.snapshot();
    const places = demo.items.map((item) => first.truth().placeOf(item.barcode));
    const second = await start({ restore: text });
    expect(demo.items.map((item) => second.truth().placeOf(item.barcode))).toEqual(places);
    expect(second.truth().peoplePerZone()).toEqual(first.truth().peoplePerZone());
    expect(second.truth().untouched()).toEqual(first.truth().untouched());
    const other = await start({ restore: text, seed: 2 });
    expect(other.truth().placeOf(barcode)).not.toBe('f2-r2-a1-t1');
    const grown = await start({ restore: text.replace(String(demo.fingerprint), String(demo.fingerprint + 1)) });
    expect(grown.truth().placeOf(barcode)).not.toBe('f2-r2-a1-t1');
    const damaged = await start({ restore: text.slice(0, 100) });
    expect(damaged.readers).toHaveLength(13);
  });

  test('every people counter signs in as itself and publishes what the maker would', async () => {
    const broker = await Aedes.createBroker();
    const server = createServer((socket) => {
      broker.handle(socket);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(
      () => server.close(),
      () => {
        broker.close();
      },
    );
    const users = new Map<string, string>();
    broker.authenticate = (client, username, password, done) => {
      users.set(client.id, `${username ?? ''}/${password?.toString() ?? ''}`);
      done(null, true);
    };
    const seen = new Map<string, string>();
    const all = new Promise<void>((resolve) => {
      broker.on('publish', ({ topic, payload }) => {
        if (topic.startsWith('shelfwise/')) seen.set(topic, payload.toString());
        if (seen.size === 5) resolve();
      });
    });
    const devices = demo.plan.sensors.map(({ id }) => id);
    const simulation = await startSimulation({
      demo,
      seed: 1,
      clock,
      log,
      brokerUrl: `mqtt://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
      deviceSecrets: Object.fromEntries(devices.map((id) => [id, `secret-of-${id}`])),
      sensorPeriodMs: 50,
    });
    closing.push(() => simulation.close());
    await all;
    expect([...seen.keys()].sort()).toEqual(devices.map((id) => `shelfwise/v1/demo/devices/${id}/up`).sort());
    expect(users.get('demo:counter-door')).toBe('demo:counter-door/secret-of-counter-door');
    for (const json of seen.values()) {
      const uplink = decodeUplink(json);
      expect(uplink.ok).toBe(true);
      if (uplink.ok) expect(lineTotals(decodeVs133(uplink.value.payload).readings)).toHaveLength(1);
    }
  });
});

describe('the simulation as a process', () => {
  test('writes the world, serves the truth, breaks readers on demand, and goes on after a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'shelfwise-sim-'));
    closing.push(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, 'counter-door'), 'a secret of the door\n');
    const gatewayAddress = { id: 'gw-7', broker: 'mqtt://broker.example:1883' };
    const deviceSecretsFolder = folder;
    const config = simConfig.parse({
      folder,
      firstPort: 0,
      http: { port: 0 },
      deviceSecretsFolder,
      gateway: gatewayAddress,
    });
    const running = await startSim(config, { log, clock });
    closing.push(() => running.close());
    const base = `http://127.0.0.1:${String(running.httpPort)}`;

    expect(plan.safeParse(JSON.parse(await readFile(join(folder, 'plan.json'), 'utf8'))).success).toBe(true);
    const items = JSON.parse(await readFile(join(folder, 'items.json'), 'utf8')) as { barcode: string }[];
    expect(items).toHaveLength(20_000);
    const { readers } = running.simulation;
    expect(parse(await readFile(join(folder, 'gateway.yaml'), 'utf8'))).toEqual({
      gateway: { ...gatewayAddress, library: 'demo', readers },
    });

    const barcode = running.simulation.truth().untouched()[3] ?? '';
    const post = async (path: string): Promise<number> => (await fetch(base + path, { method: 'POST' })).status;
    expect(await post(`/truth/items/${barcode}?place=f1-r2-a1-t1`)).toBe(200);
    expect(await (await fetch(`${base}/truth/items/${barcode}`)).json()).toEqual({ barcode, place: 'f1-r2-a1-t1' });
    expect(await (await fetch(`${base}/truth`)).json()).toMatchObject({ people: { hall: expect.any(Number) } });
    expect(await post('/readers/f1-reader-1/hang')).toBe(200);
    expect(await post('/readers/nobody/hang')).toBe(404);
    expect((await fetch(`${base}/nothing`)).status).toBe(404);

    await running.close();
    const again = await startSim(config, { log, clock });
    closing.push(() => again.close());
    expect(again.simulation.truth().placeOf(barcode)).toBe('f1-r2-a1-t1');
  });
});
