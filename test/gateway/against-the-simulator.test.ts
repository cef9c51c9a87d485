/** The drivers against the project's own simulated readers, which were written by other hands. */
import { afterEach, expect, test } from '@jest/globals';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';
import { llrpDriver } from '#gateway/drivers/llrp/driver.ts';
import { llrpSettings } from '#gateway/drivers/llrp/settings.ts';
import { threemDriver } from '#gateway/drivers/threem/driver.ts';
import { threemSettings } from '#gateway/drivers/threem/settings.ts';
import type { ReaderDriver } from '#gateway/drivers/driver.ts';
import { openLink, parseLinkAddress } from '#gateway/links/open-link.ts';
import type { OpenLink } from '#gateway/links/link.ts';
import { startLlrpReader } from '#sim/readers/llrp/reader.ts';
import { programTag } from '#sim/readers/hf-tag.ts';
import { startThreemReader } from '#sim/readers/threem/reader.ts';
import { clock, silentLog, until } from '#test/gateway/fakes/world.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function linkTo(url: string): OpenLink {
  const address = parseLinkAddress(url);
  if (!address.ok) throw new Error(address.error);
  return (signal) => openLink(address.value, signal);
}

async function listen(driver: ReaderDriver): Promise<{ events: ReaderEvent[]; ended: Promise<unknown> }> {
  const abort = new AbortController();
  const opened = await driver.open(abort.signal);
  const events: ReaderEvent[] = [];
  const ended = (async () => {
    try {
      for await (const batch of opened.events) events.push(...batch);
      return undefined;
    } catch (error: unknown) {
      return error;
    }
  })();
  cleanups.push(() => {
    abort.abort();
    return ended;
  });
  return { events, ended };
}

test.each([1, 2] as const)(
  'UHF, LLRP version %s: reads and a cycle for each antenna in turn; a lost antenna; a hang',
  async (highestVersion) => {
    const reader = await startLlrpReader({
      id: 'sim-1',
      antennas: 4,
      clock,
      highestVersion,
      ear: (antenna) => ({
        listen: (fromMs, _lengthMs, onRead) => {
          onRead(antenna, -50 - antenna, fromMs + 1);
        },
      }),
      epcOf: (item) => item.toString(16).padStart(24, '0').toUpperCase(),
    });
    cleanups.push(() => reader.close());
    const settings = llrpSettings.parse({ dwellMs: 60, keepaliveMs: 200, powerDbm: 27 });
    const driver = llrpDriver.create(settings, {
      clock,
      log: silentLog,
      openLink: linkTo(`tcp://127.0.0.1:${String(reader.port)}`),
      antennas: [2, 1, 4],
    });
    const { events, ended } = await listen(driver);
    const cycles = (): number[] => events.flatMap((event) => (event.kind === 'cycle' ? event.antennas : []));
    await until(() => cycles().length >= 6);
    expect(cycles().slice(0, 6)).toEqual([2, 1, 4, 2, 1, 4]);
    expect(events.some((event) => event.kind === 'vendor' && event.name === 'cycles-inferred')).toBe(false);
    expect(
      new Set(events.flatMap((one) => (one.kind === 'read' ? [`${one.antenna}:${one.rssiDbm ?? 0}`] : []))),
    ).toEqual(new Set(['2:-52', '1:-51', '4:-54']));
    reader.loseAntenna(1);
    await until(() => events.some((event) => event.kind === 'antenna' && event.antenna === 1 && !event.up));
    reader.hang();
    expect(await ended).toMatchObject({ code: 'DRV_READER_SILENT' });
  },
);

test('HF: what stands on a tag of the pad, over glitches', async () => {
  let asked = 0;
  const pad = {
    tags: () => [programTag({ uid: 'E004010012345678', barcode: '31234567', isil: 'DE-29' })],
    isGlitch: () => (asked += 1) % 3 === 0,
  };
  const reader = await startThreemReader({ id: 'pad-1', pad, on: { kind: 'tcp' } });
  cleanups.push(() => reader.close());
  const driver = threemDriver.create(threemSettings.parse({ pollMs: 20 }), {
    clock,
    log: silentLog,
    openLink: linkTo(reader.link),
    antennas: [1],
  });
  const { events } = await listen(driver);
  await until(() => events.some((event) => event.kind === 'read' && event.content !== undefined));
  expect(events.find((event) => event.kind === 'read' && event.content !== undefined)).toMatchObject({
    ids: { uid: 'E004010012345678' },
    content: { itemId: '31234567', isil: 'DE-29' },
  });
});
