/**
 * The seam between a reader family and the gateway. A driver turns bytes into {@link ReaderEvent}s and knows nothing of
 * presence, outbox or broker, nor of other drivers.
 *
 * Drivers never retry: when the link fails they throw, and the supervisor opens them again.
 */
import type { Logger } from 'pino';
import type { ZodType } from 'zod';
import type { Clock } from '#contract/clock.ts';
import type { Format } from '#contract/codec/format.ts';
import type { Result } from '#contract/result.ts';
import type { Command } from '#contract/wire/status.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';
import type { TagAccess } from '#gateway/drivers/tag-access.ts';
import type { OpenLink } from '#gateway/links/link.ts';

/** Why a reader did not do as told. `code` goes into the reply to the broker. */
interface CommandRefusal {
  readonly code: string;
  readonly detail: string;
}

/** A reader that answered and is being read. */
export interface OpenReader {
  /**
   * Everything the reader says, in order, in pieces as they arrive. Ends when the signal given to `open` aborts.
   *
   * Errors: DRV_LINK_LOST, DRV_READER_SILENT, DRV_READER_REFUSED (open the driver again, after a pause).
   */
  readonly events: AsyncIterable<readonly ReaderEvent[]>;
  /** Reads and writes single tags in the field; absent where the family cannot. Used while `events` is being read. */
  readonly access?: TagAccess;
  /** Switches an output of the reader (light, sound, a lock); absent where it has none. */
  readonly setOutput?: (port: number, isHigh: boolean) => Promise<Result<void, CommandRefusal>>;
  /** What only this family can do; absent where it takes no commands of its own. */
  execute?(command: Command, signal: AbortSignal): Promise<Result<unknown, CommandRefusal>>;
}

export interface ReaderDriver {
  /**
   * Connects and prepares the reader. Aborting `signal` closes it cleanly, whatever it is doing.
   *
   * Errors: DRV_LINK_LOST (no way to the reader), DRV_READER_REFUSED (it answered no), DRV_READER_SILENT (it did not answer).
   */
  open(signal: AbortSignal): Promise<OpenReader>;
}

/** What a driver is given to work with. */
export interface DriverDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly openLink: OpenLink;
  /** Antennas that have a read point, in the order in which they are to be scanned. */
  readonly antennas: readonly number[];
}

/** One line of the registry. `settings` is also the documentation of what can be set. */
export interface DriverDefinition<Settings> {
  readonly kind: string;
  readonly settings: ZodType<Settings>;
  /** The wire formats of the family, for the bench tool. */
  readonly formats: readonly Format[];
  /** The format in which this family's frames name tags that may be patron cards (HF): a capture leaves those out. */
  readonly cards?: Format;
  create(settings: Settings, deps: DriverDeps): ReaderDriver;
}

/** A definition whose settings type only it knows: what a list of drivers holds. */
export interface AnyDriver {
  readonly kind: string;
  readonly formats: readonly Format[];
  readonly cards?: Format | undefined;
  /** Checks settings from the configuration file; the problem in words when they do not fit. */
  checkSettings(settings: unknown): Result<void, string>;
  /** `settings` must have passed `checkSettings`. */
  create(settings: unknown, deps: DriverDeps): ReaderDriver;
}
