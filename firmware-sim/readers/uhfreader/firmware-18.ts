/**
 * The firmware of a UHFReader18: one antenna, no signal strength.
 *
 * Source: UHFReader18 User's Manual V2.0, chapter 8.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '#contract/clock.ts';
import { FAMILY_18 } from '#contract/codec/uhfreader/family-18.table.ts';
import type { AnswerOf, CommandOf } from '#contract/codec/uhfreader/message.ts';
import { STATUS } from '#contract/codec/uhfreader/status.ts';
import { toHex } from '#contract/hex.ts';
import { hearTags, type Gen2Air } from '#sim/readers/gen2-air.ts';
import { inventoryAnswer, readTag, writeTag, type Gen2Tag } from '#sim/readers/gen2-tag.ts';
import type { Firmware, Send } from './device.ts';
import { accessOf, bankOf, bytesOf, doneOr, findTag, refusalOf, status, type WantedTag } from './tag-work.ts';

type Command = CommandOf<typeof FAMILY_18>;
type Answer = AnswerOf<typeof FAMILY_18>;
type TagCommand = Extract<Command, { kind: 'read' | 'write' | 'write-epc' }>;

export interface Firmware18Options {
  readonly air: Gen2Air;
  readonly clock: Clock;
  readonly address?: number;
  /** How long the antenna needs to hear its tags; a real reader is done with a few of them sooner than the scan time. */
  readonly roundMs?: number;
}

const ANTENNA = 1;
const INVENTORY = 0x01;
const ROUND_MS = 100;
const MS_PER_SCAN_UNIT = 100;
const TAGS_PER_FRAME = 6;
const MODE_ANSWER = 0;
const SCAN_TIME_MIN = 3;
const POWER_MAX_DBM = 30;
const WIEGAND = { wgMode: 0, wgDataInterval: 30, wgPulseWidth: 10, wgPulseInterval: 15 };

export class Firmware18 implements Firmware<typeof FAMILY_18> {
  readonly family = FAMILY_18;
  readonly #options: Firmware18Options;
  readonly #roundMs: number;
  // What the reader keeps over a power cut.
  #address: number;
  #power = POWER_MAX_DBM;
  #scanTime = 10;
  #workMode = { readMode: MODE_ANSWER, modeState: 2, memInven: 4, firstAdr: 0, wordNum: 1, tagTime: 0 };

  constructor(options: Firmware18Options) {
    this.#options = options;
    this.#address = options.address ?? 0;
    this.#roundMs = options.roundMs ?? ROUND_MS;
  }

  get address(): number {
    return this.#address;
  }

  get isPushing(): boolean {
    return this.#workMode.readMode !== MODE_ANSWER;
  }

  get roundMs(): number {
    return this.#roundMs;
  }

  /** Scan mode: what is heard. */
  nextRound(): readonly Answer[] {
    return this.#hear().map((tag) => ({ kind: 'pushed', status: STATUS.ok, data: inventoryAnswer(tag).epc }));
  }

  obey(command: Command, send: Send<typeof FAMILY_18>): Promise<void> | undefined {
    switch (command.kind) {
      case 'inventory':
        if (this.isPushing) send(status(INVENTORY, STATUS.executionFailed));
        return this.isPushing ? undefined : this.#inventory(send);
      case 'read':
      case 'write':
      case 'write-epc':
        return this.#work(command, send);
      default:
        send(this.#set(command));
        return undefined;
    }
  }

  async #inventory(send: Send<typeof FAMILY_18>): Promise<void> {
    await delay(Math.min(this.#scanTime * MS_PER_SCAN_UNIT, this.#roundMs));
    const epcs = this.#hear().map((tag) => inventoryAnswer(tag).epc);
    if (epcs.length === 0) {
      send(status(INVENTORY, STATUS.noTag));
      return;
    }
    for (let at = 0; at < epcs.length; at += TAGS_PER_FRAME) {
      const isLast = at + TAGS_PER_FRAME >= epcs.length;
      const piece = epcs.slice(at, at + TAGS_PER_FRAME);
      send({ kind: 'inventory', status: isLast ? STATUS.inventoryDone : STATUS.moreFrames, epcs: piece });
    }
  }

  async #work(command: TagCommand, send: Send<typeof FAMILY_18>): Promise<void> {
    await delay(Math.min(this.#roundMs, ROUND_MS));
    // Without an EPC any tag will do.
    const wanted: WantedTag = command.kind === 'write-epc' ? {} : { epc: command.epc };
    const tag = findTag(this.#hear(), wanted);
    const { code } = FAMILY_18.commands[command.kind];
    send(tag === undefined ? status(code, STATUS.noTag) : onTag(tag, command, code));
  }

  #set(command: Command): Answer {
    const { code } = FAMILY_18.commands[command.kind];
    switch (command.kind) {
      case 'reader-info':
        return {
          ...{ kind: 'reader-info', status: STATUS.ok, version: '0117', type: 0x08, trType: 0x03 },
          ...{ maxFre: 0x3e, minFre: 0x00, power: this.#power, scanTime: this.#scanTime },
        };
      case 'work-mode':
        return { kind: 'work-mode', status: STATUS.ok, ...WIEGAND, ...this.#workMode, accuracy: 8, offsetTime: 0 };
      case 'set-work-mode': {
        const { readMode, modeState, memInven, firstAdr, wordNum, tagTime } = command;
        this.#workMode = { readMode, modeState, memInven, firstAdr, wordNum, tagTime };
        break;
      }
      case 'set-scan-time':
        this.#scanTime = Math.max(SCAN_TIME_MIN, command.scanTime);
        break;
      case 'set-power':
        if (command.power > POWER_MAX_DBM) return status(code, STATUS.wrongParameter);
        this.#power = command.power;
        break;
      case 'set-address':
        this.#address = command.newAddress;
        break;
      default:
        return status(0, STATUS.illegalCommand);
    }
    return status(code, STATUS.ok);
  }

  #hear(): readonly Gen2Tag[] {
    const { air, clock } = this.#options;
    return hearTags(air, ANTENNA, { nowMs: clock.nowMs(), lengthMs: this.#roundMs }).map(({ tag }) => tag);
  }
}

function onTag(tag: Gen2Tag, command: TagCommand, code: number): Answer {
  if (command.kind === 'write-epc') {
    return doneOr(code, writeTag(tag, accessOf(1, { wordPtr: 2, pwd: command.pwd }), bytesOf(command.wepc)));
  }
  const bank = bankOf(command.mem);
  if (bank === undefined) return status(code, STATUS.wrongParameter);
  const access = accessOf(bank, command);
  if (command.kind === 'write') return doneOr(code, writeTag(tag, access, bytesOf(command.data)));
  if (command.num === 0) return status(code, STATUS.wrongParameter);
  const words = readTag(tag, access, command.num);
  return words.ok ? { kind: 'read', status: STATUS.ok, data: toHex(words.value) } : refusalOf(code, words.error);
}
