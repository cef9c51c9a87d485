/**
 * A simulated M100 module: one antenna, polls one after the other, keeps its settings and goes on polling whoever is
 * connected, as the real one does.
 *
 * Source: M100/QM100 firmware manual V2.1 and V2.3.3.
 */
import type { Clock } from '#contract/clock.ts';
import { bytesOfLayout, readLayout } from '#contract/codec/layout.ts';
import { encodeFrame, M100_SHAPE, openFrame, TYPE, type FrameType } from '#contract/codec/m100/frame.ts';
import { COMMAND, ERROR, MODULE_ANSWER, MULTIPLE_POLL, NOTICE, SELECT } from '#contract/codec/m100/messages.table.ts';
import { SerialFramer } from '#contract/codec/serial-framer.ts';
import { fromHex } from '#contract/hex.ts';
import { hearTags, type Gen2Air } from '#sim/readers/gen2-air.ts';
import { inventoryAnswer, isSelected, type Gen2Bank } from '#sim/readers/gen2-tag.ts';
import type { LineSession } from '#sim/readers/line-device.ts';
import { readMemory, writeMemory, type Chosen } from './memory.ts';

export interface M100ModuleOptions {
  readonly air: Gen2Air;
  readonly clock: Clock;
  /** Of one poll; 40 by default. */
  readonly pollMs?: number;
}

const ANTENNA = 1;
/** How long the module tries to reach a tag before it gives up. */
const ACCESS_MS = 600;
const POLL_MS = 40;
/** Of the real module when it leaves the factory: China 900 MHz, channel 0, 20 dBm, S0, Q 4. */
const FACTORY: readonly (readonly [code: number, parameters: readonly number[]])[] = [
  [0x07, [0x01]],
  [0x0c, [0x01, 0, 0, 0, 0x20, 0, 0]],
  [0x0e, [0x10, 0x20]],
  [0xab, [0x00]],
  [0xb6, [0x07, 0xd0]],
  [0xf0, [0x03, 0x06, 0x01, 0xb0]],
];
/** A get and the set whose value it gives. */
const SET_OF: Readonly<Record<number, number>> = {
  0x08: 0x07,
  0x0b: 0x0c,
  0x0d: 0x0e,
  0xaa: 0xab,
  0xb7: 0xb6,
  0xf1: 0xf0,
};
/** What it takes and confirms. */
const SETS: ReadonlySet<number> = new Set([0x04, 0x07, 0x0c, 0x0e, 0x12, 0xa9, 0xab, 0xad, 0xb0, 0xb6, 0xf0]);
const TEXTS = ['M100 V1.00', 'V2.3.3', 'shelfwise simulator'] as const;

export class M100Module {
  readonly #options: M100ModuleOptions;
  readonly #replies = new Set<(bytes: Uint8Array) => void>();
  #values = new Map<number, Uint8Array>();
  #pollsLeft = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: M100ModuleOptions) {
    this.#options = options;
    this.reset();
  }

  get isPolling(): boolean {
    return this.#pollsLeft > 0;
  }

  /** What was set last with this command. */
  setting(code: number): Uint8Array | undefined {
    return this.#values.get(code);
  }

  /** Power off and on: it polls no more and is as it left the factory. */
  reset(): void {
    this.stop();
    this.#values = new Map(FACTORY.map(([code, parameters]) => [code, Uint8Array.from(parameters)]));
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#pollsLeft = 0;
  }

  /** Somebody is on the line. */
  connect(reply: (bytes: Uint8Array) => void): LineSession {
    const framer = new SerialFramer(M100_SHAPE);
    this.#replies.add(reply);
    return {
      feed: (chunk) => {
        for (const event of framer.feed(chunk)) {
          const frame = event.kind === 'frame' ? openFrame(event.bytes) : undefined;
          if (frame?.type === TYPE.command) this.#execute(frame.command, frame.parameters);
        }
      },
      close: () => {
        this.#replies.delete(reply);
      },
    };
  }

  #execute(code: number, parameters: Uint8Array): void {
    switch (code) {
      case COMMAND.singlePoll:
        this.#poll(code);
        return;
      case COMMAND.multiplePoll:
        this.stop();
        this.#pollsLeft = readLayout(MULTIPLE_POLL, parameters)?.count ?? 0;
        this.#pollAgain();
        return;
      case COMMAND.stopMultiplePoll:
        this.stop();
        this.#done(code);
        return;
      case COMMAND.moduleInformation:
        this.#tellAbout(parameters[0] ?? 0);
        return;
      case COMMAND.readMemory:
      case COMMAND.writeMemory: {
        const access = code === COMMAND.readMemory ? readMemory : writeMemory;
        const answer = access(parameters, this.#chosen());
        this.#say(TYPE.response, answer.failed === true ? COMMAND.failed : code, answer.parameters);
        return;
      }
      default:
        this.#setOrGet(code, parameters);
    }
  }

  #setOrGet(code: number, parameters: Uint8Array): void {
    const value = this.#values.get(SET_OF[code] ?? -1);
    if (value !== undefined) this.#say(TYPE.response, code, value);
    else if (SETS.has(code)) {
      this.#values.set(code, parameters);
      this.#done(code);
    } else this.#fail(ERROR.command);
  }

  #tellAbout(topic: number): void {
    const text = TEXTS[topic];
    if (text === undefined) this.#fail(ERROR.parameter);
    else this.#say(TYPE.response, COMMAND.moduleInformation, bytesOfLayout(MODULE_ANSWER, { topic, text }));
  }

  /** The tag that the Select chooses, of those that answer. */
  #chosen(): Chosen | undefined {
    const select = readLayout(SELECT, this.#values.get(COMMAND.setSelect) ?? new Uint8Array(0));
    if (select === undefined) return undefined;
    const mask = {
      bank: select.memBank as Gen2Bank,
      pointerBits: select.pointer,
      bits: select.maskBits,
      mask: fromHex(select.mask) ?? new Uint8Array(0),
    };
    const nowMs = this.#options.clock.nowMs();
    const heard = hearTags(this.#options.air, ANTENNA, { nowMs, lengthMs: ACCESS_MS });
    return heard.map(({ tag }) => tag).find((tag) => isSelected(tag, mask));
  }

  #pollAgain(): void {
    if (this.#pollsLeft === 0) return;
    this.#timer = setTimeout(() => {
      this.#pollsLeft -= 1;
      this.#poll(COMMAND.singlePoll);
      this.#pollAgain();
    }, this.#options.pollMs ?? POLL_MS);
  }

  /** Notices carry the code of the single poll in both modes. */
  #poll(code: number): void {
    const nowMs = this.#options.clock.nowMs();
    const heard = hearTags(this.#options.air, ANTENNA, { nowMs, lengthMs: this.#options.pollMs ?? POLL_MS });
    for (const { tag, rssiDbm } of heard) {
      const notice = { rssiDbm: Math.max(-128, Math.min(127, rssiDbm)), ...inventoryAnswer(tag) };
      this.#say(TYPE.notice, code, bytesOfLayout(NOTICE, notice));
    }
    if (heard.length === 0) this.#fail(ERROR.noTag);
  }

  #done(code: number): void {
    this.#say(TYPE.response, code, Uint8Array.of(0));
  }

  #fail(error: number): void {
    this.#say(TYPE.response, COMMAND.failed, Uint8Array.of(error));
  }

  #say(type: FrameType, command: number, parameters: Uint8Array): void {
    const frame = encodeFrame({ type, command, parameters });
    for (const reply of this.#replies) reply(frame);
  }
}
