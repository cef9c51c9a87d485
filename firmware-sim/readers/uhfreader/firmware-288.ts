/**
 * The firmware of a UHFReader288: its antennas, its two modes, and what it does to tags.
 *
 * Source: UHFReader288MP User's Manual V1.14, chapter 8.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '#contract/clock.ts';
import { FAMILY_288 } from '#contract/codec/uhfreader/family-288.table.ts';
import type { AnswerOf, CommandOf } from '#contract/codec/uhfreader/message.ts';
import { STATUS } from '#contract/codec/uhfreader/status.ts';
import { toHex } from '#contract/hex.ts';
import { hearTags, type Gen2Air, type HeardTag } from '#sim/readers/gen2-air.ts';
import { inventoryAnswer, readTag, writeTag, type Gen2Tag } from '#sim/readers/gen2-tag.ts';
import type { Firmware, Send } from './device.ts';
import { accessOf, bankOf, bytesOf, doneOr, findTag, refusalOf, status, type WantedTag } from './tag-work.ts';

type Command = CommandOf<typeof FAMILY_288>;
type Answer = AnswerOf<typeof FAMILY_288>;
type TagCommand = Extract<Command, { kind: 'read' | 'read-extended' | 'write' | 'write-extended' | 'write-epc' }>;

export interface Firmware288Options {
  readonly air: Gen2Air;
  readonly clock: Clock;
  readonly antennas: number;
  readonly address?: number;
  /** How long an antenna needs to hear its tags; a real reader is done with a few of them sooner than the scan time. */
  readonly roundMs?: number;
}

const ROUND_MS = 100;
const MS_PER_SCAN_UNIT = 100;
/** Readers with more name their antennas by number. */
const MASK_ANTENNAS_MAX = 8;
/** A strength of 0 would be this. */
const RSSI_ZERO_DBM = -129;
const TAGS_PER_FRAME = 4;
const MODE_ANSWER = 0;
const INVENTORY = 0x01;
const REAL_TIME_MASK_BYTES = 32;
const DEFAULT_POWER_DBM = 30;
const DEFAULT_SCAN_TIME = 20;

export class Firmware288 implements Firmware<typeof FAMILY_288> {
  readonly family = FAMILY_288;
  readonly #options: Firmware288Options;
  readonly #roundMs: number;
  #address: number;
  // What the reader keeps over a power cut.
  #readMode = MODE_ANSWER;
  #enabled: number;
  #power = DEFAULT_POWER_DBM;
  #scanTime = DEFAULT_SCAN_TIME;
  #realTime = { tagProtocol: 0, readPauseTime: 0, fltTime: 0, qValue: 4, session: 0 };
  #turn = 0;

  constructor(options: Firmware288Options) {
    this.#options = options;
    this.#address = options.address ?? 0;
    this.#roundMs = options.roundMs ?? ROUND_MS;
    this.#enabled = 2 ** options.antennas - 1;
  }

  get address(): number {
    return this.#address;
  }

  get isRealTime(): boolean {
    return this.#readMode !== MODE_ANSWER;
  }

  /** How long one antenna of real-time mode takes. */
  get roundMs(): number {
    return this.#roundMs;
  }

  /** The next antenna of real-time mode: what it heard. */
  nextRound(): readonly Answer[] {
    const antennas = this.#enabledAntennas();
    const antenna = antennas[this.#turn % Math.max(1, antennas.length)];
    this.#turn += 1;
    if (antenna === undefined) return [];
    return this.#hear(antenna).map((heard) => ({
      kind: 'tag',
      status: STATUS.ok,
      ant: this.#antByte(antenna),
      tag: tagOf(heard),
    }));
  }

  obey(command: Command, send: Send<typeof FAMILY_288>): Promise<void> | undefined {
    switch (command.kind) {
      case 'inventory':
        if (this.isRealTime) send(status(INVENTORY, STATUS.executionFailed));
        return this.isRealTime ? undefined : this.#inventory(command.search, send);
      case 'read':
      case 'read-extended':
      case 'write':
      case 'write-extended':
      case 'write-epc': {
        const { code } = FAMILY_288.commands[command.kind];
        if (this.isRealTime) send(status(code, STATUS.executionFailed));
        return this.isRealTime ? undefined : this.#work(command, code, send);
      }
      default:
        send(this.#set(command));
        return undefined;
    }
  }

  async #inventory(
    search: { readonly ant: number; readonly scanTime: number } | undefined,
    send: Send<typeof FAMILY_288>,
  ): Promise<void> {
    const antennas = search === undefined ? this.#enabledAntennas() : [(search.ant & 0x7f) + 1];
    const scanMs = (search?.scanTime ?? this.#scanTime) * MS_PER_SCAN_UNIT;
    for (const antenna of antennas) {
      const fault = this.#antennaFault(antenna);
      if (fault !== undefined) {
        send(status(INVENTORY, fault));
        return;
      }
      await delay(Math.min(scanMs, this.#roundMs));
      const tags = this.#hear(antenna).map(tagOf);
      const ant = this.#antByte(antenna);
      for (let at = 0; at < tags.length; at += TAGS_PER_FRAME) {
        send({ kind: 'inventory', status: STATUS.moreFrames, ant, tags: tags.slice(at, at + TAGS_PER_FRAME) });
      }
    }
    send({ kind: 'inventory', status: STATUS.inventoryDone, ant: this.#antByte(antennas.at(-1) ?? 1), tags: [] });
  }

  #antennaFault(antenna: number): number | undefined {
    if (antenna > this.#options.antennas) return STATUS.wrongParameter;
    return this.#options.air.ear(antenna) === undefined ? STATUS.antennaFault : undefined;
  }

  async #work(command: TagCommand, code: number, send: Send<typeof FAMILY_288>): Promise<void> {
    await delay(Math.min(this.#roundMs, ROUND_MS));
    const heard = this.#enabledAntennas().flatMap((antenna) => this.#hear(antenna));
    // Without an EPC any tag will do.
    const wanted: WantedTag = command.kind === 'write-epc' ? {} : command;
    const tag = findTag(
      heard.map((one) => one.tag),
      wanted,
    );
    send(tag === undefined ? status(code, STATUS.noTag) : onTag(tag, command, code));
  }

  #set(command: Command): Answer {
    const { code } = FAMILY_288.commands[command.kind];
    switch (command.kind) {
      case 'reader-info':
        return {
          kind: 'reader-info',
          status: STATUS.ok,
          version: '0300',
          type: 0x0c,
          trType: 0x02,
          maxFre: 0x4e,
          minFre: 0x00,
          power: this.#power,
          scanTime: this.#scanTime,
          ant: this.#enabled & 0xff,
          beepEn: 0,
          outputRep: 0,
          checkAnt: 0,
        };
      case 'real-time':
        return {
          kind: 'real-time',
          status: STATUS.ok,
          readMode: this.#readMode,
          ...this.#realTime,
          ...{ maskMem: 1, maskAdr: 0, maskLen: 0, maskData: '00'.repeat(REAL_TIME_MASK_BYTES), adrTid: 0, lenTid: 0 },
        };
      case 'set-read-mode':
        this.#readMode = command.readMode;
        break;
      case 'set-real-time': {
        const { tagProtocol, readPauseTime, fltTime, qValue, session } = command;
        this.#realTime = { tagProtocol, readPauseTime, fltTime, qValue, session };
        break;
      }
      case 'set-antennas':
        this.#enabled = command.ant;
        break;
      case 'set-many-antennas':
        this.#enabled = command.antennas;
        break;
      case 'set-power':
        if ((command.power[0] ?? 0) > DEFAULT_POWER_DBM) return status(code, STATUS.wrongParameter);
        this.#power = command.power[0] ?? DEFAULT_POWER_DBM;
        break;
      case 'set-scan-time':
        this.#scanTime = command.scanTime;
        break;
      case 'set-address':
        this.#address = command.newAddress;
        break;
      case 'heartbeat-time':
        return { kind: 'heartbeat-time', status: STATUS.ok, heartBeatTime: command.heartBeatTime & 0x7f };
      default:
        return status(0, STATUS.illegalCommand);
    }
    return status(code, STATUS.ok);
  }

  #enabledAntennas(): readonly number[] {
    const ports = Array.from({ length: this.#options.antennas }, (_, i) => i);
    return ports.filter((port) => (this.#enabled & (1 << port)) !== 0).map((port) => port + 1);
  }

  #hear(antenna: number): readonly HeardTag[] {
    const { air, clock } = this.#options;
    return hearTags(air, antenna, { nowMs: clock.nowMs(), lengthMs: this.#roundMs });
  }

  #antByte(antenna: number): number {
    return this.#options.antennas <= MASK_ANTENNAS_MAX ? 1 << (antenna - 1) : antenna - 1;
  }
}

function tagOf({ tag, rssiDbm }: HeardTag): { readonly epc: string; readonly rssi: number } {
  const rssi = Math.max(0, Math.min(0xff, Math.round(rssiDbm - RSSI_ZERO_DBM)));
  return { epc: inventoryAnswer(tag).epc, rssi };
}

function onTag(tag: Gen2Tag, command: TagCommand, code: number): Answer {
  if (command.kind === 'write-epc') {
    return doneOr(code, writeTag(tag, accessOf(1, { wordPtr: 2, pwd: command.pwd }), bytesOf(command.wepc)));
  }
  const bank = bankOf(command.mem);
  if (bank === undefined) return status(code, STATUS.wrongParameter);
  const access = accessOf(bank, command);
  if (command.kind === 'write' || command.kind === 'write-extended') {
    return doneOr(code, writeTag(tag, access, bytesOf(command.data)));
  }
  if (command.num === 0) return status(code, STATUS.wrongParameter);
  const words = readTag(tag, access, command.num);
  return words.ok ? { kind: command.kind, status: STATUS.ok, data: toHex(words.value) } : refusalOf(code, words.error);
}
