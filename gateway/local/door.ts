/**
 * The gateway's door for the lending role of the same box: see contract/wire/local-door.ts. It works with the line to the
 * broker cut: what is asked is done here, what is told waits in the outbox.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import type { Logger } from 'pino';
import type { Clock } from '#contract/clock.ts';
import { AppError } from '#contract/errors.ts';
import { LineCutter } from '#contract/line-cutter.ts';
import type { Command } from '#contract/wire/status.ts';
import {
  doorRequest,
  LINE_BYTES_MAX,
  type DoorAddress,
  type DoorMessage,
  type DoorRequest,
} from '#contract/wire/local-door.ts';
import type { CommandOutcome } from '#gateway/commands/command-desk.ts';
import type { Outbox } from '#gateway/outbox/outbox.ts';
import { createWatch, type Watch } from './watch.ts';

/** One lending role, and the one that replaces it. */
const CONNECTIONS_MAX = 8;
/** Commands under way for one connection: a stack on each of some pads. */
const COMMANDS_MAX = 128;
const WATCHES_MAX = 32;
const HELLO_MS = 3000;

export interface DoorOptions {
  readonly address: DoorAddress;
  readonly secret: string;
  readonly gateway: string;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly log: Logger;
  execute(command: Command, signal: AbortSignal): Promise<CommandOutcome>;
  onAnswered(kind: string, outcome: CommandOutcome): void;
}

export interface Door {
  /** Of a TCP door. */
  readonly port: number | undefined;
  close(): Promise<void>;
}

/** Errors: CFG_PORT_TAKEN. */
export async function openDoor(options: DoorOptions): Promise<Door> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    new Visitor(socket, options);
  });
  server.maxConnections = CONNECTIONS_MAX;
  await listen(server, options.address);
  const address = server.address();
  return {
    port: typeof address === 'object' ? address?.port : undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function listen(server: Server, address: DoorAddress): Promise<void> {
  // A socket file of a process that was killed is in the way; one of a living process cannot be: the outbox has one writer.
  if ('path' in address) rmSync(address.path, { force: true });
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      const where = 'path' in address ? address.path : `${address.host}:${address.port}`;
      reject(new AppError('CFG_PORT_TAKEN', `the local door cannot listen on ${where}`, { where }, { cause }));
    });
    server.listen(address, resolve);
  });
}

class Visitor {
  readonly #socket: Socket;
  readonly #options: DoorOptions;
  readonly #watches = new Map<string, Watch>();
  readonly #stop = new AbortController();
  readonly #lines = new LineCutter();
  #isKnown = false;
  #running = 0;

  constructor(socket: Socket, options: DoorOptions) {
    this.#socket = socket;
    this.#options = options;
    const hello = setTimeout(() => socket.destroy(), HELLO_MS);
    socket.setNoDelay(true);
    socket.on('data', (chunk: Uint8Array) => {
      this.#take(chunk);
      if (this.#isKnown) clearTimeout(hello);
    });
    // 'close' follows, and says all there is to do.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      clearTimeout(hello);
      this.#stop.abort();
      for (const watch of this.#watches.values()) watch.close();
    });
  }

  #take(chunk: Uint8Array): void {
    for (const line of this.#lines.feed(chunk)) this.#takeLine(line);
    if (this.#lines.restBytes > (this.#isKnown ? LINE_BYTES_MAX : 1024)) this.#refuse('a line is too long');
  }

  #takeLine(line: Uint8Array): void {
    const request = parse(line);
    if (request === undefined) this.#refuse('a line cannot be read');
    else if (request.t === 'hello') this.#greet(request.secret);
    else if (!this.#isKnown) this.#refuse('hello comes first');
    else if (request.t === 'input') this.#keep(request);
    else if (request.t === 'command') void this.#run(request.command);
    else this.#watch(request.reader, request.isOn);
  }

  #greet(secret: string): void {
    if (!isSame(secret, this.#options.secret)) {
      this.#refuse('the secret is another one');
      return;
    }
    this.#isKnown = true;
    this.#send({ t: 'welcome', gateway: this.#options.gateway });
  }

  #keep({ n, at, input }: Extract<DoorRequest, { t: 'input' }>): void {
    const { outbox, log } = this.#options;
    outbox.add([{ kind: 'input', at, input }]);
    if (outbox.flush()) this.#send({ t: 'kept', n });
    else log.error({ n }, 'input cannot be kept, the sender sends it again');
  }

  async #run(command: Command): Promise<void> {
    const { id } = command;
    if (this.#running >= COMMANDS_MAX) {
      this.#send({ t: 'reply', id, outcome: { outcome: 'refused', code: 'busy' } });
      return;
    }
    this.#running += 1;
    const outcome = await this.#execute(command);
    this.#running -= 1;
    this.#options.onAnswered(command.kind, outcome);
    this.#send({ t: 'reply', id, outcome });
  }

  async #execute(command: Command): Promise<CommandOutcome> {
    const leftMs = Date.parse(command.deadline) - this.#options.clock.nowMs();
    if (leftMs <= 0) return { outcome: 'expired' };
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(Math.min(leftMs, 2 ** 31 - 1))]);
    try {
      return await this.#options.execute(command, signal);
    } catch (error: unknown) {
      this.#options.log.error({ err: error, kind: command.kind }, 'command failed');
      return { outcome: 'failed', code: 'internal' };
    }
  }

  #watch(reader: string, isOn: boolean): void {
    this.#watches.get(reader)?.close();
    this.#watches.delete(reader);
    if (!isOn) return;
    if (this.#watches.size >= WATCHES_MAX) {
      this.#refuse('too many readers are watched');
      return;
    }
    const { clock } = this.#options;
    const watch = createWatch({
      reader,
      clock,
      execute: (command, signal) => this.#options.execute(command, signal),
      tell: (message) => {
        this.#send(message);
      },
    });
    this.#watches.set(reader, watch);
  }

  #refuse(detail: string): void {
    this.#send({ t: 'refused', detail });
    this.#options.log.warn({ detail }, 'local door closed a connection');
    this.#socket.destroySoon();
  }

  #send(message: DoorMessage): void {
    if (this.#socket.writable) this.#socket.write(`${JSON.stringify(message)}\n`);
  }
}

function parse(line: Uint8Array): DoorRequest | undefined {
  try {
    return doorRequest.safeParse(JSON.parse(new TextDecoder().decode(line))).data;
  } catch {
    // Not JSON: the caller says so.
    return undefined;
  }
}

/** Compared as digests: of equal length, in constant time. */
function isSame(given: string, wanted: string): boolean {
  const digest = (text: string): Uint8Array => new Uint8Array(createHash('sha256').update(text).digest());
  return timingSafeEqual(digest(given), digest(wanted));
}
