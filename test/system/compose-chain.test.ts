/**
 * Promise: what docker-compose.yml starts comes up in its order and works. The same commands with the same configuration
 * files run here as plain processes: container paths lie below one folder, service names are this machine, ports are free ones.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Item } from '#contract/domain/item.ts';
import type { Plan } from '#contract/domain/plan.ts';
import type { Devices, ItemDetail } from '#contract/wire/rest.ts';
import { composeService, mountsOf } from '#test/support/compose.ts';
import { freePort } from '#test/support/free-port.ts';
import { startInfluxd, type Influxd } from '#test/support/influxd.ts';
import { until } from '#test/support/platform.ts';
import { signInOverRest } from '#test/support/rest-client.ts';
import {
  BUNDLE,
  checkBundle,
  runShelfwise,
  startShelfwise,
  type Outcome,
  type RunningShelfwise,
} from '#test/support/shelfwise-process.ts';

jest.setTimeout(120_000);

const INFLUX_PASSWORD = 'only for this test, on loopback';
const LOOKED_AT = 40;

const root = mkdtempSync(join(tmpdir(), 'shelfwise-compose-'));
const running: RunningShelfwise[] = [];
let influxd: Influxd;
let ports: Record<'mqtt' | 'http' | 'truth', number>;

/** Container paths below our folder, in texts, arguments and environments alike. */
const here = (text: string): string =>
  text.replace(/(^|[\s"'])\/(?=data|sim|outbox|secrets|etc\/shelfwise)/g, `$1${root}/`);

function adapted(configuration: string): string {
  return here(configuration)
    .replaceAll('0.0.0.0', '127.0.0.1')
    .replace('announcedHost: sim', 'announcedHost: 127.0.0.1')
    .replace('firstPort: 5084', 'firstPort: 0')
    .replaceAll('//centre:1883', `//127.0.0.1:${ports.mqtt}`)
    .replace('port: 1883', `port: ${ports.mqtt}`)
    .replace('port: 8080', `port: ${ports.http}`)
    .replace('port: 8090', `port: ${ports.truth}`)
    .replace('http://influxdb:8086', influxd.url);
}

function environmentOf(service: string): Record<string, string> {
  const { environment } = composeService(service);
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, value.startsWith('${') ? INFLUX_PASSWORD : here(value)]),
  );
}

const wordsOf = (service: string): string[] => (composeService(service).command ?? []).map(here);

/** A one-shot service. */
async function runService(service: string): Promise<Outcome> {
  const { entrypoint } = composeService(service);
  if (entrypoint === undefined) return runShelfwise(wordsOf(service), { env: environmentOf(service) });
  const [shell = '', ...options] = entrypoint;
  const path = `${join(root, 'bin')}:${process.env['PATH'] ?? ''}`;
  const child = spawn(shell, [...options, ...wordsOf(service)], {
    env: { PATH: path },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (written.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (written.stderr += chunk.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, ...written };
}

async function startService(service: string, ready: RegExp): Promise<RunningShelfwise> {
  const started = await startShelfwise(wordsOf(service), { ready, env: environmentOf(service), cwd: root });
  running.push(started);
  return started;
}

/** The health check of the file itself, until it is content. */
async function untilHealthy(service: string): Promise<void> {
  const [, command = '', ...words] = composeService(service).healthcheck?.test ?? [];
  const here = words.map((word) => word.replace(':8080/', `:${ports.http}/`).replace(':8090/', `:${ports.truth}/`));
  await until(`${service} to be healthy`, 30_000, async () => {
    const [status] = (await once(spawn(command, here, { stdio: 'ignore' }), 'exit')) as [number | null];
    return status === 0;
  });
}

async function askInfluxd(path: '/query', query: string, user?: string): Promise<string> {
  const url = new URL(path, influxd.url);
  url.searchParams.set('q', query);
  const authorization = `Basic ${Buffer.from(`${user ?? ''}:${INFLUX_PASSWORD}`).toString('base64')}`;
  const answer = await fetch(url, { method: 'POST', ...(user !== undefined && { headers: { authorization } }) });
  return answer.text();
}

/** Tagged items that truly stand on shelves with an antenna, with their shelf. */
async function someItems(): Promise<Map<string, string>> {
  const plan = JSON.parse(readFileSync(join(root, 'sim/plan.json'), 'utf8')) as Plan;
  const items = JSON.parse(readFileSync(join(root, 'sim/items.json'), 'utf8')) as Item[];
  const heard = new Set(plan.readPoints.flatMap(({ places }) => places));
  const found = new Map<string, string>();
  for (const { barcode, tags } of items) {
    if (found.size === LOOKED_AT) break;
    if (!tags.some((tag) => tag.startsWith('epc:'))) continue;
    const truth = await fetch(`http://127.0.0.1:${ports.truth}/truth/items/${barcode}`);
    const { place } = (await truth.json()) as { place: string };
    if (heard.has(place)) found.set(barcode, place);
  }
  return found;
}

beforeAll(async () => {
  checkBundle();
  for (const service of ['enrol', 'sim', 'centre', 'gateway']) {
    for (const { source, target } of mountsOf(composeService(service))) {
      if (!source.startsWith('./')) mkdirSync(join(root, target), { recursive: true });
    }
  }
  mkdirSync(join(root, 'etc/shelfwise'), { recursive: true });
  mkdirSync(join(root, 'bin'));
  symlinkSync(BUNDLE, join(root, 'bin/shelfwise'));
  influxd = await startInfluxd({ isAuthEnabled: true });
  ports = { mqtt: await freePort(), http: await freePort(), truth: await freePort() };
  for (const name of ['centre', 'sim']) {
    writeFileSync(join(root, `etc/shelfwise/${name}.yaml`), adapted(readFileSync(`docs/compose/${name}.yaml`, 'utf8')));
  }
  // What the image of InfluxDB does with its variables at its first start.
  const { INFLUXDB_ADMIN_USER: admin = '', INFLUXDB_DB: database = '' } = composeService('influxdb').environment;
  await askInfluxd('/query', `CREATE USER ${admin} WITH PASSWORD '${INFLUX_PASSWORD}' WITH ALL PRIVILEGES`);
  await askInfluxd('/query', `CREATE DATABASE ${database}`, admin);
});
afterAll(async () => {
  for (const role of running.reverse()) await role.stop('SIGTERM');
  await influxd.stop();
  rmSync(root, { recursive: true, force: true });
});

test('the services start in their order and the dashboard shows the items where they stand', async () => {
  expect(await runService('enrol')).toMatchObject({ status: 0, stderr: '' });
  await startService('sim', /simulated library/);
  await untilHealthy('sim');
  const imported = await runService('import');
  expect(imported).toMatchObject({ status: 0, stderr: '' });
  expect(imported.stdout).toContain('20000 items');
  const centre = await startService('centre', /password/);
  await untilHealthy('centre');
  await startService('gateway', /gateway gw-main of demo/);

  const [, password = ''] = /name admin {3}password (\S+)/.exec(centre.output()) ?? [];
  const nextPassword = 'a password of four words';
  const rest = await signInOverRest(`http://127.0.0.1:${ports.http}`, { name: 'admin', password, nextPassword });
  const expected = await someItems();
  expect(expected.size).toBe(LOOKED_AT);
  await until('most items to be shown where they stand', 60_000, async () => {
    let right = 0;
    for (const [barcode, place] of expected) {
      const { where } = await rest.get<ItemDetail>(`/libraries/demo/items/${barcode}`);
      if (where.condition === 'present' && where.place === place) right += 1;
    }
    return right >= LOOKED_AT * 0.6;
  });

  const devices = await rest.get<Devices>('/libraries/demo/devices');
  const readers = devices.gateways.flatMap((gateway) => gateway.readers);
  expect(readers.map(({ state }) => state)).toEqual(Array.from({ length: 13 }, () => 'live'));
  await until('every counter to be heard', 30_000, async () => {
    const { sensors } = await rest.get<Devices>('/libraries/demo/devices');
    return sensors.length === 5 && sensors.every(({ lastHeardAt }) => lastHeardAt !== null);
  });
  await until('sightings in InfluxDB', 20_000, async () => {
    const answer = await askInfluxd('/query', 'SELECT COUNT("reads") FROM "shelfwise"."raw"."sighting"', 'shelfwise');
    return answer.includes('"values"');
  });
});

test('a second start beside the running centre changes nothing and fails nowhere', async () => {
  const secret = readFileSync(join(root, 'secrets/gateway/gw-main'), 'utf8');
  expect(await runService('enrol')).toMatchObject({ status: 0, stderr: '' });
  expect(await runService('import')).toMatchObject({ status: 0, stderr: '' });
  expect(readFileSync(join(root, 'secrets/gateway/gw-main'), 'utf8')).toBe(secret);
});

test('every role ends cleanly when it is asked to', async () => {
  for (const role of running.reverse()) expect(await role.stop('SIGTERM')).toBe(0);
});
