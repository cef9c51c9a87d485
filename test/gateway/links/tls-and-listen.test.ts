import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { openLink, parseLinkAddress } from '#gateway/links/open-link.ts';
import type { Link } from '#gateway/links/link.ts';

let folder = '';
const closers: (() => unknown)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shelfwise-tls-'));
  for (const name of ['reader', 'stranger']) {
    const out = ['-keyout', join(folder, `${name}.key`), '-out', join(folder, `${name}.pem`)];
    const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}.local`];
    const how = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    execFileSync('openssl', [...how, ...out, ...subject], { stdio: 'ignore' });
  }
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function open(text: string, signal = new AbortController().signal): Promise<Link> {
  const address = parseLinkAddress(text);
  if (!address.ok) throw new Error(address.error);
  return openLink(address.value, signal);
}

async function tlsEcho(): Promise<number> {
  const options = { key: readFileSync(join(folder, 'reader.key')), cert: readFileSync(join(folder, 'reader.pem')) };
  const sockets = new Set<Socket>();
  const server: TlsServer = createTlsServer(options, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function firstBytes(link: Link): Promise<number[]> {
  for await (const chunk of link.bytes) return [...chunk];
  return [];
}

/** Calls until somebody listens. */
async function call(port: number): Promise<Socket> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    closers.push(() => socket.destroy());
    const failed = once(socket, 'error').then(() => false);
    if (await Promise.race([once(socket, 'connect').then(() => true), failed])) {
      failed.catch(() => undefined);
      socket.on('error', () => undefined);
      return socket;
    }
  }
}

describe('TLS links', () => {
  test('bytes go both ways when the certificate is trusted and of the right name', async () => {
    const port = await tlsEcho();
    const link = await open(`tls://127.0.0.1:${port}?ca=${join(folder, 'reader.pem')}&name=reader.local`);
    await link.send(Uint8Array.of(1, 2, 3));
    expect(await firstBytes(link)).toEqual([1, 2, 3]);
    await link.close();
  });

  test('a certificate nobody vouches for, one of another, and one of another name are refused', async () => {
    const port = await tlsEcho();
    for (const query of ['', `?ca=${join(folder, 'stranger.pem')}`, `?ca=${join(folder, 'reader.pem')}&name=other`]) {
      await expect(open(`tls://127.0.0.1:${port}${query}`)).rejects.toMatchObject({
        code: 'DRV_LINK_LOST',
        message: expect.stringContaining('certificate') as unknown,
      });
    }
  });

  test('a file that is not there is named', async () => {
    await expect(open('tls://127.0.0.1:5085?ca=/nowhere/ca.pem')).rejects.toMatchObject({
      message: expect.stringContaining('/nowhere/ca.pem') as unknown,
    });
  });

  test.each([
    ['tls://reader', 'the port is missing'],
    ['tls://reader:5085?verify=no', 'not a TLS setting'],
    ['tls://reader:5085?cert=a.pem', 'go together'],
    ['tcp-listen://0.0.0.0', 'the port is missing'],
    ['tcp-listen://0.0.0.0:5084?only=me', 'not a setting'],
  ])('%s: %s', (text, words) => {
    const parsed = parseLinkAddress(text);
    expect(parsed.ok ? '' : parsed.error).toContain(words);
  });
});

describe('links that the reader opens', () => {
  test('the first caller gets the line, and after its end the next', async () => {
    const port = await freePort();
    for (const byte of [7, 8]) {
      const opening = open(`tcp-listen://127.0.0.1:${port}?from=127.0.0.1`);
      const reader = await call(port);
      reader.write(Uint8Array.of(byte));
      const link = await opening;
      expect(await firstBytes(link)).toEqual([byte]);
      await link.close();
      reader.destroy();
    }
  });

  test('a caller from elsewhere is turned away', async () => {
    const port = await freePort();
    const abort = new AbortController();
    const opening = open(`tcp-listen://127.0.0.1:${port}?from=10.9.8.7`, abort.signal);
    const failed = expect(opening).rejects.toMatchObject({ code: 'DRV_LINK_LOST' });
    const stranger = await call(port);
    await once(stranger.resume(), 'close');
    abort.abort();
    await failed;
  });

  test('a port that is taken is an error, and so is an end of waiting', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    closers.push(() => new Promise((resolve) => taken.close(resolve)));
    const { port } = taken.address() as AddressInfo;
    await expect(open(`tcp-listen://127.0.0.1:${port}`)).rejects.toMatchObject({ code: 'DRV_LINK_LOST' });
    const abort = new AbortController();
    const waiting = open(`tcp-listen://127.0.0.1:${await freePort()}`, abort.signal);
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ message: expect.stringContaining('stopped') as unknown });
    await expect(open(`tcp-listen://127.0.0.1:${port}`, abort.signal)).rejects.toThrow('stopped');
  });
});
