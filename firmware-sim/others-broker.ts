/**
 * A broker beside the platform's own: in a library the one that the readers' owner runs, for readers that publish what they
 * read. It asks nobody for a name, so it belongs on loopback or an inner network, like the rest of the simulation.
 */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { Aedes } from 'aedes';

export interface OthersBroker {
  /** `mqtt://host:port` */
  readonly url: string;
  close(): Promise<void>;
}

export async function startOthersBroker({ host, port }: { host: string; port: number }): Promise<OthersBroker> {
  const broker = await Aedes.createBroker();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    broker.handle(socket);
  });
  // A device that vanishes is nothing special.
  broker.on('clientError', () => undefined);
  broker.on('connectionError', () => undefined);
  server.listen(port, host);
  await once(server, 'listening');
  return {
    url: `mqtt://${host}:${(server.address() as AddressInfo).port}`,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
      await new Promise<void>((resolve) => {
        broker.close(resolve);
      });
    },
  };
}
