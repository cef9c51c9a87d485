/** Promise: the demo starts anywhere, ends when it is asked to, and goes on where it was, after a kill as well. */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { ItemDetail, ItemSummary } from '#contract/wire/rest.ts';
import { until } from '#test/support/platform.ts';
import { signInOverRest } from '#test/support/rest-client.ts';
import { checkBundle, startShelfwise, type RunningShelfwise } from '#test/support/shelfwise-process.ts';

jest.setTimeout(120_000);

const RESIDENT_BYTES_MAX = 700_000_000;
const END_MS_MAX = 10_000;

let folder: string;
let other: Server;
let demo: RunningShelfwise | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shelfwise-demo-'));
  other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  checkBundle();
});
afterAll(async () => {
  await demo?.stop('SIGKILL');
  other.close();
  await rm(folder, { recursive: true, force: true });
});

/** The folder is given, so the demo's own is not touched; the wanted ports are taken. */
async function startDemo(): Promise<{ demo: RunningShelfwise; url: string }> {
  const taken = String((other.address() as AddressInfo).port);
  const started = await startShelfwise(
    ['up', '--demo', '--data', join(folder, 'data'), '--port', taken, '--mqtt-port', taken],
    {
      ready: /Ctrl-C ends it/,
      // Neither the sources nor dist/ are in the working folder: the web application must be found all the same.
      cwd: folder,
    },
  );
  demo = started;
  const [, url = ''] = /Shelfwise +(http:\S+)/.exec(started.output()) ?? [];
  expect(Number(new URL(url).port)).toBeGreaterThan(Number(taken));
  await until('the demo to be ready', 20_000, async () => (await fetch(`${url}/readyz`)).ok);
  expect(await (await fetch(url)).text()).toContain('<div id="root">');
  return { demo: started, url };
}

test('starts, ends on Ctrl-C within ten seconds, and goes on', async () => {
  const first = await startDemo();
  const [, password = ''] = /name admin {3}password (\S+)/.exec(first.demo.output()) ?? [];
  const admin = { name: 'admin', password };
  let rest = await signInOverRest(first.url, admin);
  const present = await until('an item to be heard', 40_000, async () => {
    const { rows } = await rest.get<{ rows: readonly ItemSummary[] }>('/libraries/demo/items?q=the&limit=100');
    return rows.find(({ where }) => where.condition === 'present');
  });
  const residentBytes = first.demo.residentBytes();
  process.stdout.write(`resident memory of the demo: ${String(Math.round(residentBytes / 1e6))} MB\n`);
  expect(residentBytes).toBeLessThan(RESIDENT_BYTES_MAX);

  const askedAtMs = Date.now();
  expect(await first.demo.stop('SIGINT')).toBe(0);
  expect(Date.now() - askedAtMs).toBeLessThan(END_MS_MAX);

  const second = await startDemo();
  expect(second.demo.output()).not.toMatch(/password \S+ +\(shown only now\)/);
  rest = await signInOverRest(second.url, admin);
  const known = await rest.get<ItemDetail>(`/libraries/demo/items/${present.barcode}`);
  expect(known.where.place).not.toBeNull();
  expect(known.where.condition).not.toBe('unseen');

  await second.demo.stop('SIGKILL');
  const third = await startDemo();
  rest = await signInOverRest(third.url, admin);
  expect((await rest.get<ItemDetail>(`/libraries/demo/items/${present.barcode}`)).where.place).not.toBeNull();
  expect(await third.demo.stop('SIGTERM')).toBe(0);
  expect(existsSync(join(folder, '.data'))).toBe(false);
});
