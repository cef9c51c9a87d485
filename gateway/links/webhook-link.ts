/**
 * Readers that post what they read to us: a web server of one address for one reader. The bytes of the link are the
 * bodies in the order of their arrival, each followed by a line end. A body is answered when it has been taken in, so
 * that a reader with a buffer of its own sends again what we could not take.
 *
 *     webhook://0.0.0.0:8088/path      with credentials set, the reader must give them (basic authentication)
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Duplex } from 'node:stream';
import { encodeBase64 } from '#contract/codec/base64.ts';
import { err, ok, type Result } from '#contract/result.ts';
import { passwordOf, type LinkCredentials } from '#gateway/links/credentials.ts';
import type { Link } from '#gateway/links/link.ts';
import { linkLost, streamLink } from '#gateway/links/stream-link.ts';

/** A batch of a few thousand events. */
const BODY_BYTES_MAX = 1_048_576;
const REQUEST_TIMEOUT_MS = 10_000;
const CONNECTIONS_MAX = 16;
const ADVICE = 'check that no other program holds the port, and the address the reader posts to';
const LINE_END = Uint8Array.of(0x0a);

export interface WebhookAddress {
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

/** Reads a `webhook:` address; the problem in words when it is none. */
export function parseWebhookAddress(url: URL): Result<{ readonly kind: 'webhook' } & WebhookAddress, string> {
  const port = Number(url.port);
  if (url.username !== '' || url.password !== '') return err('user name and password go into credentials');
  if (url.hostname === '') return err('the host is missing: webhook://0.0.0.0:8088/path');
  if (url.port === '') return err('the port is missing: webhook://0.0.0.0:8088/path');
  if (url.search !== '' || url.hash !== '') return err('a webhook has no settings in its address');
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return ok({ kind: 'webhook', host, port, path: url.pathname === '' ? '/' : url.pathname });
}

/** Resolves when the port is open. Errors: DRV_LINK_LOST (the port is taken). */
export async function openWebhookLink(
  { host, port, path }: WebhookAddress,
  signal: AbortSignal,
  credentials?: LinkCredentials,
): Promise<Link> {
  const options = { name: `webhook://${host}:${port}${path}`, advice: ADVICE, sendTimeoutMs: 1 };
  const password = await passwordOf(credentials);
  if (signal.aborted) throw linkLost(options, 'stopped');
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS });
  server.maxConnections = CONNECTIONS_MAX;
  const bodies = bodyStream(server);
  const isAllowed = authorization(credentials?.username, password);
  server.on('request', (request, response) => {
    if (request.method !== 'POST' && request.method !== 'PUT') refuse(request, response, 405);
    else if (new URL(request.url ?? '/', 'http://x').pathname !== path) refuse(request, response, 404);
    else if (!isAllowed(request.headers.authorization)) refuse(request, response, 401);
    else take(request, response, bodies);
  });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
  } catch (error: unknown) {
    throw linkLost(options, error instanceof Error ? error.message : 'failed', error);
  }
  server.on('error', (error) => {
    bodies.stream.destroy(error);
  });
  return streamLink(bodies.stream, options);
}

interface Bodies {
  readonly stream: Duplex;
  /** `taken` comes when there is room for the next one. */
  push(body: Uint8Array, taken: () => void): void;
}

function bodyStream(server: Server): Bodies {
  let waiting: (() => void)[] = [];
  const release = (): void => {
    const released = waiting;
    waiting = [];
    for (const taken of released) taken();
  };
  const stream = new Duplex({
    read: release,
    write(_chunk, _encoding, done) {
      done(new Error('a webhook only listens'));
    },
    destroy(error, done) {
      release();
      server.close(() => {
        done(error);
      });
      server.closeAllConnections();
    },
  });
  return {
    stream,
    push(body, taken) {
      if (stream.destroyed) return;
      stream.push(body);
      if (stream.push(LINE_END)) taken();
      else waiting.push(taken);
    },
  };
}

function take(request: IncomingMessage, response: ServerResponse, bodies: Bodies): void {
  const chunks: Uint8Array[] = [];
  let length = 0;
  request.on('data', (chunk: Uint8Array) => {
    length += chunk.length;
    if (length > BODY_BYTES_MAX) refuse(request, response, 413);
    else chunks.push(chunk);
  });
  request.on('error', () => undefined);
  request.once('end', () => {
    if (length > BODY_BYTES_MAX) return;
    const body = new Uint8Array(length);
    let at = 0;
    for (const chunk of chunks) {
      body.set(chunk, at);
      at += chunk.length;
    }
    bodies.push(body, () => {
      response.writeHead(204).end();
    });
  });
}

function refuse(request: IncomingMessage, response: ServerResponse, status: number): void {
  if (response.headersSent) return;
  response
    .writeHead(status, { connection: 'close', ...(status === 401 && { 'www-authenticate': 'Basic' }) })
    .end(() => {
      request.destroy();
    });
}

function authorization(username: string | undefined, password: string | undefined): (header?: string) => boolean {
  if (username === undefined && password === undefined) return () => true;
  const pair = new TextEncoder().encode(`${username ?? ''}:${password ?? ''}`);
  const wanted = digest(`Basic ${encodeBase64(pair)}`);
  return (header = '') => timingSafeEqual(digest(header), wanted);
}

function digest(text: string): Uint8Array {
  return createHash('sha256').update(text).digest();
}
