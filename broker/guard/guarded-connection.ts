/**
 * A client's socket as aedes sees it: nothing reaches aedes before a whole CONNECT of at most 4 KiB is here, nothing after
 * it before the client is accepted, and nothing that the frame scanner refuses. Back-pressure goes through both ways.
 *
 *     awaiting-connect --whole CONNECT--> signing-in --accept()--> open
 *            \-- refusal, time-out, close --> destroyed <--/--------/
 */
import { Buffer } from 'node:buffer';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { CONNECT_BYTES_MAX, FrameScanner, type FrameRefusal } from './frame-scanner.ts';

export type GuardRefusal = FrameRefusal | 'connect-timeout';

/** How long a closing socket may take to send what is still due, such as a CONNACK that says no. */
const FLUSH_MS_MAX = 1_000;
const NOTHING = new Uint8Array(0);

export interface GuardOptions {
  readonly socket: Socket;
  readonly address: string;
  readonly connectTimeoutMs: number;
  /** The whole CONNECT has come: time to hand the connection to aedes. */
  readonly onConnect: (connection: GuardedConnection) => void;
  /** Called at most once, before the connection is closed for that reason. */
  readonly onRefused: (refusal: GuardRefusal, connection: GuardedConnection) => void;
}

export class GuardedConnection extends Duplex {
  readonly address: string;
  /** User name as the client gave it, for the record; `undefined` before CONNECT. */
  name: string | undefined;
  readonly #socket: Socket;
  readonly #options: GuardOptions;
  readonly #scanner = new FrameScanner();
  readonly #connectTimer: NodeJS.Timeout;
  #stage: 'awaiting-connect' | 'signing-in' | 'open' = 'awaiting-connect';
  /** One buffer, not a list of chunks: a CONNECT sent byte by byte must not cost an object per byte. */
  #connect: Uint8Array = NOTHING;
  #connectBytes = 0;
  #heldBack: Uint8Array = NOTHING;

  constructor(options: GuardOptions) {
    super({ allowHalfOpen: false, emitClose: true });
    this.address = options.address;
    this.#socket = options.socket;
    this.#options = options;
    this.#connectTimer = setTimeout(() => {
      this.#refuse('connect-timeout');
    }, options.connectTimeoutMs);
    // Errors of the socket end the connection like any close; aedes takes its own listener away when it is done.
    this.on('error', () => undefined);
    this.#socket.on('error', () => this.destroy());
    this.#socket.on('data', (chunk: Uint8Array) => {
      this.#receive(chunk);
    });
    this.#socket.on('end', () => {
      if (this.#stage === 'awaiting-connect') this.destroy();
      else this.push(null);
    });
    this.#socket.on('close', () => this.destroy());
  }

  /** The client is signed in: what it has sent meanwhile goes on, and larger packets are allowed. */
  accept(): void {
    if (this.#stage !== 'signing-in' || this.destroyed) return;
    clearTimeout(this.#connectTimer);
    this.#stage = 'open';
    const heldBack = this.#heldBack;
    this.#heldBack = NOTHING;
    this.#socket.resume();
    if (heldBack.length > 0) this.#pass(heldBack);
  }

  override _read(): void {
    if (this.#stage === 'open') this.#socket.resume();
  }

  override _write(chunk: Uint8Array, _encoding: string, done: (error?: Error | null) => void): void {
    if (this.#socket.writable) this.#socket.write(chunk, withoutError(done));
    else done();
  }

  override _writev(chunks: { chunk: Uint8Array }[], done: (error?: Error | null) => void): void {
    if (!this.#socket.writable) {
      done();
      return;
    }
    // An acknowledgement is three chunks of one or two bytes: one write of their sum costs half of three in one.
    this.#socket.write(Buffer.concat(chunks.map(({ chunk }) => chunk)), withoutError(done));
  }

  override _final(done: () => void): void {
    this.#socket.end();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.#connectTimer);
    this.#heldBack = NOTHING;
    this.#connect = NOTHING;
    if (!this.#socket.destroyed) {
      const flushTimer = setTimeout(() => this.#socket.destroy(), FLUSH_MS_MAX);
      this.#socket.once('close', () => {
        clearTimeout(flushTimer);
      });
      // Read on into nothing: a socket closed over unread bytes is reset, and the reset can overtake the last answer.
      this.#socket.resume();
      this.#socket.destroySoon();
    }
    done(error);
  }

  #receive(chunk: Uint8Array): void {
    if (this.destroyed) return;
    switch (this.#stage) {
      case 'awaiting-connect':
        this.#collectConnect(chunk);
        return;
      case 'signing-in':
        this.#holdBack(chunk);
        return;
      case 'open':
        this.#pass(chunk);
    }
  }

  #collectConnect(chunk: Uint8Array): void {
    const { scannedBytes, refusal, isConnectComplete } = this.#scanner.scan(chunk);
    if (refusal !== undefined) {
      this.#refuse(refusal);
      return;
    }
    if (this.#connect.length === 0) this.#connect = new Uint8Array(CONNECT_BYTES_MAX);
    this.#connect.set(chunk.subarray(0, scannedBytes), this.#connectBytes);
    this.#connectBytes += scannedBytes;
    if (!isConnectComplete) return;
    const connect = this.#connect.slice(0, this.#connectBytes);
    this.#connect = NOTHING;
    this.#stage = 'signing-in';
    if (scannedBytes < chunk.length) this.#holdBack(chunk.subarray(scannedBytes));
    this.#options.onConnect(this);
    this.push(connect);
  }

  /** At most one chunk is held, since the socket is paused by then; a second one can only be what was already read. */
  #holdBack(chunk: Uint8Array): void {
    this.#socket.pause();
    if (this.#heldBack.length === 0) {
      this.#heldBack = chunk;
      return;
    }
    const both = new Uint8Array(this.#heldBack.length + chunk.length);
    both.set(this.#heldBack);
    both.set(chunk, this.#heldBack.length);
    this.#heldBack = both;
  }

  #pass(chunk: Uint8Array): void {
    const { refusal } = this.#scanner.scan(chunk);
    if (refusal !== undefined) {
      this.#refuse(refusal);
      return;
    }
    if (!this.push(chunk)) this.#socket.pause();
  }

  #refuse(refusal: GuardRefusal): void {
    if (this.destroyed) return;
    this.#options.onRefused(refusal, this);
    this.destroy();
  }
}

/** A connection that broke under a write is no fault of the client's: the socket's close ends it like any other. */
function withoutError(done: () => void): () => void {
  return () => {
    done();
  };
}
