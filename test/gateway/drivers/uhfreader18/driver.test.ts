import { afterEach, describe, expect, test } from '@jest/globals';
import { FAMILY_18 } from '#contract/codec/uhfreader/family-18.table.ts';
import { encodeAnswer, encodeCommand } from '#contract/codec/uhfreader/message.ts';
import { fromHex, toHex } from '#contract/hex.ts';
import { uhfreader18Driver } from '#gateway/drivers/uhfreader18/driver.ts';
import { uhfreader18Settings } from '#gateway/drivers/uhfreader18/settings.ts';
import type { OpenLink } from '#gateway/links/link.ts';
import { newGen2Tag, type Gen2TagOptions } from '#sim/readers/gen2-tag.ts';
import type { LineSession } from '#sim/readers/line-device.ts';
import { UhfreaderDevice } from '#sim/readers/uhfreader/device.ts';
import { Firmware18 } from '#sim/readers/uhfreader/firmware-18.ts';
import { startUhfreader18 } from '#sim/readers/uhfreader/reader.ts';
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
import { startTcpPeer } from '#test/gateway/fakes/tcp-peer.ts';
import { clock, until } from '#test/gateway/fakes/world.ts';

const BOOK = 'E28011700000020DBB7E7EBB';
const OTHER_BOOK = '30340000000000000000BB01';
const FAST = { scanMs: 300, pollMs: 20, answerTimeoutMs: 150, missesMax: 3 };
const ROUND_MS = 10;

const cleanups: Cleanups = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function lying(epc: string, options: Partial<Gen2TagOptions> = {}): LyingTag {
  return { tag: newGen2Tag({ epc, ...options }), rssiDbm: -55 };
}

type Connect = (reply: (bytes: Uint8Array) => void) => LineSession;

/** The reader without a line. */
function reader(tags: readonly LyingTag[], address = 0): Connect {
  const device = new UhfreaderDevice(new Firmware18({ air: tableAir(tags), clock, address, roundMs: ROUND_MS }));
  return (reply) => device.connect(reply);
}

/** The codes of the commands that came, too. */
function watched(connect: Connect, codes: number[]): Connect {
  return (reply) => {
    const session = connect(reply);
    return {
      feed: (chunk) => {
        codes.push(chunk[2] ?? 0);
        session.feed(chunk);
      },
      close: () => session.close?.(),
    };
  };
}

const drive = (link: OpenLink, settings: object = {}): Promise<LineRun> =>
  driveLine({ driver: uhfreader18Driver, settings: { ...FAST, ...settings }, link }, cleanups);

const onLine = async (connect: Connect, onto?: (bytes: Uint8Array) => readonly Uint8Array[]): Promise<OpenLink> =>
  (await overTcp(connect, cleanups, onto)).openLink;

const inPieces = (pieceBytes: number) => (bytes: Uint8Array) =>
  Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, i) =>
    bytes.slice(i * pieceBytes, (i + 1) * pieceBytes),
  );

describe('a UHFReader18', () => {
  test.each([1, 7, 1000])('in pieces of %s bytes: tags without signal strength, a cycle each time', async (n) => {
    const { events, stop } = await drive(await onLine(reader([lying(BOOK), lying(OTHER_BOOK)]), inPieces(n)));
    await until(() => cyclesOf(events).length >= 3);
    expect(await stop()).toBeUndefined();
    expect(epcsOf(events)).toEqual(new Set([BOOK, OTHER_BOOK]));
    expect(readsOf(events)[0]).toMatchObject({ antenna: 1, count: 1 });
    expect(readsOf(events)[0]).not.toHaveProperty('rssiDbm');
    expect(cyclesOf(events)[0]).toMatchObject({ antennas: [1] });
    expect(vendorNamesOf(events)).toEqual([]);
  });

  test('more tags than a frame holds come in many frames, each tag once in its cycle', async () => {
    const tags = Array.from({ length: 20 }, (_, i) =>
      lying(`3034000000000000000000${(16 + i).toString(16).toUpperCase()}`),
    );
    const { events } = await drive(await onLine(reader(tags)));
    await until(() => cyclesOf(events).length >= 1);
    const first = events.slice(
      0,
      events.findIndex(({ kind }) => kind === 'cycle'),
    );
    expect(readsOf(first)).toHaveLength(20);
    expect(epcsOf(first).size).toBe(20);
  });

  test('an empty field is a cycle without a tag', async () => {
    const { events } = await drive(await onLine(reader([])));
    await until(() => cyclesOf(events).length >= 2);
    expect(readsOf(events)).toEqual([]);
  });

  test('a reader that pushes tags is set to be asked, and told nothing else', async () => {
    const codes: number[] = [];
    const connect = reader([lying(BOOK)]);
    const scanning = { readMode: 1, modeState: 3, memInven: 4, firstAdr: 2, wordNum: 6, tagTime: 5 };
    connect(() => undefined).feed(encodeCommand(FAMILY_18, 0, { kind: 'set-work-mode', ...scanning }));
    const pushed = encodeAnswer(FAMILY_18, 0, { kind: 'pushed', status: 0, data: OTHER_BOOK });
    const link = await onLine(watched(connect, codes), (bytes) => [pushed, bytes]);
    const { events, stop } = await drive(link);
    await until(() => cyclesOf(events).length >= 2);
    expect(codes.filter((code) => code === 0x35)).toHaveLength(1);
    expect(epcsOf(events)).toEqual(new Set([BOOK]));
    expect(vendorNamesOf(events)).toEqual([]);
    await stop();
    const answers: string[] = [];
    const session = connect((bytes) => answers.push(toHex(bytes)));
    // The last inventory may still run, and the reader is deaf meanwhile.
    await until(() => {
      if (answers.length === 0) session.feed(encodeCommand(FAMILY_18, 0, { kind: 'work-mode' }));
      return answers.length > 0;
    });
    session.close?.();
    // Mode 0, the rest as it was.
    expect(answers[0]).toContain('000304020605');
  });

  test('only a setting that differs is written', async () => {
    const codes: number[] = [];
    const link = await onLine(watched(reader([]), codes));
    const first = await drive(link, { scanMs: 1000, powerDbm: 30 });
    await until(() => cyclesOf(first.events).length > 0);
    await first.stop();
    expect(codes).not.toContain(0x25);
    expect(codes).not.toContain(0x2f);
    const second = await drive(link, { scanMs: 400, powerDbm: 20 });
    await until(() => cyclesOf(second.events).length > 0);
    expect(codes).toEqual(expect.arrayContaining([0x25, 0x2f]));
  });

  test('a setting that the reader does not take is refused', async () => {
    const refusal = encodeAnswer(FAMILY_18, 0, { kind: 'status', command: 0x2f, status: 0xff });
    const link = await onLine(reader([]), (bytes) => [bytes[2] === 0x2f ? refusal : bytes]);
    await expect(drive(link, { powerDbm: 20 })).rejects.toMatchObject({
      code: 'DRV_READER_REFUSED',
      message: expect.stringContaining('set-power') as unknown,
    });
  });

  test('an inventory that the reader does not take is refused; one that failed is told', async () => {
    const as = (status: number) => encodeAnswer(FAMILY_18, 0, { kind: 'status', command: 0x01, status });
    const refused = await onLine(reader([]), (bytes) => [bytes[2] === 0x01 ? as(0xfd) : bytes]);
    expect(await (await drive(refused)).ended).toMatchObject({ code: 'DRV_READER_REFUSED' });
    const failed = await onLine(reader([]), (bytes) => [bytes[2] === 0x01 ? as(0xf9) : bytes]);
    const { events } = await drive(failed);
    await until(() => vendorNamesOf(events).includes('inventory-failed'));
    expect(cyclesOf(events)).toEqual([]);
  });

  test('noise before and behind every frame, false starts included, costs nothing but itself', async () => {
    const noise = fromHex('FF 00 05 00 01 15 00 01 FE 03') ?? new Uint8Array(0);
    const link = await onLine(reader([lying(BOOK)]), (bytes) => [noise, bytes, noise]);
    const { events } = await drive(link, { answerTimeoutMs: 500, quietMs: 40 });
    await until(() => readsOf(events).length > 5);
    expect(epcsOf(events)).toEqual(new Set([BOOK]));
    expect(vendorNamesOf(events)).toContain('line-noise');
  });

  test('a damaged frame is never a tag', async () => {
    let count = 0;
    const link = await onLine(reader([lying(BOOK)]), (bytes) => {
      count += 1;
      if (count % 3 !== 0) return [bytes];
      const damaged = bytes.slice();
      damaged[10] = (damaged[10] ?? 0) ^ 0x01;
      return [damaged];
    });
    const { events } = await drive(link, { missesMax: 6 });
    await until(() => readsOf(events).length > 4);
    expect(epcsOf(events)).toEqual(new Set([BOOK]));
  });

  test('a reader that hangs is silent; one without power is gone', async () => {
    const options = { air: tableAir([lying(BOOK)]), clock, roundMs: ROUND_MS };
    const device = await startUhfreader18({ id: 'uhf-1', on: { kind: 'tcp' }, ...options });
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
    await device.plug();
    const third = await drive(linkTo(device.link));
    await until(() => readsOf(third.events).length > 0);
  });

  test('a line cut in the middle of a frame: the torn tag is not told', async () => {
    const connect = reader([lying(BOOK)]);
    const peer = await startTcpPeer((socket) => {
      const session = connect((bytes) => {
        if (bytes[2] !== 0x01) socket.write(bytes);
        else socket.end(bytes.slice(0, 15));
      });
      socket.on('data', (chunk: Uint8Array) => {
        session.feed(new Uint8Array(chunk));
      });
      socket.once('close', () => session.close?.());
    });
    cleanups.push(() => peer.close());
    const { events, ended } = await drive(peer.openLink);
    expect(await ended).toMatchObject({ code: 'DRV_LINK_LOST' });
    expect(readsOf(events)).toEqual([]);
  });

  test('two readers side by side never mix, nor two addresses on one line', async () => {
    const foreign = encodeAnswer(FAMILY_18, 7, { kind: 'inventory', status: 1, epcs: ['AABBCCDD'] });
    const links = await Promise.all([
      onLine(reader([lying(BOOK)], 3), (bytes) => [foreign, ...inPieces(5)(bytes)]),
      onLine(reader([lying(OTHER_BOOK)]), inPieces(4)),
    ]);
    const runs = await Promise.all(links.map((link, i) => drive(link, { address: i === 0 ? 3 : 0 })));
    await until(() => runs.every(({ events }) => readsOf(events).length > 5));
    expect(runs.map(({ events }) => epcsOf(events))).toEqual([new Set([BOOK]), new Set([OTHER_BOOK])]);
  });

  test('on a real serial line at 57600 baud; the cable is pulled', async () => {
    const pair = await ptyPair(cleanups);
    const on = { kind: 'serial', path: pair.device, linkPath: pair.gateway } as const;
    const air = tableAir([lying(BOOK), lying(OTHER_BOOK)]);
    const device = await startUhfreader18({ id: 'uhf-1', on, air, clock, roundMs: ROUND_MS });
    cleanups.push(() => device.close());
    expect(device.link).toBe(`serial://${pair.gateway}?baud=57600`);
    const run = await drive(linkTo(device.link));
    await until(() => cyclesOf(run.events).length > 1);
    const tid = await uhfAccess(run).readWords({ epc: BOOK, bank: 2, firstWord: 0 }, 6);
    expect(tid.ok && toHex(tid.value)).toBe('E2801160600002054E17C1D9');
    await pair.close();
    expect(['DRV_LINK_LOST', 'DRV_READER_SILENT']).toContain(((await run.ended) as { code: string }).code);
    expect(epcsOf(run.events)).toEqual(new Set([BOOK, OTHER_BOOK]));
  });
});

describe('the memory of a tag before a UHFReader18', () => {
  const place = { epc: BOOK, bank: 3, firstWord: 0 } as const;
  const withTags = async (tags: readonly LyingTag[]): Promise<LineRun> => drive(await onLine(reader(tags)));

  test('is read and written, in pieces when it is long; no command is longer than the reader takes', async () => {
    const lengths: number[] = [];
    const connect = reader([lying(OTHER_BOOK), lying(BOOK, { userBytes: 512 })]);
    const link = await onLine((reply) => {
      const session = connect(reply);
      return {
        feed: (chunk) => {
          lengths.push(chunk[0] ?? 0);
          session.feed(chunk);
        },
        close: () => session.close?.(),
      };
    });
    const access = uhfAccess(await drive(link));
    const data = Uint8Array.from({ length: 400 }, (_, i) => i % 251);
    expect(await access.writeWords(place, data)).toEqual({ ok: true, value: undefined });
    expect(await access.readWords({ ...place, firstWord: 1 }, 199)).toEqual({ ok: true, value: data.slice(2) });
    expect(Math.max(...lengths)).toBeLessThanOrEqual(96);
  });

  test('a new EPC is heard from then on', async () => {
    const run = await withTags([lying(BOOK)]);
    const newEpc = '3034ABCDEF00112233445566';
    await uhfAccess(run).writeWords({ epc: BOOK, bank: 1, firstWord: 2 }, fromHex(newEpc) ?? new Uint8Array(0));
    await until(() => epcsOf(run.events).has(newEpc));
  });

  test.each([
    ['a tag that is not there', { ...place, epc: '300000000000000000000001' }, 'no-tag'],
    ['a place behind the memory', { ...place, firstWord: 31 }, 'no-such-block'],
    ['a place behind word 255', { ...place, firstWord: 256 }, 'not-supported'],
    ['an EPC longer than the reader takes', { ...place, epc: 'AB'.repeat(32) }, 'not-supported'],
    ['a wrong password', { ...place, password: Uint8Array.of(1, 1, 1, 1) }, 'wrong-password'],
    ['no password where one is wanted', { ...place, bank: 0, firstWord: 2 }, 'wrong-password'],
  ] as const)('%s', async (_name, where, code) => {
    const run = await withTags([lying(BOOK, { accessPassword: '12345678', locks: { 0: 'password' } })]);
    expect(await uhfAccess(run).readWords(where, 2)).toMatchObject({ ok: false, error: { code } });
  });

  test('the right password opens what is locked, but not what is locked for good', async () => {
    const password = Uint8Array.of(0x12, 0x34, 0x56, 0x78);
    const run = await withTags([lying(BOOK, { accessPassword: '12345678', locks: { 0: 'password', 3: 'for-good' } })]);
    const access = uhfAccess(run);
    const read = await access.readWords({ ...place, bank: 0, firstWord: 2, password }, 2);
    expect(read).toEqual({ ok: true, value: password });
    const written = await access.writeWords({ ...place, password }, Uint8Array.of(1, 2));
    expect(written).toMatchObject({ ok: false, error: { code: 'locked' } });
  });

  test('a reader that no longer answers', async () => {
    const run = await drive(await onLine(reader([lying(BOOK)]), (bytes) => (bytes[2] === 0x02 ? [] : [bytes])));
    expect(await uhfAccess(run).readWords(place, 2)).toMatchObject({ ok: false, error: { code: 'unanswered' } });
  });
});

describe('settings', () => {
  test.each([[{ missesMax: 20, answerTimeoutMs: 3000 }], [{ scanMs: 350 }], [{ address: 256 }], [{ nonsense: 1 }]])(
    '%j is refused',
    (settings) => {
      expect(uhfreader18Settings.safeParse(settings).success).toBe(false);
    },
  );

  test('the defaults stand', () => {
    expect(uhfreader18Settings.safeParse({}).success).toBe(true);
  });
});
