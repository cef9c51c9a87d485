/**
 * The asking end of one SIP2 connection, without socket and clock: one request is under way at a time, its answer is
 * recognised by code and sequence number, a damaged or late one is asked for again (97) at most {@link RESENDS_MAX} times.
 *
 *     idle --ask--> waiting --answer--> idle
 *                     |--bad checksum or silence--> 97, waiting (three times)
 *                     |--96--> the request again, as it was (three times)
 *                     \--given up, closed--> over: `unknown` for what changes books, else `failed`
 *
 * **Never asked twice by itself**: a request that changes the library's books is only sent again when the other end says
 * that it could not read it (96). When its answer stays away, the outcome is `unknown`, and who asked must look.
 *
 * Some systems leave the sequence number out, always or when they send again; Koha then writes 0. Such an answer counts
 * only if it names the item and the patron that were asked for. Where that is wrong, the outcome is `unknown`, not a lie.
 *
 * Source: 3M Standard Interchange Protocol 2.00, "Error detection"; Koha C4/SIP/Sip/MsgType.pm for what systems do.
 */
import type { EncodeError } from '#contract/codec/format.ts';
import type { Sip2Charset } from '#contract/codec/sip2/charset.ts';
import { fieldOf, type Sip2Message } from '#contract/codec/sip2/message.ts';
import { SIP2_LAYOUTS } from '#contract/codec/sip2/messages.table.ts';
import { readSip2, type ReadMessage } from '#contract/codec/sip2/read.ts';
import type { Sip2Content } from '#contract/codec/sip2/requests.ts';
import { writeSip2 } from '#contract/codec/sip2/write.ts';
import { err, ok, type Result } from '#contract/result.ts';

/** As the guide has it: three times, then the connection is given up. */
export const RESENDS_MAX = 3;

/**
 * Where a line is shared with a terminal's own messages, our greeting comes before them. Some systems take a number that
 * comes twice for the same request, and terminals begin with 0.
 */
const FIRST_SEQUENCE = 7;

const CHANGING = new Set(['01', '09', '11', '15', '19', '25', '29', '37', '65']);

/** Whether the request may change the library's books; an unknown one may. */
export function isChanging(code: string): boolean {
  return CHANGING.has(code) || SIP2_LAYOUTS.get(code) === undefined;
}

/** A request as it goes over the wire: made here, or by a terminal behind us. */
export interface OutgoingRequest {
  readonly bytes: Uint8Array;
  readonly message: Pick<Sip2Message, 'code' | 'fields' | 'sequence'>;
}

/** How a request ended. */
export type Sip2Ending =
  | { readonly kind: 'answered'; readonly message: ReadMessage; readonly bytes: Uint8Array }
  /** It may have been done: look before asking again. */
  | { readonly kind: 'unknown'; readonly reason: string }
  /** It changes nothing, so it may be asked again. */
  | { readonly kind: 'failed'; readonly reason: string };

/** What to do after an input. `send` restarts the wait for an answer. */
export type ClientStep =
  | { readonly kind: 'send'; readonly bytes: Uint8Array }
  | { readonly kind: 'end'; readonly ending: Sip2Ending; readonly mustClose: boolean }
  /** Not what we wait for: late, twice, or noise. The wait goes on as it was. */
  | { readonly kind: 'ignore'; readonly reason: string };

export interface ClientSessionOptions {
  readonly charset: Sip2Charset;
  /** Sequence numbers and checksums; some systems cannot. */
  readonly hasErrorDetection: boolean;
}

interface Waiting {
  readonly request: OutgoingRequest;
  readonly answerCode: string | undefined;
  readonly tries: number;
}

export class ClientSession {
  readonly #options: ClientSessionOptions;
  #sequence = FIRST_SEQUENCE;
  #waiting: Waiting | undefined;
  #before: { readonly request: OutgoingRequest; readonly answer: ReadMessage } | undefined;
  /** After a silence what is late and what was sent again may both come, and a system may even send what was before. */
  #isDoubtful = false;
  /** Learnt at login: some systems always answer with the same number. */
  #isEchoing = true;

  constructor(options: ClientSessionOptions) {
    this.#options = options;
  }

  get isWaiting(): boolean {
    return this.#waiting !== undefined;
  }

  /** The bytes of a request with the next sequence number. Errors: `bad-value` with the field's path. */
  compose(content: Sip2Content): Result<OutgoingRequest, EncodeError> {
    const { hasErrorDetection, charset } = this.#options;
    const sequence = hasErrorDetection ? this.#sequence : null;
    const written = writeSip2({ ...content, sequence, checksumValid: hasErrorDetection ? true : null }, charset);
    if (!written.ok) return written;
    this.#sequence = (this.#sequence + 1) % 10;
    return ok({ bytes: written.value, message: { code: content.code, fields: content.fields, sequence } });
  }

  /** A request that somebody else composed. Errors: the fault of its text; unknown messages pass. */
  adopt(bytes: Uint8Array): Result<OutgoingRequest, string> {
    const read = readSip2(bytes, { charset: this.#options.charset });
    if (read.ok) {
      // Its next number is one more: ours, between, must be neither.
      if (read.value.sequence !== null) this.#sequence = (read.value.sequence + 5) % 10;
      return ok({ bytes, message: read.value });
    }
    if (read.error.code !== 'unknown-type') return err(read.error.detail);
    return ok({ bytes, message: { code: String.fromCharCode(...bytes.subarray(0, 2)), fields: [], sequence: null } });
  }

  /** Only while nothing is under way. */
  ask(request: OutgoingRequest): ClientStep {
    this.#waiting = { request, answerCode: SIP2_LAYOUTS.get(request.message.code)?.answer, tries: 0 };
    return { kind: 'send', bytes: request.bytes };
  }

  received(bytes: Uint8Array): ClientStep {
    const waiting = this.#waiting;
    if (waiting === undefined) return { kind: 'ignore', reason: 'an answer that nobody waits for' };
    const read = readSip2(bytes, { charset: this.#options.charset });
    if (!read.ok) {
      // An unknown question may have an unknown answer: its reader is not here.
      if (waiting.answerCode === undefined && read.error.code === 'unknown-type')
        return this.#finish(bytes, other(bytes));
      return this.#askAgain('the answer cannot be read');
    }
    const message = read.value;
    if (message.checksumValid === false) return this.#askAgain('the checksum of the answer does not fit');
    if (message.code === '96') return this.#sendAgain(waiting);
    const stale = this.#staleness(waiting, message);
    return stale === undefined ? this.#finish(bytes, message) : { kind: 'ignore', reason: stale };
  }

  /** No answer within the time that the caller gives it. */
  timedOut(): ClientStep {
    if (this.#waiting === undefined) return { kind: 'ignore', reason: 'nothing is under way' };
    this.#isDoubtful = true;
    return this.#askAgain('no answer in time');
  }

  /** The connection is gone; undefined when nothing was under way. */
  closed(reason: string): Sip2Ending | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting === undefined ? undefined : lost(waiting.request, reason);
  }

  #finish(bytes: Uint8Array, message: ReadMessage): ClientStep {
    const waiting = this.#waiting;
    if (waiting !== undefined) this.#before = { request: waiting.request, answer: message };
    this.#waiting = undefined;
    const numbered =
      waiting !== undefined && waiting.tries > 0 ? this.#renumbered(waiting.request, message) : undefined;
    return { kind: 'end', ending: { kind: 'answered', message, bytes: numbered ?? bytes }, mustClose: false };
  }

  /** What was sent again under another number, with the number that the terminal behind us waits for. */
  #renumbered(request: OutgoingRequest, message: ReadMessage): Uint8Array | undefined {
    const { sequence } = request.message;
    if (sequence === null || message.sequence === sequence || message.unreadableAt !== undefined) return undefined;
    const written = writeSip2({ ...message, sequence, checksumValid: true }, this.#options.charset);
    return written.ok ? written.value : undefined;
  }

  #askAgain(reason: string): ClientStep {
    const again = this.#countTry(reason);
    if (again !== undefined) return again;
    const draft = { code: '97', fixed: {}, fields: [], sequence: null };
    const written = writeSip2({ ...draft, checksumValid: this.#options.hasErrorDetection ? true : null }, 'ascii');
    return { kind: 'send', bytes: written.ok ? written.value : new Uint8Array(0) };
  }

  #sendAgain(waiting: Waiting): ClientStep {
    return this.#countTry('the other end cannot read the request') ?? { kind: 'send', bytes: waiting.request.bytes };
  }

  /** Undefined while there are tries left. */
  #countTry(reason: string): ClientStep | undefined {
    const waiting = this.#waiting;
    if (waiting === undefined) return { kind: 'ignore', reason };
    if (waiting.tries < RESENDS_MAX) {
      this.#waiting = { ...waiting, tries: waiting.tries + 1 };
      return undefined;
    }
    this.#waiting = undefined;
    return { kind: 'end', ending: lost(waiting.request, `${reason}, ${RESENDS_MAX} times`), mustClose: true };
  }

  /** Why this answer is not the one; undefined when it is. */
  #staleness({ request, answerCode, tries }: Waiting, message: ReadMessage): string | undefined {
    if (answerCode !== undefined && message.code !== answerCode) return `an answer ${message.code} to something else`;
    const asked = request.message.sequence;
    const told = message.sequence;
    if (told !== null && asked !== null && this.#isEchoing) {
      // Koha numbers what it sends again with 0, whatever the number was.
      const mayBeAgain = told === 0 && (tries > 0 || this.#isDoubtful);
      if (told === asked && !mayBeAgain) return undefined;
      const isGreeting = message.code === '94' || message.code === '98';
      if (told !== asked && isGreeting && !mayBeAgain && !this.#isDoubtful) this.#isEchoing = false;
      else if (told !== asked && !(mayBeAgain && tries > 0)) return 'an answer of an earlier request';
    }
    const isDoubtful = tries > 0 || this.#isDoubtful;
    return this.#isOfAnother(request, message, isDoubtful) ? 'an answer about something else' : undefined;
  }

  /** Whether the answer is about what was asked before, or in doubt, about anything else than was asked now. */
  #isOfAnother(request: OutgoingRequest, message: ReadMessage, isDoubtful: boolean): boolean {
    const before = this.#before;
    for (const id of ['AB', 'AA']) {
      const asked = plain(fieldOf(request.message, id));
      const told = plain(fieldOf(message, id));
      if (asked === '' || told === '' || asked === told) continue;
      if (isDoubtful || told === plain(before === undefined ? undefined : fieldOf(before.request.message, id)))
        return true;
    }
    // The very answer of the request before, of the same kind and about the same item: ours may never have arrived.
    const isSameKind = before?.request.message.code === request.message.code && isChanging(request.message.code);
    return isDoubtful && isSameKind && contentOf(before.answer) === contentOf(message);
  }
}

function contentOf({ code, fixed, fields }: ReadMessage): string {
  return JSON.stringify([code, fixed, fields]);
}

function plain(value: string | undefined): string {
  return (value ?? '').trim().toUpperCase();
}

function lost(request: OutgoingRequest, reason: string): Sip2Ending {
  return { kind: isChanging(request.message.code) ? 'unknown' : 'failed', reason };
}

function other(bytes: Uint8Array): ReadMessage {
  const code = String.fromCharCode(...bytes.subarray(0, 2));
  return { code, name: 'other', fixed: {}, fields: [], sequence: null, checksumValid: null };
}
