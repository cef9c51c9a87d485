/**
 * What a FEIG reader does with a frame, in each of its modes, and what it sends by itself in notification mode. It keeps
 * its buffer over a lost connection, and loses it with the power.
 *
 * Source: FEIG ID ISC.MR102 manual H01113-4e-ID-B (65, 66, 69, 6A, 71, 72); ID ISC.LRU3000 H90202-7e-ID-B (86, 88, 6E,
 * buffer); ID ISC.ANT.U500/270-DM H71011-0e-ID-B, 12.2 (notification).
 */
import { COMMAND, STATUS } from '#contract/codec/feig/codes.ts';
import { join, wordBytes } from '#contract/codec/feig/cursor.ts';
import {
  ADDRESS_ANY,
  encodeFrame,
  FEIG_SHAPE,
  openFrame,
  type FeigFrame,
  type FrameForm,
} from '#contract/codec/feig/frame.ts';
import { readQuestion, type Question } from '#contract/codec/feig/question.ts';
import { SerialFramer, type SerialEvent } from '#contract/codec/serial-framer.ts';
import { plain, TagAnswerer, type Answer, type TagAnswererOptions } from '#sim/readers/feig/answer-tag.ts';
import { DataBuffer, type DataBufferOptions, type Passage } from '#sim/readers/feig/data-buffer.ts';
import type { LineSession } from '#sim/readers/line-device.ts';

export interface FeigDeviceOptions extends TagAnswererOptions, DataBufferOptions {
  readonly mode: 'host' | 'buffered' | 'notification';
  readonly address: number;
  /** Forms of frames that it knows. */
  readonly frames: 'both' | 'advanced';
  /** Notification mode: 0 = none. */
  readonly keepAliveMs: number;
  /** Notification mode: an acknowledgement not come by then, it sends again. 0: it wants none. */
  readonly acknowledgeMs: number;
  /** The reader's own clock, in milliseconds since the epoch. */
  readonly nowMs: () => number;
}

const VERSION = Uint8Array.of(0x03, 0x04, 0x00, 0x00, 0x5b, 0x00, 0x08, 0x01, 0x18, 0x01, 0x18);
const MINUTE_MS = 60_000;
const CENTURY = 100;
/** Data sets in one notification. */
const NOTIFIED_SETS_MAX = 16;
/** A pause within a frame after which its rest is not waited for. */
const QUIET_MS = 50;
const DIAGNOSTIC = new Uint8Array(4);

export class FeigDevice {
  readonly #options: FeigDeviceOptions;
  readonly #tags: TagAnswerer;
  readonly #buffer: DataBuffer;
  readonly #pushers = new Set<() => void>();

  constructor(options: FeigDeviceOptions) {
    this.#options = options;
    this.#tags = new TagAnswerer(options);
    this.#buffer = new DataBuffer(options);
  }

  /** Data sets that nobody has cleared. */
  get waiting(): number {
    return this.#buffer.size;
  }

  /** A tag goes through; in host mode nobody takes note. */
  pass(passage: Passage): void {
    this.#buffer.add(passage);
    for (const push of this.#pushers) push();
  }

  /** The power was cut. */
  forget(): void {
    this.#buffer.initialize();
    this.#tags.resetField();
  }

  /** One connection. */
  newSession(reply: (bytes: Uint8Array) => void): LineSession {
    const framer = new SerialFramer(FEIG_SHAPE);
    const notifier = this.#options.mode === 'notification' ? this.#newNotifier(reply) : undefined;
    const take = (events: readonly SerialEvent[]): void => {
      for (const event of events) {
        // Noise and damaged frames get no answer from the real device either.
        const answer = event.kind === 'frame' ? this.#answerFrame(openFrame(event.bytes)) : undefined;
        if (answer !== undefined) reply(answer);
        notifier?.heard();
      }
    };
    let quiet: NodeJS.Timeout | undefined;
    return {
      feed: (chunk) => {
        clearTimeout(quiet);
        take(framer.feed(chunk));
        quiet = setTimeout(() => {
          take(framer.flush());
        }, QUIET_MS);
      },
      close: () => {
        clearTimeout(quiet);
        notifier?.close();
      },
    };
  }

  #answerFrame({ form, address, command, body }: FeigFrame): Uint8Array | undefined {
    const own = this.#options.address;
    if (address !== ADDRESS_ANY && address !== own) return undefined;
    const isKnownForm = form === 'advanced' || this.#options.frames === 'both';
    const { status, data } = isKnownForm ? this.#answer(command, body) : plain(STATUS.unknownCommand);
    const bytes = join([status], data);
    return encodeFrame({ form, address: own, command, body: bytes });
  }

  #answer(command: number, body: Uint8Array): Answer {
    const question = readQuestion(command, body);
    if (question === undefined) return plain(STATUS.lengthError);
    return this.#general(question) ?? (this.#options.mode === 'host' ? this.#host(question) : this.#buffered(question));
  }

  #general({ message: { command }, fields }: Question): Answer | undefined {
    switch (command) {
      case COMMAND.softwareVersion:
        return { status: STATUS.ok, data: VERSION };
      case COMMAND.readerInfo:
        return fields['mode'] === 0 ? { status: STATUS.ok, data: VERSION } : plain(STATUS.parameterRange);
      case COMMAND.rfReset:
      case COMMAND.rfOnOff:
        this.#tags.resetField();
        return plain(STATUS.ok);
      case COMMAND.baudRateDetection:
        return plain(STATUS.ok);
      case COMMAND.systemTimeAndDate:
        return { status: STATUS.ok, data: join(dateBytes(this.#options.nowMs()), timeBytes(this.#options.nowMs())) };
      case COMMAND.systemTimer:
        return { status: STATUS.ok, data: Uint8Array.from(timeBytes(this.#options.nowMs())) };
      default:
        return undefined;
    }
  }

  #host(question: Question): Answer {
    return (
      this.#tags.answer(question) ?? plain(isBufferCommand(question) ? STATUS.notAvailable : STATUS.unknownCommand)
    );
  }

  #buffered({ message: { command }, fields }: Question): Answer {
    switch (command) {
      case COMMAND.readBuffer:
      case COMMAND.readBufferAdvanced:
        if (this.#options.mode !== 'buffered') return plain(STATUS.notAvailable);
        return this.#buffer.read(
          command === COMMAND.readBuffer ? 'standard' : 'advanced',
          Number(fields['dataSetCount']),
        );
      case COMMAND.readBufferInfo:
        return this.#buffer.info();
      case COMMAND.clearBuffer:
        this.#buffer.clear();
        return plain(STATUS.ok);
      case COMMAND.initializeBuffer:
        this.#buffer.initialize();
        return plain(STATUS.ok);
      case COMMAND.isoHost:
      case COMMAND.isoCustom:
      case COMMAND.transparent:
        return plain(STATUS.notAvailable);
      default:
        return plain(STATUS.unknownCommand);
    }
  }

  /** Sends what waits, again until it is acknowledged, and keep-alives. */
  #newNotifier(reply: (bytes: Uint8Array) => void): { heard(): void; close(): void } {
    const { acknowledgeMs, keepAliveMs, address } = this.#options;
    const send = (command: number, { status, data }: Answer): void => {
      const form: FrameForm = command === COMMAND.readBufferAdvanced ? 'advanced' : 'standard';
      reply(encodeFrame({ form, address, command, body: join([status], data) }));
    };
    const notify = (): void => {
      if (this.#buffer.size === 0) return;
      send(COMMAND.readBufferAdvanced, this.#buffer.read('advanced', NOTIFIED_SETS_MAX));
      if (acknowledgeMs === 0) this.#buffer.clear();
    };
    const keepAlive = (): void => {
      send(COMMAND.diagnostic, { status: STATUS.ok, data: DIAGNOSTIC });
    };
    const timers = [
      ...(acknowledgeMs > 0 ? [setInterval(notify, acknowledgeMs)] : []),
      ...(keepAliveMs > 0 ? [setInterval(keepAlive, keepAliveMs)] : []),
    ];
    // Only one notification is under way; what comes meanwhile follows its acknowledgement.
    let isFirst = true;
    const push = (): void => {
      if (acknowledgeMs === 0 || this.#buffer.size === 1 || isFirst) notify();
      isFirst = false;
    };
    this.#pushers.add(push);
    notify();
    return {
      heard: notify,
      close: () => {
        this.#pushers.delete(push);
        for (const timer of timers) clearInterval(timer);
      },
    };
  }
}

const BUFFER_COMMANDS: ReadonlySet<number> = new Set([
  COMMAND.readBuffer,
  COMMAND.readBufferAdvanced,
  COMMAND.readBufferInfo,
  COMMAND.clearBuffer,
  COMMAND.initializeBuffer,
]);

function isBufferCommand({ message }: Question): boolean {
  return BUFFER_COMMANDS.has(message.command);
}

function timeBytes(nowMs: number): readonly number[] {
  const now = new Date(nowMs);
  return [now.getUTCHours(), now.getUTCMinutes(), ...wordBytes(nowMs % MINUTE_MS)];
}

function dateBytes(nowMs: number): readonly number[] {
  const now = new Date(nowMs);
  const year = now.getUTCFullYear();
  return [Math.floor(year / CENTURY), year % CENTURY, now.getUTCMonth() + 1, now.getUTCDate(), 0];
}
