/**
 * Asks an ILS over HTTP: within its budget, with a time-out, and again only where that changes nothing.
 *
 *     GET      429, 503, no answer: again, at most three times, when `Retry-After` or the pause says so
 *     others   never again by itself: without an answer it is `unknown`, and who asked must look
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '#contract/clock.ts';

const TRIES_MAX = 3;
const PAUSE_MS = 300;
/** Longer than this nobody waits at a kiosk: the ILS counts as away. */
const RETRY_AFTER_MS_MAX = 5000;
const BODY_BYTES_MAX = 16_777_216;

export interface HttpClientOptions {
  readonly baseUrl: string;
  readonly headers: () => Promise<Readonly<Record<string, string>> | undefined>;
  readonly timeoutMs: number;
  /** What the ILS grants us. */
  readonly requestsPerSecond: number;
  readonly clock: Clock;
}

export interface HttpRequest {
  readonly method?: 'GET' | 'POST' | 'PUT';
  /** Behind the base; each part is already encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** `away`: nothing was done. `unknown`: it may have been. */
export type HttpOutcome =
  { readonly kind: 'answer'; readonly status: number; readonly json: unknown } | { readonly kind: 'away' | 'unknown' };

export interface HttpClient {
  ask(request: HttpRequest): Promise<HttpOutcome>;
  close(): void;
}

export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { clock, requestsPerSecond } = options;
  const stop = new AbortController();
  let tokens = requestsPerSecond;
  let filledAtMs = clock.uptimeMs();
  /** The ILS asked us to be quiet until then. */
  let quietUntilMs = 0;

  const takeTurn = async (): Promise<boolean> => {
    const nowMs = clock.uptimeMs();
    if (quietUntilMs - nowMs > RETRY_AFTER_MS_MAX) return false;
    tokens = Math.min(requestsPerSecond, tokens + ((nowMs - filledAtMs) / 1000) * requestsPerSecond);
    filledAtMs = nowMs;
    tokens -= 1;
    const waitMs = Math.max(quietUntilMs - nowMs, tokens < 0 ? (-tokens / requestsPerSecond) * 1000 : 0);
    // Those who would wait longer than a person does are told so at once, and take no turn.
    if (waitMs > options.timeoutMs) {
      tokens += 1;
      return false;
    }
    return waitMs <= 0 || pause(waitMs, stop.signal);
  };

  const once = async (request: HttpRequest): Promise<HttpOutcome & { readonly isAgain?: boolean }> => {
    const isRead = (request.method ?? 'GET') === 'GET';
    if (!(await takeTurn())) return { kind: 'away' };
    const headers = await options.headers().catch(() => undefined);
    if (headers === undefined) return { kind: 'away' };
    try {
      const response = await send(request, headers, options, stop.signal);
      if (response.status === 429 || response.status === 503) {
        await response.body?.cancel();
        quietUntilMs = clock.uptimeMs() + retryAfterMs(response.headers.get('retry-after'), clock.nowMs());
        // Both say that it was not done.
        return { kind: 'away', isAgain: isRead };
      }
      const json = await readJson(response);
      if (response.status >= 500) return isRead ? { kind: 'away', isAgain: true } : { kind: 'unknown' };
      return { kind: 'answer', status: response.status, json };
    } catch (error: unknown) {
      // Refused before anything was sent is certain; anything later is not.
      if (isRead || isUnsent(error)) return { kind: 'away', isAgain: isRead };
      return { kind: 'unknown' };
    }
  };

  return {
    async ask(request) {
      for (let tries = 1; ; tries += 1) {
        const outcome = await once(request);
        if (outcome.kind === 'answer') return outcome;
        if (outcome.isAgain !== true || tries >= TRIES_MAX || stop.signal.aborted) return { kind: outcome.kind };
        if (!(await pause(PAUSE_MS * tries, stop.signal))) return { kind: outcome.kind };
      }
    },
    close() {
      stop.abort();
    },
  };
}

function send(
  { method = 'GET', path, query = {}, body, headers = {} }: HttpRequest,
  common: Readonly<Record<string, string>>,
  { baseUrl, timeoutMs }: HttpClientOptions,
  stop: AbortSignal,
): Promise<Response> {
  const url = new URL(`${baseUrl.replace(/\/$/, '')}/${path}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return fetch(url, {
    method,
    headers: {
      accept: 'application/json',
      ...common,
      ...headers,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.any([stop, AbortSignal.timeout(timeoutMs)]),
  });
}

async function readJson(response: Response): Promise<unknown> {
  if (Number(response.headers.get('content-length') ?? 0) > BODY_BYTES_MAX) {
    await response.body?.cancel();
    return undefined;
  }
  const text = await response.text();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Empty, or a page for people: the status says enough.
    return undefined;
  }
}

/** Seconds, or a date. */
function retryAfterMs(text: string | null, nowMs: number): number {
  if (text === null) return 1000;
  const seconds = Number(text);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(text) - nowMs;
  return Number.isFinite(ms) ? Math.max(0, ms) : 1000;
}

const UNSENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

function isUnsent(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' && (UNSENT.has(code) || code === 'UND_ERR_CONNECT_TIMEOUT');
}

/** False where it was cut short. */
function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  return delay(ms, true, { signal }).catch(() => false);
}
