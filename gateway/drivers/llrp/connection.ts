/**
 * One LLRP connection: requests that wait for their response, keepalives answered, everything else handed on in order,
 * and a watchdog for readers that fell silent without closing.
 */
import { AppError } from '#contract/errors.ts';
import { LlrpFramer } from '#contract/codec/llrp/framer.ts';
import { decodeMessage, encodeMessage, type LlrpMessage } from '#contract/codec/llrp/message.ts';
import type { LlrpVersion } from '#contract/codec/llrp/header.ts';
import type { CodecError } from '#contract/codec/codec-error.ts';
import type { Link } from '#gateway/links/link.ts';

type OfKind<Kind extends LlrpMessage['kind']> = Extract<LlrpMessage, { readonly kind: Kind }>;
type WithoutBase<Message> = Message extends unknown ? Omit<Message, 'version' | 'messageId'> : never;
/** A message before it got its number and version. */
export type Request = WithoutBase<LlrpMessage>;

export interface ConnectionOptions {
  readonly link: Link;
  readonly responseTimeoutMs: number;
  /** Every message that is neither a response nor a keepalive; the stream waits until it is taken. */
  onMessage(message: LlrpMessage): Promise<void>;
  /** A message whose body could not be read; the connection goes on. */
  onUndecodable(error: CodecError): void;
  /** The connection is over: `error` says why, unless it was closed by us. Called once. */
  onEnd(error: unknown): void;
}

interface Pending {
  readonly messageId: number;
  resolve(message: LlrpMessage): void;
  reject(error: unknown): void;
}

export class LlrpConnection {
  readonly #options: ConnectionOptions;
  readonly #framer = new LlrpFramer();
  readonly #pending: Pending[] = [];
  #version: LlrpVersion = 1;
  #messageId = 0;
  #isHeard = false;
  #isHandingOn = false;
  #watchdog: NodeJS.Timeout | undefined;
  #end: { readonly error: unknown } | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    void this.#pump();
  }

  get version(): LlrpVersion {
    return this.#version;
  }

  /** All messages from now on are sent in this version. */
  useVersion(version: LlrpVersion): void {
    this.#version = version;
  }

  /**
   * Sends a request and waits for the response of this kind, or for an ERROR_MESSAGE with the same number.
   *
   * Errors: DRV_READER_SILENT (no response in time), DRV_LINK_LOST.
   */
  async request<Kind extends LlrpMessage['kind']>(
    request: Request,
    expected: Kind,
    version: LlrpVersion = this.#version,
  ): Promise<OfKind<Kind> | OfKind<'error-message'>> {
    if (this.#end !== undefined) throw this.#end.error;
    this.#messageId += 1;
    const messageId = this.#messageId;
    const response = this.#await(messageId, request.kind);
    try {
      await this.#send({ ...request, version, messageId });
    } catch (error: unknown) {
      this.#finish(error);
    }
    const message = await response;
    if (message.kind === expected || message.kind === 'error-message') {
      return message as OfKind<Kind> | OfKind<'error-message'>;
    }
    const sentence = `${this.#options.link.name} answered ${request.kind} with ${message.kind}`;
    throw new AppError('DRV_READER_REFUSED', sentence, { link: this.#options.link.name });
  }

  /** Sends something that has no response. Errors: DRV_LINK_LOST. */
  tell(request: Request): Promise<void> {
    this.#messageId += 1;
    return this.#send({ ...request, version: this.#version, messageId: this.#messageId });
  }

  /** From now on the reader must say something within `silenceMs` (found out a quarter later at most), else it is dead. */
  watch(silenceMs: number): void {
    let silentQuarters = 0;
    this.#watchdog = setInterval(() => {
      // After a pause of ours the bytes of the reader may still wait in the socket: let them in before judging.
      setImmediate(() => {
        silentQuarters = this.#isHeard || this.#isHandingOn ? 0 : silentQuarters + 1;
        this.#isHeard = false;
        if (silentQuarters >= 4) this.#finish(this.#silent(`said nothing for ${silenceMs} ms`));
      });
    }, silenceMs / 4);
  }

  /** Ends the connection without a word to the reader. Safe to call twice. */
  async close(): Promise<void> {
    this.#finish(undefined);
    await this.#options.link.close();
  }

  #await(messageId: number, kind: string): Promise<LlrpMessage> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        settle();
        reject(this.#silent(`did not answer ${kind} within ${this.#options.responseTimeoutMs} ms`));
      }, this.#options.responseTimeoutMs);
      const settle = (): void => {
        clearTimeout(timer);
        this.#pending.splice(this.#pending.indexOf(pending), 1);
      };
      const pending: Pending = {
        messageId,
        resolve: (message) => {
          settle();
          resolve(message);
        },
        reject: (error) => {
          settle();
          reject(error instanceof Error ? error : new AppError('DRV_LINK_LOST', 'the connection was closed'));
        },
      };
      this.#pending.push(pending);
    });
  }

  #silent(what: string): AppError {
    const { name } = this.#options.link;
    return new AppError('DRV_READER_SILENT', `${name} ${what}; check its power and whether it is an LLRP reader`, {
      link: name,
    });
  }

  #send(message: LlrpMessage): Promise<void> {
    return this.#options.link.send(encodeMessage(message));
  }

  async #pump(): Promise<void> {
    try {
      for await (const chunk of this.#options.link.bytes) {
        this.#isHeard = true;
        const { messages, fatal } = this.#framer.feed(chunk);
        for (const message of messages) await this.#take(message);
        if (fatal !== undefined) throw this.#lostTrack(fatal);
        if (this.#end !== undefined) return;
      }
      this.#finish(undefined);
    } catch (error: unknown) {
      this.#finish(error);
    }
  }

  #lostTrack(fatal: CodecError): AppError {
    const { name } = this.#options.link;
    const sentence = `${name} sent what is not LLRP (${fatal.detail}); check that the port is the LLRP port`;
    return new AppError('DRV_LINK_LOST', sentence, { link: name, ...fatal });
  }

  async #take(bytes: Uint8Array): Promise<void> {
    const decoded = decodeMessage(bytes);
    if (!decoded.ok) {
      this.#options.onUndecodable(decoded.error);
      return;
    }
    const message = decoded.value;
    if (message.kind === 'keepalive') {
      await this.#send({ kind: 'keepalive-ack', version: this.#version, messageId: message.messageId });
      return;
    }
    const pending = isResponse(message.kind) ? this.#pendingOf(message) : undefined;
    if (pending !== undefined) {
      pending.resolve(message);
      return;
    }
    this.#isHandingOn = true;
    await this.#options.onMessage(message);
    this.#isHandingOn = false;
    this.#isHeard = true;
  }

  /** Some readers put 0 into an ERROR_MESSAGE; with one request under way it can only mean that one. */
  #pendingOf(message: LlrpMessage): Pending | undefined {
    const pending = this.#pending.find(({ messageId }) => messageId === message.messageId);
    if (pending !== undefined || message.kind !== 'error-message' || message.messageId !== 0) return pending;
    return this.#pending.length === 1 ? this.#pending[0] : undefined;
  }

  #finish(error: unknown): void {
    if (this.#end !== undefined) return;
    this.#end = { error: error ?? new AppError('DRV_LINK_LOST', 'the connection was closed') };
    clearInterval(this.#watchdog);
    for (const pending of [...this.#pending]) pending.reject(this.#end.error);
    this.#options.onEnd(error);
    void this.#options.link.close();
  }
}

function isResponse(kind: LlrpMessage['kind']): boolean {
  return kind === 'error-message' || kind === 'custom-message' || kind.endsWith('-response');
}
