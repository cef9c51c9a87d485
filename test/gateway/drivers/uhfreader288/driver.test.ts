import { afterEach, describe, expect, test } from '@jest/globals';
import { FAMILY_288 } from '#contract/codec/uhfreader/family-288.table.ts';
import { encodeAnswer } from '#contract/codec/uhfreader/message.ts';
import { fromHex, toHex } from '#contract/hex.ts';
import { uhfreader288Driver } from '#gateway/drivers/uhfreader288/driver.ts';
import { uhfreader288Settings } from '#gateway/drivers/uhfreader288/settings.ts';
import type { OpenLink } from '#gateway/links/link.ts';
import { newGen2Tag, type Gen2TagOptions } from '#sim/readers/gen2-tag.ts';
import type { LineSession } from '#sim/readers/line-device.ts';
import { UhfreaderDevice } from '#sim/readers/uhfreader/device.ts';
import { Firmware288 } from '#sim/readers/uhfreader/firmware-288.ts';
import { startUhfreader288 } from '#sim/readers/uhfreader/reader.ts';
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
const FAST = { scanMs: 300, pollMs: 20, cycleMs: 200, answerTimeoutMs: 150, missesMax: 3 };
const ROUND_MS = 10;

const cleanups: Cleanups = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function lying(epc: string, rssiDbm = -55, options: Partial<Gen2TagOptions & LyingTag> = {}): LyingTag {
  const { antenna = 1, ...tag } = options;
  return { tag: newGen2Tag({ epc, ...tag }), rssiDbm, antenna };
}

type Connect = (reply: (bytes: Uint8Array) => void) => LineSession;

/** The reader without a line. */
function reader(tags: readonly LyingTag[], antennas = 1, plugged = antennas): { connect: Connect } {
  const firmware = new Firmware288({ air: tableAir(tags, plugged), clock, antennas, roundMs: ROUND_MS });
  const device = new UhfreaderDevice(firmware);
  return { connect: (reply) => device.connect(reply) };
}

interface DriveOptions {
  readonly antennas?: readonly number[];
  readonly settings?: object;
}

const drive = (link: OpenLink, { antennas = [1], settings = {} }: DriveOptions = {}): Promise<LineRun> =>
  driveLine({ driver: uhfreader288Driver, settings: { ...FAST, ...settings }, link, antennas }, cleanups);

const onLine = async (connect: Connect, onto?: (bytes: Uint8Array) => readonly Uint8Array[]): Promise<OpenLink> =>
  (await overTcp(connect, cleanups, onto)).openLink;

const inPieces = (pieceBytes: number) => (bytes: Uint8Array) =>
  Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, i) =>
    bytes.slice(i * pieceBytes, (i + 1) * pieceBytes),
  );

describe('a UHFReader288 in answer mode', () => {
  test.each([1, 7, 1000])(
    'in pieces of %s bytes: tags with signal strength, a cycle for each antenna in turn',
    async (n) => {
      const tags = [lying(BOOK, -61), lying(OTHER_BOOK, -40, { antenna: 2 })];
      const { events, stop } = await drive(await onLine(reader(tags, 4).connect, inPieces(n)), { antennas: [1, 2] });
      await until(() => cyclesOf(events).length >= 4);
      expect(await stop()).toBeUndefined();
      expect(
        cyclesOf(events)
          .slice(0, 4)
          .map(({ antennas }) => antennas),
      ).toEqual([[1], [2], [1], [2]]);
      const found = readsOf(events).map(
        ({ ids, antenna, rssiDbm }) => `${String(ids.epc)} ${antenna} ${String(rssiDbm)}`,
      );
      expect(new Set(found)).toEqual(new Set([`${BOOK} 1 -61`, `${OTHER_BOOK} 2 -40`]));
      expect(vendorNamesOf(events)).toEqual([]);
    },
  );

  test('more tags than a frame holds come in many frames, each tag once in its cycle', async () => {
    const tags = Array.from({ length: 30 }, (_, i) =>
      lying(`3034000000000000000000${(16 + i).toString(16).toUpperCase()}`),
    );
    const { events } = await drive(await onLine(reader(tags).connect));
    await until(() => cyclesOf(events).length >= 1);
    const first = events.slice(
      0,
      events.findIndex(({ kind }) => kind === 'cycle'),
    );
    expect(readsOf(first)).toHaveLength(30);
    expect(epcsOf(first).size).toBe(30);
  });

  test('an empty field is a cycle without a tag; without an offset no signal strength is told', async () => {
    const tags: LyingTag[] = [];
    const { events } = await drive(await onLine(reader(tags).connect), { settings: { rssiOffsetDb: null } });
    await until(() => cyclesOf(events).length >= 2);
    expect(readsOf(events)).toEqual([]);
    tags.push(lying(BOOK));
    await until(() => readsOf(events).length > 0);
    expect(readsOf(events)[0]).not.toHaveProperty('rssiDbm');
  });

  test('sixteen antennas are named by number', async () => {
    const tags = [lying(BOOK, -50, { antenna: 16 }), lying(OTHER_BOOK, -50, { antenna: 3 })];
    const { events } = await drive(await onLine(reader(tags, 16).connect), { antennas: [3, 16] });
    await until(() => cyclesOf(events).length >= 2);
    expect(new Set(readsOf(events).map(({ ids, antenna }) => `${String(ids.epc)} ${antenna}`))).toEqual(
      new Set([`${BOOK} 16`, `${OTHER_BOOK} 3`]),
    );
  });

  test('an antenna that is not plugged in is down, and no cycle; the others go on', async () => {
    const { events } = await drive(await onLine(reader([lying(BOOK)], 4, 1).connect), { antennas: [1, 2] });
    await until(() => cyclesOf(events).length >= 3);
    expect(cyclesOf(events).every(({ antennas }) => antennas[0] === 1)).toBe(true);
    expect(events.filter(({ kind }) => kind === 'antenna')).toEqual([
      expect.objectContaining({ kind: 'antenna', antenna: 2, up: false }),
    ]);
  });

  test('an antenna that the reader does not have is named', async () => {
    const { ended } = await drive(await onLine(reader([], 4).connect), { antennas: [7] });
    expect(await ended).toMatchObject({
      code: 'DRV_READER_REFUSED',
      message: expect.stringContaining('antenna 7') as unknown,
    });
  });

  test('the frame of another antenna, come late, is not of this one', async () => {
    const late = encodeAnswer(FAMILY_288, 0, {
      ...{ kind: 'inventory', status: 3, ant: 0x01 },
      tags: [{ epc: OTHER_BOOK, rssi: 70 }],
    });
    const link = await onLine(reader([lying(BOOK, -50, { antenna: 2 })], 2).connect, (bytes) =>
      bytes[2] === 0x01 && bytes[4] === 0x02 ? [late, bytes] : [bytes],
    );
    const { events } = await drive(link, { antennas: [2] });
    await until(() => cyclesOf(events).length >= 3);
    expect(epcsOf(events)).toEqual(new Set([BOOK]));
    expect(vendorNamesOf(events)).toContain('line-noise');
  });

  test('noise before and behind every frame, false starts included, costs nothing but itself', async () => {
    const noise = fromHex('FF 00 05 00 01 15 00 01 FE 03') ?? new Uint8Array(0);
    const link = await onLine(reader([lying(BOOK)]).connect, (bytes) => [noise, bytes, noise]);
    const { events } = await drive(link, { settings: { answerTimeoutMs: 500, quietMs: 40 } });
    await until(() => readsOf(events).length > 10);
    expect(epcsOf(events)).toEqual(new Set([BOOK]));
    expect(vendorNamesOf(events)).toContain('line-noise');
  });

  test('a byte of noise is told from a length at once: the frame behind it is not lost', async () => {
    const link = await onLine(reader([lying(BOOK)]).connect, (bytes) => [Uint8Array.of(0xff), bytes]);
    const startedMs = performance.now();
    const { events } = await drive(link, { settings: { answerTimeoutMs: 2000, missesMax: 3 } });
    await until(() => cyclesOf(events).length >= 3);
    // A lost frame would cost the two seconds.
    expect(performance.now() - startedMs).toBeLessThan(1500);
  });

  test('a damaged frame is never a tag', async () => {
    let count = 0;
    const link = await onLine(reader([lying(BOOK)]).connect, (bytes) => {
      count += 1;
      if (count % 3 !== 0) return [bytes];
      const damaged = bytes.slice();
      damaged[10] = (damaged[10] ?? 0) ^ 0x01;
      return [damaged];
    });
    const { events } = await drive(link, { settings: { missesMax: 6 } });
    await until(() => readsOf(events).length > 5);
    expect(epcsOf(events)).toEqual(new Set([BOOK]));
  });

  test('only a setting that differs is written', async () => {
    const written: number[] = [];
    const { connect } = reader([], 4);
    const link = await onLine((reply) => {
      const session = connect(reply);
      return {
        feed: (chunk) => {
          written.push(chunk[2] ?? 0);
          session.feed(chunk);
        },
        close: () => session.close?.(),
      };
    });
    const first = await drive(link, { antennas: [1, 2, 3, 4], settings: { powerDbm: 30 } });
    await until(() => cyclesOf(first.events).length > 0);
    await first.stop();
    expect(written).not.toContain(0x2f);
    expect(written).not.toContain(0x3f);
    const second = await drive(link, { antennas: [1, 2], settings: { powerDbm: 20 } });
    await until(() => cyclesOf(second.events).length > 0);
    expect(written).toEqual(expect.arrayContaining([0x2f, 0x3f]));
  });

  test('a power that the reader does not take is refused', async () => {
    await expect(drive(await onLine(reader([]).connect), { settings: { powerDbm: 33 } })).rejects.toMatchObject({
      code: 'DRV_READER_REFUSED',
      message: expect.stringContaining('set-power') as unknown,
    });
  });

  test('a reader that hangs is silent; one without power is gone', async () => {
    const options = { air: tableAir([lying(BOOK)]), clock, antennas: 1, roundMs: ROUND_MS };
    const device = await startUhfreader288({ id: 'uhf-1', on: { kind: 'tcp' }, ...options });
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
    const { connect } = reader([lying(BOOK)]);
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

  test('two readers side by side never mix', async () => {
    const links = await Promise.all([
      onLine(reader([lying(BOOK)]).connect, inPieces(3)),
      onLine(reader([lying(OTHER_BOOK)]).connect, inPieces(4)),
    ]);
    const runs = await Promise.all(links.map((link) => drive(link)));
    await until(() => runs.every(({ events }) => readsOf(events).length > 10));
    expect(runs.map(({ events }) => epcsOf(events))).toEqual([new Set([BOOK]), new Set([OTHER_BOOK])]);
  });

  test('the answer of another address on the line is not ours', async () => {
    const foreign = encodeAnswer(FAMILY_288, 7, {
      ...{ kind: 'inventory', status: 1, ant: 0x01 },
      tags: [{ epc: OTHER_BOOK, rssi: 70 }],
    });
    const link = await onLine(reader([lying(BOOK)]).connect, (bytes) => [foreign, bytes]);
    const { events } = await drive(link);
    await until(() => cyclesOf(events).length >= 3);
    expect(epcsOf(events)).toEqual(new Set([BOOK]));
  });
});

describe('a UHFReader288 in real-time mode', () => {
  const settings = { mode: 'real-time' };

  async function start(tags: readonly LyingTag[], antennas = 2) {
    const options = { air: tableAir(tags, antennas), clock, antennas, roundMs: ROUND_MS };
    const device = await startUhfreader288({ id: 'uhf-1', on: { kind: 'tcp' }, ...options });
    cleanups.push(() => device.close());
    return device;
  }

  test('tags are told as they are heard, with their antenna; a cycle of all antennas each time it answers', async () => {
    const device = await start([lying(BOOK, -61), lying(OTHER_BOOK, -40, { antenna: 2 })]);
    const { events } = await drive(linkTo(device.link), { antennas: [1, 2], settings });
    await until(() => cyclesOf(events).length >= 2 && readsOf(events).length > 10);
    expect(cyclesOf(events)[0]).toMatchObject({ antennas: [1, 2] });
    const found = readsOf(events).map(
      ({ ids, antenna, rssiDbm }) => `${String(ids.epc)} ${antenna} ${String(rssiDbm)}`,
    );
    expect(new Set(found)).toEqual(new Set([`${BOOK} 1 -61`, `${OTHER_BOOK} 2 -40`]));
    expect(vendorNamesOf(events)).toEqual([]);
  });

  test('single tags are worked on in between, then it goes on', async () => {
    const device = await start([lying(BOOK)], 1);
    const run = await drive(linkTo(device.link), { settings });
    await until(() => readsOf(run.events).length > 0);
    const place = { epc: BOOK, bank: 3, firstWord: 0 } as const;
    expect(await uhfAccess(run).writeWords(place, Uint8Array.of(1, 2, 3, 4))).toEqual({ ok: true, value: undefined });
    expect(await uhfAccess(run).readWords(place, 2)).toEqual({ ok: true, value: Uint8Array.of(1, 2, 3, 4) });
    const before = readsOf(run.events).length;
    await until(() => readsOf(run.events).length > before + 5);
  });

  test('a reader left in it is taken out of it for answer mode', async () => {
    const device = await start([lying(BOOK)], 1);
    const first = await drive(linkTo(device.link), { settings });
    await until(() => readsOf(first.events).length > 0);
    await device.unplug();
    await first.ended;
    await device.plug();
    const second = await drive(linkTo(device.link));
    await until(() => cyclesOf(second.events).length >= 3);
    expect(epcsOf(second.events)).toEqual(new Set([BOOK]));
  });

  test('a reader that falls silent is dead, however many tags it told', async () => {
    const device = await start([lying(BOOK)], 1);
    const { events, ended } = await drive(linkTo(device.link), { settings });
    await until(() => readsOf(events).length > 0);
    device.hang();
    expect(await ended).toMatchObject({ code: 'DRV_READER_SILENT' });
  });

  test('a reader that left the mode by itself is opened anew', async () => {
    const { connect } = reader([]);
    const left = fromHex('05 00 76 00') ?? new Uint8Array(0);
    let steal: ((chunk: Uint8Array) => void) | undefined;
    const link = await onLine((reply) => {
      const session = connect(reply);
      steal = (chunk) => {
        session.feed(chunk);
      };
      return session;
    });
    const { events, ended } = await drive(link, { settings });
    await until(() => cyclesOf(events).length > 0);
    steal?.(Uint8Array.of(...left, 0x62, 0xc9));
    expect(await ended).toMatchObject({
      code: 'DRV_READER_SILENT',
      message: expect.stringContaining('real-time') as unknown,
    });
  });
});

describe('the memory of a tag before a UHFReader288', () => {
  const password = Uint8Array.of(0x12, 0x34, 0x56, 0x78);
  const place = { epc: BOOK, bank: 3, firstWord: 0 } as const;

  const withTags = async (tags: readonly LyingTag[]): Promise<LineRun> => drive(await onLine(reader(tags).connect));

  test('is read and written, in pieces when it is long', async () => {
    const run = await withTags([lying(OTHER_BOOK), lying(BOOK, -50, { userBytes: 800 })]);
    const access = uhfAccess(run);
    const data = Uint8Array.from({ length: 620 }, (_, i) => i % 251);
    expect(await access.writeWords(place, data)).toEqual({ ok: true, value: undefined });
    expect(await access.readWords({ ...place, firstWord: 1 }, 309)).toEqual({ ok: true, value: data.slice(2) });
    expect(await access.readWords({ ...place, bank: 2 }, 6)).toMatchObject({ ok: true });
  });

  test('behind word 255 it takes the extended commands', async () => {
    const run = await withTags([lying(BOOK, -50, { userBytes: 800 })]);
    const far = { ...place, firstWord: 300 };
    expect(await uhfAccess(run).writeWords(far, Uint8Array.of(9, 8))).toEqual({ ok: true, value: undefined });
    expect(await uhfAccess(run).readWords(far, 1)).toEqual({ ok: true, value: Uint8Array.of(9, 8) });
  });

  test('works asked for at the same time wait for each other', async () => {
    const run = await withTags([lying(BOOK), lying(OTHER_BOOK)]);
    const epcOf = (epc: string) => uhfAccess(run).readWords({ epc, bank: 1, firstWord: 2 }, 6);
    const answers = await Promise.all([BOOK, OTHER_BOOK, BOOK, OTHER_BOOK].map(epcOf));
    expect(answers.map((answer) => answer.ok && toHex(answer.value))).toEqual([BOOK, OTHER_BOOK, BOOK, OTHER_BOOK]);
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
    ['a wrong password', { ...place, password: Uint8Array.of(1, 1, 1, 1) }, 'wrong-password'],
    ['no password where one is wanted', { ...place, bank: 0, firstWord: 2 }, 'wrong-password'],
  ] as const)('%s', async (_name, where, code) => {
    const run = await withTags([lying(BOOK, -50, { accessPassword: '12345678', locks: { 0: 'password' } })]);
    expect(await uhfAccess(run).readWords(where, 2)).toMatchObject({ ok: false, error: { code } });
  });

  test('the right password opens what is locked, but not what is locked for good', async () => {
    const run = await withTags([
      lying(BOOK, -50, { accessPassword: '12345678', locks: { 0: 'password', 3: 'for-good' } }),
    ]);
    const access = uhfAccess(run);
    expect(await access.readWords({ ...place, bank: 0, firstWord: 2, password }, 2)).toEqual({
      ok: true,
      value: password,
    });
    const written = await access.writeWords({ ...place, password }, Uint8Array.of(1, 2));
    expect(written).toMatchObject({ ok: false, error: { code: 'locked' } });
  });

  test('a reader that no longer answers', async () => {
    const link = await onLine(reader([lying(BOOK)]).connect, (bytes) => (bytes[2] === 0x02 ? [] : [bytes]));
    const run = await drive(link);
    expect(await uhfAccess(run).readWords(place, 2)).toMatchObject({ ok: false, error: { code: 'unanswered' } });
    await until(() => readsOf(run.events).length > 3);
  });
});

describe('a UHFReader288 on a real serial line', () => {
  test.each(['answer', 'real-time'])('%s mode at 57600 baud; the cable is pulled', async (mode) => {
    const pair = await ptyPair(cleanups);
    const device = await startUhfreader288({
      ...{ id: 'uhf-1', on: { kind: 'serial', path: pair.device, linkPath: pair.gateway } },
      ...{ air: tableAir([lying(BOOK), lying(OTHER_BOOK)]), clock, antennas: 1, roundMs: ROUND_MS },
    });
    cleanups.push(() => device.close());
    expect(device.link).toBe(`serial://${pair.gateway}?baud=57600`);
    const run = await drive(linkTo(device.link), { settings: { mode } });
    await until(() => cyclesOf(run.events).length > 1 && readsOf(run.events).length > 6);
    const tid = await uhfAccess(run).readWords({ epc: BOOK, bank: 2, firstWord: 0 }, 6);
    expect(tid.ok && toHex(tid.value)).toBe('E2801160600002054E17C1D9');
    await pair.close();
    expect(['DRV_LINK_LOST', 'DRV_READER_SILENT']).toContain(((await run.ended) as { code: string }).code);
    expect(epcsOf(run.events)).toEqual(new Set([BOOK, OTHER_BOOK]));
  });
});

describe('settings', () => {
  test.each([
    [{ missesMax: 20, answerTimeoutMs: 3000 }],
    [{ scanMs: 350 }],
    [{ scanMs: 200 }],
    [{ address: 256 }],
    [{ mode: 'trigger' }],
    [{ nonsense: 1 }],
  ])('%j is refused', (settings) => {
    expect(uhfreader288Settings.safeParse(settings).success).toBe(false);
  });

  test('the defaults stand', () => {
    expect(uhfreader288Settings.safeParse({}).success).toBe(true);
  });
});
