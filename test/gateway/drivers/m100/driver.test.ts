import { afterEach, describe, expect, test } from '@jest/globals';
import { encodeFrame, TYPE } from '#contract/codec/m100/frame.ts';
import { COMMAND } from '#contract/codec/m100/messages.table.ts';
import { fromHex, toHex } from '#contract/hex.ts';
import { m100Driver } from '#gateway/drivers/m100/driver.ts';
import { m100Settings } from '#gateway/drivers/m100/settings.ts';
import type { OpenLink } from '#gateway/links/link.ts';
import { newGen2Tag, type Gen2TagOptions } from '#sim/readers/gen2-tag.ts';
import { M100Module } from '#sim/readers/m100/module.ts';
import { startM100Reader } from '#sim/readers/m100/reader.ts';
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
import { tableAir, type LyingTag } from '#test/firmware-sim/readers/fakes/table-air.ts';

const BOOK = 'E28011700000020DBB7E7EBB';
const OTHER_BOOK = '30340000000000000000BB01';
const FAST = { pollMs: 10, cycleMs: 100, silenceMs: 200, answerTimeoutMs: 100, accessTimeoutMs: 200, missesMax: 3 };
/** Where not a byte may be noise: an answer that a busy machine gives too late would be. */
const PATIENT = { answerTimeoutMs: 1500, silenceMs: 1500 };
const cleanups: Cleanups = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function lying(epc: string, rssiDbm = -55, options: Partial<Gen2TagOptions> = {}): LyingTag {
  return { tag: newGen2Tag({ epc, ...options }), rssiDbm };
}

function newModule(tags: readonly LyingTag[], pollMs = 5): M100Module {
  const module = new M100Module({ air: tableAir(tags), clock, pollMs });
  cleanups.push(() => {
    module.stop();
  });
  return module;
}

const drive = (link: OpenLink, settings: object = {}): Promise<LineRun> =>
  driveLine({ driver: m100Driver, settings: { ...FAST, ...settings }, link }, cleanups);

const onLine = async (module: M100Module, onto?: (bytes: Uint8Array) => readonly Uint8Array[]) =>
  (await overTcp(module.connect.bind(module), cleanups, onto)).openLink;

/** Bytes in pieces, as slow device servers give them. */
const inPieces = (pieceBytes: number) => (bytes: Uint8Array) =>
  Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, i) =>
    bytes.slice(i * pieceBytes, (i + 1) * pieceBytes),
  );

describe('an M100 module behind a device server', () => {
  test.each([1, 5, 1000])(
    'in pieces of %s bytes: tags with RSSI and PC, a cycle for the polls of its time',
    async (n) => {
      const module = newModule([lying(BOOK, -61), lying(OTHER_BOOK, -40)], 20);
      const { events, stop } = await drive(await onLine(module, inPieces(n)), PATIENT);
      await until(() => cyclesOf(events).length >= 3);
      expect(epcsOf(events)).toEqual(new Set([BOOK, OTHER_BOOK]));
      expect(readsOf(events).find(({ ids }) => ids.epc === BOOK)).toMatchObject({
        antenna: 1,
        count: 1,
        rssiDbm: -61,
        ids: { epc: BOOK, pc: '3000' },
      });
      expect(vendorNamesOf(events)).toEqual([]);
      expect(await stop()).toBeUndefined();
      await until(() => !module.isPolling);
    },
  );

  test('an empty field is a cycle without a tag', async () => {
    const { events } = await drive(await onLine(newModule([])));
    await until(() => cyclesOf(events).length >= 2);
    expect(readsOf(events)).toEqual([]);
  });

  test('only what is set is sent, and the polls are never narrowed by a Select', async () => {
    const module = newModule([]);
    const factory = [COMMAND.setRegion, COMMAND.setPower, COMMAND.setQuery].map((code) => module.setting(code));
    const { stop } = await drive(await onLine(module));
    expect([COMMAND.setRegion, COMMAND.setPower, COMMAND.setQuery].map((code) => module.setting(code))).toEqual(
      factory,
    );
    expect(module.setting(COMMAND.setHopping)).toBeUndefined();
    expect(module.setting(COMMAND.setSelectMode)).toEqual(Uint8Array.of(2));
    await stop();
    await drive(await onLine(module), { region: 'europe', powerDbm: 26, hopping: true, session: 1, q: 5 });
    expect(module.setting(COMMAND.setRegion)).toEqual(Uint8Array.of(3));
    expect(module.setting(COMMAND.setPower)).toEqual(Uint8Array.of(0x0a, 0x28));
    expect(module.setting(COMMAND.setHopping)).toEqual(Uint8Array.of(0xff));
    expect(module.setting(COMMAND.setQuery)).toEqual(Uint8Array.of(0x11, 0x28));
  });

  test('a setting that the module refuses is named', async () => {
    const refusal = encodeFrame({ type: TYPE.response, command: COMMAND.failed, parameters: Uint8Array.of(0x17) });
    const link = await overTcp(
      (reply) => ({
        feed: () => {
          reply(refusal);
        },
      }),
      cleanups,
    );
    await expect(drive(link.openLink, { powerDbm: 30 })).rejects.toMatchObject({
      code: 'DRV_READER_REFUSED',
      message: expect.stringContaining('powerDbm') as unknown,
    });
  });

  test('polls that somebody else left running are stopped first', async () => {
    const module = newModule([lying(BOOK)]);
    const before = module.connect(() => undefined);
    before.feed(fromHex('BB 00 27 00 03 22 FF FF 4A 7E') ?? new Uint8Array(0));
    expect(module.isPolling).toBe(true);
    const { events } = await drive(await onLine(module));
    await until(() => readsOf(events).length > 3);
  });

  test('polls that came to their end are started again', async () => {
    const module = newModule([lying(BOOK)]);
    const { events } = await drive(await onLine(module));
    await until(() => readsOf(events).length > 0);
    module.stop();
    const before = readsOf(events).length;
    await until(() => readsOf(events).length > before + 5);
  });

  test('single polls, one after the other', async () => {
    const module = newModule([lying(BOOK), lying(OTHER_BOOK)]);
    const { events } = await drive(await onLine(module), { polling: 'single' });
    await until(() => cyclesOf(events).length >= 2);
    expect(epcsOf(events)).toEqual(new Set([BOOK, OTHER_BOOK]));
    expect(module.isPolling).toBe(false);
  });

  test('noise before and behind every frame, false starts included, costs nothing but itself', async () => {
    const noise = fromHex('00 BB 7E BB 02 22 00 11 C9 FF BB 01') ?? new Uint8Array(0);
    const link = await onLine(newModule([lying(BOOK)]), (bytes) => [noise, bytes, noise]);
    const { events } = await drive(link);
    await until(() => readsOf(events).length > 20);
    expect(epcsOf(events)).toEqual(new Set([BOOK]));
    expect(vendorNamesOf(events)).toContain('line-noise');
  });

  test('a damaged frame is never a tag', async () => {
    let count = 0;
    const link = await onLine(newModule([lying(BOOK)]), (bytes) => {
      count += 1;
      if (count % 3 !== 0) return [bytes];
      const damaged = bytes.slice();
      damaged[10] = (damaged[10] ?? 0) ^ 0x01;
      return [damaged];
    });
    const { events } = await drive(link);
    await until(() => readsOf(events).length > 30);
    expect(epcsOf(events)).toEqual(new Set([BOOK]));
  });

  test('busy channels are told once and are no cycle', async () => {
    const busy = encodeFrame({ type: TYPE.response, command: COMMAND.failed, parameters: Uint8Array.of(0x20) });
    const module = newModule([lying(BOOK)]);
    let isBusy = false;
    const link = await onLine(module, (bytes) => [isBusy && bytes[1] === TYPE.notice ? busy : bytes]);
    const { events } = await drive(link);
    await until(() => readsOf(events).length > 0);
    isBusy = true;
    await until(() => vendorNamesOf(events).includes('no-free-channel'));
    const cycles = cyclesOf(events).length;
    // Another half a second of them.
    const untilMs = performance.now() + 500;
    await until(() => performance.now() > untilMs);
    expect(cyclesOf(events).length).toBeLessThanOrEqual(cycles + 1);
    expect(vendorNamesOf(events).filter((name) => name === 'no-free-channel')).toHaveLength(1);
  });

  test('a module that hangs is silent; one without power is gone', async () => {
    const options = { air: tableAir([lying(BOOK)]), clock, pollMs: 5 };
    const reader = await startM100Reader({ id: 'm100', on: { kind: 'tcp' }, ...options });
    cleanups.push(() => reader.close());
    const hung = await drive(linkTo(reader.link));
    await until(() => readsOf(hung.events).length > 0);
    reader.hang();
    expect(await hung.ended).toMatchObject({ code: 'DRV_READER_SILENT' });
    reader.resume();
    const again = await drive(linkTo(reader.link));
    await until(() => readsOf(again.events).length > 0);
    await reader.unplug();
    expect(await again.ended).toMatchObject({ code: 'DRV_LINK_LOST' });
    await expect(drive(linkTo(reader.link))).rejects.toMatchObject({ code: 'DRV_LINK_LOST' });
    await reader.plug();
    const third = await drive(linkTo(reader.link));
    await until(() => readsOf(third.events).length > 0);
  });

  test('a line cut in the middle of a frame: the torn tag is not told', async () => {
    const module = newModule([lying(BOOK)]);
    const peer = await startTcpPeer((socket) => {
      const session = module.connect((bytes) => {
        if (bytes[1] !== TYPE.notice) socket.write(bytes);
        else {
          socket.write(bytes.slice(0, 15));
          socket.end();
        }
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

  test('two modules side by side never mix', async () => {
    const [one, two] = [newModule([lying(BOOK)]), newModule([lying(OTHER_BOOK)])];
    const runs = await Promise.all([drive(await onLine(one, inPieces(3))), drive(await onLine(two, inPieces(4)))]);
    await until(() => runs.every(({ events }) => readsOf(events).length > 30));
    expect(runs.map(({ events }) => epcsOf(events))).toEqual([new Set([BOOK]), new Set([OTHER_BOOK])]);
  });
});

describe('the memory of a tag before an M100 module', () => {
  const password = Uint8Array.of(0x12, 0x34, 0x56, 0x78);
  const place = { epc: BOOK, bank: 3, firstWord: 0 } as const;

  async function withTags(tags: readonly LyingTag[]): Promise<LineRun> {
    return drive(await onLine(newModule(tags)));
  }

  test('is read and written, in pieces when it is long, while the polls rest; then they go on', async () => {
    const run = await withTags([lying(OTHER_BOOK), lying(BOOK, -50, { userBytes: 200 })]);
    const access = uhfAccess(run);
    await until(() => readsOf(run.events).length > 0);
    const data = Uint8Array.from({ length: 160 }, (_, i) => i);
    expect(await access.writeWords(place, data)).toEqual({ ok: true, value: undefined });
    expect(await access.readWords({ ...place, firstWord: 1 }, 79)).toEqual({ ok: true, value: data.slice(2) });
    expect(await access.readWords({ ...place, bank: 2 }, 6)).toMatchObject({ ok: true });
    const before = readsOf(run.events).length;
    await until(() => readsOf(run.events).length > before + 5);
  });

  test('works asked for at the same time wait for each other', async () => {
    const run = await withTags([lying(BOOK), lying(OTHER_BOOK)]);
    const access = uhfAccess(run);
    const epcOf = (epc: string) => access.readWords({ epc, bank: 1, firstWord: 2 }, 6);
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
    const tag = lying(BOOK, -50, { accessPassword: '12345678', locks: { 0: 'password' } });
    const run = await withTags([tag]);
    expect(await uhfAccess(run).readWords(where, 2)).toMatchObject({ ok: false, error: { code } });
  });

  test('the right password opens what is locked, but not what is locked for good', async () => {
    const run = await withTags([
      lying(BOOK, -50, { accessPassword: '12345678', locks: { 0: 'password', 3: 'for-good' } }),
    ]);
    const access = uhfAccess(run);
    const reserved = await access.readWords({ ...place, bank: 0, firstWord: 2, password }, 2);
    expect(reserved).toEqual({ ok: true, value: password });
    const written = await access.writeWords({ ...place, password }, Uint8Array.of(1, 2));
    expect(written).toMatchObject({ ok: false, error: { code: 'locked' } });
  });

  test('a tag that another one answers for is not there', async () => {
    const liar = newModule([lying(BOOK)]);
    const answer = fromHex('BB 01 39 00 13 0E 34 00 30 75 1F EB 70 5C 59 04 E3 D5 0D 70 12 34 56 78 B0 7E');
    const link = await onLine(liar, (bytes) => [
      bytes[2] === COMMAND.readMemory && answer !== undefined ? answer : bytes,
    ]);
    const run = await drive(link);
    expect(await uhfAccess(run).readWords(place, 2)).toMatchObject({ ok: false, error: { code: 'no-tag' } });
  });

  test('a module that no longer answers', async () => {
    const module = newModule([lying(BOOK)]);
    const link = await onLine(module, (bytes) => (bytes[2] === COMMAND.readMemory ? [] : [bytes]));
    const run = await drive(link);
    expect(await uhfAccess(run).readWords(place, 2)).toMatchObject({ ok: false, error: { code: 'unanswered' } });
    await until(() => readsOf(run.events).length > 3);
  });
});

describe('an M100 module on a real serial line', () => {
  test('reads, cycles and memory at 115200 baud; the cable is pulled', async () => {
    const pair = await ptyPair(cleanups);
    const reader = await startM100Reader({
      ...{ id: 'm100', on: { kind: 'serial', path: pair.device, linkPath: pair.gateway } },
      ...{ air: tableAir([lying(BOOK), lying(OTHER_BOOK)]), clock, pollMs: 5 },
    });
    cleanups.push(() => reader.close());
    expect(reader.link).toBe(`serial://${pair.gateway}?baud=115200`);
    const run = await drive(linkTo(reader.link));
    await until(() => cyclesOf(run.events).length > 1 && readsOf(run.events).length > 20);
    const tid = await uhfAccess(run).readWords({ epc: BOOK, bank: 2, firstWord: 0 }, 6);
    expect(tid.ok && toHex(tid.value)).toBe('E2801160600002054E17C1D9');
    const told = readsOf(run.events).length;
    await until(() => readsOf(run.events).length > told);
    await pair.close();
    expect(['DRV_LINK_LOST', 'DRV_READER_SILENT']).toContain(((await run.ended) as { code: string }).code);
    expect(epcsOf(run.events)).toEqual(new Set([BOOK, OTHER_BOOK]));
  });
});

describe('settings', () => {
  test.each([
    [{ missesMax: 20, answerTimeoutMs: 3000 }],
    [{ hopping: true, channel: 3 }],
    [{ session: 1 }],
    [{ powerDbm: 99 }],
    [{ nonsense: 1 }],
  ])('%j is refused', (settings) => {
    expect(m100Settings.safeParse(settings).success).toBe(false);
  });
});
