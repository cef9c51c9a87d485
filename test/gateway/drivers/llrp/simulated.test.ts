/** The driver against the simulated reader: what readers on the market differ in, memory, commands, faults, links. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { fromHex, toHex } from '#contract/hex.ts';
import type { OpenReader } from '#gateway/drivers/driver.ts';
import { llrpDriver } from '#gateway/drivers/llrp/driver.ts';
import { llrpSettings } from '#gateway/drivers/llrp/settings.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';
import type { UhfTagAccess } from '#gateway/drivers/tag-access.ts';
import { openLink, parseLinkAddress } from '#gateway/links/open-link.ts';
import { newGen2Tag, type Gen2Tag } from '#sim/readers/gen2-tag.ts';
import { startLlrpReader, type LlrpReader, type LlrpReaderOptions } from '#sim/readers/llrp/reader.ts';
import { clock, silentLog, until } from '#test/gateway/fakes/world.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const TID = 'E2801160600002054E17C1D9';
const EPC = ['', '30340000CAFE000000000001', '30340000CAFE000000000002', '300833B2DDD90140'];

/** One tag at each antenna; the third has an EPC of 64 bits. */
function tagsOf(prefix = ''): Gen2Tag[] {
  return EPC.map((epc) => newGen2Tag({ epc: epc === '' ? '0000' : prefix + epc.slice(prefix.length), tid: TID }));
}

async function reader(options: Partial<LlrpReaderOptions> & { tags?: readonly Gen2Tag[] } = {}): Promise<LlrpReader> {
  const { tags, ...rest } = options;
  const started = await startLlrpReader({
    id: 'sim',
    antennas: 4,
    clock,
    ear: (antenna) => ({
      listen: (fromMs, _lengthMs, onRead) => {
        onRead(antenna, -50.25 - antenna, fromMs + 1);
      },
    }),
    epcOf: (item) => EPC[item],
    ...(tags !== undefined && { tagOf: (item: number) => tags[item] }),
    ...rest,
  });
  cleanups.push(() => started.close());
  return started;
}

interface Run {
  readonly events: ReaderEvent[];
  readonly opened: OpenReader;
  readonly ended: Promise<unknown>;
  readonly stop: () => Promise<unknown>;
}

async function run(link: string, settings: object = {}, antennas: readonly number[] = [1, 2, 3]): Promise<Run> {
  const address = parseLinkAddress(link);
  if (!address.ok) throw new Error(address.error);
  const abort = new AbortController();
  // Also when it does not open.
  cleanups.push(() => {
    abort.abort();
    return Promise.resolve();
  });
  const driver = llrpDriver.create(llrpSettings.parse({ dwellMs: 40, keepaliveMs: 200, ...settings }), {
    clock,
    log: silentLog,
    openLink: (signal) => openLink(address.value, signal),
    antennas,
  });
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
  const stop = (): Promise<unknown> => {
    abort.abort();
    return ended;
  };
  cleanups.push(stop);
  return { events, opened, ended, stop };
}

const at = ({ port }: { port: number }): string => `tcp://127.0.0.1:${port}`;

function of<Kind extends ReaderEvent['kind']>(
  events: readonly ReaderEvent[],
  kind: Kind,
): Extract<ReaderEvent, { kind: Kind }>[] {
  return events.filter((event): event is Extract<ReaderEvent, { kind: Kind }> => event.kind === kind);
}

const names = (events: readonly ReaderEvent[]): string[] => of(events, 'vendor').map(({ name }) => name);

function accessOf({ opened }: Run): UhfTagAccess {
  if (opened.access?.kind !== 'uhf') throw new Error('the reader gives no access to its tags');
  return opened.access;
}

describe('readers of all kinds', () => {
  test.each([
    ['fixed channels, by frequency', { band: 'fixed' }, { powerDbm: 27, frequencyKhz: 866_900, modeId: 2 }],
    ['frequency hopping', { band: 'hopping' }, { powerDbm: 27, modeId: 4 }],
    ['no clock of its own', { clock: 'uptime' }, { antennaPowerDbm: { '2': 20 } }],
  ] as const)('%s', async (_name, model, settings) => {
    const { events } = await run(at(await reader({ model })), settings);
    await until(() => of(events, 'read').length >= 6 && of(events, 'cycle').length >= 6);
    for (const { firstMs, lastMs } of of(events, 'read')) {
      expect(lastMs).toBeGreaterThanOrEqual(firstMs);
      expect(Math.abs(Date.now() - lastMs)).toBeLessThan(5000);
    }
    expect(names(events)).toEqual([]);
  });

  test.each([
    ['an RF mode', { modeId: 3 }, 'its modes are 1, 2, 4'],
    ['a frequency', { frequencyKhz: 915_250, powerDbm: 27 }, 'its channels are 865700, 866300'],
    ['a channel without a power', { frequencyKhz: 865_700 }, 'needs powerDbm'],
  ])('%s that the reader cannot take is refused in words', async (_name, settings, words) => {
    await expect(run(at(await reader()), settings)).rejects.toMatchObject({
      code: 'DRV_READER_REFUSED',
      message: expect.stringContaining(words) as unknown,
    });
  });

  const impinj = { searchMode: 'dual-target', fineRssi: true, tid: true, fixedFrequenciesKhz: [865_700, 867_500] };

  test('Impinj: fine signal strength and the tag number with every read', async () => {
    const sim = await reader({ model: { maker: 'impinj' }, tags: tagsOf() });
    const { events } = await run(at(sim), { impinj });
    await until(() => of(events, 'read').length >= 3);
    const [read] = of(events, 'read').filter(({ antenna }) => antenna === 2);
    expect(read).toMatchObject({ rssiDbm: -52.25, ids: { epc: EPC[2], tid: TID, pc: '3000' } });
    expect(names(events)).toEqual([]);
  });

  test('settings for Impinj and a reader of another maker: read without them, and said so', async () => {
    const { events } = await run(at(await reader()), { impinj: { fineRssi: true } });
    await until(() => of(events, 'read').length >= 3);
    expect(names(events)).toEqual(['extensions-missing']);
  });

  test('inputs: told once they are enabled', async () => {
    const sim = await reader({ model: { gpis: 2 } });
    const { events } = await run(at(sim));
    sim.setGpi(2, true);
    sim.setGpi(2, false);
    await until(() => of(events, 'gpi').length === 2);
    expect(of(events, 'gpi').map(({ port, high }) => [port, high])).toEqual([
      [2, true],
      [2, false],
    ]);
  });
});

describe('memory', () => {
  test('TID and user memory are read along with every tag', async () => {
    const tags = tagsOf();
    tags[1]?.banks[3].set([0xde, 0xad, 0xbe, 0xef]);
    const { events } = await run(at(await reader({ tags })), { memory: { tidWords: 6, userWords: 2 } });
    await until(() => of(events, 'read').length >= 6);
    expect(of(events, 'read').find(({ antenna }) => antenna === 1)).toMatchObject({
      ids: { epc: EPC[1], tid: TID },
      userMemory: 'DEADBEEF',
    });
  });

  test('a reader without AccessSpecs gives EPCs, says so, and offers no access', async () => {
    const { events, opened } = await run(at(await reader()), { memory: { tidWords: 6 } });
    await until(() => of(events, 'read').length >= 3);
    expect(names(events)).toEqual(['memory-not-read']);
    expect(opened.access).toBeUndefined();
  });
});

describe('commands on single tags', () => {
  test('words are written and read back while all tags are read along', async () => {
    const tags = tagsOf();
    const started = await run(at(await reader({ tags })), { memory: { tidWords: 6 } });
    const access = accessOf(started);
    const place = { epc: EPC[3] ?? '', bank: 3, firstWord: 2 } as const;
    const data = Uint8Array.of(1, 2, 3, 4);
    expect(await access.writeWords(place, data)).toEqual({ ok: true, value: undefined });
    expect(await access.readWords(place, 2)).toEqual({ ok: true, value: data });
    expect(tags.map((tag) => toHex(tag.banks[3].subarray(4, 8)))).toEqual([
      '00000000',
      '00000000',
      '00000000',
      '01020304',
    ]);
    // Reading along goes on afterwards.
    const before = of(started.events, 'read').length;
    await until(
      () =>
        of(started.events, 'read')
          .slice(before)
          .filter(({ ids }) => ids.tid === TID).length >= 3,
    );
  });

  test('a new EPC is heard at once', async () => {
    const started = await run(at(await reader({ tags: tagsOf() })));
    const place = { epc: EPC[1] ?? '', bank: 1, firstWord: 2 } as const;
    const epc = '3034FFFFCAFE000000000009';
    expect((await accessOf(started).writeWords(place, fromHex(epc) ?? new Uint8Array())).ok).toBe(true);
    await until(() => of(started.events, 'read').some(({ ids }) => ids.epc === epc));
  });

  test('several at once are done one after the other', async () => {
    const started = await run(at(await reader({ tags: tagsOf() })));
    const access = accessOf(started);
    const done = await Promise.all(
      [1, 2, 3].map((n) => access.readWords({ epc: EPC[n] ?? '', bank: 2, firstWord: 0 }, 6)),
    );
    expect(done.map((one) => (one.ok ? toHex(one.value) : one.error))).toEqual([TID, TID, TID]);
  });

  test('faults: no such tag, a locked bank, a wrong password, beyond the memory', async () => {
    const tags = [...tagsOf()];
    tags[1] = newGen2Tag({ epc: EPC[1] ?? '', locks: { 3: 'for-good' } });
    tags[2] = newGen2Tag({ epc: EPC[2] ?? '', accessPassword: 'CAFEBABE', locks: { 3: 'password' } });
    const access = accessOf(await run(at(await reader({ tags })), { accessTimeoutMs: 400 }));
    const write = async (epc: string, password?: Uint8Array): Promise<unknown> => {
      const done = await access.writeWords({ epc, bank: 3, firstWord: 0, password }, Uint8Array.of(1, 2));
      return done.ok ? 'ok' : done.error.code;
    };
    expect(await write('3034000000000000DEADDEAD')).toBe('no-tag');
    // Without a password nobody knows whether one would open it.
    expect(await write(EPC[1] ?? '')).toBe('wrong-password');
    expect(await write(EPC[2] ?? '')).toBe('wrong-password');
    expect(await write(EPC[2] ?? '', Uint8Array.of(1, 2, 3, 4))).toBe('no-tag');
    expect(await write(EPC[2] ?? '', Uint8Array.of(0xca, 0xfe, 0xba, 0xbe))).toBe('ok');
    const beyond = await access.readWords({ epc: EPC[3] ?? '', bank: 2, firstWord: 100 }, 2);
    expect(beyond).toMatchObject({ ok: false, error: { code: 'read-failed' } });
    const past = await access.writeWords({ epc: EPC[3] ?? '', bank: 3, firstWord: 32 }, Uint8Array.of(1, 2));
    expect(past).toMatchObject({ ok: false, error: { code: 'no-such-block' } });
  });

  test('a cable pulled during a command ends the command', async () => {
    const sim = await reader({ tags: tagsOf() });
    const started = await run(at(sim));
    const reading = accessOf(started).readWords({ epc: '3034000000000000DEADDEAD', bank: 2, firstWord: 0 }, 6);
    const failed = expect(reading).rejects.toMatchObject({ code: 'DRV_LINK_LOST' });
    await until(() => of(started.events, 'read').length >= 3);
    await sim.unplug();
    await failed;
    expect(await started.ended).toMatchObject({ code: 'DRV_LINK_LOST' });
  });
});

describe('restarts', () => {
  test('a reader at our plan goes on, and what it heard meanwhile is not lost', async () => {
    const sim = await reader();
    const first = await run(at(sim));
    await until(() => of(first.events, 'cycle').length >= 3);
    await first.stop();
    const awayFromMs = Date.now();
    await until(() => Date.now() - awayFromMs > 300);
    const backMs = Date.now();
    const second = await run(at(sim));
    await until(() => of(second.events, 'cycle').length >= 3);
    const meanwhile = of(second.events, 'read').filter(({ lastMs }) => lastMs > awayFromMs && lastMs < backMs);
    expect(new Set(meanwhile.map(({ antenna }) => antenna))).toEqual(new Set([1, 2, 3]));
    // Told once, not again and again.
    expect(meanwhile.reduce((sum, { count }) => sum + count, 0)).toBeLessThan(30);
  });

  test('a reader at another plan gives what it has, and gets ours', async () => {
    const sim = await reader();
    const first = await run(at(sim), {}, [1, 2]);
    await until(() => of(first.events, 'cycle').length >= 2);
    await first.stop();
    const awayFromMs = Date.now();
    await until(() => Date.now() - awayFromMs > 200);
    const second = await run(at(sim), {}, [3]);
    await until(() => of(second.events, 'cycle').length >= 3);
    const antennas = of(second.events, 'read').map(({ antenna }) => antenna);
    expect(antennas.slice(0, 2).every((antenna) => antenna !== 3)).toBe(true);
    expect(antennas.at(-1)).toBe(3);
    expect(of(second.events, 'cycle').at(-1)?.antennas).toEqual([3]);
  });

  test('a reader that lost its power is told anew', async () => {
    const sim = await reader();
    const first = await run(at(sim));
    await until(() => of(first.events, 'cycle').length >= 3);
    await sim.reboot();
    expect(await first.ended).toMatchObject({ code: 'DRV_LINK_LOST' });
    const second = await run(at(sim));
    await until(() => of(second.events, 'cycle').length >= 3);
  });
});

/** A line between driver and reader that cuts bytes as it likes, and breaks. */
async function line(
  readerPort: number,
  pieceBytes: number,
): Promise<{ port: number; breakAfter(bytes: number): void }> {
  const sockets: Socket[] = [];
  let leftBytes = Infinity;
  const server = createServer((near) => {
    const far = connect(readerPort, '127.0.0.1');
    sockets.push(near, far);
    near.setNoDelay(true);
    far.on('data', (chunk) => {
      for (let from = 0; from < chunk.length && leftBytes > 0; from += pieceBytes) {
        const piece = chunk.subarray(from, from + Math.min(pieceBytes, leftBytes));
        leftBytes -= piece.length;
        near.write(piece);
        if (leftBytes <= 0) for (const socket of sockets) socket.destroySoon();
      }
    });
    near.on('data', (chunk) => far.write(chunk));
    for (const socket of [near, far]) socket.on('error', () => undefined);
    near.on('close', () => far.destroy());
    far.on('close', () => {
      near.destroySoon();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  const breakAfter = (bytes: number): void => {
    leftBytes = bytes;
  };
  return { port: (server.address() as AddressInfo).port, breakAfter };
}

describe('lines', () => {
  test.each([1, 7, 13])('bytes in pieces of %s', async (pieceBytes) => {
    const sim = await reader({ tags: tagsOf() });
    const cut = await line(sim.port, pieceBytes);
    const started = await run(at(cut), { memory: { tidWords: 6 } });
    await until(() => of(started.events, 'read').length >= 6 && of(started.events, 'cycle').length >= 6);
    const done = await accessOf(started).readWords({ epc: EPC[1] ?? '', bank: 2, firstWord: 0 }, 6);
    expect(done).toEqual({ ok: true, value: fromHex(TID) });
    expect(new Set(of(started.events, 'read').map(({ antenna, ids }) => `${antenna} ${ids.epc ?? ''}`))).toEqual(
      new Set([1, 2, 3].map((n) => `${n} ${EPC[n] ?? ''}`)),
    );
  });

  test.each([1, 11, 29, 60])('a cable pulled %s bytes into what comes: an end, no invented read', async (bytes) => {
    const sim = await reader({ tags: tagsOf() });
    const cable = await line(sim.port, 1000);
    const { events, ended } = await run(at(cable));
    await until(() => of(events, 'read').length >= 3);
    cable.breakAfter(bytes);
    expect(await ended).toMatchObject({ code: 'DRV_LINK_LOST' });
    for (const { ids, antenna } of of(events, 'read')) expect(ids.epc).toBe(EPC[antenna]);
    expect(names(events)).toEqual([]);
  });

  test('two readers side by side never mix', async () => {
    const [left, right] = [await reader({ tags: tagsOf('AA') }), await reader({ tags: tagsOf('BB') })];
    const runs = await Promise.all([run(at(left)), run(at(right))]);
    await until(() => runs.every(({ events }) => of(events, 'read').length >= 20));
    runs.forEach(({ events }, index) => {
      const prefix = index === 0 ? 'AA' : 'BB';
      expect(of(events, 'read').every(({ ids }) => ids.epc?.startsWith(prefix) === true)).toBe(true);
    });
    await left.unplug();
    expect(await runs[0].ended).toMatchObject({ code: 'DRV_LINK_LOST' });
    const before = of(runs[1].events, 'read').length;
    await until(() => of(runs[1].events, 'read').length > before + 5);
  });

  test('a reader that calls us, and calls again after its power was cut', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const { port } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    const sim = await reader({ calls: { host: '127.0.0.1', port } });
    const first = await run(`tcp-listen://127.0.0.1:${port}`);
    await until(() => of(first.events, 'read').length >= 3);
    await sim.unplug();
    expect(await first.ended).toMatchObject({ code: 'DRV_LINK_LOST' });
    await sim.plug();
    const second = await run(`tcp-listen://127.0.0.1:${port}`);
    await until(() => of(second.events, 'read').length >= 3);
  });

  test('over TLS, with the certificate of the reader', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'shelfwise-llrp-'));
    cleanups.push(() => rm(folder, { recursive: true }));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const how = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    const who = ['-subj', '/CN=reader', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert];
    execFileSync('openssl', [...how, ...who], { stdio: 'ignore' });
    const sim = await reader({ tls: { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') } });
    await expect(run(`tls://127.0.0.1:${sim.port}`)).rejects.toMatchObject({ code: 'DRV_LINK_LOST' });
    const { events } = await run(`tls://127.0.0.1:${sim.port}?ca=${cert}`);
    await until(() => of(events, 'read').length >= 3);
  });
});
