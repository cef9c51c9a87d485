/**
 * One client's connection to a simulated reader: framing, protocol version, keepalives, and the answer to each request.
 *
 * Source: EPCglobal Low Level Reader Protocol 1.1, sections 9 (version negotiation), 14 (keepalive), 15 (errors) and 20
 * (TCP transport).
 */
import type { Socket } from 'node:net';
import { LlrpFramer } from '#contract/codec/llrp/framer.ts';
import { decodeHeader, type LlrpVersion } from '#contract/codec/llrp/header.ts';
import { decodeMessage, encodeMessage, type LlrpMessage } from '#contract/codec/llrp/message.ts';
import type { ReaderEvent } from '#contract/codec/llrp/reader-events.ts';
import { STATUS, STATUS_OK, type LlrpStatus } from '#contract/codec/llrp/status.ts';

import { resetLine } from './door.ts';

export type Body<Message = LlrpMessage> = Message extends unknown ? Omit<Message, 'version' | 'messageId'> : never;

/** What the reader does with a request; `undefined` = there is no answer to it. */
export type AnswerRequest = (message: LlrpMessage) => Body | undefined;

export interface SessionDeps {
  readonly highestVersion: LlrpVersion;
  /** The reader's time, as it tells it. */
  readonly stamp: () => { readonly utcUs: number } | { readonly uptimeUs: number };
  readonly answer: AnswerRequest;
  readonly closed: () => void;
}

/** Keepalives without an answer after which the reader gives the client up. */
const MISSED_ACKS_MAX = 3;
/** A client that reads so slowly loses reports. */
const WAITING_BYTES_MAX = 4_000_000;

export class Session {
  readonly #socket: Socket;
  readonly #deps: SessionDeps;
  readonly #framer = new LlrpFramer();
  #version: LlrpVersion = 1;
  #nextId = 1;
  #keepalive: NodeJS.Timeout | undefined;
  #missedAcks = 0;
  #isFrozen = false;

  constructor(socket: Socket, deps: SessionDeps) {
    this.#socket = socket;
    this.#deps = deps;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      this.#read(chunk);
    });
    // A broken connection is what faults are for; 'close' follows and is all that matters.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      clearInterval(this.#keepalive);
      deps.closed();
    });
    this.notify({ kind: 'connection-attempt', outcome: 'success' });
  }

  get version(): LlrpVersion {
    return this.#version;
  }

  get isCongested(): boolean {
    return this.#socket.writableLength > WAITING_BYTES_MAX;
  }

  /** Something the reader says without being asked. */
  send(body: Body): void {
    this.#write({ ...body, version: this.#version, messageId: this.#nextId });
    this.#nextId = this.#nextId === 0xffff_ffff ? 1 : this.#nextId + 1;
  }

  notify(...events: readonly ReaderEvent[]): void {
    this.send({ kind: 'reader-event-notification', ...this.#deps.stamp(), events, custom: [] });
  }

  /** 0 = none. */
  keepalive(periodMs: number): void {
    clearInterval(this.#keepalive);
    this.#missedAcks = 0;
    if (periodMs === 0) return;
    this.#keepalive = setInterval(() => {
      if (this.#missedAcks >= MISSED_ACKS_MAX) {
        this.drop();
        return;
      }
      if (!this.#isFrozen) this.#missedAcks += 1;
      this.send({ kind: 'keepalive' });
    }, periodMs);
  }

  /** A reader that hangs: the connection stays, not a byte moves. */
  freeze(isFrozen: boolean): void {
    this.#isFrozen = isFrozen;
    if (isFrozen) this.#socket.pause();
    else this.#socket.resume();
  }

  /** Ends at once, as a reader does that loses its power: the client sees a reset. */
  drop(): void {
    resetLine(this.#socket);
  }

  /** Ends in order. */
  end(): void {
    this.#socket.end();
  }

  #read(chunk: Uint8Array): void {
    const { messages, fatal } = this.#framer.feed(chunk);
    for (const bytes of messages) this.#take(bytes);
    if (fatal !== undefined) this.drop();
  }

  #take(bytes: Uint8Array): void {
    const decoded = decodeMessage(bytes);
    if (!decoded.ok) {
      const header = decodeHeader(bytes);
      const code = decoded.error.code === 'bad-value' ? STATUS.messageFieldError : STATUS.messageParameterError;
      if (header.ok) this.#refuse(header.value.messageId, { code, description: decoded.error.detail });
      return;
    }
    const message = decoded.value;
    if (message.kind === 'keepalive-ack') {
      this.#missedAcks = 0;
      return;
    }
    const answer = this.#negotiate(message) ?? this.#checked(message);
    if (answer === undefined) return;
    if (message.kind === 'close-connection') {
      this.#write({ ...answer, version: this.#version, messageId: message.messageId });
      this.end();
      return;
    }
    const isVersionQuestion = message.kind === 'get-supported-version' && this.#deps.highestVersion === 2;
    const version = isVersionQuestion ? 2 : this.#version;
    this.#write({ ...answer, version, messageId: message.messageId });
  }

  /** Questions of version come before the version rule. */
  #negotiate(message: LlrpMessage): Body | undefined {
    const { highestVersion } = this.#deps;
    if (highestVersion === 1) return undefined;
    if (message.kind === 'get-supported-version') {
      return {
        kind: 'get-supported-version-response',
        currentVersion: this.#version,
        highestVersion,
        status: STATUS_OK,
      };
    }
    if (message.kind !== 'set-protocol-version') return undefined;
    const wanted = message.protocolVersion;
    if (wanted !== 1 && wanted !== 2) {
      const status = { code: STATUS.messageUnsupportedVersion, description: 'this reader speaks versions 1 and 2' };
      return { kind: 'set-protocol-version-response', status };
    }
    this.#version = wanted;
    return { kind: 'set-protocol-version-response', status: STATUS_OK };
  }

  #checked(message: LlrpMessage): Body | undefined {
    if (message.version !== this.#version) {
      const description = `version ${message.version} is not the version in use`;
      return { kind: 'error-message', status: { code: STATUS.messageUnsupportedVersion, description } };
    }
    return this.#deps.answer(message);
  }

  #refuse(messageId: number, status: LlrpStatus): void {
    this.#write({ kind: 'error-message', version: this.#version, messageId, status });
  }

  #write(message: LlrpMessage): void {
    if (this.#isFrozen || !this.#socket.writable) return;
    this.#socket.write(encodeMessage(message));
  }
}
