/**
 * A store that another role writes and that may not be there yet: opened when it appears, tried again when it is not.
 * Whoever asks meanwhile gets `undefined` and shows that part as down.
 */
import type { Logger } from 'pino';
import { AppError } from '#contract/errors.ts';
import type { Clock } from '#contract/clock.ts';

/** Opening costs a few ms; a screen asks several times a second. */
const RETRY_MS = 500;

export interface LateReader<T> {
  /** The reader, or `undefined` while it cannot be opened. */
  get(): T | undefined;
  /** Errors: `STO_UNAVAILABLE`. */
  need(): T;
  close(): void;
}

export interface LateReaderOptions<T> {
  /** What a person knows it by: "the engine's state". */
  readonly name: string;
  readonly clock: Clock;
  readonly log: Logger;
  open(): T;
  close(reader: T): void | Promise<void>;
}

export function createLateReader<T>(options: LateReaderOptions<T>): LateReader<T> {
  let reader: T | undefined;
  let nextTryMs = -Infinity;
  let isClosed = false;
  let lastReason = '';

  function get(): T | undefined {
    if (reader !== undefined || isClosed || options.clock.uptimeMs() < nextTryMs) return reader;
    nextTryMs = options.clock.uptimeMs() + RETRY_MS;
    try {
      reader = options.open();
    } catch (error: unknown) {
      // Once per reason: the file of a role that is not installed may be missing for months.
      const reason = error instanceof AppError ? error.code : String(error);
      if (reason !== lastReason) options.log.warn({ err: error, store: options.name }, 'store cannot be read yet');
      lastReason = reason;
    }
    return reader;
  }

  return {
    get,
    need() {
      const found = get();
      if (found !== undefined) return found;
      throw new AppError('STO_UNAVAILABLE', `Not available now: ${options.name}.`, { retryAfterSeconds: 5 });
    },
    close() {
      isClosed = true;
      if (reader !== undefined) void options.close(reader);
      reader = undefined;
    },
  };
}
