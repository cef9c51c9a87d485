/**
 * Promise: what the broker has acknowledged is in the journal, exactly once, whenever and however often the process is
 * killed. Publishers work like a gateway's outbox: a batch stays theirs until its PUBACK and is sent again after a reconnect.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openJournalReader } from '#store/journal/journal-reader.ts';
import { openRegistryWriter } from '#store/registry/registry-writer.ts';
import { batchOf } from '#test/broker/support/batches.ts';
import { connectTo, until } from '#test/broker/support/world.ts';

const PUBLISHERS = 6;
const IN_FLIGHT = 8;
const KILLS = 4;
/** Acknowledged between two kills, so that each kill hits a broker at work. */
const BATCHES_PER_LIFE = 1_000;

let folder: string;
const secret = randomBytes(32).toString('base64url');
const gateways = Array.from({ length: PUBLISHERS }, (_, index) => `gw-${index}`);
let child: ChildProcess | undefined;
let port = 0;

async function startProcess(): Promise<void> {
  const started = spawn(
    process.execPath,
    ['--import', 'tsx', 'test/broker/support/broker-process.ts', folder, String(port)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  child = started;
  const [line] = (await once(started.stdout, 'data')) as [Buffer];
  port = Number(line.toString());
}

async function killProcess(): Promise<void> {
  const running = child;
  if (running === undefined) return;
  child = undefined;
  const ended = once(running, 'exit');
  running.kill('SIGKILL');
  await ended;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shelfwise-broker-kill-'));
  const registry = openRegistryWriter(join(folder, 'registry.db'));
  registry.putLibrary({ key: 'demo', name: 'Demo', isil: null, timeZone: 'UTC' });
  const secretSha256 = createHash('sha256').update(secret).digest('hex');
  for (const id of gateways) {
    registry.putDevice({ library: 'demo', id, kind: 'gateway', secretSha256, isEnabled: true, createdAtMs: 0 });
  }
  registry.close();
});
afterAll(async () => {
  await killProcess();
  await rm(folder, { recursive: true, force: true });
});

/** Sends batches in order with some in flight until told to stop, over any number of connections. */
function startPublisher(gateway: string): {
  acknowledged: Set<number>;
  sentMax: () => number;
  stop: () => Promise<void>;
} {
  const acknowledged = new Set<number>();
  const waiting: number[] = [];
  let next = 1;
  const orders = { isStopping: false };

  const runConnection = async (): Promise<void> => {
    const name = `demo:${gateway}`;
    const client = await connectTo(port, { username: name, clientId: name, password: secret });
    const isGone = new Promise<void>((resolve) => {
      client.once('close', () => {
        resolve();
      });
    });
    const sendOne = async (seq: number): Promise<void> => {
      const payload = JSON.stringify(batchOf(seq));
      await client.publishAsync(`shelfwise/v1/demo/gateways/${gateway}/observations`, payload, { qos: 1 });
      acknowledged.add(seq);
      waiting.splice(waiting.indexOf(seq), 1);
      if (orders.isStopping) return;
      waiting.push(next);
      next += 1;
      await sendOne(next - 1);
    };
    while (waiting.length < IN_FLIGHT) {
      waiting.push(next);
      next += 1;
    }
    const sending = Promise.allSettled([...waiting].map((seq) => sendOne(seq)));
    await Promise.race([sending, isGone]);
    await client.endAsync(true);
    await sending;
  };
  const running = (async () => {
    while (!orders.isStopping || waiting.length > 0) {
      await runConnection().catch(() => new Promise((resolve) => setTimeout(resolve, 20)));
    }
  })();
  return {
    acknowledged,
    sentMax: () => next - 1,
    stop: () => {
      orders.isStopping = true;
      return running;
    },
  };
}

test('every acknowledged batch is in the journal exactly once after four kills under load', async () => {
  await startProcess();
  const publishers = gateways.map((gateway) => startPublisher(gateway));
  const acknowledgedCount = (): number => publishers.reduce((sum, { acknowledged }) => sum + acknowledged.size, 0);
  for (let kill = 0; kill < KILLS; kill += 1) {
    const goal = acknowledgedCount() + BATCHES_PER_LIFE;
    await until(() => acknowledgedCount() >= goal, 20_000);
    await killProcess();
    await startProcess();
  }
  await Promise.all(publishers.map((publisher) => publisher.stop()));
  await killProcess();

  const journal = openJournalReader(join(folder, 'journal.db'));
  const stored = new Map<string, number>();
  let offset = 0;
  for (;;) {
    const page = journal.readAfter(offset, 1_000);
    if (page.length === 0) break;
    for (const entry of page) {
      expect(entry.offset).toBe(offset + 1);
      ({ offset } = entry);
      if (entry.kind !== 'batch') continue;
      const key = `${entry.source} ${entry.seq ?? 0}`;
      stored.set(key, (stored.get(key) ?? 0) + 1);
    }
  }
  await journal.close();

  const lost = gateways.flatMap((gateway, index) =>
    [...(publishers[index]?.acknowledged ?? [])].filter((seq) => !stored.has(`${gateway} ${seq}`)),
  );
  expect(lost).toEqual([]);
  expect([...stored].filter(([, count]) => count !== 1)).toEqual([]);
  // The publishers ended with nothing waiting, so everything they ever numbered is there.
  expect(stored.size).toBe(publishers.reduce((sum, { sentMax }) => sum + sentMax(), 0));
  expect(stored.size).toBeGreaterThanOrEqual(KILLS * BATCHES_PER_LIFE);
}, 60_000);
