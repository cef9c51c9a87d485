/**
 * What somebody did while the line was cut, or before the server had answered: written down first, sent in order, taken
 * out only when the server has taken it in or has said why not. One outbox belongs to one person in one library.
 *
 *     waiting --done--> gone
 *        |  \--refused--> refused --seen by the person--> gone
 *        \--no answer--> waiting (tried again)
 */
import type { DeviceStore } from './device-store.ts';

/** A long shift on several floors; beyond it the person must go back to the line. */
export const WAITING_MAX = 500;
const REFUSED_MAX = 100;
const RETRY_MS_MIN = 3000;
const RETRY_MS_MAX = 60_000;

export interface Waiting<T> {
  /** Made once and sent every time: by it the server knows a repeat. */
  readonly id: string;
  readonly body: T;
  /** ISO 8601, by the device's clock. */
  readonly at: string;
}

export interface Refused<T> {
  readonly entry: Waiting<T>;
  readonly status: number;
}

export interface OutboxState<T> {
  readonly waiting: readonly Waiting<T>[];
  readonly refused: readonly Refused<T>[];
}

/** `later`: nobody answered; `signed-out`: somebody has to sign in first; `refused`: never, so a person must know. */
export type Verdict =
  { readonly is: 'done' | 'later' | 'signed-out' } | { readonly is: 'refused'; readonly status: number };

interface Options<T> {
  readonly store: DeviceStore;
  /** Names the person and the library. */
  readonly key: string;
  readonly send: (entry: Waiting<T>) => Promise<Verdict>;
  /** Runs work while no other page of the same device does; `false` at once when one does. */
  readonly alone: (work: () => Promise<void>) => Promise<boolean>;
}

export class Outbox<T> {
  readonly #options: Options<T>;
  readonly #listeners = new Set<() => void>();
  #state: OutboxState<T> = { waiting: [], refused: [] };
  #isSending = false;
  #isClosed = false;
  #retryMs = RETRY_MS_MIN;
  #retry: ReturnType<typeof setTimeout> | null = null;

  constructor(options: Options<T>) {
    this.#options = options;
  }

  /** The same object until something changes. */
  state(): OutboxState<T> {
    return this.#state;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Reads what was left from before. */
  async open(): Promise<void> {
    const kept = await this.#options.store.get<OutboxState<T>>(this.#options.key);
    if (kept !== undefined) this.#show(kept);
  }

  close(): void {
    this.#isClosed = true;
    if (this.#retry !== null) clearTimeout(this.#retry);
  }

  /** `false` when it is full: nothing was written down then. */
  async add(entry: Waiting<T>): Promise<boolean> {
    let isIn = true;
    await this.#change((before) => {
      isIn = before.waiting.length < WAITING_MAX;
      return isIn ? { ...before, waiting: [...before.waiting, entry] } : before;
    });
    return isIn;
  }

  /** The person has read why these were refused. */
  async forgetRefused(): Promise<void> {
    await this.#change((before) => ({ ...before, refused: [] }));
  }

  /** Sends what waits, oldest first, until the outbox is empty or nobody answers. */
  async flush(): Promise<void> {
    if (this.#isSending || this.#isClosed) return;
    this.#isSending = true;
    try {
      // The other page sends what is here too, but perhaps not what was added this very moment.
      if (!(await this.#options.alone(() => this.#sendAll()))) this.#tryLater();
    } finally {
      this.#isSending = false;
    }
  }

  async #sendAll(): Promise<void> {
    // Another page may have sent some of it.
    await this.open();
    for (let entry = this.#state.waiting[0]; entry !== undefined; entry = this.#state.waiting[0]) {
      if (this.#isClosed) return;
      const verdict = await this.#options.send(entry);
      if (verdict.is === 'later') this.#tryLater();
      if (verdict.is === 'later' || verdict.is === 'signed-out') return;
      this.#retryMs = RETRY_MS_MIN;
      await this.#change((before) => take(before, entry, verdict));
    }
  }

  #tryLater(): void {
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = setTimeout(() => {
      this.#retry = null;
      void this.flush();
    }, this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, RETRY_MS_MAX);
  }

  async #change(step: (before: OutboxState<T>) => OutboxState<T>): Promise<void> {
    const { store, key } = this.#options;
    this.#show(await store.update<OutboxState<T>>(key, (before) => step(before ?? { waiting: [], refused: [] })));
  }

  #show(state: OutboxState<T>): void {
    if (this.#isClosed) return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

function take<T>(state: OutboxState<T>, entry: Waiting<T>, verdict: Verdict): OutboxState<T> {
  const waiting = state.waiting.filter(({ id }) => id !== entry.id);
  if (verdict.is !== 'refused') return { ...state, waiting };
  return { waiting, refused: [...state.refused, { entry, status: verdict.status }].slice(-REFUSED_MAX) };
}
