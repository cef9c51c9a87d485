/** Promise: a simulation of its own writes a gateway configuration for every family, in which every link can be reached. */
import { afterEach, expect, test } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { parse } from 'yaml';
import { gatewayConfig } from '#gateway/config.ts';
import { simConfig } from '#sim/config.ts';
import { FAMILIES } from '#sim/families.ts';
import { startSim } from '#sim/main.ts';

const log = pino({ level: 'silent' });
const clock = { nowMs: () => Date.now(), uptimeMs: () => performance.now() };
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

test('the configuration of every family is one that a gateway takes, and goes through the announced host', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'shelfwise-sim-'));
  closing.push(() => rm(folder, { recursive: true, force: true }));
  const config = simConfig.parse({
    site: 'multi-vendor',
    folder,
    firstPort: 0,
    http: { port: 0 },
    announcedHost: 'simulator.example',
  });
  const running = await startSim(config, { log, clock });
  closing.push(() => running.close());
  const file = parse(await readFile(join(folder, 'gateway.yaml'), 'utf8')) as { gateway: object };
  const { readers } = gatewayConfig.parse({ ...file.gateway, secret: 'a secret of sixteen and more', folder });
  expect(readers.map(({ driver }) => driver)).toEqual(FAMILIES.map(({ driver }) => driver));
  expect(readers.filter(({ link }) => new URL(link).hostname !== 'simulator.example')).toEqual([]);
  const points = readers.flatMap(({ antennas }) => antennas.map(({ readPoint }) => readPoint));
  expect(new Set(points).size).toBe(points.length);

  const truth = running.simulation.truth();
  const laid = JSON.parse(await readFile(join(folder, 'items.json'), 'utf8')) as { barcode: string }[];
  const onTheSlot = laid.filter(({ barcode }) => truth.placeOf(barcode) === 'return-slot-1');
  expect(onTheSlot.length).toBeGreaterThan(0);
});
