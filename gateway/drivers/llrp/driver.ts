/**
 * LLRP readers (UHF, RAIN RFID): one connection, one ROSpec with one AISpec for each antenna.
 *
 *     connect -> ConnectionAttemptEvent -> version -> capabilities -> configuration -> ROSpec -> reports and events
 *
 * Other memory banks of the tags are read along where settings ask for it, and single tags are read and written on
 * command, both by AccessSpecs. Of vendor extensions only those of Impinj are used, and only where settings ask for them.
 */
import { llrpFormat } from '#contract/codec/llrp/format.ts';
import { NO_CONFIG } from '#contract/codec/llrp/reader-config.ts';
import type { LlrpMessage } from '#contract/codec/llrp/message.ts';
import { AppError } from '#contract/errors.ts';
import { err, ok } from '#contract/result.ts';
import { AsyncQueue } from '#gateway/drivers/async-queue.ts';
import type { DriverDefinition, DriverDeps, OpenReader } from '#gateway/drivers/driver.ts';
import { LlrpTagAccess } from '#gateway/drivers/llrp/access.ts';
import { LlrpConnection } from '#gateway/drivers/llrp/connection.ts';
import { Cycles } from '#gateway/drivers/llrp/cycles.ts';
import { ROSPEC_ID } from '#gateway/drivers/llrp/rospec-plan.ts';
import { llrpSettings, type LlrpSettings } from '#gateway/drivers/llrp/settings.ts';
import { startReader, type StartedReader } from '#gateway/drivers/llrp/start.ts';
import { Translator } from '#gateway/drivers/llrp/translate.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';
import type { Link } from '#gateway/links/link.ts';

/** Messages between the reader and presence; when presence is behind, the reader is made to wait. */
const QUEUE_MESSAGES_MAX = 256;
/** While the reader is being told what to do nobody takes messages yet, and its answers must not wait behind them. */
const OPENING_MESSAGES_MAX = 4096;
/** On top of two rounds: the way there and back, and a tag that keeps still for a while after it was read. */
const ACCESS_MARGIN_MS = 3000;
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
  readonly #access: LlrpTagAccess;
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
        this.#access.end(error ?? new AppError('DRV_LINK_LOST', `${link.name}: the connection was closed`));
        this.#opening.reject(error ?? new AppError('DRV_LINK_LOST', `${link.name}: the connection was closed`));
        this.#queue.end(error);
      },
    });
    const roundMs = settings.dwellMs * deps.antennas.length;
    const timeoutMs = settings.accessTimeoutMs ?? 2 * roundMs + ACCESS_MARGIN_MS;
    this.#access = new LlrpTagAccess({ connection: this.#connection, memory: settings.memory, timeoutMs });
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
      const started = await startReader(this.#connection, options);
      const { firmware, isNew, hasAccess, gpoCount } = started;
      const refusal = hasAccess ? await this.#access.start() : undefined;
      this.#isOpen = true;
      log.debug({ link: this.#link.name, firmware, isNew, version: this.#connection.version }, 'LLRP reader started');
      this.#tellShortcomings(started, refusal?.code === 0);
      this.#inferCycles();
      if (signal.aborted) void this.#close();
      return {
        events: this.#queue,
        ...(hasAccess && { access: this.#access }),
        ...(gpoCount > 0 && { setOutput: (port, isHigh) => this.#setOutput(port, isHigh) }),
      };
    } catch (error: unknown) {
      await this.#connection.close();
      throw error;
    }
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
    if (message.kind === 'ro-access-report') this.#access.take(message.tags);
    const events = this.#translator.translate(message, this.#deps.clock.nowMs());
    if (events.length === 0) return;
    const taken = this.#queue.push(events);
    if (this.#isOpen || this.#queue.size >= OPENING_MESSAGES_MAX) await taken;
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

  async #setOutput(port: number, isHigh: boolean): ReturnType<NonNullable<OpenReader['setOutput']>> {
    const config = { ...NO_CONFIG, gpos: [{ port, high: isHigh }] };
    const request = { kind: 'set-reader-config', resetToFactory: false, config } as const;
    const { status } = await this.#connection.request(request, 'set-reader-config-response');
    if (status.code === 0) return ok(undefined);
    return err({ code: 'not-supported', detail: `the reader refuses output ${port}: status ${status.code}` });
  }

  /** What people should know of this reader before they look for the fault elsewhere. */
  #tellShortcomings({ unplugged, lacksImpinj }: StartedReader, canReadAlong: boolean): void {
    const atMs = this.#deps.clock.nowMs();
    for (const antenna of unplugged ?? []) this.#say({ kind: 'antenna', antenna, up: false, atMs });
    if (lacksImpinj) {
      const detail = 'settings name extensions of Impinj, which this reader does not offer; it is read without them';
      this.#say({ kind: 'vendor', name: 'extensions-missing', detail, atMs });
    }
    const { tidWords, userWords } = this.#settings.memory;
    if (tidWords + userWords > 0 && !canReadAlong) {
      const detail = 'settings ask for the memory of tags, but this reader takes no AccessSpec; it reads EPCs only';
      this.#say({ kind: 'vendor', name: 'memory-not-read', detail, atMs });
    }
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
