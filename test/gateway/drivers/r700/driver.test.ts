import { afterEach, describe, expect, test } from '@jest/globals';
import { r700Driver } from '#gateway/drivers/r700/driver.ts';
import { startR700, type R700Options, type R700Reader, type R700Tag } from '#sim/readers/r700/reader.ts';
import { cyclesOf, drive, namesOf, readsOf, type Drive, type DriveOptions } from '#test/gateway/fakes/drive.ts';
import { MosquittoBroker } from '#test/gateway/fakes/mosquitto-broker.ts';
import { until } from '#test/gateway/fakes/world.ts';

const TAGS: readonly R700Tag[] = [
  { epc: '30340000000000000000000A', antenna: 1, rssiDbm: -54.37 },
  { epc: '30340000000000000000000B', antenna: 2, rssiDbm: -61 },
];
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function reader(options: Partial<R700Options> = {}): Promise<R700Reader> {
  const started = await startR700({
    id: 'r1',
    antennas: [1, 2],
    tags: () => TAGS,
    on: { kind: 'http' },
    roundMs: 20,
    keepaliveMs: 50,
    ...options,
  });
  cleanups.push(() => started.close());
  return started;
}

async function read(options: DriveOptions): Promise<Drive> {
  const settings = { cycleMs: 100, statusMs: 100, silenceMs: 600, ...options.settings };
  const run = await drive(r700Driver, { ...options, settings });
  cleanups.push(() => run.stop());
  return run;
}

describe('an R700 over its HTTP stream', () => {
  test('the preset is started, tags are read, cycles are counted only while the inventory runs', async () => {
    const r700 = await reader({ username: 'root', password: 'impinj' });
    const credentials = { username: 'root', password: 'impinj' };
    const run = await read({ link: r700.link, credentials, settings: { preset: 'default', stopOnClose: true } });
    await until(() => readsOf(run.events).length > 4 && cyclesOf(run.events).length > 2);
    expect(r700.isRunning).toBe(true);
    expect(readsOf(run.events)[0]).toMatchObject({
      antenna: 1,
      count: 1,
      rssiDbm: -54.37,
      ids: { epc: '30340000000000000000000A' },
    });
    expect(Math.abs((readsOf(run.events)[0]?.lastMs ?? 0) - Date.now())).toBeLessThan(5000);
    expect(cyclesOf(run.events)[0]?.antennas).toEqual([1, 2]);
    expect(namesOf(run.events)).toEqual([]);
    await run.stop();
    expect(await run.ended).toBeUndefined();
    await until(() => !r700.isRunning);
  });

  test('nobody started it: alive, and no cycle', async () => {
    const r700 = await reader();
    const run = await read({ link: r700.link });
    await until(() => run.events.filter(({ kind }) => kind === 'alive').length > 0);
    await until(() => r700.asked.filter((one) => one.endsWith('/status')).length > 5);
    expect(cyclesOf(run.events)).toEqual([]);
    expect(readsOf(run.events)).toEqual([]);
  });

  test('activations: the antenna before is done, and the clock counts no cycles', async () => {
    const r700 = await reader({ tellsActivations: true, autostart: true });
    const run = await read({ link: r700.link });
    await until(() => cyclesOf(run.events).length > 20);
    const order = run.events.filter(({ kind }) => kind === 'cycle' || kind === 'read');
    for (const [index, event] of order.entries()) {
      if (event.kind !== 'cycle') continue;
      expect(event.antennas).toHaveLength(1);
      const before = order[index - 1];
      if (before?.kind === 'read') expect(before.antenna).toBe(event.antennas[0]);
    }
  });

  test('what it read while we were away is delivered with its own time', async () => {
    let looks = 0;
    const tags = (): readonly R700Tag[] => {
      looks += 1;
      return TAGS;
    };
    const r700 = await reader({ autostart: true, tags });
    const startedMs = Date.now();
    await until(() => looks > 20);
    const run = await read({ link: r700.link });
    await until(() => readsOf(run.events).length > 0);
    expect(readsOf(run.events)[0]?.lastMs ?? 0).toBeLessThan(startedMs + 100);
  });

  test('events of its own, and half a message in between, cost nothing but themselves', async () => {
    const r700 = await reader({ autostart: true });
    const run = await read({ link: r700.link });
    await until(() => readsOf(run.events).length > 0);
    r700.sendRaw('{"timestamp":"2026-01-01T00:00:00Z","eventType":"tagInv');
    r700.tell({ event: 'overflow', lost: 90, kept: 10 });
    r700.tell({ event: 'antennaDisconnected', antenna: 2 });
    r700.tell({ event: 'gpiTransition', gpi: 1, transition: 'low-to-high' });
    r700.tell({ event: 'newThing' });
    await until(() => namesOf(run.events).includes('unknown-event'));
    expect(namesOf(run.events)).toEqual(expect.arrayContaining(['undecodable', 'events-lost', 'unknown-event']));
    expect(run.events).toContainEqual(expect.objectContaining({ kind: 'antenna', antenna: 2, up: false }));
    expect(run.events).toContainEqual(expect.objectContaining({ kind: 'gpi', port: 1, high: true }));
  });

  test('dead: the cable pulled within an object, the power cut, a wrong password, no such preset', async () => {
    const r700 = await reader({ autostart: true, username: 'root', password: 'x' });
    const credentials = { username: 'root', password: 'x' };
    const run = await read({ link: r700.link, credentials });
    await until(() => readsOf(run.events).length > 0);
    r700.sendRaw('{"timestamp":"2026-01-01T00:00:00Z","eventTy');
    r700.hang();
    expect(await run.ended).toMatchObject({ code: 'DRV_READER_SILENT' });
    r700.resume();
    const second = await read({ link: r700.link, credentials });
    await until(() => readsOf(second.events).length > 0);
    await r700.unplug();
    expect(await second.ended).toMatchObject({ code: 'DRV_LINK_LOST' });
    await r700.plug();
    await expect(read({ link: r700.link })).rejects.toMatchObject({ code: 'DRV_READER_REFUSED' });
    await expect(read({ link: r700.link, credentials, settings: { preset: 'none' } })).rejects.toMatchObject({
      code: 'DRV_READER_REFUSED',
      message: expect.stringContaining('none') as unknown,
    });
  });

  test('settings that would hide a dead reader are refused', () => {
    expect(r700Driver.settings.safeParse({ silenceMs: 20_000 }).success).toBe(false);
    expect(r700Driver.settings.safeParse({ preset: '../stop' }).success).toBe(false);
  });
});

describe('two R700 over a foreign broker', () => {
  test('never mix; one that falls silent is dead, the other goes on; a broker that dies ends both', async () => {
    const broker = await new MosquittoBroker().start();
    cleanups.push(() => broker.close());
    const { username, password } = broker;
    const target = { kind: 'mqtt', broker: broker.address, username, password } as const;
    const one = await reader({
      id: 'a',
      autostart: true,
      tags: () => TAGS.slice(0, 1),
      on: { ...target, topic: 'r700/a' },
    });
    const two = await reader({
      id: 'b',
      autostart: true,
      tags: () => TAGS.slice(1),
      on: { ...target, topic: 'r700/b' },
    });
    const first = await read({ link: one.link, credentials: broker });
    const second = await read({ link: two.link, credentials: broker });
    await until(() => readsOf(first.events).length > 20 && readsOf(second.events).length > 20);
    expect(new Set(readsOf(first.events).map(({ ids }) => ids.epc))).toEqual(new Set([TAGS[0]?.epc]));
    expect(new Set(readsOf(second.events).map(({ ids }) => ids.epc))).toEqual(new Set([TAGS[1]?.epc]));
    expect(cyclesOf(first.events).length).toBeGreaterThan(0);
    one.hang();
    expect(await first.ended).toMatchObject({ code: 'DRV_READER_SILENT' });
    const before = readsOf(second.events).length;
    await until(() => readsOf(second.events).length > before);
    await expect(read({ link: two.link, credentials: broker, settings: { preset: 'default' } })).rejects.toMatchObject({
      code: 'DRV_READER_REFUSED',
    });
    await broker.down();
    expect(await second.ended).toMatchObject({ code: 'DRV_LINK_LOST' });
  });
});
