/** Sockets that are ours: dialled with a limit, given up on abort, and handed on as a link. */
import type { Socket } from 'node:net';
import type { Link } from '#gateway/links/link.ts';
import { linkLost, streamLink, type StreamLinkOptions } from '#gateway/links/stream-link.ts';

const CONNECT_TIMEOUT_MS = 5000;
const SEND_TIMEOUT_MS = 5000;
/** A peer that lost power sends no FIN; the driver's own watchdog is faster, this one cleans up after it. */
const KEEPALIVE_DELAY_MS = 5000;

export interface Dial {
  readonly name: string;
  /** What a person can do about it. */
  readonly advice: string;
  /** Starts connecting. */
  readonly start: () => Socket;
  /** The event that means that bytes can flow. */
  readonly readyEvent: 'connect' | 'secureConnect';
}

/** Errors: DRV_LINK_LOST (refused, unreachable, or not ready within five seconds). */
export function dial({ name, advice, start, readyEvent }: Dial, signal: AbortSignal): Promise<Link> {
  const options = { name, advice, sendTimeoutMs: SEND_TIMEOUT_MS };
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(linkLost(options, 'stopped'));
      return;
    }
    const socket = start();
    const timer = setTimeout(() => {
      fail(`no answer within ${CONNECT_TIMEOUT_MS} ms`);
    }, CONNECT_TIMEOUT_MS);
    const settle = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.off('error', onError);
    };
    const fail = (reason: string, cause?: unknown): void => {
      settle();
      socket.on('error', () => undefined);
      socket.destroy();
      reject(linkLost(options, reason, cause));
    };
    const onAbort = (): void => {
      fail('stopped');
    };
    const onError = (error: Error): void => {
      fail(error.message, error);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('error', onError);
    socket.once(readyEvent, () => {
      settle();
      resolve(socketLink(socket, options));
    });
  });
}

/** A connected socket as a link. */
export function socketLink(socket: Socket, options: Pick<StreamLinkOptions, 'name' | 'advice'>): Link {
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEPALIVE_DELAY_MS);
  return streamLink(socket, { ...options, sendTimeoutMs: SEND_TIMEOUT_MS });
}
