import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import request from 'supertest';
import type { AppError } from '#contract/errors.ts';
import { dashboardConfig } from '#dashboard/server/config.ts';
import { type RunningDashboard, startDashboard } from '#dashboard/server/main.ts';
import { systemClock } from '#store/observe/system-clock.ts';

let folder: string;
const running: RunningDashboard[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shelfwise-main-'));
});
afterEach(async () => {
  for (const dashboard of running.splice(0)) await dashboard.close();
  await rm(folder, { recursive: true, force: true });
});

async function start(more: object = {}, portPolicy: 'exact' | 'next-free' = 'exact'): Promise<RunningDashboard> {
  const config = dashboardConfig.parse({ folder, port: 0, web: join(folder, 'web'), ...more });
  const dashboard = await startDashboard(config, { log: pino({ level: 'silent' }), clock: systemClock, portPolicy });
  running.push(dashboard);
  return dashboard;
}

async function takenPort(): Promise<{ server: Server; port: number }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

describe('the first start', () => {
  test('makes one administrator with a readable password, and never again', async () => {
    const first = await start();
    expect(first.firstAdmin?.password).toMatch(/^([a-z]{6}-){4}[a-z]{6}$/);
    const signIn = await request(first.url).post('/api/v1/session').send(first.firstAdmin).expect(200);
    expect(signIn.body).toMatchObject({ role: 'admin', mustChangePassword: true, libraries: [] });
    await first.close();
    expect((await start()).firstAdmin).toBeUndefined();
  });

  test('a second one on the same folder is refused while the first runs', async () => {
    await start();
    await expect(start()).rejects.toMatchObject({ code: 'STO_UNAVAILABLE' });
  });

  test('an idle line is kept longer than any proxy keeps it, so that no request meets a closing one', async () => {
    const { url } = await start();
    const { headers } = await request(url).get('/').set('connection', 'keep-alive');
    expect(headers['keep-alive']).toBe('timeout=75');
  });

  test('closing twice is safe', async () => {
    const dashboard = await start();
    await dashboard.close();
    await dashboard.close();
  });
});

describe('a taken port', () => {
  test('is named, with what to do, when it was asked for', async () => {
    const { server, port } = await takenPort();
    try {
      const error = await start({ port }).then(
        () => undefined,
        (reason: unknown) => reason as AppError,
      );
      expect(error?.code).toBe('CFG_PORT_TAKEN');
      expect(error?.message).toContain(`Port ${port} on 127.0.0.1 is taken by another program`);
      // Nothing is left behind: the folder can be used at once.
      await start();
    } finally {
      server.close();
    }
  });

  test('is stepped over when any will do', async () => {
    const { server, port } = await takenPort();
    try {
      const dashboard = await start({ port }, 'next-free');
      expect(dashboard.port).toBeGreaterThan(port);
      expect(dashboard.port).toBeLessThanOrEqual(port + 20);
      expect(dashboard.url).toBe(`http://127.0.0.1:${dashboard.port}`);
    } finally {
      server.close();
    }
  });
});

describe('health', () => {
  test('says whether it lives, whether it can work, and its numbers', async () => {
    const { url } = await start();
    await request(url).get('/healthz').expect(200, 'ok\n');
    await request(url).get('/readyz').expect(503, 'not ready\n');
    await request(url).get('/api/v1/session').expect(401);
    const metrics = await request(url).get('/metrics').expect(200);
    expect(metrics.text).toContain(
      'shelfwise_dashboard_request_seconds_count{method="GET",route="/session",status="401"} 1',
    );
  });
});

describe('the web application', () => {
  beforeEach(async () => {
    await mkdir(join(folder, 'web/assets'), { recursive: true });
    await writeFile(join(folder, 'web/index.html'), '<!doctype html><title>Shelfwise</title>');
    await writeFile(join(folder, 'web/assets/main-abc123.js'), 'plain');
    await writeFile(join(folder, 'web/assets/main-abc123.js.gz'), gzipSync('plain'));
    await writeFile(join(folder, 'secret.txt'), 'outside');
    await writeFile(join(folder, 'web/.hidden'), 'hidden');
  });

  test('every screen is index.html, asked for again each time', async () => {
    const { url } = await start();
    const page = await request(url).get('/demo/map?floor=f-1').expect(200);
    expect(page.text).toContain('Shelfwise');
    expect(page.headers['cache-control']).toBe('no-cache');
    await request(url).get('/').set('if-none-match', String(page.headers['etag'])).expect(304);
  });

  test('hashed files are kept for ever and sent packed to whoever can unpack', async () => {
    const { url } = await start();
    const packed = await request(url).get('/assets/main-abc123.js').set('accept-encoding', 'gzip');
    expect(packed.text).toBe('plain');
    expect(packed.headers).toMatchObject({
      'content-encoding': 'gzip',
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'text/javascript; charset=utf-8',
    });
    const plain = await request(url).get('/assets/main-abc123.js').set('accept-encoding', 'identity');
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.text).toBe('plain');
  });

  test.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/.hidden',
    '/assets/gone.js',
    '/%00.txt',
    '/%ff.txt',
  ])('%s is not there', async (path) => {
    const { url } = await start();
    const text = await rawGet(url, path);
    expect(text.split('\r\n', 1)[0]).toBe('HTTP/1.1 404 Not Found');
    expect(text).not.toContain('outside');
    expect(text).not.toContain('hidden"');
  });

  test('lets only our own scripts run', async () => {
    const { url } = await start();
    const { headers } = await request(url).get('/');
    expect(headers['content-security-policy']).toContain("script-src 'self';");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['strict-transport-security']).toBeUndefined();
    expect(headers['x-powered-by']).toBeUndefined();
  });

  test('behind https the cookie is for https only', async () => {
    const { port, firstAdmin } = await start({ publicUrl: 'https://shelf.example.org' });
    const reply = await request(`http://127.0.0.1:${port}`).post('/api/v1/session').send(firstAdmin).expect(200);
    expect(reply.headers['set-cookie']?.[0]).toContain('; Secure');
    expect(reply.headers['strict-transport-security']).toBeDefined();
  });
});

/** Without a client that tidies the path up first. */
async function rawGet(url: string, path: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
  let text = '';
  for await (const chunk of socket.setEncoding('utf8')) text += String(chunk);
  return text;
}
