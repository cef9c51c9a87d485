/** What sockets without a name cost: the broker in a process of its own, and its resident memory as the system counts it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { BrokerWeight } from '#test/broker/support/broker-process.ts';
import { packet } from '#test/broker/support/mqtt-packets.ts';
import { openRaw, type RawClient } from '#test/broker/support/raw-client.ts';
import { until } from '#test/broker/support/world.ts';

const STRANGERS = 1_000;
/** Opened at once, they would overrun the queue of the listening socket. */
const TOGETHER = 100;
const BYTES_EACH_MAX = 64 * 1_024;

let folder: string;
let child: ChildProcess;
let port: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shelfwise-strangers-'));
  // A minute to sign in, so that none of them is gone before the last has come.
  const limits = { socketsPerAddressMax: STRANGERS, connectTimeoutMs: 60_000 };
  child = spawn(
    process.execPath,
    ['--import', 'tsx', 'test/broker/support/broker-process.ts', folder, '0', JSON.stringify(limits)],
    { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] },
  );
  const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer];
  port = Number(line.toString());
}, 30_000);
afterAll(async () => {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  await rm(folder, { recursive: true, force: true });
});

async function weight(): Promise<BrokerWeight> {
  const answered = once(child, 'message');
  child.send('weigh');
  const [answer] = (await answered) as [BrokerWeight];
  return answer;
}

test('a thousand strangers, each half way through a CONNECT, cost 64 KiB each at most', async () => {
  const before = await weight();
  const strangers: RawClient[] = [];
  while (strangers.length < STRANGERS) {
    strangers.push(...(await Promise.all(Array.from({ length: TOGETHER }, () => openRaw(port)))));
  }
  // The largest CONNECT that the guard lets begin, all but its end.
  for (const raw of strangers) raw.send(packet(0x10, new Uint8Array(3_000), 4_000));
  await until(async () => (await weight()).sockets === STRANGERS);
  const after = await weight();
  expect((after.residentBytes - before.residentBytes) / STRANGERS).toBeLessThan(BYTES_EACH_MAX);
  expect(strangers.filter((raw) => raw.isClosed())).toEqual([]);
  for (const raw of strangers) raw.end();
  await until(async () => (await weight()).sockets === 0);
}, 30_000);
