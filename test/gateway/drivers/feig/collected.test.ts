import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';
import { newFeigDevice } from '#sim/readers/feig/reader.ts';
import { until } from '#test/gateway/fakes/world.ts';
import { book, card, cleanups, cleanUp, drive, items, names, reader, reads } from './support.ts';

afterEach(cleanUp);

const BUFFERED = { mode: 'buffered' } as const;

describe('a FEIG reader that buffers', () => {
  test('passages are told with their time, and cleared after they were handed on', async () => {
    const gate = await reader([], { mode: 'buffered' });
    const atMs = Date.now() - 60_000;
    gate.pass({ tag: book(1), atMs });
    gate.pass({ tag: card(2) });
    let waiting = -1;
    const take = (batch: readonly ReaderEvent[]): void => {
      if (reads(batch).length > 0) waiting = gate.waiting;
    };
    const { events } = await drive(gate.link, BUFFERED, { take });
    await until(() => gate.waiting === 0 && reads(events).length > 0);
    expect(waiting).toBe(2);
    expect(reads(events)).toHaveLength(1);
    expect(reads(events)[0]).toMatchObject({ ids: { uid: book(1).uid }, content: { itemId: '3211000001' } });
    expect(Math.abs((reads(events)[0]?.firstMs ?? 0) - atMs)).toBeLessThan(500);
    expect(names(events)).toContain('patron-card-kept');
    expect(JSON.stringify(events)).not.toContain(card(2).uid);
    await until(() => events.filter(({ kind }) => kind === 'cycle').length > 2);
  });

  test('stopped before the clearing: the next start fetches the same, and no passage is lost', async () => {
    const gate = await reader([], { mode: 'buffered' });
    for (let n = 0; n < 5; n += 1) gate.pass({ tag: book(n) });
    const first = await drive(gate.link, { ...BUFFERED, dataSetsPerRead: 2, pollMs: 2000 });
    await until(() => reads(first.events).length === 2);
    await first.stop();
    expect(gate.waiting).toBe(5);
    const second = await drive(gate.link, { ...BUFFERED, dataSetsPerRead: 2 });
    await until(() => gate.waiting === 0 && items(second.events).length === 5);
    expect(items(second.events)).toEqual([0, 1, 2, 3, 4].map((n) => `321100000${n}`));
  });

  test('an overflow is told; the standard command does too', async () => {
    const gate = await reader([], { mode: 'buffered', sizeMax: 2 });
    for (let n = 0; n < 3; n += 1) gate.pass({ tag: book(n) });
    const { events } = await drive(gate.link, { ...BUFFERED, bufferCommand: 'standard' });
    await until(() => gate.waiting === 0 && items(events).length === 2);
    expect(names(events)).toContain('buffer-overflow');
  });

  test('inputs and the direction of the gate', async () => {
    const gate = await reader([], { mode: 'buffered', isGate: true });
    gate.pass({ tag: book(1), inputs: 0b10, direction: 2 });
    gate.pass({ tag: book(2), inputs: 0b00, direction: 1 });
    const { events } = await drive(gate.link, BUFFERED);
    await until(() => reads(events).length === 2);
    expect(reads(events)[0]?.ids).toMatchObject({ afi: 0x07 });
    expect(events.filter(({ kind }) => kind === 'gpi')).toMatchObject([
      { port: 2, high: true },
      { port: 2, high: false },
    ]);
    expect(events.flatMap((one) => (one.kind === 'vendor' ? [`${one.name} ${one.detail}`] : []))).toEqual([
      'gate-direction 2',
      'gate-direction 1',
    ]);
  });

  test('tags without memory are kept, unless they are wanted', async () => {
    const gate = await reader([], { mode: 'buffered', blockCount: 0 });
    gate.pass({ tag: book(1) });
    const kept = await drive(gate.link, BUFFERED);
    await until(() => names(kept.events).includes('tag-without-memory') && gate.waiting === 0);
    expect(reads(kept.events)).toEqual([]);
    await kept.stop();
    const told = await drive(gate.link, { ...BUFFERED, tellWithoutMemory: true });
    gate.pass({ tag: book(2) });
    await until(() => reads(told.events).length === 1);
    expect(reads(told.events)[0]?.ids.uid).toBe(book(2).uid);
  });

  test('a reader in another mode is refused', async () => {
    const { link } = await reader([], { mode: 'host' });
    const { ended } = await drive(link, BUFFERED);
    expect(await ended).toMatchObject({ code: 'DRV_READER_REFUSED' });
  });
});

const NOTIFYING = { mode: 'notification', keepAliveMs: 100 } as const;

describe('a FEIG reader that notifies', () => {
  test('passages are told, then acknowledged, each once', async () => {
    const gate = await reader([], { mode: 'notification', keepAliveMs: 50, acknowledgeMs: 300 });
    gate.pass({ tag: book(1) });
    let waiting = -1;
    const take = (batch: readonly ReaderEvent[]): void => {
      if (reads(batch).length > 0) waiting = gate.waiting;
    };
    const { events } = await drive(gate.link, NOTIFYING, { take });
    await until(() => reads(events).length === 1 && gate.waiting === 0);
    expect(waiting).toBe(1);
    gate.pass({ tag: book(2) });
    gate.pass({ tag: card(3) });
    gate.pass({ tag: book(4) });
    await until(() => gate.waiting === 0);
    expect(items(events)).toEqual(['3211000001', '3211000002', '3211000004']);
    expect(JSON.stringify(events)).not.toContain(card(3).uid);
    expect(events.some(({ kind }) => kind === 'cycle')).toBe(true);
  });

  test('sent again before it was acknowledged, it is not told again', async () => {
    const gate = await reader([], { mode: 'notification', keepAliveMs: 50, acknowledgeMs: 20 });
    const { events } = await drive(gate.link, NOTIFYING);
    gate.pass({ tag: book(1) });
    await until(() => gate.waiting === 0 && reads(events).length > 0);
    expect(reads(events)).toHaveLength(1);
  });

  test('no keep-alive: silent', async () => {
    const gate = await reader([], { mode: 'notification', keepAliveMs: 50 });
    const { events, ended } = await drive(gate.link, NOTIFYING);
    await until(() => events.some(({ kind }) => kind === 'cycle'));
    gate.hang();
    expect(await ended).toMatchObject({ code: 'DRV_READER_SILENT' });
  });

  test('a gate that calls us is taken, and taken again after its line broke', async () => {
    const device = newFeigDevice({
      pad: { tags: () => [], isGlitch: () => false },
      mode: 'notification',
      keepAliveMs: 50,
    });
    const port = await freePort();
    /** Calls until somebody answers, as the gate does. */
    const call = () =>
      new Promise<() => void>((resolve) => {
        const dial = (): void => {
          const socket = connect(port, '127.0.0.1');
          socket.once('error', () => setTimeout(dial, 5));
          socket.once('connect', () => {
            const session = device.newSession((bytes) => socket.write(bytes));
            socket.on('data', (chunk) => {
              session.feed(new Uint8Array(chunk));
            });
            socket.once('close', () => session.close?.());
            cleanups.push(() => socket.destroy());
            resolve(() => {
              socket.destroy();
            });
          });
        };
        dial();
      });
    const [first, hangUp] = await Promise.all([drive(`tcp-listen://127.0.0.1:${port}`, NOTIFYING), call()]);
    device.pass({ tag: book(1), atMs: Date.now() });
    await until(() => reads(first.events).length === 1);
    hangUp();
    expect(await first.ended).toMatchObject({ code: 'DRV_LINK_LOST' });
    device.pass({ tag: book(2), atMs: Date.now() });
    const [second] = await Promise.all([drive(`tcp-listen://127.0.0.1:${port}`, NOTIFYING), call()]);
    await until(() => items(second.events).includes('3211000002') && device.waiting === 0);
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
