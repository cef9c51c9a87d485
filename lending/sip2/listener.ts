/**
 * Where terminals connect with SIP2: kiosks and sorters of any vendor. What a message means is the handler's; this is the
 * guard before it: how many may connect, how long a message may be, how long one may be silent.
 */
import { once } from 'node:events';
import { createServer as createTcp, type Server, type Socket } from 'node:net';
import { createServer as createTls } from 'node:tls';
import { concatBytes } from '#contract/bytes.ts';
import type { Sip2Charset } from '#contract/codec/sip2/charset.ts';
import { Sip2Framer } from '#contract/codec/sip2/framer.ts';
import type { ReadMessage } from '#contract/codec/sip2/read.ts';
import type { Sip2Content } from '#contract/codec/sip2/requests.ts';
import { ServerSession } from '#contract/codec/sip2/server-session.ts';

/** One request of a terminal. `message` is absent where SIP2 has no such message. */
export interface TerminalRequest {
  readonly bytes: Uint8Array;
  readonly message?: ReadMessage;
}

/** What goes back: composed here, or bytes that somebody else composed; undefined closes the connection. */
export type TerminalAnswer = Sip2Content | { readonly bytes: Uint8Array } | undefined;

/** One connected terminal. Requests come one after another, each once. */
export interface TerminalHandler {
  answer(request: TerminalRequest): Promise<TerminalAnswer>;
  closed(): void;
}

export interface ListenerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly charset: Sip2Charset;
  /** Connections at a time; one more is closed at once. */
  readonly sessionsMax: number;
  /** A terminal that says nothing for so long is gone. */
  readonly idleMs: number;
  readonly messageBytesMax?: number;
  /** Whether this address may connect; all may when nothing is said. */
  readonly accepts?: (address: string) => boolean;
  readonly open: (peer: { readonly address: string; readonly port: number }) => TerminalHandler;
  /** A connection ended for a reason that somebody should know; never with a message's text. */
  readonly refused?: (address: string, reason: string) => void;
}

export interface RunningListener {
  readonly port: number;
  readonly sessionCount: () => number;
  close(): Promise<void>;
}

/** So many messages may wait on one connection: a terminal that waits for answers never has two. */
const PENDING_MAX = 8;
const CR = Uint8Array.of(0x0d);

/** Errors: rejects with the system's error when the port cannot be opened. */
export async function listenSip2(options: ListenerOptions): Promise<RunningListener> {
  const sockets = new Set<Socket>();
  const take = (socket: Socket): void => {
    const address = socket.remoteAddress ?? '';
    const problem =
      sockets.size >= options.sessionsMax
        ? 'too many terminals'
        : options.accepts?.(address) === false
          ? 'this address may not connect'
          : undefined;
    if (problem !== undefined) {
      options.refused?.(address, problem);
      socket.on('error', () => undefined);
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serve(socket, options);
  };
  const server: Server =
    options.tls === undefined ? createTcp(take) : createTls(options.tls, take).on('tlsClientError', () => undefined);
  server.listen({ host: options.host, port: options.port });
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    sessionCount: () => sockets.size,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function serve(socket: Socket, options: ListenerOptions): void {
  const address = socket.remoteAddress ?? '';
  const session = new ServerSession(options);
  const framer = new Sip2Framer(options.messageBytesMax);
  const handler = options.open({ address, port: socket.remotePort ?? 0 });
  const pending: Uint8Array[] = [];
  let isBusy = false;
  const drop = (reason: string): void => {
    options.refused?.(address, reason);
    socket.destroy();
  };
  const work = async (): Promise<void> => {
    if (isBusy) return;
    isBusy = true;
    for (let bytes = pending.shift(); bytes !== undefined && !socket.destroyed; bytes = pending.shift()) {
      const answer = await answerOf(session, handler, bytes);
      if (typeof answer === 'string') drop(answer);
      else if (socket.writable) socket.write(concatBytes([answer, CR]));
      if (pending.length === 0) socket.resume();
    }
    isBusy = false;
  };
  socket.setNoDelay(true);
  socket.setTimeout(options.idleMs, () => {
    drop('silent for too long');
  });
  socket.on('data', (chunk: Uint8Array) => {
    for (const piece of framer.feed(chunk)) {
      if (piece.kind === 'frame') pending.push(piece.bytes);
      else drop(piece.error.detail);
    }
    if (pending.length >= PENDING_MAX) socket.pause();
    work().catch((error: unknown) => {
      drop(error instanceof Error ? error.message : String(error));
    });
  });
  socket.on('error', () => undefined);
  socket.once('close', () => {
    handler.closed();
  });
}

/** The bytes to send, or why the connection must end. */
async function answerOf(
  session: ServerSession,
  handler: TerminalHandler,
  bytes: Uint8Array,
): Promise<Uint8Array | string> {
  const step = session.received(bytes);
  if (step.kind === 'send') return step.bytes;
  const message = step.kind === 'do' ? step.message : undefined;
  const answer = await handler.answer({ bytes, ...(message !== undefined && { message }) });
  if (answer === undefined) return 'no answer';
  if ('bytes' in answer) {
    session.answerWith(bytes, message?.sequence ?? null, answer.bytes);
    return answer.bytes;
  }
  if (message === undefined) return 'an answer to a message that SIP2 does not have';
  const written = session.answer(message, bytes, answer);
  return written.ok ? written.value : `the answer cannot be written: ${written.error.path}`;
}
