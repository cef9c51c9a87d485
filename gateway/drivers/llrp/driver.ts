/**
 * LLRP readers (UHF, RAIN RFID): one connection, one ROSpec with one AISpec for each antenna.
 *
 *     connect -> ConnectionAttemptEvent -> version -> capabilities -> configuration -> ROSpec -> reports and events
 *
 * Limits: no access specs (reading other memory banks, writing) and no vendor extensions.
 */
import { llrpFormat } from '#contract/codec/llrp/format.ts';
import type { LlrpMessage } from '#contract/codec/llrp/message.ts';
import { AppError } from '#contract/errors.ts';
import { AsyncQueue } from '#gateway/drivers/async-queue.ts';
import type { DriverDefinition, DriverDeps, OpenReader } from '#gateway/drivers/driver.ts';
import { LlrpConnection } from '#gateway/drivers/llrp/connection.ts';
import { Cycles } from '#gateway/drivers/llrp/cycles.ts';
import { ROSPEC_ID } from '#gateway/drivers/llrp/rospec-plan.ts';
import { llrpSettings, type LlrpSettings } from '#gateway/drivers/llrp/settings.ts';
import { startReader } from '#gateway/drivers/llrp/start.ts';
import { Translator } from '#gateway/drivers/llrp/translate.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';
import type { Link } from '#gateway/links/link.ts';

/** Messages between the reader and presence; when presence is behind, the reader is made to wait. */
const QUEUE_MESSAGES_MAX = 256;
/** How long a reader may take to say good-bye. */
const CLOSE_TIMEOUT_MS = 500;

const REFUSALS: Readonly<Record<string, string>> = {
  'reader-initiated-exists': 'the reader holds a connection it opened itself; turn that off on the reader',
  'client-initiated-exists': 'another program is connected to the reader; stop it, a reader serves one',
  'another-attempted': 'another program is trying to connect to the reader; stop it, a reader serves one',
  failed: 'the reader could not open the connection; restart it',
};

export const llrpDriver: DriverDefinition<LlrpSettings> = {
  kind: 'llrp',
  settings: llrpSettings,
  formats: [llrpFormat],
  create: (settings, deps) => ({
    async open(signal) {
      const link = await deps.openLink(signal);
      const session = new LlrpSession(link, settings, deps);
      return session.open(signal);
    },
  }),
};

/** One connection from its opening to its end. */
class LlrpSession {
  readonly #link: Link;
  readonly #settings: LlrpSettings;
  readonly #deps: DriverDeps;
  readonly #queue = new AsyncQueue<readonly ReaderEvent[]>(QUEUE_MESSAGES_MAX);
  readonly #cycles: Cycles;
  readonly #translator: Translator;
  readonly #connection: LlrpConnection;
  readonly #opening = new Opening();
  #isOpen = false;
  #hasInferred = false;
  #inference: NodeJS.Timeout | undefined;

  constructor(link: Link, settings: LlrpSettings, deps: DriverDeps) {
    this.#link = link;
    this.#settings = settings;
    this.#deps = deps;
    this.#cycles = new Cycles(deps.antennas, settings.dwellMs, deps.clock.uptimeMs());
    this.#translator = new Translator(this.#cycles);
    this.#connection = new LlrpConnection({
      link,
      responseTimeoutMs: settings.responseTimeoutMs,
      onMessage: (message) => this.#take(message),
      onUndecodable: (error) => {
        this.#say({ kind: 'vendor', name: 'llrp-undecodable', detail: error.detail, atMs: deps.clock.nowMs() });
      },
      onEnd: (error) => {
        clearInterval(this.#inference);
        this.#opening.reject(error ?? new AppError('DRV_LINK_LOST', `${link.name}: the connection was closed`));
        this.#queue.end(error);
      },
    });
  }

  async open(signal: AbortSignal): Promise<OpenReader> {
    const onAbort = (): void => {
      void this.#close();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    const { antennas, log } = this.#deps;
    try {
      await this.#opened();
      const options = { name: this.#link.name, antennas, settings: this.#settings, log };
      const { unplugged, firmware } = await startReader(this.#connection, options);
      this.#isOpen = true;
      log.debug({ link: this.#link.name, firmware, version: this.#connection.version }, 'LLRP reader started');
      this.#tellPlugs(unplugged);
      this.#inferCycles();
      if (signal.aborted) void this.#close();
    } catch (error: unknown) {
      await this.#connection.close();
      throw error;
    }
    return { events: this.#queue };
  }

  /** Nothing may be sent before the reader has said that the connection is ours. */
  async #opened(): Promise<void> {
    const timer = setTimeout(() => {
      const sentence = `${this.#link.name} did not greet within ${this.#settings.responseTimeoutMs} ms; is it the LLRP port?`;
      this.#opening.reject(new AppError('DRV_READER_SILENT', sentence, { link: this.#link.name }));
    }, this.#settings.responseTimeoutMs);
    try {
      await this.#opening.promise;
    } finally {
      clearTimeout(timer);
    }
  }

  async #take(message: LlrpMessage): Promise<void> {
    if (message.kind === 'reader-event-notification') this.#takeLinkEvents(message);
    const events = this.#translator.translate(message, this.#deps.clock.nowMs());
    if (events.length > 0) await this.#queue.push(events);
  }

  #takeLinkEvents(message: Extract<LlrpMessage, { kind: 'reader-event-notification' }>): void {
    for (const event of message.events) {
      if (event.kind === 'connection-attempt' && !this.#isOpen) this.#greeted(event.outcome);
      if (event.kind === 'connection-close') {
        throw new AppError('DRV_LINK_LOST', `${this.#link.name}: the reader closes the connection`, {
          link: this.#link.name,
        });
      }
      if (event.kind === 'rospec' && event.event === 'ended' && this.#isOpen) void this.#restart();
    }
  }

  #greeted(outcome: string): void {
    if (outcome === 'success') {
      this.#opening.resolve();
      return;
    }
    const sentence = `${this.#link.name} refused the connection: ${REFUSALS[outcome] ?? outcome}`;
    this.#opening.reject(new AppError('DRV_READER_REFUSED', sentence, { link: this.#link.name, outcome }));
  }

  /** Some readers run a ROSpec once in spite of its immediate start. One that runs again by itself refuses; no matter. */
  async #restart(): Promise<void> {
    try {
      await this.#connection.request({ kind: 'start-rospec', id: ROSPEC_ID }, 'start-rospec-response');
    } catch (error: unknown) {
      this.#deps.log.debug({ err: error, link: this.#link.name }, 'reader was not started again');
    }
  }

  #tellPlugs(unplugged: readonly number[] | undefined): void {
    const atMs = this.#deps.clock.nowMs();
    for (const antenna of unplugged ?? []) this.#say({ kind: 'antenna', antenna, up: false, atMs });
  }

  #inferCycles(): void {
    this.#inference = setInterval(() => {
      const antennas = this.#cycles.infer(this.#deps.clock.uptimeMs());
      if (antennas.length === 0 || this.#queue.isFull) return;
      const atMs = this.#deps.clock.nowMs();
      if (!this.#hasInferred) {
        this.#hasInferred = true;
        const detail = 'the reader does not tell of AISpec ends; cycles are taken from its schedule';
        this.#say({ kind: 'vendor', name: 'cycles-inferred', detail, atMs });
      }
      this.#say({ kind: 'cycle', antennas, atMs });
    }, this.#cycles.roundMs);
  }

  #say(event: ReaderEvent): void {
    if (!this.#queue.isFull) void this.#queue.push([event]);
  }

  /** Good-bye: CLOSE_CONNECTION, so that the reader takes the next client at once, and then the link. */
  async #close(): Promise<void> {
    if (this.#isOpen) {
      const goodbye = this.#connection.request({ kind: 'close-connection' }, 'close-connection-response');
      const limit = new Promise((resolve) => setTimeout(resolve, CLOSE_TIMEOUT_MS).unref());
      await Promise.race([goodbye, limit]).catch(() => undefined);
    }
    await this.#connection.close();
  }
}

/** The reader's greeting, which comes or does not. */
class Opening {
  readonly promise: Promise<void>;
  #settle: { resolve(): void; reject(error: unknown): void } = { resolve: () => undefined, reject: () => undefined };

  constructor() {
    this.promise = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    // The end of the link may come before anyone waits.
    this.promise.catch(() => undefined);
  }

  resolve(): void {
    this.#settle.resolve();
  }

  reject(error: unknown): void {
    this.#settle.reject(error);
  }
}
