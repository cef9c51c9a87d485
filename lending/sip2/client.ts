/**
 * One terminal's session with the library's system over SIP2: it keeps itself connected and signed in, and asks one
 * thing at a time.
 *
 *     connecting --93, 99 answered--> ready --line lost--> connecting (at once, then slower and slower)
 *          \--93 refused--> refused --pause--> connecting
 *
 * Systems take branch and rights from the login, and many drop idle lines: each terminal has a connection of its own, an
 * idle one says 99 now and then, and a lost one is opened again before somebody asks.
 *
 * Outcomes: a request that may change books is **never repeated by the client**. `unsent` is certain: no byte of it left.
 * `unknown`: it may have been done, and a slow system may yet do it; look the item up first, and not at once.
 */
import { readPlain, readStatus, type StatusAnswer } from '#contract/codec/sip2/answers.ts';
import type { Sip2Charset } from '#contract/codec/sip2/charset.ts';
import {
  ClientSession,
  type ClientStep,
  type OutgoingRequest,
  type Sip2Ending,
} from '#contract/codec/sip2/client-session.ts';
import { loginRequest, statusRequest, type Sip2Content } from '#contract/codec/sip2/requests.ts';
import { openLine, type Sip2Address, type Sip2Line } from './line.ts';

export type Sip2Outcome = Sip2Ending | { readonly kind: 'unsent'; readonly reason: string };

export interface Sip2ClientOptions extends Sip2Address {
  readonly charset: Sip2Charset;
  /** Sequence numbers and checksums. */
  readonly hasErrorDetection: boolean;
  /** 93; some systems know a terminal by its address and take no login. */
  readonly login?: { readonly user: string; readonly password: string; readonly location?: string };
  readonly connectMs: number;
  /** How long one answer may take before it is asked for again; four times that until a request is given up. */
  readonly answerMs: number;
  /** How long a request may wait for the line and for those before it. */
  readonly waitMs: number;
  /** Silence after which 99 is said. */
  readonly idleMs: number;
  /** Pauses between attempts to connect: the first, doubled each time up to the last. */
  readonly firstPauseMs: number;
  readonly lastPauseMs: number;
}

export interface Sip2ClientDeps {
  /** 0 to 1, spreads the attempts of many terminals. */
  readonly chance: () => number;
  /** After each change of {@link Sip2Client.state}. */
  readonly changed?: (state: Sip2ClientState) => void;
}

export interface Sip2ClientState {
  readonly kind: 'connecting' | 'ready' | 'refused' | 'closed';
  /** Why it is not ready. */
  readonly reason?: string;
  /** What the system said of itself last. */
  readonly status?: StatusAnswer;
}

/** A kiosk has one request under way and a few behind it; more would be answered too late to be of use. */
const QUEUE_MAX = 32;

interface Job {
  readonly make: (session: ClientSession) => OutgoingRequest | string;
  readonly done: (outcome: Sip2Outcome) => void;
  /** A read may be asked once more by us, after the line came back. */
  canRepeat: boolean;
  timer?: NodeJS.Timeout;
}

export class Sip2Client {
  readonly #options: Sip2ClientOptions;
  readonly #deps: Sip2ClientDeps;
  #state: Sip2ClientState = { kind: 'connecting' };
  #session: ClientSession;
  #line: Sip2Line | undefined;
  #queue: Job[] = [];
  #current: Job | undefined;
  #failures = 0;
  #answerTimer: NodeJS.Timeout | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #pauseTimer: NodeJS.Timeout | undefined;

  constructor(options: Sip2ClientOptions, deps: Sip2ClientDeps) {
    this.#options = options;
    this.#deps = deps;
    this.#session = new ClientSession(options);
    this.#connect();
  }

  get state(): Sip2ClientState {
    return this.#state;
  }

  /** Asks when the line is ready and free. */
  ask(content: Sip2Content): Promise<Sip2Outcome> {
    return this.#enqueue((session) => {
      const composed = session.compose(content);
      if (composed.ok) return composed.value;
      return composed.error.path === '' ? composed.error.detail : `${composed.error.path}: ${composed.error.detail}`;
    }, true);
  }

  /** Passes a message on as it is, without its end mark; its own number and checksum stay. Never repeated. */
  pass(bytes: Uint8Array): Promise<Sip2Outcome> {
    return this.#enqueue((session) => {
      const adopted = session.adopt(bytes);
      return adopted.ok ? adopted.value : adopted.error;
    }, false);
  }

  /** Gives up what is under way. Safe to call twice. */
  close(): void {
    if (this.#state.kind === 'closed') return;
    this.#enter({ kind: 'closed' });
    clearTimeout(this.#pauseTimer);
    this.#line?.close('stopped');
    for (const job of this.#queue.splice(0)) settle(job, { kind: 'unsent', reason: 'stopped' });
  }

  #enqueue(make: Job['make'], canRepeat: boolean): Promise<Sip2Outcome> {
    return new Promise((resolve) => {
      const job: Job = { make, done: resolve, canRepeat };
      if (this.#state.kind === 'closed' || this.#queue.length >= QUEUE_MAX) {
        resolve({
          kind: 'unsent',
          reason: this.#state.kind === 'closed' ? 'stopped' : 'too many requests are waiting',
        });
        return;
      }
      this.#wait(job);
      this.#queue.push(job);
      this.#pump();
    });
  }

  #wait(job: Job): void {
    job.timer = setTimeout(() => {
      this.#queue = this.#queue.filter((one) => one !== job);
      const { kind, reason } = this.#state;
      const why = kind === 'ready' ? 'others were before it' : (reason ?? 'not connected yet');
      settle(job, { kind: 'unsent', reason: `not sent within ${this.#options.waitMs} ms: ${why}` });
    }, this.#options.waitMs);
  }

  #connect(): void {
    const { connectMs } = this.#options;
    this.#session = new ClientSession(this.#options);
    this.#line = openLine(this.#options, connectMs, {
      opened: () => {
        this.#greet().catch((error: unknown) => {
          this.#line?.close(String(error));
        });
      },
      message: (bytes) => {
        this.#apply(this.#session.received(bytes));
      },
      closed: (reason) => {
        this.#lost(reason);
      },
    });
  }

  /** 93 where the terminal has a login, and 99, which every system must answer. */
  async #greet(): Promise<void> {
    const { login } = this.#options;
    if (login !== undefined) {
      const signedIn = await this.#exchange(loginRequest(login.user, login.password, login.location));
      if (signedIn.kind !== 'answered') {
        this.#line?.close(`sign-in: ${signedIn.reason}`);
        return;
      }
      if (!readPlain(signedIn.message).isOk) {
        this.#enter({ kind: 'refused', reason: 'the library system refuses user or password of the terminal' });
        this.#line?.close('sign-in refused');
        return;
      }
    }
    const status = await this.#exchange(statusRequest());
    if (status.kind !== 'answered') {
      this.#line?.close(`status: ${status.reason}`);
      return;
    }
    this.#failures = 0;
    this.#enter({ kind: 'ready', status: readStatus(status.message) });
    this.#pump();
  }

  /** A request of our own, before or between those of others. */
  #exchange(content: Sip2Content): Promise<Sip2Outcome> {
    return new Promise((resolve) => {
      this.#start({
        make: (session) => {
          const composed = session.compose(content);
          return composed.ok ? composed.value : composed.error.detail;
        },
        done: resolve,
        canRepeat: false,
      });
    });
  }

  #pump(): void {
    if (this.#state.kind !== 'ready' || this.#current !== undefined) return;
    const job = this.#queue.shift();
    if (job !== undefined) this.#start(job);
    else this.#idle();
  }

  #start(job: Job): void {
    clearTimeout(this.#idleTimer);
    clearTimeout(job.timer);
    const request = job.make(this.#session);
    if (typeof request === 'string') {
      settle(job, { kind: 'unsent', reason: request });
      this.#pump();
      return;
    }
    this.#current = job;
    const step = this.#session.ask(request);
    if (step.kind === 'send' && this.#line?.send(step.bytes) === true) this.#awaitAnswer();
    else {
      // The line is going down and nothing of it left: it waits for the next one.
      this.#session = new ClientSession(this.#options);
      this.#current = undefined;
      if (job.timer === undefined) settle(job, { kind: 'unsent', reason: 'the line is going down' });
      else this.#putBack(job);
      this.#line?.close('the line is going down');
    }
  }

  #apply(step: ClientStep): void {
    if (step.kind === 'ignore') return;
    if (step.kind === 'send') {
      if (this.#line?.send(step.bytes) === true) this.#awaitAnswer();
      return;
    }
    clearTimeout(this.#answerTimer);
    this.#finish(step.ending);
    if (step.mustClose) this.#line?.close('no good answer');
    else this.#pump();
  }

  #awaitAnswer(): void {
    clearTimeout(this.#answerTimer);
    this.#answerTimer = setTimeout(() => {
      this.#apply(this.#session.timedOut());
    }, this.#options.answerMs);
  }

  #finish(ending: Sip2Ending): void {
    const job = this.#current;
    this.#current = undefined;
    if (job === undefined) return;
    if (ending.kind === 'failed' && job.canRepeat && this.#state.kind !== 'closed') {
      job.canRepeat = false;
      this.#putBack(job);
    } else settle(job, ending);
  }

  #putBack(job: Job): void {
    this.#wait(job);
    this.#queue.unshift(job);
  }

  #idle(): void {
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => {
      if (this.#current !== undefined || this.#state.kind !== 'ready') return;
      void this.#exchange(statusRequest()).then((outcome) => {
        if (outcome.kind === 'answered' && this.#state.kind === 'ready') {
          this.#enter({ kind: 'ready', status: readStatus(outcome.message) });
        }
      });
    }, this.#options.idleMs);
  }

  #lost(reason: string): void {
    clearTimeout(this.#answerTimer);
    clearTimeout(this.#idleTimer);
    this.#line = undefined;
    const wasReady = this.#state.kind === 'ready';
    const ending = this.#session.closed(reason);
    if (wasReady) this.#enter({ kind: 'connecting', reason });
    else if (this.#state.kind === 'connecting') this.#enter({ kind: 'connecting', reason });
    if (ending !== undefined) this.#finish(ending);
    if (this.#state.kind === 'closed') return;
    this.#pauseTimer = setTimeout(() => {
      this.#connect();
    }, this.#pauseMs(wasReady));
  }

  /** A line that worked is opened again at once; after that slower and slower, and a refusal waits longest. */
  #pauseMs(wasReady: boolean): number {
    const { firstPauseMs, lastPauseMs } = this.#options;
    if (wasReady) return 0;
    this.#failures += 1;
    const full = this.#state.kind === 'refused' ? lastPauseMs : firstPauseMs * 2 ** Math.min(20, this.#failures - 1);
    return Math.min(lastPauseMs, full) * (0.5 + 0.5 * this.#deps.chance());
  }

  #enter(state: Sip2ClientState): void {
    const { status } = this.#state;
    this.#state = { ...(status !== undefined && { status }), ...state };
    this.#deps.changed?.(this.#state);
  }
}

function settle(job: Job, outcome: Sip2Outcome): void {
  clearTimeout(job.timer);
  job.done(outcome);
}
