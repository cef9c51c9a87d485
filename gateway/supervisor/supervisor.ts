/**
 * Keeps one reader open for ever.
 *
 *     connecting --first cycle--> live --failure--> dead --pause 0.5 s .. 60 s--> dead, trying --first cycle--> live
 *         \--failure, or no cycle of life within nine seconds--> dead
 *
 * The pause grows until the reader delivers a first scan cycle, or, if it completes none, says that it is alive: a reader
 * that accepts and then fails is not a success.
 */
import type { Logger } from 'pino';
import type { Clock } from '#contract/clock.ts';
import { AppError } from '#contract/errors.ts';
import type { OpenReader, ReaderDriver } from '#gateway/drivers/driver.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';
import { backoffMs, type BackoffPolicy, type Sleep } from '#gateway/backoff.ts';

const RECONNECT: BackoffPolicy = { firstMs: 500, maxMs: 60_000 };
/** A reader that is opened step by step, each step just in time, must still show as dead within ten seconds. */
const OPEN_TIMEOUT_MS = 9000;

export type ReaderState = 'connecting' | 'live' | 'dead';

export interface SupervisorOptions {
  readonly reader: string;
  readonly driver: ReaderDriver;
  readonly clock: Clock;
  readonly log: Logger;
  readonly sleep: Sleep;
  /** 0..1, for the spread of the pauses. */
  readonly chance: () => number;
  onEvents(events: readonly ReaderEvent[]): void;
  /** Called at every change, `detail` says why in words. */
  onState(state: ReaderState, detail: string | undefined): void;
}

export interface SupervisedReader {
  readonly state: ReaderState;
  /** Failures since the last success. */
  readonly failures: number;
  /** The reader as it is open now. */
  readonly opened: OpenReader | undefined;
  close(): Promise<void>;
}

export function superviseReader(options: SupervisorOptions): SupervisedReader {
  const supervisor = new Supervisor(options);
  supervisor.start();
  return supervisor;
}

class Supervisor implements SupervisedReader {
  readonly #options: SupervisorOptions;
  readonly #stop = new AbortController();
  #done: Promise<void> = Promise.resolve();
  #state: ReaderState = 'connecting';
  #failures = 0;
  #opened: OpenReader | undefined;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  get state(): ReaderState {
    return this.#state;
  }

  get failures(): number {
    return this.#failures;
  }

  get opened(): OpenReader | undefined {
    return this.#opened;
  }

  start(): void {
    this.#done = this.#run();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    const isStopped = (): boolean => signal.aborted;
    while (!isStopped()) {
      const error = await this.#attempt();
      if (isStopped()) return;
      this.#failed(error);
      await this.#options.sleep(backoffMs(RECONNECT, this.#failures, this.#options.chance()), signal);
    }
  }

  /**
   * One connection, from opening to its end; gives why it ended. Its own signal, so that whatever happens here nothing of
   * it stays open.
   */
  async #attempt(): Promise<unknown> {
    const attempt = new AbortController();
    const signal = AbortSignal.any([this.#stop.signal, attempt.signal]);
    const limit = new AbortController();
    try {
      const opening = this.#options.driver.open(signal);
      const opened = await Promise.race([opening, this.#openLimit(limit.signal)]);
      limit.abort();
      this.#opened = opened;
      for await (const events of opened.events) this.#take(events);
      return new AppError('DRV_LINK_LOST', `${this.#options.reader}: the reader ended`);
    } catch (error: unknown) {
      return error;
    } finally {
      limit.abort();
      attempt.abort();
      this.#opened = undefined;
    }
  }

  async #openLimit(signal: AbortSignal): Promise<never> {
    await this.#options.sleep(OPEN_TIMEOUT_MS, signal);
    const sentence = `${this.#options.reader} was not ready within ${OPEN_TIMEOUT_MS} ms; it is too slow or stuck, restart it`;
    if (signal.aborted) return new Promise(() => undefined);
    throw new AppError('DRV_READER_SILENT', sentence, { reader: this.#options.reader });
  }

  #take(events: readonly ReaderEvent[]): void {
    this.#options.onEvents(events);
    if (this.#state === 'live' || !events.some(({ kind }) => kind === 'cycle' || kind === 'alive')) return;
    this.#failures = 0;
    this.#change('live', undefined);
  }

  #failed(error: unknown): void {
    this.#failures += 1;
    const detail = error instanceof Error ? error.message : 'failed';
    const facts = { reader: this.#options.reader, failures: this.#failures, detail };
    if (this.#state === 'dead') this.#options.log.debug(facts, 'reader is still dead');
    else this.#options.log.warn(facts, 'reader is dead');
    if (!(error instanceof AppError))
      this.#options.log.error({ err: error, reader: this.#options.reader }, 'driver failed');
    this.#change('dead', detail);
  }

  #change(state: ReaderState, detail: string | undefined): void {
    if (state === 'live') this.#options.log.info({ reader: this.#options.reader }, 'reader is live');
    this.#state = state;
    this.#options.onState(state, detail);
  }
}
