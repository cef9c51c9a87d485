/**
 * The answering end of one SIP2 connection, without socket and clock. A request is given out to be done once: the same
 * one again (same number, same bytes) and 97 get the last answer again, and nothing is done.
 *
 * Error detection follows the request: with `AY` and `AZ` in it, they are in the answer.
 *
 * Source: 3M Standard Interchange Protocol 2.00, "Error detection"; Koha C4/SIP/Sip/MsgType.pm.
 */
import type { EncodeError } from '#contract/codec/format.ts';
import type { Sip2Charset } from '#contract/codec/sip2/charset.ts';
import { readSip2, type ReadMessage } from '#contract/codec/sip2/read.ts';
import type { Sip2Content } from '#contract/codec/sip2/requests.ts';
import { writeSip2 } from '#contract/codec/sip2/write.ts';
import { ok, type Result } from '#contract/result.ts';

/** What to do with a piece of the line. */
export type ServerStep =
  /** Do it, and give the answer to {@link ServerSession.answer} or {@link ServerSession.answerWith}. */
  | { readonly kind: 'do'; readonly message: ReadMessage; readonly bytes: Uint8Array }
  /** A message that SIP2 does not have: somebody behind us may know it. */
  | { readonly kind: 'pass'; readonly bytes: Uint8Array }
  /** Send this; nothing is to be done. */
  | { readonly kind: 'send'; readonly bytes: Uint8Array; readonly reason: string };

export interface ServerSessionOptions {
  readonly charset: Sip2Charset;
  /**
   * As Koha does it: a request that comes twice is done twice, and what is sent again carries the number 0. For
   * counterparts of tests; whoever lends books must not.
   */
  readonly isNaive?: boolean;
}

export class ServerSession {
  readonly #charset: Sip2Charset;
  readonly #isNaive: boolean;
  #last: { readonly request: Uint8Array; readonly sequence: number | null; readonly answer: Uint8Array } | undefined;
  #hasErrorDetection = false;

  constructor({ charset, isNaive = false }: ServerSessionOptions) {
    this.#charset = charset;
    this.#isNaive = isNaive;
  }

  /** One message, without its end mark. */
  received(bytes: Uint8Array): ServerStep {
    const read = readSip2(bytes, { charset: this.#charset });
    if (!read.ok) {
      if (read.error.code === 'unknown-type') return { kind: 'pass', bytes };
      return this.#refuse(read.error.detail);
    }
    const message = read.value;
    if (message.checksumValid !== null) this.#hasErrorDetection = true;
    if (message.checksumValid === false) return this.#refuse('the checksum does not fit');
    const last = this.#last;
    if (message.code === '97') {
      if (last === undefined) return this.#refuse('nothing was answered yet');
      return { kind: 'send', bytes: this.#again(last.answer), reason: 'asked for the last answer again' };
    }
    if (
      !this.#isNaive &&
      last?.sequence != null &&
      last.sequence === message.sequence &&
      sameBytes(last.request, bytes)
    ) {
      return { kind: 'send', bytes: last.answer, reason: 'the same request again' };
    }
    this.#hasErrorDetection = message.checksumValid !== null;
    return { kind: 'do', message, bytes };
  }

  /** The bytes that answer `request`. Errors: `bad-value` with the field's path; then nothing was answered. */
  answer(request: ReadMessage, requestBytes: Uint8Array, content: Sip2Content): Result<Uint8Array, EncodeError> {
    const { sequence, checksumValid } = request;
    const written = writeSip2(
      { ...content, sequence, checksumValid: checksumValid === null ? null : true },
      this.#charset,
    );
    if (!written.ok) return written;
    this.answerWith(requestBytes, sequence, written.value);
    return ok(written.value);
  }

  /** Keeps an answer that somebody else composed, for the case that it is asked for again. */
  answerWith(request: Uint8Array, sequence: number | null, answer: Uint8Array): void {
    this.#last = { request, sequence, answer };
  }

  #again(answer: Uint8Array): Uint8Array {
    const read = this.#isNaive ? readSip2(answer, { charset: this.#charset }) : undefined;
    if (read?.ok !== true || read.value.sequence === null) return answer;
    const renumbered = writeSip2({ ...read.value, sequence: 0 }, this.#charset);
    return renumbered.ok ? renumbered.value : answer;
  }

  /** 96: the other end sends its request again. */
  #refuse(reason: string): ServerStep {
    const draft = { code: '96', fixed: {}, fields: [], sequence: null };
    const written = writeSip2({ ...draft, checksumValid: this.#hasErrorDetection ? true : null }, 'ascii');
    return { kind: 'send', bytes: written.ok ? written.value : new Uint8Array(0), reason };
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
