import { afterEach, describe, expect, test } from '@jest/globals';
import { Counter, Gauge, Registry } from 'prom-client';
import { startHealthServer, type HealthServer } from '#store/observe/health-server.ts';
import { systemClock } from '#store/observe/system-clock.ts';

const servers: HealthServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function start(registry = new Registry(), isReady = (): boolean => true): Promise<string> {
  const server = await startHealthServer({ host: '127.0.0.1', port: 0, registry, isReady });
  servers.push(server);
  return `http://127.0.0.1:${server.port}`;
}

describe('the health server', () => {
  test('answers that the process lives, and whether it is ready now', async () => {
    let isReady = false;
    const url = await start(new Registry(), () => isReady);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    isReady = true;
    expect((await fetch(`${url}/readyz?verbose`)).status).toBe(200);
  });

  test('shows the metrics it was given', async () => {
    const registry = new Registry();
    new Counter({ name: 'shelfwise_test_total', help: 'test', registers: [registry] }).inc(3);
    const response = await fetch(`${await start(registry)}/metrics`);
    expect(response.headers.get('content-type')).toContain('text/plain');
    expect(await response.text()).toContain('shelfwise_test_total 3');
  });

  test('outlives a metric that fails', async () => {
    const registry = new Registry();
    new Gauge({
      name: 'broken',
      help: 'test',
      registers: [registry],
      collect: () => {
        throw new Error('no');
      },
    });
    const url = await start(registry);
    expect((await fetch(`${url}/metrics`)).status).toBe(500);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  test('refuses other paths and methods', async () => {
    const url = await start();
    expect((await fetch(`${url}/secret`)).status).toBe(404);
    expect((await fetch(`${url}/healthz`, { method: 'POST' })).status).toBe(405);
  });

  test('names a port that is taken', async () => {
    const port = Number(new URL(await start()).port);
    const second = startHealthServer({ host: '127.0.0.1', port, registry: new Registry(), isReady: () => true });
    await expect(second).rejects.toThrow(`CFG_PORT_TAKEN: the health server cannot listen on 127.0.0.1:${port}`);
  });

  test('closes twice', async () => {
    await start();
    await servers[0]?.close();
    await expect(servers[0]?.close()).resolves.toBeUndefined();
  });
});

test('the system clock tells the time, and its up-time never goes back', () => {
  expect(Math.abs(systemClock.nowMs() - Date.now())).toBeLessThan(1000);
  const before = systemClock.uptimeMs();
  expect(systemClock.uptimeMs()).toBeGreaterThanOrEqual(before);
});
