/**
 * A reader that talks by itself, in messages: its bytes are cut into messages, each becomes reader events, and a silence
 * longer than the family allows ends it. The same for every such family.
 */
import type { Clock } from '#contract/clock.ts';
import type { StreamSplitter } from '#contract/codec/format.ts';
import { AppError } from '#contract/errors.ts';
import { AsyncQueue } from '#gateway/drivers/async-queue.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';
import type { Link } from '#gateway/links/link.ts';

/** Batches between the reader and presence; when presence is behind, the reader is made to wait. */
const QUEUE_BATCHES_MAX = 256;
/** How often the silence is looked at, and how often a sign of life is passed on. */
const WATCH_MS = 250;
const ALIVE_MS = 1000;

export interface MessageStreamOptions {
  readonly link: Link;
  readonly splitter: StreamSplitter;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Without a byte for so long the reader is dead; absent where silence is its normal state. */
  readonly silenceMs?: number | undefined;
  /** What a person can do about a silent reader. */
  readonly advice: string;
  /** One whole message; none of its faults may throw. */
  onMessage(bytes: Uint8Array): readonly ReaderEvent[];
  /** The stream is over, however it ended. */
  onEnd?(): void;
}

/** Takes the link over: the end of the stream closes it. */
export class MessageStream {
  readonly #options: MessageStreamOptions;
  readonly #queue = new AsyncQueue<readonly ReaderEvent[]>(QUEUE_BATCHES_MAX);
  readonly #watch: NodeJS.Timeout;
  #heardUptimeMs: number;
  #aliveUptimeMs = Number.NEGATIVE_INFINITY;
  #isWaiting = false;
  #isOver = false;

  constructor(options: MessageStreamOptions) {
    this.#options = options;
    this.#heardUptimeMs = options.clock.uptimeMs();
    this.#watch = setInterval(() => {
      this.#watchSilence();
    }, WATCH_MS);
    options.signal.addEventListener('abort', this.#stop, { once: true });
    if (options.signal.aborted) this.#end();
    void this.#pump();
  }

  get events(): AsyncIterable<readonly ReaderEvent[]> {
    return this.#queue;
  }

  /** How long nothing has been heard. */
  get silentMs(): number {
    return this.#options.clock.uptimeMs() - this.#heardUptimeMs;
  }

  /** A sign of life that came another way. */
  heard(): void {
    this.#heardUptimeMs = this.#options.clock.uptimeMs();
    this.#sayAlive();
  }

  /** An event of the driver's own; dropped while presence is behind. */
  say(event: ReaderEvent): void {
    if (!this.#queue.isFull) void this.#queue.push([event]);
  }

  /** Ends the stream with what the driver found out. */
  fail(error: unknown): void {
    this.#end(error);
  }

  async #pump(): Promise<void> {
    const { link, splitter } = this.#options;
    try {
      for await (const chunk of link.bytes) {
        if (this.#isOver) return;
        this.heard();
        const events = splitter.feed(chunk).flatMap((piece): readonly ReaderEvent[] => {
          if (piece.kind === 'frame') return this.#options.onMessage(piece.bytes);
          return [this.#vendor('undecodable', piece.error.detail)];
        });
        if (events.length === 0) continue;
        this.#isWaiting = true;
        await this.#queue.push(events);
        this.#isWaiting = false;
        this.#heardUptimeMs = this.#options.clock.uptimeMs();
      }
      this.#end(new AppError('DRV_LINK_LOST', `${link.name}: closed`, { link: link.name }));
    } catch (error: unknown) {
      this.#end(error);
    }
  }

  #vendor(name: string, detail: string): ReaderEvent {
    return { kind: 'vendor', name, detail, atMs: this.#options.clock.nowMs() };
  }

  #sayAlive(): void {
    const uptimeMs = this.#options.clock.uptimeMs();
    if (uptimeMs - this.#aliveUptimeMs < ALIVE_MS) return;
    this.#aliveUptimeMs = uptimeMs;
    this.say({ kind: 'alive', atMs: this.#options.clock.nowMs() });
  }

  #watchSilence(): void {
    const { silenceMs, link, advice } = this.#options;
    // While presence is behind, it is we who do not listen.
    if (silenceMs === undefined || this.#isWaiting || this.silentMs <= silenceMs) return;
    const sentence = `${link.name} has said nothing for ${silenceMs} ms; ${advice}`;
    this.#end(new AppError('DRV_READER_SILENT', sentence, { link: link.name }));
  }

  readonly #stop = (): void => {
    this.#end();
  };

  #end(error?: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearInterval(this.#watch);
    this.#options.signal.removeEventListener('abort', this.#stop);
    this.#options.onEnd?.();
    this.#queue.end(this.#options.signal.aborted ? undefined : error);
    void this.#options.link.close();
  }
}
