/** A library system over SIP2 on TCP: the books, the desk for each terminal, and what goes wrong between them. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { concatBytes } from '#contract/bytes.ts';
import type { Clock } from '#contract/clock.ts';
import type { Sip2Charset } from '#contract/codec/sip2/charset.ts';
import { Sip2Framer } from '#contract/codec/sip2/framer.ts';
import { ServerSession } from '#contract/codec/sip2/server-session.ts';
import { createRandom, type Random } from '#sim/random/random.ts';
import { IlsBooks, type IlsItem, type IlsPatron, type IlsRules } from './books.ts';
import { IlsDesk, type IlsAccount } from './desk.ts';
import { drawFate, NO_FAULTS, type Fate, type IlsFaults } from './faults.ts';

export interface IlsOptions {
  readonly seed: number;
  readonly clock: Clock;
  readonly patrons: readonly IlsPatron[];
  readonly items: readonly IlsItem[];
  readonly rules?: Partial<IlsRules>;
  readonly host?: string;
  /** 0: any free one. */
  readonly port?: number;
  /** Who may sign in; anybody may, and nobody must, where there are none. */
  readonly accounts?: readonly IlsAccount[];
  readonly institution?: string;
  readonly libraryName?: string;
  readonly timeZone?: string;
  readonly charset?: Sip2Charset;
  readonly faults?: Partial<IlsFaults>;
}

/** The truth, and the levers that break things. */
export interface RunningIls {
  readonly port: number;
  readonly books: IlsBooks;
  /** Requests that were done, by code, resends not counted. */
  readonly doneCounts: ReadonlyMap<string, number>;
  /** Texts of the last requests, newest last, for tests that look for what must not be there. */
  readonly heard: readonly string[];
  setFaults(faults: Partial<IlsFaults>): void;
  /** Hangs up on everybody and refuses connections, until told otherwise. */
  setAway(isAway: boolean): void;
  /** Takes requests and answers nothing. */
  setHanging(isHanging: boolean): void;
  /** Connections at this moment. */
  readonly lineCount: number;
  close(): Promise<void>;
}

export const DEMO_RULES: IlsRules = {
  loansMax: 30,
  feesMaxCents: 1000,
  loan: { standard: { loanDays: 28, renewalsMax: 2 }, short: { loanDays: 7, renewalsMax: 0 } },
};

const HEARD_MAX = 5000;
const CRLF = Uint8Array.of(0x0d, 0x0a);

interface Inside {
  readonly options: IlsOptions;
  readonly books: IlsBooks;
  readonly random: Random;
  readonly doneCounts: Map<string, number>;
  readonly heard: string[];
  faults: IlsFaults;
  isHanging: boolean;
}

/** Errors: rejects with the system's error when the port cannot be opened. */
export async function startIls(options: IlsOptions): Promise<RunningIls> {
  const inside: Inside = {
    options,
    books: new IlsBooks(options.patrons, options.items, { ...DEMO_RULES, ...options.rules }),
    random: createRandom(options.seed, 'ils'),
    doneCounts: new Map(),
    heard: [],
    faults: { ...NO_FAULTS, ...options.faults },
    isHanging: false,
  };
  const sockets = new Set<Socket>();
  let isAway = false;
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    if (isAway) {
      socket.resetAndDestroy();
      return;
    }
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serve(socket, inside);
  });
  server.listen(options.port ?? 0, options.host ?? '127.0.0.1');
  await once(server, 'listening');
  const hangUp = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  let closing: Promise<void> | undefined;
  return {
    port: (server.address() as AddressInfo).port,
    books: inside.books,
    doneCounts: inside.doneCounts,
    heard: inside.heard,
    setFaults: (faults) => (inside.faults = { ...inside.faults, ...faults }),
    setAway(isNowAway) {
      isAway = isNowAway;
      if (isAway) hangUp();
    },
    setHanging: (isHanging) => (inside.isHanging = isHanging),
    get lineCount() {
      return sockets.size;
    },
    close() {
      closing ??= new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        hangUp();
      });
      return closing;
    },
  };
}

/** One terminal's line: requests are done one after another, each with its own fate. */
function serve(socket: Socket, inside: Inside): void {
  const { options } = inside;
  const charset = options.charset ?? 'utf-8';
  const session = new ServerSession({ charset, isNaive: true });
  const framer = new Sip2Framer();
  const desk = new IlsDesk({
    books: inside.books,
    accounts: options.accounts ?? [],
    institution: options.institution ?? 'DEMO',
    libraryName: options.libraryName ?? 'Demonstration Library',
    timeZone: options.timeZone ?? 'UTC',
    charset,
    nowMs: () => options.clock.nowMs(),
  });
  const timers = new Set<NodeJS.Timeout>();
  let before: Promise<void> = Promise.resolve();
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        resolve();
      }, ms);
      timers.add(timer);
    });
  socket.setNoDelay(true);
  if (inside.faults.idleMs > 0) socket.setTimeout(inside.faults.idleMs, () => socket.destroy());
  socket.once('close', () => {
    for (const timer of timers) clearTimeout(timer);
  });
  socket.on('data', (chunk: Uint8Array) => {
    for (const piece of framer.feed(chunk)) {
      if (piece.kind !== 'frame') {
        socket.destroy();
        return;
      }
      const fate = drawFate(inside.faults, inside.random);
      before = before.then(async () => {
        if (fate.delayMs > 0) await pause(fate.delayMs);
        if (!socket.destroyed) answer(socket, { inside, session, desk }, piece.bytes, fate);
      });
    }
  });
}

interface Line {
  readonly inside: Inside;
  readonly session: ServerSession;
  readonly desk: IlsDesk;
}

function answer(socket: Socket, { inside, session, desk }: Line, bytes: Uint8Array, { kind }: Fate): void {
  const send = (whole: Uint8Array): void => {
    if (!inside.isHanging) socket.write(concatBytes([whole, CRLF]));
  };
  inside.heard.push(new TextDecoder().decode(bytes));
  if (inside.heard.length > HEARD_MAX) inside.heard.shift();
  if (kind === 'dropped-before') {
    socket.destroy();
    return;
  }
  const step = session.received(bytes);
  if (step.kind === 'send') {
    send(step.bytes);
    return;
  }
  const content = step.kind === 'do' ? desk.answer(step.message) : undefined;
  if (step.kind !== 'do' || content === undefined) {
    socket.destroy();
    return;
  }
  inside.doneCounts.set(step.message.code, (inside.doneCounts.get(step.message.code) ?? 0) + 1);
  const written = session.answer(step.message, bytes, content);
  if (!written.ok || kind === 'dropped-after') socket.destroy();
  else if (kind === 'wrong-checksum' && step.message.checksumValid !== null) send(damaged(written.value));
  else if (kind === 'twice') send(concatBytes([written.value, CRLF, written.value]));
  else if (kind !== 'lost') send(written.value);
  if (content.code === '94' && !desk.isSignedIn) socket.end();
}

/** One digit more in what was said, under the old checksum. */
function damaged(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  const at = Math.floor((copy.length - 9) / 2);
  copy[at] = copy[at] === 0x31 ? 0x32 : 0x31;
  return copy;
}
