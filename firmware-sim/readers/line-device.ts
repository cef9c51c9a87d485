/**
 * A simulated device on a byte line: over TCP (as behind a serial device server) or over a serial port, with the faults
 * that befall real ones. What it answers is a session of its family.
 */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { openSerial } from './serial-line.ts';

export interface LineDevice {
  readonly id: string;
  /** `tcp://host:port` or `serial:///path?baud=…`, as a gateway writes it. */
  readonly link: string;
  /** A power cut: the line resets, the device forgets everything. */
  unplug(): Promise<void>;
  plug(): Promise<void>;
  /** A pulled cable: the line stands, nothing comes any more. */
  hang(): void;
  resume(): void;
  close(): Promise<void>;
}

/** One connection to the device: takes bytes; says what it has to say through the `reply` it was made with. */
export interface LineSession {
  feed(chunk: Uint8Array): void;
  /** The connection is over; timers of the session end here. */
  close?(): void;
}

export interface LineDeviceOptions {
  readonly id: string;
  readonly on: DeviceLine;
  /** Of the real device, where `on` does not say otherwise. */
  readonly serial: { readonly baud: number; readonly parity?: 'none' | 'even' | 'odd' };
  newSession(reply: (bytes: Uint8Array) => void): LineSession;
  /** The power comes: what the device does by itself begins. */
  powerOn?(): void;
  /** The power goes, while the line still stands: what it does by itself ends, and what it does not keep is forgotten. */
  powerOff?(): void;
}

export type DeviceLine =
  | { readonly kind: 'tcp'; readonly host?: string; readonly port?: number }
  /** `path` is our end of the line, `linkPath` the end that the gateway opens. */
  | { readonly kind: 'serial'; readonly path: string; readonly linkPath: string; readonly baud?: number };

/** The wire of a device: where bytes come from and answers go. */
interface Wire {
  readonly link: string;
  open(connect: Connect): Promise<void>;
  close(): Promise<void>;
}

/** Called once for each connection. */
type Connect = (reply: (bytes: Uint8Array) => void) => LineSession;

/** Starts it and waits until it takes bytes. */
export async function startLineDevice(options: LineDeviceOptions): Promise<LineDevice> {
  const { id, on, serial } = options;
  const wire = on.kind === 'tcp' ? new TcpWire(on.host ?? '127.0.0.1', on.port ?? 0) : serialWire(on, serial);
  let isHung = false;
  let isPlugged = false;
  const plug = async (): Promise<void> => {
    if (isPlugged) return;
    isPlugged = true;
    isHung = false;
    await wire.open((reply) => {
      const session = options.newSession((bytes) => {
        if (!isHung) reply(bytes);
      });
      return {
        feed: (chunk) => {
          if (!isHung) session.feed(chunk);
        },
        close: () => session.close?.(),
      };
    });
    options.powerOn?.();
  };
  const unplug = async (): Promise<void> => {
    if (!isPlugged) return;
    isPlugged = false;
    options.powerOff?.();
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

  async open(connect: Connect): Promise<void> {
    const server = createServer((socket) => {
      this.#sockets.add(socket);
      const session = connect((bytes) => {
        if (socket.writable) socket.write(bytes);
      });
      socket.on('data', (chunk) => {
        session.feed(chunk);
      });
      // 'close' follows; a client that vanishes is nothing special.
      socket.on('error', () => undefined);
      socket.once('close', () => {
        session.close?.();
        this.#sockets.delete(socket);
      });
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

function serialWire(
  on: Extract<DeviceLine, { kind: 'serial' }>,
  { baud: usualBaud, parity = 'none' }: LineDeviceOptions['serial'],
): Wire {
  const baud = on.baud ?? usualBaud;
  let close: (() => Promise<void>) | undefined;
  return {
    link: `serial://${on.linkPath}?baud=${baud}${parity === 'none' ? '' : `&parity=${parity}`}`,
    async open(connect) {
      const line = await openSerial(on.path, baud);
      const session = connect((bytes) => {
        line.write(bytes);
      });
      line.onData((chunk) => {
        session.feed(chunk);
      });
      close = async () => {
        session.close?.();
        await line.close();
      };
    },
    async close() {
      await close?.();
    },
  };
}
