/**
 * Promise: readers of every family hang on one gateway at the same time, each before its own place; each is live, shows what
 * truly lies there, hears nothing of another reader of its family, and shows as dead within ten seconds of losing its
 * power, and as live again by itself. Two readers of each family, on their own wires, through the whole platform.
 */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { envelope } from '#contract/wire/envelope.ts';
import { tagObservation } from '#contract/wire/observation.ts';
import type { Devices, ItemSummary } from '#contract/wire/rest.ts';
import { DRIVER_KINDS } from '#gateway/drivers/registry.ts';
import { FAMILIES } from '#sim/families.ts';
import { buildSite } from '#sim/sites.ts';
import { buildDemoLibrary } from '#sim/world/demo-library.ts';
import { openJournalReader } from '#store/journal/journal-reader.ts';
import { startFarPlatform, type FarPlatform } from '#test/support/far-platform.ts';
import { PLATFORM_SEED, until } from '#test/support/platform.ts';
import { signInOverRest, type RestClient } from '#test/support/rest-client.ts';

jest.setTimeout(120_000);

const LIBRARY = 'demo';
const SITE = 'multi-vendor-pairs';
const demo = buildDemoLibrary({ library: LIBRARY, seed: PLATFORM_SEED, site: buildSite(SITE) });
const { readers } = demo.site;
const readPointsOf = (reader: string): typeof demo.plan.readPoints =>
  demo.plan.readPoints.filter((one) => one.reader === reader);

/** From the cut to the word on the Devices screen. */
const DEAD_MS_MAX = 10_000;
/** After ten seconds without it the next attempt is eight seconds away at most, and opening takes its questions. */
const BACK_MS_MAX = 20_000;

let platform: FarPlatform;
let rest: RestClient;
beforeAll(async () => {
  platform = await startFarPlatform(SITE);
  rest = await signInOverRest(platform.url, platform.admin);
});
afterAll(() => platform.stop());

/** Every reader as the Devices screen shows it. */
async function shownReaders(): Promise<ReadonlyMap<string, Devices['gateways'][number]['readers'][number]>> {
  const { gateways } = await rest.get<Devices>(`/libraries/${LIBRARY}/devices`);
  return new Map(gateways.flatMap((gateway) => gateway.readers.map((reader) => [reader.id, reader])));
}

async function allInState(ids: readonly string[], state: 'live' | 'dead', timeoutMs: number): Promise<void> {
  const giveUpAt = Date.now() + timeoutMs;
  for (;;) {
    const shown = await shownReaders();
    const others = ids.flatMap((id) => {
      const reader = shown.get(id);
      return reader?.state === state ? [] : [`${id} ${reader?.state ?? 'unknown'} ${reader?.detail ?? ''}`];
    });
    if (others.length === 0) return;
    if (Date.now() > giveUpAt) throw new Error(`not ${state} within ${timeoutMs} ms: ${others.join('; ')}`);
    await delay(250);
  }
}

/** Barcodes of tagged items that truly are at the places of a reader. */
async function trulyAt(reader: string): Promise<readonly string[]> {
  const places = new Set(readPointsOf(reader).flatMap((one) => one.places));
  const truth = new Map((await platform.truth()).places);
  return demo.items.flatMap(({ barcode, tags }) =>
    tags.length > 0 && places.has(truth.get(barcode) ?? '') ? [barcode] : [],
  );
}

async function shownAt(reader: string): Promise<ReadonlySet<string>> {
  const shown = new Set<string>();
  for (const place of readPointsOf(reader).flatMap((one) => one.places)) {
    const { rows } = await rest.get<{ rows: ItemSummary[] }>(`/libraries/${LIBRARY}/places/${place}/items?limit=200`);
    for (const { barcode, where } of rows) if (where.condition === 'present') shown.add(barcode);
  }
  return shown;
}

test('the site has two readers of every family that the gateway knows', () => {
  expect(FAMILIES.map(({ driver }) => driver).sort()).toEqual([...DRIVER_KINDS].sort());
  for (const kind of DRIVER_KINDS) expect(readers.filter(({ driver }) => driver === kind)).toHaveLength(2);
});

test('every reader is live on the Devices screen, under its own family and link', async () => {
  await allInState(
    readers.map(({ id }) => id),
    'live',
    30_000,
  );
  const shown = await shownReaders();
  expect([...shown.values()].map(({ id, driver }) => ({ id, driver }))).toEqual(expect.arrayContaining([...readers]));
  // The library's own wand is shown beside them.
  expect(shown.size).toBeGreaterThanOrEqual(readers.length);
  expect(new Set([...shown.values()].map(({ link }) => link)).size).toBe(shown.size);
  const schemes = new Set([...shown.values()].map(({ link }) => new URL(link).protocol));
  expect([...schemes].sort()).toEqual(['http:', 'mqtt:', 'serial:', 'tcp:']);
});

test('what lies before each reader is shown there', async () => {
  const waiting = new Set(readers.map(({ id }) => id));
  await until('the items of every reader', 30_000, async () => {
    for (const id of waiting) {
      const shown = await shownAt(id);
      const there = await trulyAt(id);
      expect(there.length).toBeGreaterThan(0);
      // People carry things past, and a tag in a hundred is nearly dead.
      if (there.filter((barcode) => shown.has(barcode)).length >= 0.75 * there.length) waiting.delete(id);
    }
    return waiting.size === 0;
  });
});

test('no reader hears what lies before the other one of its family', async () => {
  const barcodeOf = new Map(demo.items.flatMap(({ barcode, tags }) => tags.map((tag) => [tag, barcode] as const)));
  const heard = new Map(readers.map(({ id }) => [id, new Set<string>()]));
  const journal = openJournalReader(join(platform.folder, 'journal.db'));
  for (let after = 0, entries = journal.readAfter(0, 1000); entries.length > 0;) {
    for (const { kind, body } of entries) {
      if (kind !== 'batch') continue;
      for (const observation of envelope.parse(JSON.parse(body)).observations) {
        const tag = tagObservation.safeParse(observation);
        if (!tag.success) continue;
        const { id, reader, readPoint } = tag.data;
        expect(readPointsOf(reader).map((one) => one.id)).toContain(readPoint);
        const barcode = barcodeOf.get(id.epc === undefined ? `uid:${id.uid ?? ''}` : `epc:${id.epc}`);
        if (barcode !== undefined) heard.get(reader)?.add(barcode);
      }
    }
    after = entries.at(-1)?.offset ?? after;
    entries = journal.readAfter(after, 1000);
  }
  await journal.close();
  // What people move about may truly have been before both.
  const untouched = new Set((await platform.truth()).untouched);
  for (const { id, driver } of readers) {
    const own = (await trulyAt(id)).filter((barcode) => untouched.has(barcode));
    expect(own.filter((barcode) => heard.get(id)?.has(barcode) === true).length).toBeGreaterThan(0.7 * own.length);
    const twin = readers.find((one) => one.driver === driver && one.id !== id)?.id ?? '';
    expect([id, twin, own.filter((barcode) => heard.get(twin)?.has(barcode))]).toEqual([id, twin, []]);
  }
});

test('a reader without power is dead within ten seconds while its twin lives on, and live again by itself', async () => {
  const chosen = DRIVER_KINDS.map((driver) => `${driver}-2`);
  const twins = DRIVER_KINDS.map((driver) => `${driver}-1`);
  const half = Math.ceil(chosen.length / 2);
  const [first, second] = [chosen.slice(0, half), chosen.slice(half)];
  const switchAll = async (action: 'unplug' | 'plug', ids: readonly string[]): Promise<void> => {
    for (const id of ids) await platform[action](id);
  };
  const allDead = async (ids: readonly string[]): Promise<void> => {
    await allInState(ids, 'dead', DEAD_MS_MAX);
    const shown = await shownReaders();
    expect(twins.filter((id) => shown.get(id)?.state !== 'live')).toEqual([]);
    for (const id of ids) expect(shown.get(id)?.detail).toMatch(/^[A-Z_]+: ./);
  };
  await switchAll('unplug', first);
  await allDead(first);
  // While the first half comes back the second is cut: no reader waits for another.
  await switchAll('plug', first);
  await switchAll('unplug', second);
  await Promise.all([allInState(first, 'live', BACK_MS_MAX), allDead(second)]);
  await switchAll('plug', second);
  await allInState(second, 'live', BACK_MS_MAX);
});
