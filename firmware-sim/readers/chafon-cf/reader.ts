/**
 * A simulated Chafon CF reader: rounds of its antennas, and work on tags chosen by a mask. 115200 baud.
 *
 * Source: as the codec's, contract/codec/chafon-cf.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '#contract/clock.ts';
import { CF_SHAPE, encodeFrame, openFrame, type CrcOrder } from '#contract/codec/chafon-cf/framer.ts';
import { CF_STATUS, CF_TAG_STATUS, FAMILY_CF } from '#contract/codec/chafon-cf/messages.table.ts';
import { SerialFramer } from '#contract/codec/serial-framer.ts';
import { answerData, readCommand, type AnswerOf, type CommandOf } from '#contract/codec/uhfreader/message.ts';
import { fromHex, toHex } from '#contract/hex.ts';
import { hearTags, type Gen2Air, type HeardTag } from '#sim/readers/gen2-air.ts';
import { inventoryAnswer, isSelected, readTag, writeTag, type Gen2Refusal } from '#sim/readers/gen2-tag.ts';
import { bankOf } from '#sim/readers/uhfreader/tag-work.ts';
import { startLineDevice, type DeviceLine, type LineDevice, type LineSession } from '#sim/readers/line-device.ts';

type Command = CommandOf<typeof FAMILY_CF>;
type Answer = AnswerOf<typeof FAMILY_CF>;
type TagCommand = Extract<Command, { kind: 'read' | 'write' }>;
type Reply = (bytes: Uint8Array) => void;

export interface ChafonCfOptions {
  readonly air: Gen2Air;
  readonly clock: Clock;
  readonly antennas: number;
  readonly crcOrder?: CrcOrder;
  readonly roundMs?: number;
}

const BAUD = 115_200;
const ROUND_MS = 100;
const ADDRESS = 0;
const ADDRESS_ANY = 0xff;
const EPC_AT_BIT = 32;
const PARAMETERS = {
  ...{ addr: ADDRESS, rfidPro: 0, workMode: 0, interface: 0x80, baudRate: 4, wgSet: 0, ant: 1 },
  ...{ region: 1, startFreI: 902, startFreD: 750, stepFre: 500, cn: 49, rfidPower: 33, inquiryArea: 1 },
  ...{ qValue: 4, session: 0, acsAddr: 0, acsDataLen: 12, filterTime: 0, triggerTime: 3, buzzerTime: 1 },
  pollingInterval: 5,
};

const TAG_STATUS: Readonly<Record<Exclude<Gen2Refusal, 'wrong-password'>, number>> = {
  'memory-overrun': CF_TAG_STATUS.memoryOverrun,
  'memory-locked': CF_TAG_STATUS.memoryLocked,
};

/** One device, whatever connections it has. */
export class ChafonCfDevice {
  readonly #options: ChafonCfOptions;
  readonly #order: CrcOrder;
  // Kept over a power cut.
  #parameters = PARAMETERS;
  #mask: { readonly pointerBits: number; readonly bits: number; readonly mask: Uint8Array } | undefined;

  constructor(options: ChafonCfOptions) {
    this.#options = options;
    this.#order = options.crcOrder ?? 'high-first';
  }

  connect(reply: Reply): LineSession {
    const framer = new SerialFramer(CF_SHAPE);
    return {
      feed: (chunk) => {
        for (const event of framer.feed(chunk)) if (event.kind === 'frame') this.#take(event.bytes, reply);
      },
    };
  }

  #take(bytes: Uint8Array, reply: Reply): void {
    const frame = openFrame(bytes);
    const isOurs = frame.address === ADDRESS || frame.address === ADDRESS_ANY;
    if (!isOurs || frame.crcOrder !== this.#order) return;
    const send = (answer: Answer): void => {
      reply(encodeFrame({ address: ADDRESS, crcOrder: this.#order, ...answerData(FAMILY_CF.answers, answer) }));
    };
    const command = readCommand(FAMILY_CF.commands, frame) as Command | undefined;
    if (command === undefined) send(status(frame.code, CF_STATUS.wrongParameter));
    else if (command.kind === 'inventory') void this.#inventory(send);
    else if (command.kind === 'read' || command.kind === 'write') void this.#work(command, send);
    else send(this.#set(command, frame.code));
  }

  #set(command: Command, code: number): Answer {
    switch (command.kind) {
      case 'parameters':
        return { ...this.#parameters, kind: 'parameters', status: CF_STATUS.ok };
      case 'set-parameters':
        this.#parameters = command;
        break;
      case 'set-mask': {
        const mask = bytesOf(command.mask ?? '');
        const { maskBits: bits, maskPtr } = command;
        this.#mask = bits === 0 ? undefined : { pointerBits: EPC_AT_BIT + maskPtr, bits, mask };
        break;
      }
      case 'stop':
        break;
      default:
        return status(code, CF_STATUS.failed);
    }
    return status(code, CF_STATUS.ok);
  }

  async #inventory(send: (answer: Answer) => void): Promise<void> {
    await delay(this.#options.roundMs ?? ROUND_MS);
    for (const { tag, rssiDbm, antenna } of this.#hear()) {
      const { epc } = inventoryAnswer(tag);
      send({ kind: 'inventory', status: CF_STATUS.ok, rssi: Math.round(rssiDbm * 10), antenna, channel: 1, epc });
    }
    send(status(0x0001, CF_STATUS.over));
  }

  async #work(command: TagCommand, send: (answer: Answer) => void): Promise<void> {
    await delay(this.#options.roundMs ?? ROUND_MS);
    const { code } = FAMILY_CF.commands[command.kind];
    for (const heard of this.#hear()) send(onTag(heard, command, code));
    send(status(code, CF_STATUS.over));
  }

  #hear(): readonly HeardTag[] {
    const { air, clock, antennas, roundMs = ROUND_MS } = this.#options;
    const ports = Array.from({ length: antennas }, (_, i) => i + 1).filter(
      (antenna) => (this.#parameters.ant & (1 << (antenna - 1))) !== 0,
    );
    const heard = ports.flatMap((antenna) => hearTags(air, antenna, { nowMs: clock.nowMs(), lengthMs: roundMs }));
    const mask = this.#mask;
    return mask === undefined ? heard : heard.filter(({ tag }) => isSelected(tag, { bank: 1, ...mask }));
  }
}

function onTag({ tag, antenna }: HeardTag, command: TagCommand, code: number): Answer {
  const { pc, epc, crc } = inventoryAnswer(tag);
  const { wordPtr: firstWord, accPwd } = command;
  const bank = bankOf(command.memBank);
  if (bank === undefined) return status(code, CF_STATUS.wrongParameter);
  const access = { bank, firstWord, password: bytesOf(accPwd) };
  const head = { status: CF_STATUS.ok, antenna, crc, pc, epc };
  const result =
    command.kind === 'read' ? readTag(tag, access, command.wordCount) : writeTag(tag, access, bytesOf(command.data));
  if (!result.ok && result.error === 'wrong-password') return status(code, CF_STATUS.wrongPassword);
  const tagStatus = result.ok ? CF_TAG_STATUS.ok : TAG_STATUS[result.error as keyof typeof TAG_STATUS];
  if (command.kind === 'write') return { kind: 'write', tagStatus, ...head };
  return { kind: 'read', tagStatus, ...head, data: result.ok && result.value ? toHex(result.value) : '' };
}

function status(command: number, code: number): Answer {
  return { kind: 'status', command, status: code };
}

function bytesOf(hex: string): Uint8Array {
  return fromHex(hex) ?? new Uint8Array(0);
}

/** Starts it and waits until it takes bytes. */
export function startChafonCf(
  options: ChafonCfOptions & { readonly id: string; readonly on: DeviceLine },
): Promise<LineDevice> {
  const device = new ChafonCfDevice(options);
  const { id, on } = options;
  return startLineDevice({ id, on, serial: { baud: BAUD }, newSession: (reply) => device.connect(reply) });
}
