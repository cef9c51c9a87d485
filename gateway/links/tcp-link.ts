/** TCP links: readers on the network, and serial readers behind a device server. */
import { connect } from 'node:net';
import type { Link } from '#gateway/links/link.ts';
import { linkLost, streamLink } from '#gateway/links/stream-link.ts';

const CONNECT_TIMEOUT_MS = 5000;
/** A peer that lost power sends no FIN; the driver's own watchdog is faster, this one cleans up after it. */
const KEEPALIVE_DELAY_MS = 5000;
const SEND_TIMEOUT_MS = 5000;
const ADVICE = 'check power, cable, address and port of the reader';

export interface TcpAddress {
  readonly host: string;
  readonly port: number;
}

/** Errors: DRV_LINK_LOST (refused, unreachable, or no answer within five seconds). */
export function openTcpLink({ host, port }: TcpAddress, signal: AbortSignal): Promise<Link> {
  const options = { name: `tcp://${host}:${port}`, advice: ADVICE, sendTimeoutMs: SEND_TIMEOUT_MS };
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(linkLost(options, 'stopped'));
      return;
    }
    const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEPALIVE_DELAY_MS });
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
    socket.once('connect', () => {
      settle();
      resolve(streamLink(socket, options));
    });
  });
}
