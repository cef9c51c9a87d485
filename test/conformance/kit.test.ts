/** The kit judges our own gateway and drivers, and finds what is wrong with bad ones. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { connectAsync, type MqttClient } from 'mqtt';
import { pino } from 'pino';
import { gatewayConfig } from '#gateway/config.ts';
import type { AnyDriver } from '#gateway/drivers/driver.ts';
import { findDriver } from '#gateway/drivers/registry.ts';
import { openLink, parseLinkAddress } from '#gateway/links/open-link.ts';
import { startGateway } from '#gateway/main.ts';
import { programTag, type HfTag } from '#sim/readers/hf-tag.ts';
import type { LineDevice } from '#sim/readers/line-device.ts';
import { startThreemReader } from '#sim/readers/threem/reader.ts';
import { judgeDriver, type DriverRule } from '#test/conformance/driver-kit.ts';
import { GatewayProbe } from '#test/conformance/gateway-probe.ts';
import type { GatewayRule } from '#test/conformance/gateway-rules.ts';
import { GATEWAY_RULES } from '#test/conformance/gateway-rules.ts';
import { clock, until } from '#test/gateway/fakes/world.ts';

jest.setTimeout(90_000);

let reader: LineDevice;
let folder: string;
let tags: HfTag[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shelfwise-conformance-'));
  tags = [programTag({ uid: 'E00401500A3B5C7D', barcode: '32112000000013', isil: 'DE-SW1' })];
  reader = await startThreemReader({
    id: 'desk',
    pad: { tags: () => tags, isGlitch: () => false },
    on: { kind: 'tcp' },
  });
});
afterEach(async () => {
  await reader.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a gateway under the kit', () => {
  test('ours keeps every rule', async () => {
    const probe = new GatewayProbe({ library: 'demo', gateway: 'gw-vendor' });
    await probe.start();
    const readers = [
      {
        id: 'desk',
        driver: '3m',
        link: reader.link,
        antennas: [{ antenna: 1, readPoint: 'rp' }],
        settings: { pollMs: 100 },
      },
    ];
    const own = { id: 'gw-vendor', library: 'demo', broker: probe.url, secret: probe.secret, folder, readers };
    const gateway = await startGateway(gatewayConfig.parse(own), { log: pino({ level: 'silent' }), clock });
    // New tags are news, so that batches do not wait for the half minute of the routine.
    let next = 0x5c7e;
    const arrivals = setInterval(() => {
      next += 1;
      tags = [
        programTag({
          uid: `E00401500A3B${next.toString(16).toUpperCase()}`,
          barcode: '32112000000013',
          isil: 'DE-SW1',
        }),
      ];
    }, 400);
    try {
      await until(() => probe.waitsFor.length === 0, 60_000);
    } finally {
      clearInterval(arrivals);
    }
    await gateway.close();
    await probe.close();
    expect(probe.report.lines().join('\n')).toContain('PASSED');
    expect(GATEWAY_RULES.map(({ id }) => [id, probe.report.verdict(id)])).toEqual(
      GATEWAY_RULES.map(({ id }) => [id, 'kept']),
    );
  });

  test('a bad one is told what is wrong', async () => {
    const probe = new GatewayProbe({ library: 'demo', gateway: 'gw-vendor' });
    await probe.start();
    const client: MqttClient = await connectAsync(probe.url, {
      protocolVersion: 4,
      clientId: probe.username,
      username: probe.username,
      password: probe.secret,
      reconnectPeriod: 0,
    });
    const topic = 'shelfwise/v1/demo/gateways/gw-vendor/observations';
    const at = new Date(Date.now() + 600_000).toISOString();
    const tag = { kind: 'tag', reader: 'r', antenna: 1, readPoint: 'rp', phase: 'lost', first: at, last: at };
    const observations = [{ ...tag, reads: 1, cyclesSeen: 1, cyclesLive: 1, id: { epc: '30AB' } }];
    const batch = { epoch: 'epoch-0001', seq: 1, sentAt: at, uptimeMs: 1, clock: 'synced', observations };
    await client.publishAsync(topic, JSON.stringify(batch), { qos: 1 });
    await client.publishAsync(topic, JSON.stringify({ ...batch, uptimeMs: 2 }), { qos: 1 });
    await client.publishAsync(topic, JSON.stringify({ ...batch, seq: 4, observations: [{ kind: 'scan' }] }), {
      qos: 1,
    });
    await client.publishAsync('shelfwise/v1/demo/gateways/another/status', '{}', { qos: 1 });
    client.end(true);
    await probe.close();
    const broken = GATEWAY_RULES.map(({ id }): GatewayRule => id).filter((id) => probe.report.verdict(id) === 'broken');
    expect(broken).toEqual([
      'last-will',
      'own-topics',
      'seq',
      'unchanged',
      'no-repeat',
      'observation',
      'times',
      'tag',
      'tag-in-scan',
    ]);
    expect(probe.report.isPassed).toBe(false);
    expect(probe.report.lines().join('\n')).toContain('4 after 1');
  });
});

describe('a driver under the kit', () => {
  const options = () => {
    const address = parseLinkAddress(reader.link);
    if (!address.ok) throw new Error(address.error);
    return {
      settings: { pollMs: 100 },
      antennas: [1],
      openLink: (signal: AbortSignal) => openLink(address.value, signal),
      watchMs: 1000,
      lostMs: 1000,
    };
  };

  test('ours keeps every rule', async () => {
    const driver = findDriver('3m');
    if (driver === undefined) throw new Error('no such driver');
    const report = await judgeDriver({ driver, ...options() });
    expect(report.lines().filter((line) => !line.startsWith('kept'))).toEqual(['', 'PASSED']);
  });

  test('a bad one is told what is wrong', async () => {
    const bad: AnyDriver = {
      kind: 'bad',
      formats: [],
      checkSettings: () => ({ ok: true, value: undefined }),
      create: (_settings, deps) => ({
        open: async (signal) => {
          await deps.openLink(signal);
          return { events: wrongEvents(signal) };
        },
      }),
    };
    const report = await judgeDriver({ driver: bad, ...options() });
    const rules: DriverRule[] = ['settings', 'antennas', 'times', 'ids', 'counts', 'gives-back', 'link-lost'];
    expect(rules.map((rule) => [rule, report.verdict(rule)])).toEqual(rules.map((rule) => [rule, 'broken']));
    expect(report.verdict('cycles')).toBe('not seen');
    expect(report.isPassed).toBe(false);
  });
});

async function* wrongEvents(signal: AbortSignal) {
  yield [{ kind: 'read' as const, antenna: 7, count: 0, firstMs: 2, lastMs: 1, ids: { epc: 'xyz' } }];
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
}
