/**
 * What all UHFReaders do on their line: take frames that are for them, one at a time, and answer. While a command runs,
 * others are lost, as the manual says.
 *
 * Source: UHFReader288MP User's Manual V1.14, chapters 2, 3 and 8.1; UHFReader18 User's Manual V2.0, the same chapters.
 */
import { SerialFramer } from '#contract/codec/serial-framer.ts';
import { ADDRESS_ANY, openFrame, UHFREADER_SHAPE } from '#contract/codec/uhfreader/framer.ts';
import {
  answerCodes,
  decodeCommand,
  encodeAnswer,
  type AnswerOf,
  type CommandOf,
  type Family,
} from '#contract/codec/uhfreader/message.ts';
import { STATUS } from '#contract/codec/uhfreader/status.ts';
import type { LineSession } from '#sim/readers/line-device.ts';

/** A byte that comes later than 15 ms after the one before it begins a new command; twice that for slow hosts. */
const GAP_MS = 30;

export type Send<Of extends Family> = (answer: AnswerOf<Of>) => void;

/** The firmware of one model. */
export interface Firmware<Of extends Family> {
  readonly family: Of;
  readonly address: number;
  /** Answers through `send`, at once or later; the reader is deaf until it resolves. */
  obey(command: CommandOf<Of>, send: Send<Of>): Promise<void> | undefined;
}

/** One device, whatever connections it has. */
export class UhfreaderDevice<Of extends Family> {
  readonly #firmware: Firmware<Of>;
  readonly #codes: ReadonlySet<number>;
  readonly #replies = new Set<(bytes: Uint8Array) => void>();
  #isBusy = false;

  constructor(firmware: Firmware<Of>) {
    this.#firmware = firmware;
    this.#codes = answerCodes(firmware.family);
  }

  get isConnected(): boolean {
    return this.#replies.size > 0;
  }

  connect(reply: (bytes: Uint8Array) => void): LineSession {
    const framer = new SerialFramer(UHFREADER_SHAPE);
    let gap: NodeJS.Timeout | undefined;
    this.#replies.add(reply);
    const take = (events: ReturnType<SerialFramer['feed']>): void => {
      for (const event of events) if (event.kind === 'frame') this.#take(event.bytes, reply);
    };
    return {
      feed: (chunk) => {
        clearTimeout(gap);
        take(framer.feed(chunk));
        gap = setTimeout(() => {
          take(framer.flush());
        }, GAP_MS);
      },
      close: () => {
        clearTimeout(gap);
        this.#replies.delete(reply);
      },
    };
  }

  /** To everybody who is connected. */
  push(answer: AnswerOf<Of>): void {
    const bytes = this.#encode(answer);
    for (const reply of this.#replies) reply(bytes);
  }

  /** A power cut. */
  reset(): void {
    this.#isBusy = false;
  }

  #encode(answer: AnswerOf<Of>): Uint8Array {
    return encodeAnswer(this.#firmware.family, this.#firmware.address, answer);
  }

  #take(bytes: Uint8Array, reply: (bytes: Uint8Array) => void): void {
    const { family, address: own } = this.#firmware;
    const { address, code } = openFrame(bytes);
    if (this.#isBusy || (address !== own && address !== ADDRESS_ANY)) return;
    const command = decodeCommand(family, bytes);
    if (command === undefined) {
      const isKnown = this.#codes.has(code);
      const refusal = isKnown
        ? { command: code, status: STATUS.wrongLength }
        : { command: 0, status: STATUS.illegalCommand };
      reply(this.#encode({ kind: 'status', ...refusal }));
      return;
    }
    const work = this.#firmware.obey(command, (answer) => {
      reply(this.#encode(answer));
    });
    if (work === undefined) return;
    this.#isBusy = true;
    void work.finally(() => {
      this.#isBusy = false;
    });
  }
}
