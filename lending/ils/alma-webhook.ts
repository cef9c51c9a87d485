/**
 * Where Alma tells of loans as they happen: answers its challenge, checks its signature over the raw body, and takes the
 * copy and the time out of it. Who borrows it stands in the body too, and goes no further.
 *
 * Source: Ex Libris Developer Network, Webhooks: `GET ?challenge=x` is answered `{"challenge":"x"}`; `X-Exl-Signature` is the
 * base64 HMAC-SHA256 of the body under the profile's secret.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { concatBytes } from '#contract/bytes.ts';
import { barcode } from '#contract/domain/ids.ts';
import { AppError } from '#contract/errors.ts';
import type { LearntWord } from '#lending/proxy/learn.ts';
import { timeOf } from './json.ts';

const BODY_BYTES_MAX = 1_048_576;
const CHALLENGE_CHARS_MAX = 512;
const REQUEST_MS = 10_000;
const CONNECTIONS_MAX = 32;

export interface WebhookOptions {
  readonly host: string;
  readonly port: number;
  readonly secret: string;
  readonly nowMs: () => number;
  readonly learn: (words: readonly LearntWord[]) => void;
  readonly refused: (reason: string) => void;
}

export interface RunningWebhook {
  readonly port: number;
  close(): Promise<void>;
}

const body = z.looseObject({
  action: z.string(),
  time: z.string().nullish(),
  event: z.looseObject({ value: z.string() }),
  item_loan: z.looseObject({ item_barcode: barcode, due_date: z.string().nullish() }),
});

const EVENTS: Readonly<Record<string, 'on-loan' | 'available'>> = {
  LOAN_CREATED: 'on-loan',
  LOAN_RENEWED: 'on-loan',
  LOAN_DUE_DATE: 'on-loan',
  LOAN_RETURNED: 'available',
};

/** Whether the header fits the bytes, in constant time. */
export function isSigned(bytes: Uint8Array, signature: string | undefined, secret: string): boolean {
  const wanted = new Uint8Array(createHmac('sha256', secret).update(bytes).digest());
  const text = atobOrNothing(signature ?? '');
  const given = Uint8Array.from(text, (character) => character.charCodeAt(0));
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** Errors: CFG_PORT_TAKEN. */
export async function startAlmaWebhook(options: WebhookOptions): Promise<RunningWebhook> {
  const { host, port } = options;
  const server = createServer({ requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS }, (request, response) => {
    answer(request, response, options).catch(() => {
      // A body that broke off: nobody waits for an answer any more.
      response.destroy();
    });
  });
  server.maxConnections = CONNECTIONS_MAX;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(new AppError('CFG_PORT_TAKEN', `the webhook cannot listen on ${host}:${port}`, { host, port }, { cause }));
    });
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, options: WebhookOptions): Promise<void> {
  if (request.method === 'GET') {
    const challenge = new URL(request.url ?? '/', 'http://webhook').searchParams.get('challenge');
    if (challenge === null || challenge.length > CHALLENGE_CHARS_MAX)
      say(response, 400, { error: 'challenge is missing' });
    else say(response, 200, { challenge });
    return;
  }
  if (request.method !== 'POST') {
    say(response, 405, { error: 'GET or POST' });
    return;
  }
  const bytes = await readBody(request);
  if (bytes === undefined) {
    say(response, 413, { error: 'too large' });
    return;
  }
  const header = request.headers['x-exl-signature'];
  if (!isSigned(bytes, typeof header === 'string' ? header : undefined, options.secret)) {
    options.refused('the signature does not fit');
    say(response, 401, { error: 'signature' });
    return;
  }
  const word = wordOf(bytes, options.nowMs());
  if (word !== undefined) options.learn([word]);
  // What we do not use is taken all the same: Alma would send it again.
  say(response, 200, {});
}

function wordOf(bytes: Uint8Array, nowMs: number): LearntWord | undefined {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    // Signed and no JSON: another kind of message.
    return undefined;
  }
  const parsed = body.safeParse(json).data;
  const status = EVENTS[parsed?.event.value ?? ''];
  if (parsed === undefined || status === undefined) return undefined;
  const { item_loan: loan, time } = parsed;
  const dueAtMs = status === 'on-loan' ? timeOf(loan.due_date) : null;
  return { barcode: loan.item_barcode, status, atMs: Math.min(timeOf(time) ?? nowMs, nowMs), dueAtMs };
}

async function readBody(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of request as AsyncIterable<Uint8Array>) {
    size += piece.length;
    if (size > BODY_BYTES_MAX) return undefined;
    pieces.push(piece);
  }
  return concatBytes(pieces);
}

function atobOrNothing(text: string): string {
  try {
    return atob(text);
  } catch {
    // No base64, so no signature.
    return '';
  }
}

function say(response: ServerResponse, status: number, json: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
}
