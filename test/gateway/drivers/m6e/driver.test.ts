import { afterEach, describe, expect, test } from '@jest/globals';
import { encodeFrame } from '#contract/codec/m6e/frame.ts';
import { OPCODE, STATUS } from '#contract/codec/m6e/messages.table.ts';
import { fromHex, toHex } from '#contract/hex.ts';
import { m6eDriver } from '#gateway/drivers/m6e/driver.ts';
import { m6eSettings } from '#gateway/drivers/m6e/settings.ts';
import type { OpenLink } from '#gateway/links/link.ts';
import { newGen2Tag, type Gen2TagOptions } from '#sim/readers/gen2-tag.ts';
import { M6eModule } from '#sim/readers/m6e/module.ts';
import { startM6eReader } from '#sim/readers/m6e/reader.ts';
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

const BOOK = 'E28011700000020DFF28220000';
const OTHER_BOOK = '303400000000000000FF0022';
const FAST = {
  ...{ pollMs: 10, searchMs: 100, silentSearchesMax: 2, answerTimeoutMs: 150, accessTimeoutMs: 100, missesMax: 3 },
};
/** Where not a byte may be noise: an answer that a busy machine gives too late would be. */
const PATIENT = { answerTimeoutMs: 1500, silentSearchesMax: 10 };
const cleanups: Cleanups = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function lying(epc: string, antenna = 1, options: Partial<Gen2TagOptions> = {}): LyingTag {
  return { tag: newGen2Tag({ epc: epc.slice(0, 24), ...options }), rssiDbm: -52 - antenna, antenna };
}

const BOOK_EPC = BOOK.slice(0, 24);

function newModule(tags: readonly LyingTag[], dwellMs = 10): M6eModule {
  const module = new M6eModule({ air: tableAir(tags, 4), clock, dwellMs });
  cleanups.push(() => {
    module.stop();
  });
  return module;
}

const drive = (link: OpenLink, settings: object = {}, antennas: readonly number[] = [1]): Promise<LineRun> =>
  driveLine({ driver: m6eDriver, settings: { ...FAST, ...settings }, link, antennas }, cleanups);

const onLine = async (module: M6eModule, onto?: (bytes: Uint8Array) => readonly Uint8Array[]) =>
  (await overTcp(module.connect.bind(module), cleanups, onto)).openLink;

const inPieces = (pieceBytes: number) => (bytes: Uint8Array) =>
  Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, i) =>
    bytes.slice(i * pieceBytes, (i + 1) * pieceBytes),
  );

/** A record of the stream, not the end of a search. */
const isRecord = (bytes: Uint8Array): boolean => bytes[2] === OPCODE.readMultiple && bytes[3] === 0;

describe('a ThingMagic module behind a device server', () => {
  test.each([1, 6, 1000])(
    'in pieces of %s bytes: booted, each antenna with its tags, a cycle for each search',
    async (n) => {
      const module = newModule([lying(BOOK, 1), lying(OTHER_BOOK, 3)], 20);
      const { events, stop } = await drive(await onLine(module, inPieces(n)), PATIENT, [1, 3]);
      await until(() => cyclesOf(events).length >= 3);
      expect(cyclesOf(events)[0]?.antennas).toEqual([1, 3]);
      expect(readsOf(events).find(({ antenna }) => antenna === 1)).toMatchObject({
        count: 1,
        rssiDbm: -53,
        ids: { epc: BOOK_EPC, pc: '3000' },
      });
      expect(new Set(readsOf(events).map(({ antenna, ids }) => `${antenna} ${String(ids.epc)}`))).toEqual(
        new Set([`1 ${BOOK_EPC}`, `3 ${OTHER_BOOK}`]),
      );
      expect(vendorNamesOf(events)).toEqual([]);
      expect(await stop()).toBeUndefined();
      await until(() => !module.isReading);
    },
  );

  test('only what is set is sent', async () => {
    const module = newModule([]);
    const { stop } = await drive(await onLine(module));
    expect(module.setting(OPCODE.setRegion)).toBeUndefined();
    expect(module.setting(OPCODE.setReadPower)).toBeUndefined();
    expect(module.setting(OPCODE.setOptional)).toEqual(Uint8Array.of(1, 12, 0));
    await stop();
    await drive(await onLine(module), { region: 'europe', readPowerDbm: 27, writePowerDbm: 20 });
    expect(module.setting(OPCODE.setRegion)).toEqual(Uint8Array.of(8));
    expect(module.setting(OPCODE.setReadPower)).toEqual(Uint8Array.of(0x0a, 0x8c));
    expect(module.setting(OPCODE.setWritePower)).toEqual(Uint8Array.of(0x07, 0xd0));
  });

  test('an antenna that the module does not have is refused by name', async () => {
    const { ended } = await drive(await onLine(newModule([])), {}, [1, 9]);
    expect(await ended).toMatchObject({
      code: 'DRV_READER_REFUSED',
      message: expect.stringContaining('antennas 1, 9') as unknown,
    });
  });

  test('a stream that somebody else left running is stopped first', async () => {
    const module = newModule([lying(BOOK)]);
    const before = module.connect(() => undefined);
    before.feed(fromHex('FF 00 04 1D 0B') ?? new Uint8Array(0));
    before.feed(fromHex('FF 10 2F 00 00 01 22 00 00 05 07 22 10 00 1B 03 E8 01 FF DD 2B') ?? new Uint8Array(0));
    expect(module.isReading).toBe(true);
    const { events } = await drive(await onLine(module), {}, [2]);
    await until(() => cyclesOf(events).length > 1);
    expect(module.antennas).toEqual([2]);
  });

  test('a stream that ended is started again', async () => {
    const module = newModule([lying(BOOK)]);
    const { events } = await drive(await onLine(module));
    await until(() => readsOf(events).length > 0);
    module.stop();
    const before = readsOf(events).length;
    await until(() => readsOf(events).length > before + 3);
  });

  test('heat and a bad antenna are told once, and their searches are no cycles', async () => {
    const module = newModule([]);
    const { events } = await drive(await onLine(module));
    await until(() => cyclesOf(events).length > 0);
    module.complain(STATUS.temperature);
    module.complain(STATUS.temperature);
    module.complain(STATUS.returnLoss);
    await until(() => vendorNamesOf(events).includes('high-return-loss'));
    expect(vendorNamesOf(events)).toEqual(['over-temperature', 'high-return-loss']);
  });

  test('noise before and behind every frame costs nothing but itself', async () => {
    const noise = fromHex('00 FF 28 22 00 00 10 FF FF 13') ?? new Uint8Array(0);
    const { events } = await drive(await onLine(newModule([lying(BOOK)]), (bytes) => [noise, bytes, noise]));
    await until(() => readsOf(events).length > 20);
    expect(epcsOf(events)).toEqual(new Set([BOOK_EPC]));
    expect(vendorNamesOf(events)).toContain('line-noise');
  });

  test('a damaged record is never a tag', async () => {
    let count = 0;
    const link = await onLine(newModule([lying(BOOK)]), (bytes) => {
      count += isRecord(bytes) ? 1 : 0;
      if (!isRecord(bytes) || count % 3 !== 0) return [bytes];
      const damaged = bytes.slice();
      damaged[33] = (damaged[33] ?? 0) ^ 0x10;
      return [damaged];
    });
    const { events } = await drive(link);
    await until(() => readsOf(events).length > 20);
    expect(epcsOf(events)).toEqual(new Set([BOOK_EPC]));
  });

  test('a module that hangs is silent; one without power is gone, and comes back in its boot loader', async () => {
    const reader = await startM6eReader({
      ...{ id: 'm6e', on: { kind: 'tcp' }, air: tableAir([lying(BOOK)]), clock, dwellMs: 10 },
    });
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
    await reader.plug();
    const third = await drive(linkTo(reader.link));
    await until(() => readsOf(third.events).length > 0);
  });

  test('a line cut in the middle of a record: the torn tag is not told', async () => {
    const module = newModule([lying(BOOK)]);
    const peer = await startTcpPeer((socket) => {
      const session = module.connect((bytes) => {
        if (!isRecord(bytes)) socket.write(bytes);
        else {
          socket.write(bytes.slice(0, 40));
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
    await until(() => runs.every(({ events }) => readsOf(events).length > 20));
    expect(runs.map(({ events }) => epcsOf(events))).toEqual([new Set([BOOK_EPC]), new Set([OTHER_BOOK])]);
  });
});

describe('the memory of a tag before a ThingMagic module', () => {
  const password = Uint8Array.of(0x12, 0x34, 0x56, 0x78);
  const place = { epc: BOOK_EPC, bank: 3, firstWord: 0 } as const;

  const withTags = async (tags: readonly LyingTag[]): Promise<LineRun> =>
    drive(await onLine(newModule(tags)), {}, [1, 2]);

  test('is read and written at whatever antenna it lies, while the stream rests; then it goes on', async () => {
    const run = await withTags([lying(OTHER_BOOK, 1), lying(BOOK, 2, { userBytes: 200 })]);
    const access = uhfAccess(run);
    await until(() => readsOf(run.events).length > 0);
    const data = Uint8Array.from({ length: 160 }, (_, i) => i);
    expect(await access.writeWords(place, data)).toEqual({ ok: true, value: undefined });
    expect(await access.readWords({ ...place, firstWord: 1 }, 79)).toEqual({ ok: true, value: data.slice(2) });
    const epcOf = (epc: string) => access.readWords({ epc, bank: 1, firstWord: 2 }, 6);
    const answers = await Promise.all([BOOK_EPC, OTHER_BOOK, BOOK_EPC].map(epcOf));
    expect(answers.map((answer) => answer.ok && toHex(answer.value))).toEqual([BOOK_EPC, OTHER_BOOK, BOOK_EPC]);
    const before = cyclesOf(run.events).length;
    await until(() => cyclesOf(run.events).length > before + 1);
  });

  test.each([
    ['a tag that is not there', { ...place, epc: '300000000000000000000001' }, 'no-tag'],
    ['a place behind the memory', { ...place, firstWord: 31 }, 'no-such-block'],
    ['a wrong password', { ...place, password: Uint8Array.of(1, 1, 1, 1) }, 'wrong-password'],
    ['no password where one is wanted', { ...place, bank: 0, firstWord: 2 }, 'wrong-password'],
  ] as const)('%s', async (_name, where, code) => {
    const run = await withTags([lying(BOOK, 1, { accessPassword: '12345678', locks: { 0: 'password' } })]);
    expect(await uhfAccess(run).readWords(where, 2)).toMatchObject({ ok: false, error: { code } });
  });

  test('the right password opens what is locked, but not what is locked for good', async () => {
    const run = await withTags([
      lying(BOOK, 1, { accessPassword: '12345678', locks: { 0: 'password', 3: 'for-good' } }),
    ]);
    const access = uhfAccess(run);
    expect(await access.readWords({ ...place, bank: 0, firstWord: 2, password }, 2)).toEqual({
      ok: true,
      value: password,
    });
    const written = await access.writeWords({ ...place, password }, Uint8Array.of(1, 2));
    expect(written).toMatchObject({ ok: false, error: { code: 'locked' } });
  });

  test('what the module cannot do is told as such', async () => {
    const refusal = encodeFrame({ opcode: OPCODE.readMemory, status: STATUS.invalidOpcode, data: new Uint8Array(0) });
    const link = await onLine(newModule([lying(BOOK)]), (bytes) => [bytes[2] === OPCODE.readMemory ? refusal : bytes]);
    const answer = await uhfAccess(await drive(link)).readWords(place, 2);
    expect(answer).toMatchObject({ ok: false, error: { code: 'not-supported', detail: 'status 0101' } });
  });
});

describe('a ThingMagic module on a real serial line', () => {
  test('reads, cycles and memory at 115200 baud; the cable is pulled', async () => {
    const pair = await ptyPair(cleanups);
    const reader = await startM6eReader({
      ...{ id: 'm6e', on: { kind: 'serial', path: pair.device, linkPath: pair.gateway } },
      ...{ air: tableAir([lying(BOOK), lying(OTHER_BOOK)]), clock, dwellMs: 10 },
    });
    cleanups.push(() => reader.close());
    expect(reader.link).toBe(`serial://${pair.gateway}?baud=115200`);
    const run = await drive(linkTo(reader.link));
    await until(() => cyclesOf(run.events).length > 1 && readsOf(run.events).length > 10);
    const tid = await uhfAccess(run).readWords({ epc: BOOK_EPC, bank: 2, firstWord: 0 }, 6);
    expect(tid.ok && toHex(tid.value)).toBe('E2801160600002054E17C1D9');
    const told = readsOf(run.events).length;
    await until(() => readsOf(run.events).length > told);
    await pair.close();
    expect(['DRV_LINK_LOST', 'DRV_READER_SILENT']).toContain(((await run.ended) as { code: string }).code);
    expect(epcsOf(run.events)).toEqual(new Set([BOOK_EPC, OTHER_BOOK]));
  });
});

describe('settings', () => {
  test.each([
    [{ missesMax: 20, answerTimeoutMs: 3000 }],
    [{ region: 'moon' }],
    [{ readPowerDbm: 99 }],
    [{ nonsense: 1 }],
  ])('%j is refused', (settings) => {
    expect(m6eSettings.safeParse(settings).success).toBe(false);
  });
});
