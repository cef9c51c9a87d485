import { afterEach, describe, expect, test } from '@jest/globals';
import { AsyncQueue } from '#gateway/drivers/async-queue.ts';
import { parseLinkAddress } from '#gateway/links/open-link.ts';
import { startTcpPeer, type TcpPeer } from '#test/gateway/fakes/tcp-peer.ts';
import { until } from '#test/gateway/fakes/world.ts';

const peers: TcpPeer[] = [];
afterEach(async () => {
  for (const peer of peers.splice(0)) await peer.close();
});

async function peerThat(...onConnection: Parameters<typeof startTcpPeer>): Promise<TcpPeer> {
  const peer = await startTcpPeer(...onConnection);
  peers.push(peer);
  return peer;
}

describe('link addresses', () => {
  test.each([
    ['tcp://10.0.0.7:5084', { kind: 'tcp', host: '10.0.0.7', port: 5084 }],
    ['tcp://[::1]:5084', { kind: 'tcp', host: '::1', port: 5084 }],
    [
      'serial:///dev/ttyUSB0?baud=19200&parity=even&stopBits=2',
      { kind: 'serial', path: '/dev/ttyUSB0', baud: 19_200, parity: 'even', dataBits: 8, stopBits: 2 },
    ],
  ])('%s', (text, expected) => {
    expect(parseLinkAddress(text)).toEqual({ ok: true, value: expected });
  });

  test.each([
    ['5084', 'write tcp://host:port'],
    ['tcp://reader', 'the port is missing'],
    ['ftp://reader:21', 'not ftp:'],
    ['serial://dev/ttyUSB0', 'three slashes'],
    ['serial:///dev/ttyUSB0?baud=fast', 'baud lies between'],
    ['serial:///dev/ttyUSB0?parity=maybe', 'parity is'],
    ['serial:///dev/ttyUSB0?dataBits=9', 'dataBits is'],
    ['serial:///dev/ttyUSB0?stopBits=3', 'stopBits is'],
  ])('%s: %s', (text, words) => {
    const parsed = parseLinkAddress(text);
    expect(parsed.ok ? '' : parsed.error).toContain(words);
  });
});

describe('a TCP link', () => {
  test('both ways, and its end is an error unless we closed it', async () => {
    const peer = await peerThat((socket) => {
      socket.on('data', (chunk) => socket.write(chunk));
    });
    const link = await peer.openLink(new AbortController().signal);
    const got: number[] = [];
    const reading = (async () => {
      for await (const chunk of link.bytes) got.push(...chunk);
    })();
    await link.send(Uint8Array.of(1, 2, 3));
    await until(() => got.length === 3);
    await link.close();
    await link.close();
    await reading;
    await expect(link.send(Uint8Array.of(4))).rejects.toMatchObject({ code: 'DRV_LINK_LOST' });

    const second = await peer.openLink(new AbortController().signal);
    await until(() => peer.sockets.length === 2);
    peer.sockets[1]?.end();
    await expect(
      (async () => {
        for await (const chunk of second.bytes) expect(chunk.length).toBe(0);
      })(),
    ).rejects.toMatchObject({ code: 'DRV_LINK_LOST', facts: { link: peer.url } });
    await second.close();
  });

  test('a reader that sends more than we read is made to wait', async () => {
    let isStopped = false;
    const peer = await peerThat((socket) => {
      const piece = new Uint8Array(65_536);
      for (let n = 0; n < 1000; n += 1) isStopped = !socket.write(piece) || isStopped;
    });
    const link = await peer.openLink(new AbortController().signal);
    const iterator = link.bytes[Symbol.asyncIterator]();
    await iterator.next();
    await until(() => isStopped);
    expect(peer.sockets[0]?.bytesWritten ?? 0).toBeGreaterThan(0);
    expect(peer.sockets[0]?.writableLength ?? 0).toBeGreaterThan(10_000_000);
    await link.close();
  });

  test('stopped while connecting', async () => {
    const peer = await peerThat(() => undefined);
    const abort = new AbortController();
    abort.abort();
    await expect(peer.openLink(abort.signal)).rejects.toMatchObject({ code: 'DRV_LINK_LOST' });
  });
});

describe('the queue between a driver and its reader', () => {
  test('keeps order, makes the writer wait when full, gives the rest before the end', async () => {
    const queue = new AsyncQueue<number>(2);
    await queue.push(1);
    let isTaken = false;
    void queue.push(2).then(() => (isTaken = true));
    await Promise.resolve();
    expect(isTaken).toBe(false);
    expect(queue.isFull).toBe(true);
    const got: number[] = [];
    for await (const value of queue) {
      got.push(value);
      if (value === 2) {
        expect(isTaken).toBe(true);
        void queue.push(3);
        queue.end();
        queue.end(new Error('too late'));
        void queue.push(4);
      }
    }
    expect(got).toEqual([1, 2, 3]);
  });

  test('throws its error after the rest', async () => {
    const queue = new AsyncQueue<number>(10);
    void queue.push(1);
    queue.end(new Error('gone'));
    const got: number[] = [];
    await expect(
      (async () => {
        for await (const value of queue) got.push(value);
      })(),
    ).rejects.toThrow('gone');
    expect(got).toEqual([1]);
  });
});
