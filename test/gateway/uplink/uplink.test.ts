import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { systemSleep } from '#gateway/backoff.ts';
import { Outbox } from '#gateway/outbox/outbox.ts';
import { Uplink, type UplinkOptions } from '#gateway/uplink/uplink.ts';
import { SendWindow } from '#gateway/uplink/window.ts';
import { tagNumber, tagSeen } from '#test/gateway/fakes/observations.ts';
import { TestBroker } from '#test/gateway/fakes/test-broker.ts';
import { clock, silentLog, until } from '#test/gateway/fakes/world.ts';

let folder = '';
let broker: TestBroker;
let outbox: Outbox;
let uplink: Uplink;
const received: [string, string][] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shelfwise-uplink-'));
  broker = await new TestBroker().start();
  outbox = new Outbox({
    path: join(folder, 'outbox.db'),
    clock,
    log: silentLog,
    bytesMax: 1e9,
    ageMsMax: 1e12,
    isClockSynced: () => true,
  });
  received.length = 0;
});
afterEach(async () => {
  broker.release();
  await uplink.close();
  outbox.close();
  await broker.close();
  await rm(folder, { recursive: true, force: true });
});

function start(options: Partial<UplinkOptions> = {}): void {
  uplink = new Uplink({
    library: 'demo',
    gateway: 'gw-1',
    broker: broker.url,
    secret: broker.password,
    windowMax: 8,
    outbox,
    clock,
    log: silentLog,
    // Pauses pass in a hundredth of the time.
    sleep: (ms, signal) => systemSleep(ms / 100, signal),
    chance: () => 0.5,
    status: () => ({ state: 'online', at: new Date().toISOString() }),
    onMessage: (channel, payload) => received.push([channel, new TextDecoder().decode(payload)]),
    ...options,
  });
  uplink.start();
}

function put(from: number, count: number): void {
  for (let n = from; n < from + count; n += 1) {
    outbox.add([tagSeen(n)]);
    outbox.flush();
  }
}

function arrived(): number[] {
  return broker
    .observations()
    .filter(({ kind }) => kind === 'tag')
    .map(tagNumber);
}

const range = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

test('everything arrives once, in order, and the outbox is empty afterwards', async () => {
  start();
  put(0, 100);
  await until(() => arrived().length === 100);
  expect(arrived()).toEqual(range(100));
  await until(() => outbox.stats.depth === 0);
  expect(broker.batches.map(({ seq }) => seq)).toEqual(range(100).map((n) => n + 1));
});

test('the broker goes away and comes back, many times: no loss, no doubling, in order', async () => {
  start();
  let made = 0;
  for (let round = 0; round < 5; round += 1) {
    put(made, 30);
    made += 30;
    await until(() => arrived().length >= made - 20);
    await broker.stop();
    put(made, 30);
    made += 30;
    await broker.start();
  }
  await until(() => arrived().length === made, 10_000);
  expect(arrived()).toEqual(range(made));
  await until(() => outbox.stats.depth === 0);
  expect(uplink.counts.connects).toBeGreaterThanOrEqual(6);
}, 20_000);

test('a broker that cuts the connection at every seventh batch', async () => {
  broker.refuseEvery = 7;
  start();
  put(0, 60);
  await until(() => arrived().length === 60, 15_000);
  expect(arrived()).toEqual(range(60));
  expect(uplink.counts.batchesResent).toBeGreaterThan(0);
}, 20_000);

test('never more than the window on the way, and nothing deleted before its PUBACK', async () => {
  broker.isHolding = true;
  start();
  put(0, 50);
  await until(() => broker.inFlightMax === 8);
  expect(outbox.stats.depth).toBe(50);
  broker.release();
  await until(() => arrived().length === 50);
  expect(broker.inFlightMax).toBe(8);
});

test('an answer to a command waits for what is on the way, not for what stands in front of it', async () => {
  broker.isHolding = true;
  start();
  put(0, 200);
  await until(() => broker.inFlightMax === 8);
  outbox.add([{ kind: 'reply', id: 'c-1', outcome: 'done', at: new Date().toISOString() }]);
  outbox.flush();
  broker.release();
  await until(() => arrived().length === 200);
  expect(broker.batches.findIndex(({ observations }) => observations[0]?.kind === 'reply')).toBeLessThanOrEqual(8);
  expect(arrived()).toEqual(range(200));
  await until(() => outbox.stats.depth === 0);
});

test('what waited before the start is sent, with the time it was composed', async () => {
  put(0, 3);
  const composed = new Date().toISOString();
  await until(() => new Date().toISOString() > composed);
  start();
  await until(() => arrived().length === 3);
  expect(broker.batches.every(({ sentAt }) => sentAt <= composed)).toBe(true);
});

test('status: online at every connect, offline from the last will, offline at a good-bye', async () => {
  start();
  await until(() => broker.statuses.some(({ state }) => state === 'online'));
  await broker.stop();
  await broker.start();
  await until(() => broker.statuses.filter(({ state }) => state === 'online').length >= 2);
  await uplink.close();
  expect(broker.statuses.at(-1)?.state).toBe('offline');
});

test('a wrong secret is tried again for ever, and works once it is right', async () => {
  const { password } = broker;
  broker.password = 'another';
  start({ secret: password });
  put(0, 5);
  await until(() => !uplink.isOnline);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(broker.batches).toEqual([]);
  broker.password = password;
  await until(() => arrived().length === 5);
});

test('what the broker sends arrives by channel', async () => {
  start();
  await until(() => uplink.isOnline);
  await until(() => {
    void broker.send('shelfwise/v1/demo/gateways/gw-1/notices', { code: 'X' });
    return received.length > 0;
  });
  expect(received[0]).toEqual(['notices', '{"code":"X"}']);
});

describe('the window', () => {
  test('law: what may be deleted grows without gaps and never passes what is unacknowledged', () => {
    const order = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 40 });
    fc.assert(
      fc.property(order, (acks) => {
        const window = new SendWindow();
        for (let seq = 1; seq <= 40; seq += 1) window.add(seq);
        const acked = new Set<number>();
        let through = 0;
        for (const seq of acks) {
          acked.add(seq);
          through = window.ack(seq) ?? through;
          let expected = 0;
          while (acked.has(expected + 1)) expected += 1;
          expect(through).toBe(expected);
        }
      }),
    );
  });
});
