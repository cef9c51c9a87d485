/** A device at the other end of a TCP link, in this process: the test is its firmware. */
import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { openLink, parseLinkAddress } from '#gateway/links/open-link.ts';
import type { OpenLink } from '#gateway/links/link.ts';

export interface TcpPeer {
  readonly port: number;
  readonly url: string;
  readonly openLink: OpenLink;
  readonly sockets: readonly Socket[];
  close(): Promise<void>;
}

export async function startTcpPeer(onConnection: (socket: Socket) => void): Promise<TcpPeer> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `tcp://127.0.0.1:${String(port)}`;
  return {
    port,
    url,
    sockets,
    openLink: (signal) => {
      const address = parseLinkAddress(url);
      if (!address.ok) throw new Error(address.error);
      return openLink(address.value, signal);
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => {
          resolve();
        });
      }),
  };
}
