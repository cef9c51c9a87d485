import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { LinkCredentials } from '#gateway/links/credentials.ts';
import type { Link } from '#gateway/links/link.ts';
import { openLink, parseLinkAddress } from '#gateway/links/open-link.ts';
import { MosquittoBroker } from '#test/gateway/fakes/mosquitto-broker.ts';
import { until } from '#test/gateway/fakes/world.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function open(text: string, credentials?: LinkCredentials): Promise<Link> {
  const address = parseLinkAddress(text);
  if (!address.ok) throw new Error(address.error);
  return openLink(address.value, new AbortController().signal, credentials);
}

/** What the link gave so far, and how it ended. */
function listen(link: Link): { text: () => string; ended: Promise<unknown> } {
  let text = '';
  cleanups.push(() => link.close());
  const ended = (async () => {
    try {
      for await (const chunk of link.bytes) text += new TextDecoder().decode(chunk);
      return undefined;
    } catch (error: unknown) {
      return error;
    }
  })();
  return { text: () => text, ended };
}

describe('addresses', () => {
  test.each([
    [
      'mqtt://broker:1884?topic=zebra/+/data&topic=zebra/%23&qos=0&clientId=me&send=zebra/c-req',
      {
        kind: 'mqtt',
        url: 'mqtt://broker:1884',
        topics: ['zebra/+/data', 'zebra/#'],
        qos: 0,
        clientId: 'me',
        sendTopic: 'zebra/c-req',
      },
    ],
    [
      'mqtts://broker?topic=a&ca=/etc/ca.pem',
      { kind: 'mqtt', url: 'mqtts://broker:8883', topics: ['a'], qos: 1, ca: '/etc/ca.pem' },
    ],
    ['http://reader/api/v1/data/stream', { kind: 'http', url: 'http://reader/api/v1/data/stream' }],
    ['https://reader:8443/s?a=b&ca=/etc/ca.pem', { kind: 'http', url: 'https://reader:8443/s?a=b', ca: '/etc/ca.pem' }],
    ['webhook://0.0.0.0:8088/r1', { kind: 'webhook', host: '0.0.0.0', port: 8088, path: '/r1' }],
  ])('%s', (text, expected) => {
    expect(parseLinkAddress(text)).toMatchObject({ ok: true, value: expected });
  });

  test.each([
    ['mqtt://broker', 'one to 8 topics'],
    ['mqtt://broker?topic=a/#', '%23'],
    ['mqtt://broker?topic=a%23', 'a# is not a topic filter'],
    ['mqtt://broker?topic=', 'an empty text'],
    ['mqtt://broker/a/b', 'behind a question mark'],
    ['mqtt://me:secret@broker?topic=a', 'credentials'],
    ['mqtt://broker?topic=a&qos=2', 'qos is'],
    ['mqtt://broker?topic=a&retain=1', 'retain is not'],
    ['mqtt://broker?topic=a&send=b/+', 'send is one topic'],
    ['mqtt://broker?topic=a&ca=x', 'ca goes with mqtts:'],
    ['http://root:impinj@reader/', 'credentials'],
    ['http://reader/?ca=x', 'ca goes with https:'],
    ['webhook://0.0.0.0/r1', 'the port is missing'],
    ['webhook://0.0.0.0:1/r1?x=1', 'no settings'],
  ])('%s: %s', (text, words) => {
    const parsed = parseLinkAddress(text);
    expect(parsed.ok ? '' : parsed.error).toContain(words);
    if (text.includes('secret')) expect(parsed.ok ? '' : parsed.error).not.toContain('secret');
  });
});

describe('a reader behind a foreign broker', () => {
  async function start(): Promise<MosquittoBroker> {
    const broker = await new MosquittoBroker().start();
    cleanups.push(() => broker.close());
    return broker;
  }

  test('messages in order, each with its line end; retained ones are passed over; two links never mix', async () => {
    const broker = await start();
    await broker.publish('zebra/1/data', 'old', { retain: true });
    const folder = await mkdtemp(join(tmpdir(), 'shelfwise-secret-'));
    cleanups.push(() => rm(folder, { recursive: true }));
    const passwordFile = join(folder, 'password');
    await writeFile(passwordFile, `${broker.password}\n`);
    const first = listen(
      await open(`${broker.address}?topic=zebra/1/%23`, { username: broker.username, passwordFile }),
    );
    const second = listen(await open(`${broker.address}?topic=zebra/+/data&topic=r700/x`, broker));
    for (let n = 0; n < 50; n += 1) await broker.publish(`zebra/${String(n % 2)}/data`, `{"n":${String(n)}}`);
    await broker.publish('r700/x', '{"n":"x"}');
    await until(() => second.text().endsWith('{"n":"x"}\n'));
    await until(() => first.text().split('\n').length === 26);
    expect(first.text()).toBe(Array.from({ length: 25 }, (_, n) => `{"n":${String(2 * n + 1)}}\n`).join(''));
    expect(second.text().split('\n')).toHaveLength(52);
    expect(second.text()).not.toContain('old');
  });

  test('a reader of its own broker link that nobody reads is held up, and loses nothing of QoS 1', async () => {
    const broker = await start();
    const link = await open(`${broker.address}?topic=zebra/1`, broker);
    cleanups.push(() => link.close());
    const payload = 'x'.repeat(10_000);
    for (let n = 0; n < 60; n += 1) await broker.publish('zebra/1', `${String(n)} ${payload}`);
    const got = listen(link);
    await until(() => got.text().split('\n').length === 61);
    expect(
      got
        .text()
        .split('\n')
        .slice(0, 60)
        .map((line) => Number(line.split(' ', 1)[0])),
    ).toEqual(Array.from({ length: 60 }, (_, n) => n));
  });

  test('what we send goes to the topic for it', async () => {
    const broker = await start();
    const link = await open(`${broker.address}?topic=zebra/1&send=zebra/1`, broker);
    const got = listen(link);
    await link.send(new TextEncoder().encode('{"command":"start"}'));
    await until(() => got.text() === '{"command":"start"}\n');
    const deaf = await open(`${broker.address}?topic=zebra/1`, broker);
    cleanups.push(() => deaf.close());
    await expect(deaf.send(Uint8Array.of(1))).rejects.toMatchObject({ code: 'DRV_LINK_LOST' });
  });

  test('a broker that dies, is not there, refuses the password or the topic', async () => {
    const broker = await start();
    await expect(open(`${broker.address}?topic=zebra/1`, { username: 'x', password: 'wrong' })).rejects.toMatchObject({
      code: 'DRV_READER_REFUSED',
      message: expect.not.stringContaining('wrong') as unknown,
    });
    await expect(open(`${broker.address}?topic=zebra/1`, { passwordFile: '/no/such/file' })).rejects.toMatchObject({
      code: 'DRV_LINK_LOST',
    });
    const link = listen(await open(`${broker.address}?topic=zebra/1`, broker));
    await broker.down();
    expect(await link.ended).toMatchObject({ code: 'DRV_LINK_LOST' });
    await expect(open(`${broker.address}?topic=zebra/1`, broker)).rejects.toMatchObject({ code: 'DRV_LINK_LOST' });
  });
});

describe('a reader whose web server streams', () => {
  async function serve(handler: Parameters<typeof createServer>[1]): Promise<string> {
    const server: Server = createServer(handler as never);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanups.push(
      () =>
        new Promise((resolve) => {
          server.closeAllConnections();
          server.close(resolve);
        }),
    );
    return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  }

  test('the stream, requests beside it, basic authentication', async () => {
    const asked: string[] = [];
    const url = await serve((request, response) => {
      asked.push(`${String(request.method)} ${String(request.url)} ${String(request.headers.authorization)}`);
      if (request.url === '/stream') {
        response.writeHead(200);
        response.write('{"a":1}\r\n');
      } else {
        request.resume();
        response.writeHead(409).end('{"message":"running"}');
      }
    });
    const link = await open(`${url}/stream`, { username: 'root', password: 'impinj' });
    const got = listen(link);
    await until(() => got.text() === '{"a":1}\r\n');
    expect(await link.request?.({ method: 'POST', path: '/start', body: '{}' })).toEqual({
      status: 409,
      body: '{"message":"running"}',
    });
    expect(asked).toEqual(['GET /stream Basic cm9vdDppbXBpbmo=', 'POST /start Basic cm9vdDppbXBpbmo=']);
    await link.close();
    expect(await got.ended).toBeUndefined();
  });

  test('a wrong password, an end, nobody there', async () => {
    const refusing = await serve((_request, response) => {
      response.writeHead(401).end();
    });
    expect(await listen(await open(refusing)).ended).toMatchObject({ code: 'DRV_READER_REFUSED' });
    const short = await serve((_request, response) => {
      response.end('{}');
    });
    expect(await listen(await open(short)).ended).toMatchObject({ code: 'DRV_LINK_LOST' });
    await expect(open('http://127.0.0.1:1/')).rejects.toMatchObject({ code: 'DRV_LINK_LOST' });
  });
});

describe('a reader that posts to us', () => {
  async function freeAddress(): Promise<string> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    return `127.0.0.1:${String(port)}`;
  }

  test('bodies in order; the wrong path, method or password is refused', async () => {
    const address = await freeAddress();
    const link = await open(`webhook://${address}/r1`, { username: 'reader', password: 'its-secret' });
    const got = listen(link);
    const authorization = `Basic ${btoa('reader:its-secret')}`;
    const post = async (path: string, init: RequestInit): Promise<number> =>
      (
        await fetch(`http://${address}${path}`, {
          method: 'POST',
          headers: { authorization, connection: 'close' },
          ...init,
        })
      ).status;
    expect(await post('/r1', { body: '[]' })).toBe(204);
    expect(await post('/r1', { body: '[{"a":1}]' })).toBe(204);
    expect(await post('/other', { body: '[7]' })).toBe(404);
    expect(await post('/r1', { body: '[8]', headers: { connection: 'close' } })).toBe(401);
    expect(await post('/r1', { method: 'GET' })).toBe(405);
    await until(() => got.text() === '[]\n[{"a":1}]\n');
    await expect(open(`webhook://${address}/r1`)).rejects.toMatchObject({ code: 'DRV_LINK_LOST' });
    await link.close();
    expect(await got.ended).toBeUndefined();
    await expect(fetch(`http://${address}/r1`)).rejects.toThrow();
  });
});
