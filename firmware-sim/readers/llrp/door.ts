/** How a client and a simulated reader come together: over TCP or TLS at the reader's port, or by the reader's own call. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';

export interface DoorOptions {
  readonly host?: string;
  /** 0 = any free port. */
  readonly port?: number;
  /** PEM; absent: plain TCP. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Set: the reader calls this address, again and again, and takes no calls itself. */
  readonly calls?: { readonly host: string; readonly port: number };
}

const CALL_AGAIN_MS = 50;

export class Door {
  readonly #options: DoorOptions;
  readonly #onSocket: (socket: Socket) => void;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port: number;
  #again: NodeJS.Timeout | undefined;
  #isOpen = false;

  constructor(options: DoorOptions, onSocket: (socket: Socket) => void) {
    this.#options = options;
    this.#onSocket = onSocket;
    this.#port = options.port ?? 0;
  }

  get port(): number {
    return this.#port;
  }

  async open(): Promise<void> {
    if (this.#isOpen) return;
    this.#isOpen = true;
    const { tls, calls, host } = this.#options;
    if (calls !== undefined) {
      this.#call(calls);
      return;
    }
    const take = (socket: Socket): void => {
      this.#take(socket);
    };
    const server = tls === undefined ? createServer(take) : createTlsServer(tls, take);
    // A client that does not trust the certificate hangs up; that is its business.
    server.on('tlsClientError', () => undefined);
    this.#server = server;
    server.listen(this.#port, host ?? '127.0.0.1');
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
  }

  /** All lines are reset, no new ones are taken. */
  async close(): Promise<void> {
    this.#isOpen = false;
    clearTimeout(this.#again);
    const server = this.#server;
    this.#server = undefined;
    for (const socket of this.#sockets) resetLine(socket);
    this.#sockets.clear();
    if (server === undefined) return;
    server.close();
    await once(server, 'close');
  }

  #take(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    this.#onSocket(socket);
  }

  #call(to: { readonly host: string; readonly port: number }): void {
    const socket = connect(to);
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      if (!this.#isOpen) return;
      this.#again = setTimeout(() => {
        this.#call(to);
      }, CALL_AGAIN_MS);
    });
    socket.once('connect', () => {
      this.#take(socket);
    });
  }
}

/** As a device that loses its power; over TLS the line just ends. */
export function resetLine(socket: Socket): void {
  if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}
