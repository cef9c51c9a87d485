/** A library system over HTTP that answers what a test says, and remembers what it was asked. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly line: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}
/** A status and JSON, with headers; `undefined` hangs up after the request was taken. */
export interface Answer {
  readonly status?: number;
  readonly json?: unknown;
  readonly headers?: Record<string, string>;
}

export interface HttpIls {
  readonly url: string;
  readonly asked: Asked[];
  close(): Promise<void>;
}

/** The first rule whose pattern fits `METHOD /path?query` (decoded) answers. */
export async function startHttpIls(
  rules: readonly (readonly [RegExp, (asked: Asked) => Answer | undefined])[],
): Promise<HttpIls> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const text = Buffer.concat(pieces).toString();
      const line = `${request.method ?? ''} ${decodeURIComponent((request.url ?? '').replaceAll('+', ' '))}`;
      const one = { line, headers: request.headers, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
      asked.push(one);
      const answer = rules.find(([pattern]) => pattern.test(line))?.[1](one);
      if (answer === undefined) request.socket.destroy();
      else {
        response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
        response.end(answer.json === undefined ? '' : JSON.stringify(answer.json));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
