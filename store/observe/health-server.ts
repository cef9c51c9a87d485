/**
 * What the people who run a role look at: `/healthz` (the process answers), `/readyz` (it can do its work now) and
 * `/metrics` (numbers for Prometheus).
 */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { AppError } from '#contract/errors.ts';

export interface HealthServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly registry: Registry;
  readonly isReady: () => boolean;
}

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Scrapers and probes are few; more than this is a mistake or an attack. */
const CONNECTIONS_MAX = 64;
const REQUEST_TIMEOUT_MS = 10_000;

/** Errors: `CFG_PORT_TAKEN`. */
export async function startHealthServer(options: HealthServerOptions): Promise<HealthServer> {
  const server = createServer(
    { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS },
    (request, response) => {
      const path = (request.url ?? '').split('?', 1)[0];
      if (request.method !== 'GET' && request.method !== 'HEAD') answer(response, 405, 'GET only\n');
      else if (path === '/healthz') answer(response, 200, 'ok\n');
      else if (path === '/readyz')
        answer(response, options.isReady() ? 200 : 503, options.isReady() ? 'ready\n' : 'not ready\n');
      else if (path === '/metrics') void answerMetrics(response, options.registry);
      else answer(response, 404, 'not found\n');
    },
  );
  server.maxConnections = CONNECTIONS_MAX;
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  let closing: Promise<void> | undefined;
  return {
    port,
    close: () =>
      (closing ??= new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      })),
  };
}

function listen(server: Server, { host, port }: HealthServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new AppError('CFG_PORT_TAKEN', `the health server cannot listen on ${host}:${port}`, { host, port }, { cause }),
      );
    });
    server.listen(port, host, resolve);
  });
}

async function answerMetrics(response: ServerResponse, registry: Registry): Promise<void> {
  try {
    answer(response, 200, await registry.metrics(), registry.contentType);
  } catch {
    // A broken collector must not end the process; the scraper sees the gap.
    answer(response, 500, 'metrics failed\n');
  }
}

function answer(response: ServerResponse, status: number, body: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}
