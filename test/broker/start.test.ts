/** Starting, and what the broker does while something it needs is not there. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import type { z } from 'zod';
import { brokerConfig } from '#broker/config.ts';
import { startBroker, type RunningBroker } from '#broker/main.ts';
import { systemClock } from '#store/observe/system-clock.ts';
import { openRegistryWriter } from '#store/registry/registry-writer.ts';
import { connectTo, sha256Hex, until } from '#test/broker/support/world.ts';

let folder: string;
let brokers: RunningBroker[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shelfwise-broker-start-'));
  brokers = [];
});
afterEach(async () => {
  for (const broker of brokers) await broker.close();
  await rm(folder, { recursive: true, force: true });
});

async function start(
  settings: Partial<z.input<typeof brokerConfig>> = {},
  portPolicy: 'exact' | 'next-free' = 'exact',
): Promise<RunningBroker> {
  const broker = await startBroker(brokerConfig.parse({ folder, port: 0, ...settings }), {
    log: pino({ level: 'silent' }),
    clock: systemClock,
    portPolicy,
  });
  brokers.push(broker);
  return broker;
}

const SIGN_IN = { username: 'demo:gw-1', clientId: 'demo:gw-1', password: 'secret-of-gw-1' };

function writeRegistry(): void {
  const registry = openRegistryWriter(join(folder, 'registry.db'));
  registry.putLibrary({ key: 'demo', name: 'Demo', isil: null, timeZone: 'UTC' });
  const secretSha256 = sha256Hex(SIGN_IN.password);
  registry.putDevice({ library: 'demo', id: 'gw-1', kind: 'gateway', secretSha256, isEnabled: true, createdAtMs: 0 });
  registry.close();
}

describe('without a registry', () => {
  test('nobody gets in, the broker is not ready, and both mend by themselves', async () => {
    const broker = await start({ health: { port: 0 } });
    const readiness = async (): Promise<number> =>
      (await fetch(`http://127.0.0.1:${broker.healthPort ?? 0}/readyz`)).status;
    await expect(connectTo(broker.port, SIGN_IN)).rejects.toThrow('Server unavailable');
    expect(await readiness()).toBe(503);

    writeRegistry();
    await until(async () => (await readiness()) === 200);
    const client = await connectTo(broker.port, SIGN_IN);
    const metrics = await (await fetch(`http://127.0.0.1:${broker.healthPort ?? 0}/metrics`)).text();
    expect(metrics).toMatch(/^shelfwise_broker_clients 1$/m);
    expect(metrics).toMatch(/^shelfwise_broker_refusals_total\{code="registry-unavailable"\} 1$/m);
    await client.endAsync();
  });
});

describe('the port', () => {
  test('another broker on it: an error with its code, or the next free one, as asked', async () => {
    const first = await start();
    const elsewhere = await mkdtemp(join(tmpdir(), 'shelfwise-broker-start-'));
    await expect(start({ folder: elsewhere, port: first.port })).rejects.toThrow('CFG_PORT_TAKEN');
    // A start that failed has given its files back.
    const second = await start({ folder: elsewhere, port: first.port }, 'next-free');
    expect(second.port).toBeGreaterThan(first.port);
    await second.close();
    await rm(elsewhere, { recursive: true, force: true });
  });

  test('a second broker on the same folder does not start', async () => {
    await start();
    await expect(start()).rejects.toThrow('STO_UNAVAILABLE');
  });

  test('closing twice is closing once', async () => {
    const broker = await start();
    await Promise.all([broker.close(), broker.close()]);
    await broker.close();
  });
});

describe('TLS', () => {
  test('a gateway signs in over it; plain bytes on the same port are refused', async () => {
    writeRegistry();
    const certFile = join(folder, 'cert.pem');
    const keyFile = join(folder, 'key.pem');
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'].concat([
        '-subj',
        '/CN=localhost',
        '-keyout',
        keyFile,
        '-out',
        certFile,
      ]),
      { stdio: 'ignore' },
    );
    const broker = await start({ tls: { certFile, keyFile } });
    const client = await connectTo(broker.port, { ...SIGN_IN, protocol: 'mqtts', rejectUnauthorized: false });
    expect(client.connected).toBe(true);
    await client.endAsync();
    await expect(connectTo(broker.port, SIGN_IN)).rejects.toThrow();
  });

  test('a certificate that is not there stops the start', async () => {
    const missing = join(folder, 'missing.pem');
    await expect(start({ tls: { certFile: missing, keyFile: missing } })).rejects.toThrow('CFG_UNREADABLE');
  });
});
