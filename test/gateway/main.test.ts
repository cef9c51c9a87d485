import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { observation, type Observation } from '#contract/wire/observation.ts';
import { gatewayConfig } from '#gateway/config.ts';
import { startGateway, type RunningGateway } from '#gateway/main.ts';
import { FakeLlrpReader } from '#test/gateway/fakes/llrp-reader.ts';
import { TestBroker } from '#test/gateway/fakes/test-broker.ts';
import { clock, until } from '#test/gateway/fakes/world.ts';

let folder = '';
let broker: TestBroker;
let reader: FakeLlrpReader;
let gateway: RunningGateway | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shelfwise-gateway-'));
  broker = await new TestBroker().start();
  reader = await new FakeLlrpReader().start();
});
afterEach(async () => {
  await gateway?.close();
  await reader.peer.close();
  await broker.close();
  await rm(folder, { recursive: true, force: true });
});

function config(extra: object = {}): Record<string, unknown> {
  return {
    id: 'gw-1',
    library: 'demo',
    broker: broker.url,
    secret: broker.password,
    folder,
    readers: [
      {
        id: 'r1',
        driver: 'llrp',
        link: reader.peer.url,
        antennas: [1, 2].map((antenna) => ({ antenna, readPoint: `rp-${String(antenna)}` })),
        settings: { dwellMs: 100, keepaliveMs: 300 },
      },
    ],
    ...extra,
  };
}

async function start(extra: object = {}): Promise<RunningGateway> {
  gateway = await startGateway(gatewayConfig.parse(config(extra)), { log: pino({ level: 'silent' }), clock });
  return gateway;
}

function of<Kind extends Observation['kind']>(kind: Kind): Extract<Observation, { kind: Kind }>[] {
  return broker.observations().filter((one): one is Extract<Observation, { kind: Kind }> => one.kind === kind);
}

function oneRound(epc: string): void {
  reader.report({ epc, antennaId: 1, peakRssiDbm: -55, seenCount: 2, lastSeenUtcUs: Date.now() * 1000 });
  reader.notify({ kind: 'aispec-end', rospecId: 1, specIndex: 1 }, { kind: 'aispec-end', rospecId: 1, specIndex: 2 });
}

test('a tag on an antenna arrives at the broker as a sighting, antennas as scans, the reader as health', async () => {
  const { status } = await start();
  await until(() => reader.kinds().includes('enable-events-and-reports'));
  oneRound('E28011700000020F3D5F0001');
  await until(() => of('tag').length > 0 && of('health').length > 0 && of('scan').length >= 2);
  expect(of('tag')[0]).toMatchObject({
    reader: 'r1',
    antenna: 1,
    readPoint: 'rp-1',
    phase: 'new',
    reads: 2,
    id: { epc: 'E28011700000020F3D5F0001' },
  });
  expect(of('scan').map(({ antenna, state }) => [antenna, state])).toEqual([
    [1, 'live'],
    [2, 'live'],
  ]);
  expect(of('health')[0]).toMatchObject({ subject: 'r1', state: 'ok' });
  expect(status().readers?.[0]).toMatchObject({ id: 'r1', state: 'live', driver: 'llrp' });
  for (const one of broker.observations()) expect(observation.safeParse(one).success).toBe(true);
  await until(() => broker.statuses.some(({ readers }) => readers?.[0]?.state === 'live'));
});

test('a reader that falls silent is dead within its keepalives, and live again when it comes back', async () => {
  await start();
  await until(() => reader.kinds().includes('enable-events-and-reports'));
  oneRound('AA');
  await until(() => of('scan').some(({ state }) => state === 'live'));
  await until(() => of('scan').filter(({ state }) => state === 'dead').length === 2);
  expect(of('health').at(-1)).toMatchObject({ state: 'dead', flags: ['DRV_READER_SILENT'] });
  await until(() => reader.kinds().filter((kind) => kind === 'enable-events-and-reports').length === 2);
  oneRound('AA');
  await until(() => of('health').at(-1)?.state === 'ok');
  expect(of('tag').map(({ phase }) => phase)).not.toContain('lost');
});

test('a command nobody knows is refused once, however often and after whatever restart it comes', async () => {
  await start();
  const topic = 'shelfwise/v1/demo/gateways/gw-1/commands';
  const command = {
    id: 'c-1',
    kind: 'dance',
    target: 'r1',
    args: {},
    issuedAt: new Date().toISOString(),
    deadline: new Date(Date.now() + 60_000).toISOString(),
  };
  await until(() => reader.kinds().includes('enable-events-and-reports'));
  await until(() => {
    void broker.send(topic, command);
    return of('reply').length > 0;
  });
  await broker.send(topic, command);
  await gateway?.close();
  await start();
  const late = { ...command, id: 'c-2', deadline: new Date(Date.now() - 1000).toISOString() };
  await until(() => {
    void broker.send(topic, command);
    void broker.send(topic, late);
    return of('reply').length > 1;
  });
  expect(of('reply').map(({ id, outcome, code }) => [id, outcome, code])).toEqual([
    ['c-1', 'refused', 'unknown-command'],
    ['c-2', 'expired', undefined],
  ]);
});

test('closing tells that nobody scans any more, and health answers while it runs', async () => {
  const running = await start({ health: { port: 0 } });
  await until(() => reader.kinds().includes('enable-events-and-reports'));
  oneRound('AA');
  await until(() => of('scan').length >= 2);
  const metrics = await (await fetch(`http://127.0.0.1:${String(running.healthPort)}/metrics`)).text();
  expect(metrics).toContain('shelfwise_gateway_reads_total{reader="r1"} 2');
  expect(metrics).toContain('shelfwise_gateway_broker_online 1');
  await running.close();
  expect(reader.kinds()).toContain('close-connection');
  await start({ readers: [] });
  await until(() => of('scan').filter(({ state }) => state === 'unscheduled').length === 2);
});

describe('configuration', () => {
  test('every fault at once, in words', () => {
    const faults = gatewayConfig.safeParse({
      ...config(),
      secret: 'short',
      readers: [
        { id: 'r1', driver: 'telepathy', link: 'ftp://x', antennas: [{ antenna: 1, readPoint: 'rp' }] },
        {
          id: 'r1',
          driver: '3m',
          link: 'serial:///dev/ttyUSB0?speed=1',
          antennas: [{ antenna: 1, readPoint: 'rp' }],
          settings: { pollMs: 1 },
        },
      ],
    });
    const messages = faults.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];
    expect(messages).toEqual(
      expect.arrayContaining([
        expect.stringContaining('secret: '),
        expect.stringContaining('readers.0.driver: one of '),
        expect.stringContaining('readers.0.link: '),
        expect.stringContaining('readers.1.settings: '),
        expect.stringContaining('speed is not a serial setting'),
      ]),
    );
  });
});
