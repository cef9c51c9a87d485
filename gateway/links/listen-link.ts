/**
 * Links that the device opens: we listen until it calls. Each takes one call and then listens no more, so that a reader
 * which calls again finds nobody until its broken line has been noticed. One port for each reader.
 */
import { createServer, type Server, type Socket } from 'node:net';
import type { Link } from '#gateway/links/link.ts';
import { socketLink } from '#gateway/links/socket.ts';
import { linkLost } from '#gateway/links/stream-link.ts';

const ADVICE = 'check that the reader is set to call this address, and that nothing else listens there';
const IPV4_IN_IPV6 = '::ffff:';

export interface ListenAddress {
  /** Our own address; 0.0.0.0 = all of them. */
  readonly host: string;
  readonly port: number;
  /** The only address that may call; absent: any. */
  readonly from?: string | undefined;
}

/** Waits as long as it takes. Errors: DRV_LINK_LOST (the port cannot be had, or the signal aborted). */
export function openListenLink({ host, port, from }: ListenAddress, signal: AbortSignal): Promise<Link> {
  const options = { name: `tcp-listen://${host}:${port}`, advice: ADVICE };
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(linkLost(options, 'stopped'));
      return;
    }
    const server: Server = createServer();
    // The port is free again before the next one listens.
    const stop = (then?: () => void): void => {
      signal.removeEventListener('abort', onAbort);
      server.close(then);
    };
    const onAbort = (): void => {
      stop(() => {
        reject(linkLost(options, 'stopped'));
      });
    };
    const onCall = (socket: Socket): void => {
      if (from !== undefined && socket.remoteAddress?.replace(IPV4_IN_IPV6, '') !== from) {
        socket.destroy();
        return;
      }
      server.off('connection', onCall);
      server.on('connection', (late: Socket) => late.destroy());
      stop();
      resolve(socketLink(socket, options));
    };
    server.on('connection', onCall);
    server.once('error', (error) => {
      signal.removeEventListener('abort', onAbort);
      reject(linkLost(options, error.message, error));
    });
    signal.addEventListener('abort', onAbort, { once: true });
    server.listen(port, host);
  });
}
