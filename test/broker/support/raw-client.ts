/** A bare TCP socket to the broker, for what no client library would send. */
import { connect, type Socket } from 'node:net';

export interface RawClient {
  readonly socket: Socket;
  send(bytes: Uint8Array): void;
  /** All bytes that came so far. */
  received(): Buffer;
  readonly closed: Promise<void>;
  isClosed(): boolean;
  end(): void;
}

export function openRaw(port: number): Promise<RawClient> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    let received = Buffer.alloc(0);
    let isClosed = false;
    const closed = new Promise<void>((done) => {
      socket.once('close', () => {
        isClosed = true;
        done();
      });
    });
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
    });
    socket.once('error', reject);
    socket.once('connect', () => {
      // A reset is one of the ways in which the broker may say no.
      socket.on('error', () => undefined);
      resolve({
        socket,
        send: (bytes) => {
          if (socket.writable) socket.write(bytes);
        },
        received: () => received,
        closed,
        isClosed: () => isClosed,
        end: () => {
          socket.destroy();
        },
      });
    });
  });
}
