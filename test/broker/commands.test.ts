/**
 * Promise: a command reaches its gateway and is sent again until its answer is seen or its time is over; answers are kept
 * once, over restarts of broker and gateway, and nobody answers for somebody else.
 */
import { afterEach, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MqttClient } from 'mqtt';
import { Registry } from 'prom-client';
import { createCommands, RESEND_MS } from '#broker/commands.ts';
import { createPrincipal, type GatewayPrincipal } from '#broker/access/principal.ts';
import { createMetrics } from '#broker/metrics.ts';
import { tagProfile } from '#contract/domain/tag-profile.ts';
import { command as commandSchema, type Command } from '#contract/wire/status.ts';
import { openBrokerStateReader } from '#store/broker-state/broker-state-reader.ts';
import { openBrokerStateWriter } from '#store/broker-state/broker-state-writer.ts';
import type { CommandProgress } from '#store/broker-state/broker-state.ts';
import { openRegistryWriter } from '#store/registry/registry-writer.ts';
import type { RegistryWriter } from '#store/registry/registry.ts';
import { silentLog } from '#test/gateway/fakes/world.ts';
import { batchOf } from '#test/broker/support/batches.ts';
import { GATEWAY, LIBRARY, OTHER_GATEWAY, startWorld, until } from '#test/broker/support/world.ts';

const cleanups: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function ask(registry: RegistryWriter, id: string, issuedAtMs: number, forMs = 60_000): void {
  registry.addCommand({
    id,
    library: LIBRARY,
    gateway: GATEWAY,
    kind: 'list-tags',
    target: 'pad-1',
    args: {},
    issuedAtMs,
    deadlineMs: issuedAtMs + forMs,
    askedBy: 'ana',
    barcode: null,
  });
}

function principal(device: string): GatewayPrincipal {
  const row = {
    library: LIBRARY,
    id: device,
    kind: 'gateway',
    secretSha256: '',
    isEnabled: true,
    createdAtMs: 0,
  } as const;
  return createPrincipal(row, '127.0.0.1') as GatewayPrincipal;
}

/** Commands over real stores and a clock of our own; `restart` forgets all that is in memory. */
async function desk() {
  const folder = await mkdtemp(join(tmpdir(), 'shelfwise-commands-'));
  const registry = openRegistryWriter(join(folder, 'registry.db'));
  const state = openBrokerStateWriter(join(folder, 'broker.db'));
  cleanups.push(async () => {
    state.close();
    registry.close();
    await rm(folder, { recursive: true, force: true });
  });
  const world = { nowMs: 1_000_000, connected: [principal(GATEWAY)], sent: [] as [topic: string, id: string][] };
  const metrics = createMetrics(new Registry(), {
    sockets: () => 0,
    clients: () => 0,
    journalOffset: () => 0,
    journalHeldFor: () => new Map(),
  });
  const start = () =>
    createCommands({
      directory: {
        registry: () => registry,
        ask: (question) => ({ answer: question(registry) }),
        close: () => undefined,
      },
      state,
      clock: { nowMs: () => world.nowMs, uptimeMs: () => world.nowMs },
      log: silentLog,
      metrics,
      ports: {
        gateways: () => world.connected,
        publish: (topic, payload) => {
          world.sent.push([topic, commandSchema.parse(JSON.parse(payload)).id]);
        },
      },
    });
  const reply = (id: string, outcome: 'done' | 'failed' = 'done', result: unknown = 1) =>
    ({ kind: 'reply', id, outcome, result, at: new Date(world.nowMs).toISOString() }) as const;
  const progress = (id: string): CommandProgress | undefined => state.commands(LIBRARY, [id]).get(id);
  return { registry, world, start, reply, progress };
}

test('sent at once, again every five seconds, and no more once it is answered', async () => {
  const { registry, world, start, reply, progress } = await desk();
  const commands = start();
  ask(registry, 'c-1', world.nowMs);
  commands.step();
  commands.step();
  expect(world.sent).toEqual([[`shelfwise/v1/${LIBRARY}/gateways/${GATEWAY}/commands`, 'c-1']]);
  world.nowMs += RESEND_MS - 1;
  commands.step();
  expect(world.sent).toHaveLength(1);
  world.nowMs += 1;
  commands.step();
  expect(world.sent).toHaveLength(2);
  commands.takeReplies(principal(GATEWAY), [reply('c-1')]);
  world.nowMs += 10 * RESEND_MS;
  commands.step();
  expect(world.sent).toHaveLength(2);
  expect(progress('c-1')).toMatchObject({ sentCount: 2, reply: { outcome: 'done', result: 1 } });
});

test('not before the gateway is there, at once when it listens, never after the deadline', async () => {
  const { registry, world, start, progress } = await desk();
  const commands = start();
  world.connected = [];
  ask(registry, 'c-1', world.nowMs, 30_000);
  commands.step();
  expect(world.sent).toEqual([]);
  world.connected = [principal(GATEWAY), principal(OTHER_GATEWAY)];
  commands.step();
  expect(world.sent).toHaveLength(1);
  commands.listening(principal(OTHER_GATEWAY));
  commands.step();
  expect(world.sent).toHaveLength(1);
  commands.listening(principal(GATEWAY));
  commands.step();
  expect(world.sent).toHaveLength(2);
  world.nowMs += 30_000;
  commands.listening(principal(GATEWAY));
  commands.step();
  expect(world.sent).toHaveLength(2);
  expect(progress('c-1')).toMatchObject({ sentCount: 2, reply: null });
});

test('after a restart the answered stay answered and the others are sent again; the first answer counts', async () => {
  const { registry, world, start, reply, progress } = await desk();
  const before = start();
  ask(registry, 'c-1', world.nowMs);
  ask(registry, 'c-2', world.nowMs);
  before.step();
  before.takeReplies(principal(GATEWAY), [reply('c-1')]);
  const after = start();
  after.step();
  expect(world.sent.map(([, id]) => id)).toEqual(['c-1', 'c-2', 'c-2']);
  after.takeReplies(principal(GATEWAY), [reply('c-1', 'failed', 2), reply('c-2', 'failed', 3)]);
  expect(progress('c-1')?.reply).toMatchObject({ outcome: 'done', result: 1 });
  expect(progress('c-2')?.reply).toMatchObject({ outcome: 'failed', result: 3 });
});

test('an answer from another gateway, to an unknown command, or that is none, changes nothing', async () => {
  const { registry, world, start, reply, progress } = await desk();
  const commands = start();
  ask(registry, 'c-1', world.nowMs);
  commands.takeReplies(principal(OTHER_GATEWAY), [reply('c-1')]);
  commands.takeReplies(principal(GATEWAY), [reply('c-9'), { kind: 'reply', id: 'c-1' }, { kind: 'tag' }]);
  expect(progress('c-1')).toBeUndefined();
  expect(progress('c-9')).toBeUndefined();
});

test('an enormous result is not kept, its outcome is', async () => {
  const { registry, world, start, reply, progress } = await desk();
  const commands = start();
  ask(registry, 'c-1', world.nowMs);
  commands.takeReplies(principal(GATEWAY), [reply('c-1', 'done', 'x'.repeat(100_000))]);
  expect(progress('c-1')?.reply).toEqual({ outcome: 'done', at: new Date(world.nowMs).toISOString() });
});

async function listen(client: MqttClient, topic: string): Promise<unknown[]> {
  const got: unknown[] = [];
  client.on('message', (at, payload) => {
    if (at === topic) got.push(JSON.parse(payload.toString()));
  });
  await client.subscribeAsync(topic, { qos: 1 });
  return got;
}

test('through the real broker: command out, answer in, none after it; the profile at each subscription and change', async () => {
  const world = await startWorld();
  cleanups.push(() => world.close());
  const client = await world.connect(GATEWAY);
  const commands = (await listen(client, `shelfwise/v1/${LIBRARY}/gateways/${GATEWAY}/commands`)) as Command[];
  ask(world.registry, 'c-1', Date.now());
  await until(() => commands.length === 1);
  expect(commands[0]).toMatchObject({ id: 'c-1', kind: 'list-tags', target: 'pad-1', args: {} });
  const at = new Date().toISOString();
  const observations = [{ kind: 'reply', id: 'c-1', outcome: 'refused', code: 'no-tag', at }];
  await client.publishAsync(
    `shelfwise/v1/${LIBRARY}/gateways/${GATEWAY}/observations`,
    JSON.stringify(batchOf(1, observations)),
    { qos: 1 },
  );
  const state = openBrokerStateReader(join(world.folder, 'broker.db'));
  cleanups.push(() => {
    state.close();
  });
  expect(state.commands(LIBRARY, ['c-1']).get('c-1')?.reply).toMatchObject({ outcome: 'refused', code: 'no-tag' });

  const configs = (await listen(client, `shelfwise/v1/${LIBRARY}/gateways/${GATEWAY}/config`)) as {
    tagProfile: { version: number };
  }[];
  expect(configs).toEqual([]);
  world.registry.putTagProfile(LIBRARY, tagProfile.parse({ version: 3 }));
  // Nobody listened to its commands anew, so it is the change that is told.
  await until(() => configs.some((one) => one.tagProfile.version === 3));
});
