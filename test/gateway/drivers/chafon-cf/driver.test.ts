import { afterEach, describe, expect, test } from '@jest/globals';
import { fromHex, toHex } from '#contract/hex.ts';
import { chafonCfDriver } from '#gateway/drivers/chafon-cf/driver.ts';
import { chafonCfSettings } from '#gateway/drivers/chafon-cf/settings.ts';
import type { OpenLink } from '#gateway/links/link.ts';
import { ChafonCfDevice, startChafonCf, type ChafonCfOptions } from '#sim/readers/chafon-cf/reader.ts';
import { newGen2Tag, type Gen2TagOptions } from '#sim/readers/gen2-tag.ts';
import { tableAir, type LyingTag } from '#test/firmware-sim/readers/fakes/table-air.ts';
import {
  cyclesOf,
  driveLine,
  epcsOf,
  linkTo,
  overTcp,
  ptyPair,
  readsOf,
  uhfAccess,
  vendorNamesOf,
  type Cleanups,
  type LineRun,
} from '#test/gateway/drivers/line-run.ts';
import { clock, until } from '#test/gateway/fakes/world.ts';

const BOOK = 'E28011700000020DBB7E7EBB';
const OTHER_BOOK = '30340000000000000000BB01';
const FAST = { pollMs: 20, answerTimeoutMs: 200, missesMax: 3 };

const cleanups: Cleanups = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function lying(epc: string, antenna = 1, options: Partial<Gen2TagOptions> = {}): LyingTag {
  return { tag: newGen2Tag({ epc, ...options }), rssiDbm: -55.5, antenna };
}

const optionsOf = (tags: readonly LyingTag[], antennas = 1): ChafonCfOptions => ({
  ...{ air: tableAir(tags, antennas), clock, antennas, roundMs: 10 },
});

const onLine = async (
  options: ChafonCfOptions,
  onto?: (bytes: Uint8Array) => readonly Uint8Array[],
): Promise<OpenLink> => {
  const device = new ChafonCfDevice(options);
  return (await overTcp((reply) => device.connect(reply), cleanups, onto)).openLink;
};

const drive = (link: OpenLink, antennas = [1], settings: object = {}): Promise<LineRun> =>
  driveLine({ driver: chafonCfDriver, settings: { ...FAST, ...settings }, link, antennas }, cleanups);

const inPieces = (pieceBytes: number) => (bytes: Uint8Array) =>
  Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, i) =>
    bytes.slice(i * pieceBytes, (i + 1) * pieceBytes),
  );

describe('a Chafon CF reader', () => {
  test.each(['high-first', 'low-first'] as const)(
    'CRC %s: found by itself; a cycle of all antennas',
    async (crcOrder) => {
      const tags = [lying(BOOK), lying(OTHER_BOOK, 2)];
      const { events, stop } = await drive(await onLine({ ...optionsOf(tags, 4), crcOrder }, inPieces(5)), [1, 2]);
      await until(() => cyclesOf(events).length >= 2);
      expect(await stop()).toBeUndefined();
      expect(cyclesOf(events)[0]).toMatchObject({ antennas: [1, 2] });
      const found = readsOf(events).map(
        ({ ids, antenna, rssiDbm }) => `${String(ids.epc)} ${antenna} ${String(rssiDbm)}`,
      );
      expect(new Set(found)).toEqual(new Set([`${BOOK} 1 -55.5`, `${OTHER_BOOK} 2 -55.5`]));
      expect(vendorNamesOf(events)).toEqual([]);
    },
  );

  test('noise around every frame, false starts included, costs nothing but itself', async () => {
    const noise = fromHex('00 00 CF CF 00 00 01 FF 02') ?? new Uint8Array(0);
    const link = await onLine(optionsOf([lying(BOOK)]), (bytes) => [noise, bytes]);
    const { events } = await drive(link, [1], { answerTimeoutMs: 500, quietMs: 40 });
    await until(() => cyclesOf(events).length > 2);
    expect(epcsOf(events)).toEqual(new Set([BOOK]));
    expect(vendorNamesOf(events)).toContain('line-noise');
  });

  test('parameters are written only when they differ', async () => {
    const codes: number[] = [];
    const device = new ChafonCfDevice(optionsOf([], 2));
    const peer = await overTcp((reply) => {
      const session = device.connect(reply);
      return {
        feed: (chunk) => {
          codes.push(chunk[3] ?? 0);
          session.feed(chunk);
        },
      };
    }, cleanups);
    const first = await drive(peer.openLink);
    await until(() => cyclesOf(first.events).length > 0);
    await first.stop();
    expect(codes).not.toContain(0x71);
    const second = await drive(peer.openLink, [1, 2], { powerDbm: 20 });
    await until(() => cyclesOf(second.events).length > 0);
    expect(codes).toContain(0x71);
  });

  test('a reader that hangs is silent; one without power is gone', async () => {
    const device = await startChafonCf({ id: 'cf-1', on: { kind: 'tcp' }, ...optionsOf([lying(BOOK)]) });
    cleanups.push(() => device.close());
    const hung = await drive(linkTo(device.link));
    await until(() => readsOf(hung.events).length > 0);
    device.hang();
    expect(await hung.ended).toMatchObject({ code: 'DRV_READER_SILENT' });
    device.resume();
    const again = await drive(linkTo(device.link));
    await until(() => readsOf(again.events).length > 0);
    await device.unplug();
    expect(await again.ended).toMatchObject({ code: 'DRV_LINK_LOST' });
  });

  test('two readers side by side never mix', async () => {
    const links = await Promise.all([
      onLine(optionsOf([lying(BOOK)]), inPieces(3)),
      onLine(optionsOf([lying(OTHER_BOOK)]), inPieces(4)),
    ]);
    const runs = await Promise.all(links.map((link) => drive(link)));
    await until(() => runs.every(({ events }) => readsOf(events).length > 3));
    expect(runs.map(({ events }) => epcsOf(events))).toEqual([new Set([BOOK]), new Set([OTHER_BOOK])]);
  });

  test('on a real serial line; the cable is pulled', async () => {
    const pair = await ptyPair(cleanups);
    const on = { kind: 'serial', path: pair.device, linkPath: pair.gateway } as const;
    const device = await startChafonCf({ id: 'cf-1', on, ...optionsOf([lying(BOOK)]) });
    cleanups.push(() => device.close());
    expect(device.link).toBe(`serial://${pair.gateway}?baud=115200`);
    const run = await drive(linkTo(device.link));
    await until(() => cyclesOf(run.events).length > 1);
    await pair.close();
    expect(['DRV_LINK_LOST', 'DRV_READER_SILENT']).toContain(((await run.ended) as { code: string }).code);
  });
});

describe('the memory of a tag before a Chafon CF reader', () => {
  const place = { epc: BOOK, bank: 3, firstWord: 0 } as const;

  test('is read and written, one tag among others; all are heard afterwards', async () => {
    const link = await onLine(optionsOf([lying(OTHER_BOOK), lying(BOOK, 1, { userBytes: 256 })]));
    const run = await drive(link);
    const data = Uint8Array.from({ length: 200 }, (_, i) => i);
    expect(await uhfAccess(run).writeWords(place, data)).toEqual({ ok: true, value: undefined });
    expect(await uhfAccess(run).readWords(place, 100)).toEqual({ ok: true, value: data });
    const other = await uhfAccess(run).readWords({ epc: OTHER_BOOK, bank: 2, firstWord: 0 }, 6);
    expect(other.ok && toHex(other.value)).toBe('E2801160600002054E17C1D9');
    await until(() => epcsOf(run.events).size === 2);
  });

  test.each([
    ['a tag that is not there', { ...place, epc: '300000000000000000000001' }, 'no-tag'],
    ['a place behind the memory', { ...place, firstWord: 31 }, 'no-such-block'],
    ['a wrong password', { ...place, password: Uint8Array.of(1, 1, 1, 1) }, 'wrong-password'],
    ['no password where one is wanted', { ...place, bank: 0, firstWord: 2 }, 'wrong-password'],
  ] as const)('%s', async (_name, where, code) => {
    const tag = lying(BOOK, 1, { accessPassword: '12345678', locks: { 0: 'password' } });
    const run = await drive(await onLine(optionsOf([tag])));
    expect(await uhfAccess(run).readWords(where, 2)).toMatchObject({ ok: false, error: { code } });
  });
});

describe('settings', () => {
  test.each([[{ missesMax: 20, answerTimeoutMs: 3000 }], [{ address: 256 }], [{ nonsense: 1 }]])(
    '%j is refused',
    (settings) => {
      expect(chafonCfSettings.safeParse(settings).success).toBe(false);
    },
  );

  test('the defaults stand', () => {
    expect(chafonCfSettings.safeParse({}).success).toBe(true);
  });
});
