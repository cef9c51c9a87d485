/**
 * How many one-observation messages a second the broker makes durable before it acknowledges them. The broker runs in this
 * process with the real journal (one fsync per commit); the publishers run in a second one on the same machine, with
 * bare sockets, and each keeps the stated number of messages in flight.
 */
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { brokerConfig } from '#broker/config.ts';
import { startBroker } from '#broker/main.ts';
import { systemClock } from '#store/observe/system-clock.ts';
import { openRegistryWriter } from '#store/registry/registry-writer.ts';
import type { BenchRow } from './row.ts';

const PUBLISHERS = 50;
const MEASURE_MS = 5_000;

interface Load {
  readonly inFlight: number;
  /** In all; 0: as fast as it goes. */
  readonly perSecond: number;
}

interface Measured {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export async function benchBroker(): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'shelfwise-bench-broker-'));
  const secret = randomBytes(32).toString('base64url');
  const registry = openRegistryWriter(join(folder, 'registry.db'));
  registry.putLibrary({ key: 'demo', name: 'Bench', isil: null, timeZone: 'UTC' });
  const secretSha256 = createHash('sha256').update(secret).digest('hex');
  for (let index = 0; index < PUBLISHERS; index += 1) {
    const id = `gw-${index}`;
    registry.putDevice({ library: 'demo', id, kind: 'gateway', secretSha256, isEnabled: true, createdAtMs: 0 });
  }
  registry.close();
  const broker = await startBroker(brokerConfig.parse({ folder, port: 0 }), {
    log: pino({ level: 'warn' }, pino.destination(2)),
    clock: systemClock,
    portPolicy: 'exact',
  });
  try {
    const one = await runLoad(broker.port, secret, { inFlight: 1, perSecond: 0 });
    const twenty = await runLoad(broker.port, secret, { inFlight: 20, perSecond: 0 });
    const calm = await runLoad(broker.port, secret, { inFlight: 1, perSecond: 2_000 });
    const name = `broker, ${PUBLISHERS} publishers, load in a second process`;
    return [
      { ...atLeast(`${name}, 1 message in flight each`, one.perSecond, 25_000), baseline: sketch(27_000) },
      { ...atLeast(`${name}, 20 messages in flight each`, twenty.perSecond, 50_000), baseline: sketch(58_000) },
      {
        name: `${name}, 2,000 messages/s: p50 until PUBACK`,
        value: Math.round(calm.p50Ms * 100) / 100,
        unit: 'ms',
        bar: { value: 1, is: 'at-most' },
        baseline: sketch(0.65),
      },
    ];
  } finally {
    await broker.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The least that aedes, a schema and one SQLite table need; measured on two idle cores. */
function sketch(value: number): NonNullable<BenchRow['baseline']> {
  return { name: 'a bare sketch of the same on an idle machine', value };
}

function atLeast(name: string, perSecond: number, value: number): BenchRow {
  return { name, value: Math.round(perSecond), unit: 'messages/s', bar: { value, is: 'at-least' } };
}

function runLoad(port: number, secret: string, { inFlight, perSecond }: Load): Promise<Measured> {
  const args = [port, secret, PUBLISHERS, inFlight, perSecond, MEASURE_MS].map(String);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'test/bench/broker-load.ts', ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.once('close', (exitCode) => {
      if (exitCode === 0) resolve(JSON.parse(output) as Measured);
      else reject(new Error(`the load ended with ${String(exitCode)}`));
    });
  });
}
