/**
 * Readers whose web server streams what they read: the bytes of the link are the body of one answer that never ends.
 * Beside the stream the reader takes requests (start, stop, status).
 *
 *     http://host[:port]/path     https://host[:port]/path?ca=FILE
 */
import { readFile } from 'node:fs/promises';
import { request as httpRequest, type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { encodeBase64 } from '#contract/codec/base64.ts';
import { AppError } from '#contract/errors.ts';
import { err, ok, type Result } from '#contract/result.ts';
import { passwordOf, type LinkCredentials } from '#gateway/links/credentials.ts';
import type { Link, LinkAnswer, LinkRequest } from '#gateway/links/link.ts';
import { linkLost } from '#gateway/links/stream-link.ts';

const CONNECT_TIMEOUT_MS = 5000;
const ANSWER_TIMEOUT_MS = 5000;
const ANSWER_BYTES_MAX = 1_048_576;
const ADVICE = 'check power, cable and address of the reader, and that its web interface is on';

export interface HttpAddress {
  readonly url: string;
  readonly ca?: string | undefined;
}

/** Reads an `http:` or `https:` address; the problem in words when it is none. */
export function parseHttpAddress(url: URL): Result<{ readonly kind: 'http' } & HttpAddress, string> {
  if (url.username !== '' || url.password !== '') return err('user name and password go into credentials');
  if (url.hash !== '') return err('an address has no #');
  const ca = url.searchParams.get('ca') ?? undefined;
  if (ca !== undefined && url.protocol !== 'https:') return err('ca goes with https:');
  const stream = new URL(url);
  stream.searchParams.delete('ca');
  return ok({ kind: 'http', url: stream.href, ca });
}

/** Resolves when the reader has taken the connection. Errors: DRV_LINK_LOST. */
export async function openHttpLink(
  address: HttpAddress,
  signal: AbortSignal,
  credentials?: LinkCredentials,
): Promise<Link> {
  const options = { name: address.url, advice: ADVICE };
  const password = await passwordOf(credentials);
  const ca = address.ca === undefined ? undefined : await readFile(address.ca);
  if (signal.aborted) throw linkLost(options, 'stopped');
  const send = requester(address.url, {
    agent: false,
    headers: { accept: 'application/json', ...authorization(credentials?.username, password) },
    ...(ca !== undefined && { ca }),
  });
  const stream = new AnswerStream(send({ method: 'GET', path: '' }), options);
  const onAbort = (): void => {
    stream.close();
  };
  signal.addEventListener('abort', onAbort, { once: true });
  await stream.connected();
  return {
    name: options.name,
    bytes: stream.bytes(),
    send: () => Promise.reject(linkLost(options, 'a stream over HTTP takes no bytes')),
    request: (asked) => answerTo(send(asked), options, asked.body),
    close() {
      signal.removeEventListener('abort', onAbort);
      stream.close();
      return Promise.resolve();
    },
  };
}

type SendRequest = (request: Omit<LinkRequest, 'body'>) => ClientRequest;

/** Requests to one server; the path of a request stands for that of the address. */
function requester(address: string, options: RequestOptions): SendRequest {
  return ({ method, path }) => {
    const url = path === '' ? new URL(address) : new URL(path, address);
    return (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, { ...options, method });
  };
}

function authorization(username: string | undefined, password: string | undefined): Record<string, string> {
  if (username === undefined && password === undefined) return {};
  const pair = new TextEncoder().encode(`${username ?? ''}:${password ?? ''}`);
  return { authorization: `Basic ${encodeBase64(pair)}` };
}

type Names = Parameters<typeof linkLost>[0];

/** One request whose answer goes on for ever. */
class AnswerStream {
  readonly #request: ClientRequest;
  readonly #names: Names;
  readonly #answered: Promise<IncomingMessage>;
  #isClosed = false;

  constructor(request: ClientRequest, names: Names) {
    this.#request = request;
    this.#names = names;
    this.#answered = new Promise((resolve, reject) => {
      request.once('response', resolve);
      request.once('error', reject);
    });
    // It may fail before anyone reads.
    this.#answered.catch(() => undefined);
    request.on('error', () => undefined);
    request.end();
  }

  /** Errors: DRV_LINK_LOST. */
  async connected(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const taken = new Promise<void>((resolve, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`no answer within ${CONNECT_TIMEOUT_MS} ms`));
      }, CONNECT_TIMEOUT_MS);
      this.#request.once('socket', (socket) => {
        socket.setKeepAlive(true, CONNECT_TIMEOUT_MS);
        socket.once('encrypted' in socket ? 'secureConnect' : 'connect', () => {
          resolve();
        });
      });
    });
    try {
      await Promise.race([taken, this.#answered]);
    } catch (error: unknown) {
      this.#request.destroy();
      throw linkLost(this.#names, error instanceof Error ? error.message : 'failed', error);
    } finally {
      clearTimeout(timer);
      taken.catch(() => undefined);
    }
  }

  async *bytes(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      const answer = await this.#answered;
      const { statusCode = 0 } = answer;
      if (statusCode !== 200) throw refused(this.#names, statusCode);
      for await (const chunk of answer) yield chunk as Uint8Array;
    } catch (error: unknown) {
      if (this.#isClosed) return;
      if (error instanceof AppError) throw error;
      throw linkLost(this.#names, error instanceof Error ? error.message : 'failed', error);
    } finally {
      this.#request.destroy();
    }
    if (!this.#isClosed) throw linkLost(this.#names, 'the other end closed it');
  }

  close(): void {
    this.#isClosed = true;
    this.#request.destroy();
  }
}

function refused({ name }: Names, status: number): AppError {
  const reason = status === 401 || status === 403 ? 'check its credentials' : 'is this the address of its stream?';
  return new AppError('DRV_READER_REFUSED', `${name} answered ${status}; ${reason}`, { link: name, status });
}

function answerTo(request: ClientRequest, names: Names, body: string | undefined): Promise<LinkAnswer> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      request.destroy();
      reject(linkLost(names, error.message, error));
    };
    const timer = setTimeout(() => {
      fail(new Error(`no answer within ${ANSWER_TIMEOUT_MS} ms`));
    }, ANSWER_TIMEOUT_MS);
    request.on('error', fail);
    request.once('close', () => {
      clearTimeout(timer);
    });
    request.once('response', (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > ANSWER_BYTES_MAX) fail(new Error('its answer is too long'));
      });
      answer.once('error', fail);
      answer.once('end', () => {
        resolve({ status: answer.statusCode ?? 0, body: text });
      });
    });
    if (body !== undefined) request.setHeader('content-type', 'application/json');
    request.end(body);
  });
}
