/**
 * A simulated 3M pad reader: bytes in, bytes out, over TCP (as behind a serial device server) or over a serial port.
 *
 * Source: 3M RFID Reader Protocol Specification 1.0.
 */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { encodeAnswer } from '#contract/codec/threem/answer.ts';
import { decodeCommand } from '#contract/codec/threem/command.ts';
import { ThreemFramer } from '#contract/codec/threem/framer.ts';
import { answerCommand, type Pad } from './answer-command.ts';
import { openSerial } from './serial-line.ts';

export interface ThreemReader {
  readonly id: string;
  /** `tcp://host:port` or `serial:///path`, as a gateway writes it. */
  readonly link: string;
  unplug(): Promise<void>;
  plug(): Promise<void>;
  hang(): void;
  resume(): void;
  close(): Promise<void>;
}

/** The wire of a reader: where command bytes come from and answers go. */
interface Wire {
  readonly link: string;
  open(receive: (chunk: Uint8Array, reply: (bytes: Uint8Array) => void) => void): Promise<void>;
  close(): Promise<void>;
}

export interface ThreemReaderOptions {
  readonly id: string;
  readonly pad: Pad;
  readonly on:
    | { readonly kind: 'tcp'; readonly host?: string; readonly port?: number }
    /** `path` is our end of the line, `linkPath` the end that the gateway opens. */
    | { readonly kind: 'serial'; readonly path: string; readonly linkPath: string; readonly baud?: number };
}

/** Baud rate of the real device. */
export const BAUD = 19_200;

/** Starts it and waits until it takes bytes. */
export async function startThreemReader({ id, pad, on }: ThreemReaderOptions): Promise<ThreemReader> {
  const wire = on.kind === 'tcp' ? new TcpWire(on.host ?? '127.0.0.1', on.port ?? 0) : serialWire(on);
  let isHung = false;
  let isPlugged = false;
  const framers = new WeakMap<(bytes: Uint8Array) => void, ThreemFramer>();
  const plug = async (): Promise<void> => {
    if (isPlugged) return;
    isPlugged = true;
    isHung = false;
    await wire.open((chunk, reply) => {
      if (isHung) return;
      const framer = framers.get(reply) ?? new ThreemFramer();
      framers.set(reply, framer);
      for (const event of framer.feed(chunk)) {
        // Noise and damaged frames get no answer from the real device either.
        const command = event.kind === 'frame' ? decodeCommand(event) : undefined;
        if (command?.ok === true) reply(encodeAnswer(answerCommand(command.value, pad)));
      }
    });
  };
  const unplug = async (): Promise<void> => {
    if (!isPlugged) return;
    isPlugged = false;
    await wire.close();
  };
  await plug();
  return {
    id,
    get link() {
      return wire.link;
    },
    plug,
    unplug,
    hang: () => {
      isHung = true;
    },
    resume: () => {
      isHung = false;
    },
    close: unplug,
  };
}

class TcpWire implements Wire {
  readonly #host: string;
  #port: number;
  #server: Server | undefined;
  readonly #sockets = new Set<Socket>();

  constructor(host: string, port: number) {
    this.#host = host;
    this.#port = port;
  }

  get link(): string {
    return `tcp://${this.#host}:${this.#port}`;
  }

  async open(receive: (chunk: Uint8Array, reply: (bytes: Uint8Array) => void) => void): Promise<void> {
    const server = createServer((socket) => {
      this.#sockets.add(socket);
      const reply = (bytes: Uint8Array): void => {
        if (socket.writable) socket.write(bytes);
      };
      socket.on('data', (chunk) => {
        receive(chunk, reply);
      });
      // 'close' follows; a client that vanishes is nothing special.
      socket.on('error', () => undefined);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    this.#server = server;
    server.listen(this.#port, this.#host);
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const socket of this.#sockets) socket.resetAndDestroy();
    if (server === undefined) return;
    server.close();
    await once(server, 'close');
  }
}

function serialWire(on: { path: string; linkPath: string; baud?: number }): Wire {
  const baud = on.baud ?? BAUD;
  let close: (() => Promise<void>) | undefined;
  return {
    link: `serial://${on.linkPath}?baud=${baud}`,
    async open(receive) {
      const line = await openSerial(on.path, baud);
      const reply = (bytes: Uint8Array): void => {
        line.write(bytes);
      };
      line.onData((chunk) => {
        receive(chunk, reply);
      });
      close = line.close;
    },
    async close() {
      await close?.();
    },
  };
}
