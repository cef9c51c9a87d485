/** What readers share that talk on their own until they are told to stop. */
import { setTimeout as pause } from 'node:timers/promises';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';

/** About half a minute of the fastest serial reader; whoever takes no events for so long has other troubles. */
const EVENTS_MAX = 10_000;

/** Events between the line, which gives them at any time, and the next round that takes them along. */
export class EventBuffer {
  #events: ReaderEvent[] = [];
  #dropped = 0;

  add(event: ReaderEvent): void {
    if (this.#events.length < EVENTS_MAX) this.#events.push(event);
    else this.#dropped += 1;
  }

  take(atMs: number): readonly ReaderEvent[] {
    const events = this.#events;
    this.#events = [];
    if (this.#dropped === 0) return events;
    const detail = `${this.#dropped} events came faster than they were taken`;
    this.#dropped = 0;
    return [...events, { kind: 'vendor', name: 'events-dropped', detail, atMs }];
  }
}

/** Stops a stream for the time of some work; works that overlap wait for each other and share one stop. */
export class StreamHold {
  readonly #stop: () => Promise<void>;
  readonly #resume: () => void;
  #turn: Promise<unknown> = Promise.resolve();
  #works = 0;
  #isStopped = false;

  constructor(options: { readonly stop: () => Promise<void>; readonly resume: () => void }) {
    this.#stop = options.stop;
    this.#resume = options.resume;
  }

  get isHeld(): boolean {
    return this.#works > 0;
  }

  /** Work that starts the stream: when no other runs, and not at all while some other waits. Errors: those of the work. */
  restart(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(() => (this.isHeld ? undefined : work()));
    this.#turn = done.catch(() => undefined);
    return done;
  }

  /** Errors: those of stopping, and those of the work. */
  hold<T>(work: () => Promise<T>): Promise<T> {
    this.#works += 1;
    const done = this.#turn.then(() => this.#run(work));
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #run<T>(work: () => Promise<T>): Promise<T> {
    try {
      if (!this.#isStopped) await this.#stop();
      this.#isStopped = true;
      return await work();
    } finally {
      this.#works -= 1;
      if (this.#works === 0) {
        this.#isStopped = false;
        this.#resume();
      }
    }
  }
}

/** How long a reader that is left may take to hear that it shall stop. */
const GOODBYE_MS = 500;

/** Says good-bye, in a bounded time, then closes; once, however often it is called. */
export function closeAfter(goodbye: () => Promise<void>, close: () => Promise<void>): () => Promise<void> {
  let closing: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    const limit = new AbortController();
    const said = goodbye().catch(() => undefined);
    await Promise.race([said, pause(GOODBYE_MS, undefined, { signal: limit.signal }).catch(() => undefined)]);
    limit.abort();
    await close();
  };
  return () => (closing ??= run());
}
