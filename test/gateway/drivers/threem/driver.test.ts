import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { SerialPort } from 'serialport';
import { encodeBasicBlock } from '#contract/codec/iso28560-3/basic-block.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';
import { threemDriver } from '#gateway/drivers/threem/driver.ts';
import { threemSettings } from '#gateway/drivers/threem/settings.ts';
import type { OpenLink } from '#gateway/links/link.ts';
import { openLink, parseLinkAddress } from '#gateway/links/open-link.ts';
import { startTcpPeer, type TcpPeer } from '#test/gateway/fakes/tcp-peer.ts';
import { FakeThreemReader } from '#test/gateway/fakes/threem-reader.ts';
import { clock, silentLog, until } from '#test/gateway/fakes/world.ts';

const BOOK = 'E004010012345678';
const CARD = 'E004010099999999';
const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function memory(itemId: string, usage = 1, bytes: 32 | 34 = 34): Uint8Array {
  const block = encodeBasicBlock({ usage, parts: 1, part: 1, itemId, country: 'DE', institution: '29' }, { bytes });
  const whole = new Uint8Array(bytes === 32 ? 32 : 36);
  whole.set(block);
  return whole;
}

interface Run {
  readonly events: ReaderEvent[];
  readonly ended: Promise<unknown>;
  readonly stop: () => Promise<void>;
}

async function drive(link: OpenLink, settings: object = {}): Promise<Run> {
  const abort = new AbortController();
  cleanups.push(async () => {
    abort.abort();
    await Promise.resolve();
  });
  const driver = threemDriver.create(
    threemSettings.parse({ pollMs: 20, answerTimeoutMs: 60, missesMax: 3, ...settings }),
    {
      clock,
      log: silentLog,
      openLink: link,
      antennas: [1],
    },
  );
  const { events: stream } = await driver.open(abort.signal);
  const events: ReaderEvent[] = [];
  const ended = (async () => {
    try {
      for await (const batch of stream) events.push(...batch);
      return undefined;
    } catch (error: unknown) {
      return error;
    }
  })();
  return {
    events,
    ended,
    stop: async () => {
      abort.abort();
      await ended;
    },
  };
}

async function overTcp(reader: FakeThreemReader, pieceBytes = Infinity): Promise<TcpPeer> {
  const peer = await startTcpPeer((socket) => {
    socket.on('data', (chunk: Uint8Array) => {
      for (const answer of reader.feed(new Uint8Array(chunk))) {
        for (let at = 0; at < answer.length; at += pieceBytes) socket.write(answer.slice(at, at + pieceBytes));
      }
    });
  });
  cleanups.push(() => peer.close());
  return peer;
}

function reads(events: readonly ReaderEvent[]): Extract<ReaderEvent, { kind: 'read' }>[] {
  return events.filter((event) => event.kind === 'read');
}

function names(events: readonly ReaderEvent[]): string[] {
  return events.flatMap((event) => (event.kind === 'vendor' ? [event.name] : []));
}

describe('a 3M reader behind a device server', () => {
  test.each([1, 4, Infinity])(
    'in pieces of %s bytes: tags with what stands on them, memory read once, a cycle for each poll',
    async (pieceBytes) => {
      const reader = new FakeThreemReader();
      reader.tags.set(BOOK, { memory: memory('31234567'), afi: 7 });
      const { events, stop, ended } = await drive((await overTcp(reader, pieceBytes)).openLink);
      await until(() => events.filter(({ kind }) => kind === 'cycle').length >= 5);
      await stop();
      expect(await ended).toBeUndefined();
      expect(reads(events)[0]).toMatchObject({
        antenna: 1,
        count: 1,
        ids: { uid: BOOK, afi: 7 },
        content: {
          format: 'iso28560-3',
          itemId: '31234567',
          isil: 'DE-29',
          part: 1,
          parts: 1,
          usage: 1,
          crc: 'ok',
          confidence: 1,
        },
      });
      expect(reader.asked.filter(({ kind }) => kind === 'read-blocks')).toHaveLength(1);
      expect(reader.asked.find(({ kind }) => kind === 'inventory')).toMatchObject({ afi: 0 });
    },
  );

  test('an empty pad is a cycle without a tag; a 32-byte tag is read too', async () => {
    const reader = new FakeThreemReader();
    const { events } = await drive((await overTcp(reader)).openLink);
    await until(() => events.some(({ kind }) => kind === 'cycle'));
    expect(reads(events)).toEqual([]);
    reader.tags.set(BOOK, { memory: memory('4711', 1, 32), afi: 0xc2 });
    await until(() => reads(events).length > 0);
    expect(reads(events)[0]?.content?.itemId).toBe('4711');
  });

  test("a patron's card never leaves the driver, also when it is damaged", async () => {
    const reader = new FakeThreemReader();
    const damaged = memory('CARD1', 8);
    damaged[5] = (damaged[5] ?? 0) ^ 0xff;
    reader.tags.set(CARD, { memory: memory('CARD0', 8), afi: 0 });
    reader.tags.set('E004010088888888', { memory: damaged, afi: 0 });
    reader.tags.set(BOOK, { memory: memory('31234567'), afi: 7 });
    const { events } = await drive((await overTcp(reader)).openLink);
    await until(() => names(events).filter((name) => name === 'patron-card-kept').length === 2);
    await until(() => reads(events).length > 3);
    expect(new Set(reads(events).map(({ ids }) => ids.uid))).toEqual(new Set([BOOK]));
    expect(JSON.stringify(events)).not.toContain('CARD');
  });

  test('a tag in another format is told without content; one whose memory cannot be read is not told', async () => {
    const reader = new FakeThreemReader();
    reader.tags.set(BOOK, { memory: new Uint8Array(36).fill(0x55), afi: 7 });
    reader.tags.set(CARD, { memory: new Uint8Array(0), afi: 7 });
    const { events } = await drive((await overTcp(reader)).openLink);
    await until(() => reads(events).length > 3);
    expect(new Set(reads(events).map(({ ids, content }) => `${String(ids.uid)} ${String(content?.itemId)}`))).toEqual(
      new Set([`${BOOK} undefined`]),
    );
    const beginnings = reader.asked.filter(
      (one) => one.kind === 'read-blocks' && one.uid === BOOK && one.firstBlock === 0,
    );
    expect(beginnings).toHaveLength(3);
  });

  test('noise on the line, a false start included, costs nothing but itself', async () => {
    const reader = new FakeThreemReader();
    reader.tags.set(BOOK, { memory: memory('31234567'), afi: 7 });
    reader.noiseBefore = Uint8Array.of(0x00, 0xff, 0xd6, 0xff, 0xff, 0x13);
    const { events } = await drive((await overTcp(reader)).openLink);
    await until(() => reads(events).length > 3);
    expect(names(events)).toContain('line-noise');
  });

  test('no answer: dead after the misses that were set', async () => {
    const reader = new FakeThreemReader();
    const { events, ended } = await drive((await overTcp(reader)).openLink);
    await until(() => events.length > 0);
    reader.isMute = true;
    expect(await ended).toMatchObject({
      code: 'DRV_READER_SILENT',
      message: expect.stringContaining('baud rate') as unknown,
    });
  });

  test('a link that breaks', async () => {
    const reader = new FakeThreemReader();
    const peer = await overTcp(reader);
    const { events, ended } = await drive(peer.openLink);
    await until(() => events.length > 0);
    peer.sockets[0]?.destroy();
    expect(await ended).toMatchObject({ code: 'DRV_LINK_LOST' });
  });
});

describe('over a real serial line', () => {
  async function ptyPair(): Promise<{ a: string; b: string; socat: ChildProcess }> {
    execFileSync('socat', ['-V'], { stdio: 'ignore' });
    const folder = await mkdtemp(join(tmpdir(), 'shelfwise-pty-'));
    const [a, b] = [join(folder, 'a'), join(folder, 'b')];
    const socat = spawn('socat', [`pty,raw,echo=0,link=${a}`, `pty,raw,echo=0,link=${b}`], { stdio: 'ignore' });
    cleanups.push(async () => {
      const gone = new Promise((resolve) => socat.once('exit', resolve));
      if (socat.exitCode === null && socat.signalCode === null) {
        socat.kill();
        await gone;
      }
      await rm(folder, { recursive: true, force: true });
    });
    await until(() => existsSync(a) && existsSync(b));
    return { a, b, socat };
  }

  test('a book is read at 19200 baud; pulling the cable ends it', async () => {
    const { a, b, socat } = await ptyPair();
    const reader = new FakeThreemReader();
    reader.tags.set(BOOK, { memory: memory('31234567'), afi: 7 });
    const port = new SerialPort({ path: b, baudRate: 19_200 });
    port.on('error', () => undefined);
    port.on('data', (chunk: Uint8Array) => {
      for (const answer of reader.feed(new Uint8Array(chunk))) port.write(answer);
    });
    cleanups.push(
      () =>
        new Promise((resolve) => {
          if (!port.isOpen) resolve();
          else
            port.close(() => {
              resolve();
            });
        }),
    );
    const address = parseLinkAddress(`serial://${a}?baud=19200&parity=none`);
    if (!address.ok) throw new Error(address.error);
    const { events, ended } = await drive((signal) => openLink(address.value, signal), { answerTimeoutMs: 200 });
    await until(() => reads(events).length > 2);
    expect(reads(events)[0]?.content?.itemId).toBe('31234567');
    socat.kill();
    const error = await ended;
    expect(['DRV_LINK_LOST', 'DRV_READER_SILENT']).toContain((error as { code: string }).code);
  });

  test('no such port: named, with the fix', async () => {
    const address = parseLinkAddress('serial:///dev/no-such-port?baud=19200');
    if (!address.ok) throw new Error(address.error);
    await expect(openLink(address.value, new AbortController().signal)).rejects.toMatchObject({
      code: 'DRV_LINK_LOST',
      message: expect.stringContaining('serial:///dev/no-such-port') as unknown,
    });
  });
});
