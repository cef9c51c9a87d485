/**
 * One terminal: its session at the library system, or the library's rules while that is away.
 *
 *     93 -> a session with this login       the line is up: what comes is passed on, its answer is passed back
 *                                           it is not, or an answer was lost: the offline desk answers
 *
 * The client opens its line again by itself, so the next request after an outage goes to the library system.
 */
import type { Clock } from '#contract/clock.ts';
import { readPatron } from '#contract/codec/sip2/answers.ts';
import { fieldOf } from '#contract/codec/sip2/message.ts';
import type { ReadMessage } from '#contract/codec/sip2/read.ts';
import type { Sip2Content } from '#contract/codec/sip2/requests.ts';
import type { LendingMetrics } from '#lending/metrics.ts';
import type { IlsPort } from '#lending/ils/port.ts';
import type { ItemLocks } from '#lending/queue/item-locks.ts';
import { settleWaiting } from '#lending/queue/replay.ts';
import type { Ledger } from '#lending/queue/ledger.ts';
import { Sip2Client, type Sip2ClientOptions } from '#lending/sip2/client.ts';
import type { TerminalAnswer, TerminalHandler, TerminalRequest } from '#lending/sip2/listener.ts';
import type { KnownTerminals, TerminalLogin } from './known-terminals.ts';
import { learnFrom } from './learn.ts';
import type { OfflineDesk } from './offline-desk.ts';

/** Lend, take back, renew: what changes who has a copy. */
const ABOUT_COPIES: ReadonlySet<string> = new Set(['11', '09', '29']);

export interface TerminalDeps {
  readonly ils: IlsPort;
  readonly locks: ItemLocks;
  readonly options: Omit<Sip2ClientOptions, 'login'>;
  readonly desk: OfflineDesk;
  readonly known: KnownTerminals;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly metrics: Pick<LendingMetrics, 'terminalRequests'>;
  readonly station: string;
}

export class Terminal implements TerminalHandler {
  readonly #deps: TerminalDeps;
  #client: Sip2Client | undefined;
  #login: TerminalLogin | undefined;
  #onState: () => void = () => undefined;
  /** The card for which the library system has vouched; in memory, until the session ends. */
  #card: string | undefined;

  constructor(deps: TerminalDeps) {
    this.#deps = deps;
  }

  async answer({ bytes, message }: TerminalRequest): Promise<TerminalAnswer> {
    if (message?.code === '93') return this.#signIn(message);
    const item = message === undefined ? undefined : fieldOf(message, 'AB');
    if (message === undefined || item === undefined || !ABOUT_COPIES.has(message.code))
      return this.#pass(bytes, message);
    return this.#deps.locks.run(item, async () => {
      // Behind a loan that the library system does not know yet, a return would be refused there.
      if (await settleWaiting(item, this.#deps)) return this.#pass(bytes, message);
      return this.#answerByRules(message, false);
    });
  }

  async #pass(bytes: Uint8Array, message: ReadMessage | undefined): Promise<TerminalAnswer> {
    this.#client ??= this.#connect(undefined);
    const outcome = await this.#client.pass(bytes);
    if (outcome.kind === 'answered') {
      this.#count('ils');
      this.#learn(message, outcome.message);
      return { bytes: outcome.bytes };
    }
    return message === undefined ? undefined : this.#answerByRules(message, outcome.kind === 'unknown');
  }

  #answerByRules(message: ReadMessage, isUnclear: boolean): TerminalAnswer {
    if (!this.#deps.known.has(this.#login)) return undefined;
    this.#count('rules');
    const isSessionKnown = this.#card !== undefined && fieldOf(message, 'AA') === this.#card;
    if (message.code === '35') this.#card = undefined;
    return this.#deps.desk.answer(message, { station: this.#deps.station, isSessionKnown, isUnclear });
  }

  closed(): void {
    this.#client?.close();
    this.#card = undefined;
  }

  async #signIn(message: ReadMessage): Promise<Sip2Content> {
    this.#login = {
      user: fieldOf(message, 'CN') ?? '',
      password: fieldOf(message, 'CO') ?? '',
      location: fieldOf(message, 'CP') ?? '',
    };
    this.#card = undefined;
    this.#client?.close();
    this.#client = this.#connect(this.#login);
    const isOk = await this.#isLet(this.#client);
    return { code: '94', fixed: { ok: isOk ? '1' : '0' }, fields: [] };
  }

  #connect(login: TerminalLogin | undefined): Sip2Client {
    const client = new Sip2Client(
      { ...this.#deps.options, ...(login && { login }) },
      {
        chance: Math.random,
        changed: ({ kind }) => {
          if (kind === 'ready') this.#deps.known.note(login);
          this.#onState();
        },
      },
    );
    return client;
  }

  /** By the library system, or while that is away, by what it said before. */
  #isLet(client: Sip2Client): Promise<boolean> {
    return new Promise((resolve) => {
      const { connectMs, answerMs } = this.#deps.options;
      const settle = (isLet: boolean): void => {
        clearTimeout(timer);
        this.#onState = () => undefined;
        resolve(isLet);
      };
      const timer = setTimeout(() => {
        settle(this.#deps.known.has(this.#login));
      }, connectMs + answerMs);
      this.#onState = () => {
        const { kind, reason } = client.state;
        if (kind === 'ready') settle(true);
        else if (kind === 'refused' || kind === 'closed') settle(false);
        else if (reason !== undefined) settle(this.#deps.known.has(this.#login));
      };
    });
  }

  #learn(request: ReadMessage | undefined, answer: ReadMessage): void {
    const { ledger, clock, desk } = this.#deps;
    if (request === undefined) return;
    const word = learnFrom(request, answer, { atMs: clock.nowMs(), timeZone: desk.timeZone });
    if (word !== undefined) ledger.learn([word]);
    if (answer.code === '24' || answer.code === '64') {
      const { isKnown, isPinRight, flags } = readPatron(answer);
      const isGood = isKnown === true && isPinRight !== false && !flags.includes('charge-denied');
      this.#card = isGood ? fieldOf(request, 'AA') : undefined;
    } else if (answer.code === '36') this.#card = undefined;
    else if (answer.code === '98') desk.noteInstitution(fieldOf(answer, 'AO'));
  }

  #count(by: 'ils' | 'rules'): void {
    this.#deps.metrics.terminalRequests.inc({ by });
  }
}
