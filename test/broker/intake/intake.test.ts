import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { MqttClient } from 'mqtt';
import { z } from 'zod';
import type { JournalEntry } from '#contract/domain/journal-entry.ts';
import { openBrokerStateReader } from '#store/broker-state/broker-state-reader.ts';
import { batchOf, scanOf } from '#test/broker/support/batches.ts';
import { GATEWAY, OTHER_GATEWAY, SENSOR, startWorld, until, type World } from '#test/broker/support/world.ts';

let world: World;
let gateway: MqttClient;
const notices: { code: string; detail: string }[] = [];
const OWN = 'shelfwise/v1/demo/gateways/gw-1';
const noticeShape = z.object({ code: z.string(), detail: z.string() });

beforeAll(async () => {
  world = await startWorld();
  gateway = await world.connect(GATEWAY);
  gateway.on('message', (_topic, payload) => notices.push(noticeShape.parse(JSON.parse(payload.toString()))));
  await gateway.subscribeAsync(`${OWN}/notices`);
});
afterAll(() => world.close());

async function send(payload: string | Buffer | object): Promise<void> {
  const bytes = typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : JSON.stringify(payload);
  await gateway.publishAsync(`${OWN}/observations`, bytes, { qos: 1 });
}

function batches(epoch: string): readonly JournalEntry[] {
  return world.entries().filter((entry) => entry.kind === 'batch' && entry.epoch === epoch);
}

describe('a batch that is acknowledged is in the journal', () => {
  test('as it came, and readable by another process from the file', async () => {
    const batch = batchOf(1, [scanOf(), { kind: 'smell', of: 'dust' }], 'epoch-as-it-came');
    await send(batch);
    expect(batches('epoch-as-it-came')).toMatchObject([
      { library: 'demo', source: 'gw-1', seq: 1, shiftMs: 0, body: JSON.stringify(batch) },
    ]);
  });

  test('once, however often it comes', async () => {
    const batch = batchOf(1, [scanOf()], 'epoch-redelivered');
    await send(batch);
    await Promise.all([send(batch), send(batch), send(batch)]);
    expect(batches('epoch-redelivered')).toHaveLength(1);
    expect(await world.metric('messages_total', { outcome: 'duplicate' })).toBeGreaterThanOrEqual(3);
  });

  test('gaps may be filled late, each number once', async () => {
    for (const seq of [1, 2, 5, 6, 4, 4, 3, 6, 1]) await send(batchOf(seq, [scanOf()], 'epoch-with-gaps'));
    expect(batches('epoch-with-gaps').map(({ seq }) => seq)).toEqual([1, 2, 5, 6, 4, 3]);
  });

  test('two gateways with the same epoch and number are two gateways', async () => {
    const other = await world.connect(OTHER_GATEWAY);
    const batch = batchOf(1, [scanOf()], 'epoch-of-two');
    await send(batch);
    await other.publishAsync('shelfwise/v1/demo/gateways/gw-2/observations', JSON.stringify(batch), { qos: 1 });
    expect(batches('epoch-of-two').map(({ source }) => source)).toEqual(['gw-1', 'gw-2']);
    await other.endAsync();
  });

  test('an order of a thousand in flight is kept', async () => {
    const seqs = Array.from({ length: 1_000 }, (_, index) => index + 1);
    await Promise.all(seqs.map((seq) => send(batchOf(seq, [scanOf()], 'epoch-in-order'))));
    expect(batches('epoch-in-order').map(({ seq }) => seq)).toEqual(seqs);
  });
});

describe('what cannot be read is kept as a dead letter and acknowledged', () => {
  test.each<readonly [string, string | Buffer, string]>([
    ['no JSON', 'this is no batch', 'batch-unreadable'],
    ['bytes that are no text', Buffer.from([0xff, 0x00, 0xfe]), 'batch-unreadable'],
    ['nothing at all', '', 'batch-unreadable'],
    ['wrong types', JSON.stringify({ ...batchOf(1), seq: 'one' }), 'batch-unreadable'],
    ['100,000 brackets', '['.repeat(100_000), 'batch-unreadable'],
    ['more than 250 kB', JSON.stringify({ ...batchOf(1), filler: 'x'.repeat(250_000) }), 'payload-too-large'],
  ])('%s', async (_name, payload, code) => {
    await send(payload);
    const letter = world.entries().at(-1);
    expect(letter).toMatchObject({ kind: 'dead-letter', library: 'demo', source: 'gw-1', epoch: null, seq: null });
    const body = z
      .object({ topic: z.string(), code: z.string(), payload: z.base64() })
      .parse(JSON.parse(letter?.body ?? ''));
    expect(body).toMatchObject({ topic: `${OWN}/observations`, code });
    expect(Buffer.from(body.payload, 'base64')).toEqual(Buffer.from(payload));
    expect(gateway.connected).toBe(true);
  });

  test('the gateway is told, but not drowned in notices', async () => {
    await until(() => notices.some(({ code }) => code === 'batch-unreadable'));
    const before = notices.length;
    await Promise.all(Array.from({ length: 50 }, () => send('poison')));
    await send(batchOf(1, [scanOf()], 'epoch-behind-poison'));
    expect(batches('epoch-behind-poison')).toHaveLength(1);
    expect(notices.length - before).toBeLessThanOrEqual(5);
    await until(() =>
      world.refusals().some(({ code, client }) => code === 'batch-unreadable' && client === 'demo:gw-1'),
    );
  });

  test('a batch with some bad observations is kept whole, and they are counted by kind', async () => {
    await send(batchOf(1, [{ kind: 'tag', id: 3 }, scanOf(), { kind: 'level' }], 'epoch-half-good'));
    expect(batches('epoch-half-good')).toHaveLength(1);
    await until(async () => (await world.metric('invalid_observations_total', { kind: 'tag' })) === 1);
    expect(await world.metric('invalid_observations_total', { kind: 'level' })).toBe(1);
    expect(await world.metric('invalid_observations_total', { kind: 'scan' })).toBe(0);
  });
});

describe('clocks', () => {
  test('a batch of a gateway that is an hour ahead is shifted back, one from an outage is not', async () => {
    const now = Date.now();
    const at = (ms: number): string => new Date(ms).toISOString();
    await send({ ...batchOf(1, [scanOf()], 'epoch-of-clocks'), sentAt: at(now - 5 * 3_600_000) });
    await gateway.publishAsync(`${OWN}/status`, JSON.stringify({ state: 'online', at: at(now + 3_600_000) }), {
      qos: 1,
    });
    await send({ ...batchOf(2, [scanOf()], 'epoch-of-clocks'), sentAt: at(now + 3_600_000) });
    await gateway.publishAsync(`${OWN}/status`, JSON.stringify({ state: 'online', at: at(Date.now()) }), { qos: 1 });
    await send(batchOf(3, [scanOf()], 'epoch-of-clocks'));
    const [late, fast, mended] = batches('epoch-of-clocks').map(({ shiftMs }) => shiftMs);
    expect([late, mended]).toEqual([0, 0]);
    expect(fast).toBeGreaterThan(-3_600_100);
    expect(fast).toBeLessThan(-3_590_000);
  });
});

describe('sensors and statuses', () => {
  test('a sensor payload is kept raw, equal ones each time', async () => {
    const sensor = await world.connect(SENSOR);
    const payload = Buffer.from([0x01, 0x75, 0x64, 0x00, 0xff]);
    const topic = `shelfwise/v1/demo/devices/${SENSOR}/up`;
    const count = (): number => world.entries().filter(({ kind }) => kind === 'device').length;
    await sensor.publishAsync(topic, payload, { qos: 1 });
    await sensor.publishAsync(topic, payload, { qos: 1 });
    await sensor.publishAsync(topic, payload, { qos: 0 });
    await until(() => count() === 3);
    const last = world.entries().at(-1);
    expect(last).toMatchObject({ kind: 'device', source: SENSOR, epoch: null, seq: null });
    expect(JSON.parse(last?.body ?? '')).toEqual({ device: SENSOR, payload: payload.toString('base64') });
    await sensor.endAsync();
  });

  test('the Devices screen sees status, connection and when a gateway was heard', async () => {
    const reader = openBrokerStateReader(`${world.folder}/broker.db`);
    const row = (device: string): ReturnType<typeof reader.heard>[number] | undefined =>
      reader.heard('demo').find((candidate) => candidate.device === device);
    const at = new Date().toISOString();
    await gateway.publishAsync(`${OWN}/status`, JSON.stringify({ state: 'online', at, version: '1.2.3' }), {
      qos: 1,
      retain: true,
    });
    await until(() => row(GATEWAY)?.status?.version === '1.2.3');
    expect(row(GATEWAY)).toMatchObject({ isConnected: true });
    const other = await world.connect(OTHER_GATEWAY, {
      will: {
        topic: 'shelfwise/v1/demo/gateways/gw-2/status',
        payload: Buffer.from(JSON.stringify({ state: 'offline', at })),
        qos: 1,
        retain: true,
      },
    });
    await until(() => row(OTHER_GATEWAY)?.isConnected === true);
    other.stream.destroy();
    await until(() => row(OTHER_GATEWAY)?.isConnected === false);
    expect(row(OTHER_GATEWAY)?.status?.state).toBe('offline');
    expect(Date.now() - (reader.beat()?.atMs ?? 0)).toBeLessThan(3_000);
    reader.close();
  });

  test('an unreadable status is a dead letter', async () => {
    await gateway.publishAsync(`${OWN}/status`, '{"state":"sleepy"}', { qos: 1 });
    expect(JSON.parse(world.entries().at(-1)?.body ?? '')).toMatchObject({ code: 'status-unreadable' });
  });
});

describe('what the broker appends itself', () => {
  test('a tick a second, for all libraries', async () => {
    const ticks = (): readonly JournalEntry[] =>
      world.broker.journal.readAfter(0, 100_000).filter(({ kind }) => kind === 'tick');
    const before = ticks().length;
    const startMs = performance.now();
    await until(() => ticks().length >= before + 2);
    expect(performance.now() - startMs).toBeGreaterThan(900);
    expect(ticks().at(-1)).toMatchObject({ library: '*', source: 'broker', epoch: null, seq: null, body: '{}' });
  });

  test('inputs of the dashboard, in order and once', async () => {
    const input = (item: string) => ({
      kind: 'tick-off' as const,
      item,
      place: 'shelf-1',
      at: new Date().toISOString(),
    });
    world.registry.queueInput('demo', input('1'));
    world.registry.queueInput('demo', input('2'));
    const inputs = (): readonly JournalEntry[] => world.entries().filter(({ kind }) => kind === 'input');
    await until(() => inputs().length >= 2);
    world.registry.queueInput('demo', input('3'));
    await until(() => inputs().length >= 3);
    expect(inputs()).toMatchObject([{ seq: 1 }, { seq: 2 }, { seq: 3 }]);
    expect(inputs()[0]).toMatchObject({ library: 'demo', source: 'dashboard', epoch: world.registry.epoch() });
  });
});

test('the counters add up: what came in is what ended somewhere', async () => {
  const outcomes = ['stored', 'duplicate', 'dead-letter', 'status', 'refused', 'unavailable'];
  const ended = await Promise.all(outcomes.map((outcome) => world.metric('messages_total', { outcome })));
  const sum = ended.reduce((total, count) => total + count, 0);
  expect(sum).toBe(await world.metric('messages_in_total'));
  const kept = world.entries().filter(({ kind }) => kind !== 'input' && kind !== 'dead-letter').length;
  expect(ended[0]).toBe(kept);
});
