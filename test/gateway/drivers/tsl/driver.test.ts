import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { tslDriver } from '#gateway/drivers/tsl/driver.ts';
import { openSerialPair } from '#sim/readers/serial-line.ts';
import { startTslReader, type TslOptions, type TslReader, type TslTag } from '#sim/readers/tsl/reader.ts';
import { cyclesOf, drive, namesOf, readsOf, type Drive, type DriveOptions } from '#test/gateway/fakes/drive.ts';
import { until } from '#test/gateway/fakes/world.ts';

const TAGS: readonly TslTag[] = [
  { epc: '30340000000000000000000A', rssiDbm: -42 },
  { epc: '30340000000000000000000B', rssiDbm: -62 },
];
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function reader(options: Partial<TslOptions> = {}): Promise<TslReader> {
  const started = await startTslReader({ id: 't1', tags: () => TAGS, on: { kind: 'tcp' }, roundMs: 20, ...options });
  cleanups.push(() => started.close());
  return started;
}

async function read(options: DriveOptions): Promise<Drive> {
  const settings = { pollMs: 30, answerTimeoutMs: 200, missesMax: 2, ...options.settings };
  const run = await drive(tslDriver, { ...options, antennas: [1], settings });
  cleanups.push(() => run.stop());
  return run;
}

describe('a TSL handheld', () => {
  test('the trigger decides: alive without it, reads with RSSI and a cycle for each inventory with it', async () => {
    const tsl = await reader();
    const run = await read({ link: tsl.link });
    await until(() => run.events.filter(({ kind }) => kind === 'alive').length > 2);
    expect(cyclesOf(run.events)).toEqual([]);
    tsl.pull();
    await until(() => cyclesOf(run.events).length > 4);
    tsl.release();
    await until(() => namesOf(run.events).filter((name) => name === 'trigger').length === 2);
    expect(readsOf(run.events).slice(0, 2)).toMatchObject([
      { antenna: 1, count: 1, rssiDbm: -42, ids: { epc: '30340000000000000000000A' } },
      { antenna: 1, count: 1, rssiDbm: -62, ids: { epc: '30340000000000000000000B' } },
    ]);
    expect(readsOf(run.events)).toHaveLength(2 * cyclesOf(run.events).length);
    tsl.scan('31234567\r\n8');
    await until(() => namesOf(run.events).includes('barcode'));
    expect(run.events).toContainEqual(expect.objectContaining({ name: 'barcode', detail: '11 characters' }));
  });

  test('continuous: an empty shelf is a cycle without a tag, not an error', async () => {
    let tags: readonly TslTag[] = [];
    const tsl = await reader({ tags: () => tags });
    const run = await read({ link: tsl.link, settings: { inventory: 'continuous', session: 's1', powerDbm: 20 } });
    await until(() => cyclesOf(run.events).length > 2);
    expect(readsOf(run.events)).toEqual([]);
    expect(namesOf(run.events)).toEqual([]);
    tags = TAGS;
    await until(() => readsOf(run.events).length > 3);
    await run.stop();
    expect(await run.ended).toBeUndefined();
  });

  test('dead: the cable pulled within a line, the power cut', async () => {
    const tsl = await reader();
    const run = await read({ link: tsl.link });
    await until(() => run.events.length > 0);
    tsl.sendRaw('CS: .iv\r\nEP: 3034');
    tsl.hang();
    expect(await run.ended).toMatchObject({ code: 'DRV_READER_SILENT' });
    tsl.resume();
    const second = await read({ link: tsl.link });
    await until(() => second.events.length > 0);
    await tsl.unplug();
    expect(await second.ended).toMatchObject({ code: 'DRV_LINK_LOST' });
  });

  test('two side by side, one of them on a serial line at 115200 baud, never mix', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'shelfwise-tsl-'));
    cleanups.push(() => rm(folder, { recursive: true, force: true }));
    const pair = await openSerialPair(folder);
    cleanups.push(() => pair.close());
    const one = await reader({ id: 'a', tags: () => TAGS.slice(0, 1) });
    const on = { kind: 'serial', path: pair.device, linkPath: pair.gateway } as const;
    const two = await reader({ id: 'b', tags: () => TAGS.slice(1), on });
    const first = await read({ link: one.link, settings: { inventory: 'continuous' } });
    const second = await read({ link: two.link, settings: { inventory: 'continuous' } });
    await until(() => readsOf(first.events).length > 5 && readsOf(second.events).length > 5);
    expect(new Set(readsOf(first.events).map(({ ids }) => ids.epc))).toEqual(new Set([TAGS[0]?.epc]));
    expect(new Set(readsOf(second.events).map(({ ids }) => ids.epc))).toEqual(new Set([TAGS[1]?.epc]));
    await pair.close();
    const error = await second.ended;
    expect(['DRV_LINK_LOST', 'DRV_READER_SILENT']).toContain((error as { code: string }).code);
  });

  test('settings that would hide a dead reader are refused', () => {
    expect(tslDriver.settings.safeParse({ pollMs: 5000, missesMax: 5 }).success).toBe(false);
  });
});
