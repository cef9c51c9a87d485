/**
 * A simulated ThingMagic module: antennas listened to in turn, tags streamed as they are heard, a word at the end of each
 * search. It starts in its boot loader, keeps its settings, and streams on whoever is connected, as the real one does.
 *
 * Source: MercuryAPI, serial_reader.c and serial_reader_l3.c; SparkFun Simultaneous RFID Tag Reader Library.
 */
import type { Clock } from '#contract/clock.ts';
import { bytesOfLayout, readLayout } from '#contract/codec/layout.ts';
import { encodeFrame, M6E_COMMAND_SHAPE, openFrame } from '#contract/codec/m6e/frame.ts';
import {
  ANTENNA_LIST,
  ANTENNA_PORTS,
  OPCODE,
  PROGRAM,
  START_READING,
  STATUS,
  STOP_READING,
  VERSION,
} from '#contract/codec/m6e/messages.table.ts';
import { STREAM_HEAD, STREAM_METADATA, STREAM_RECORD } from '#contract/codec/m6e/tag-record.ts';
import { SerialFramer } from '#contract/codec/serial-framer.ts';
import { hearTags, type Gen2Air, type HeardTag } from '#sim/readers/gen2-air.ts';
import { inventoryAnswer } from '#sim/readers/gen2-tag.ts';
import type { LineSession } from '#sim/readers/line-device.ts';
import { executeOnTag } from './memory.ts';

export interface M6eModuleOptions {
  readonly air: Gen2Air;
  readonly clock: Clock;
  /** How long it listens to one antenna before it goes on; 50 by default. */
  readonly dwellMs?: number;
}

interface Reading {
  readonly startedMs: number;
  readonly searchMs: number;
  searchStartedMs: number;
  antennaAt: number;
}

const DWELL_MS = 50;
/** How long it tries to reach a tag. */
const ACCESS_MS = 600;
const FREQUENCY_KHZ = 866_300;
const PROGRAM_BOOT = 0x11;
const PROGRAM_APPLICATION = 0x12;
/** Understood in the boot loader too. */
const ALWAYS: ReadonlySet<number> = new Set([OPCODE.version, OPCODE.bootFirmware, OPCODE.currentProgram]);
const SETS: ReadonlySet<number> = new Set([
  OPCODE.setReadPower,
  OPCODE.setWritePower,
  OPCODE.setProtocol,
  OPCODE.setRegion,
  OPCODE.setOptional,
]);
const NOTHING = new Uint8Array(0);
const VERSION_DATA = bytesOfLayout(VERSION, {
  ...{ bootloader: '12120700', hardware: '20000001', firmwareDate: '20160901', firmware: '01070200' },
  protocols: '00000010',
});

export class M6eModule {
  readonly #options: M6eModuleOptions;
  readonly #replies = new Set<(bytes: Uint8Array) => void>();
  #values = new Map<number, Uint8Array>();
  #program = PROGRAM_BOOT;
  #antennas: readonly number[] = [1];
  #reading: Reading | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: M6eModuleOptions) {
    this.#options = options;
  }

  get isReading(): boolean {
    return this.#reading !== undefined;
  }

  get antennas(): readonly number[] {
    return this.#antennas;
  }

  /** What was set last with this opcode. */
  setting(opcode: number): Uint8Array | undefined {
    return this.#values.get(opcode);
  }

  /** Power off and on. */
  reset(): void {
    this.stop();
    this.#values = new Map();
    this.#program = PROGRAM_BOOT;
    this.#antennas = [1];
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#reading = undefined;
  }

  /** Says one of its faults in the middle of a read, as when it is too hot. */
  complain(status: number): void {
    this.#say(OPCODE.readMultiple, status, NOTHING);
  }

  /** Somebody is on the line. */
  connect(reply: (bytes: Uint8Array) => void): LineSession {
    const framer = new SerialFramer(M6E_COMMAND_SHAPE);
    this.#replies.add(reply);
    return {
      feed: (chunk) => {
        for (const event of framer.feed(chunk)) {
          if (event.kind !== 'frame') continue;
          const { opcode, data } = openFrame(event.bytes);
          this.#execute(opcode, data);
        }
      },
      close: () => {
        this.#replies.delete(reply);
      },
    };
  }

  #execute(opcode: number, data: Uint8Array): void {
    if (this.#program === PROGRAM_BOOT && !ALWAYS.has(opcode)) {
      this.#say(opcode, STATUS.invalidOpcode, NOTHING);
      return;
    }
    switch (opcode) {
      case OPCODE.version:
        this.#say(opcode, STATUS.ok, VERSION_DATA);
        return;
      case OPCODE.bootFirmware:
        if (this.#program === PROGRAM_APPLICATION) {
          this.#say(opcode, STATUS.invalidOpcode, NOTHING);
          return;
        }
        this.#program = PROGRAM_APPLICATION;
        this.#say(opcode, STATUS.ok, VERSION_DATA);
        return;
      case OPCODE.currentProgram:
        this.#say(opcode, STATUS.ok, bytesOfLayout(PROGRAM, { program: this.#program }));
        return;
      case OPCODE.setAntenna:
        this.#setAntenna(data);
        return;
      case OPCODE.multiProtocol:
        this.#startOrStop(data);
        return;
      case OPCODE.readMemory:
      case OPCODE.writeMemory: {
        const { status, data: answer } = executeOnTag(opcode, data, this.#hear(this.#antennas[0] ?? 1, ACCESS_MS));
        this.#say(opcode, status, answer);
        return;
      }
      default:
        if (SETS.has(opcode)) this.#values.set(opcode, data);
        this.#say(opcode, SETS.has(opcode) ? STATUS.ok : STATUS.invalidOpcode, NOTHING);
    }
  }

  #setAntenna(data: Uint8Array): void {
    const list = readLayout(ANTENNA_LIST, data)?.antennas.map(({ antennaTx }) => Number(antennaTx));
    const pair = readLayout(ANTENNA_PORTS, data);
    const antennas = list ?? (pair === undefined ? [] : [pair.antennaTx]);
    const isKnown = antennas.length > 0 && antennas.every((antenna) => this.#options.air.ear(antenna) !== undefined);
    if (isKnown) this.#antennas = antennas;
    this.#say(OPCODE.setAntenna, isKnown ? STATUS.ok : STATUS.invalidParameter, NOTHING);
  }

  #startOrStop(data: Uint8Array): void {
    if (readLayout(STOP_READING, data) !== undefined) {
      this.stop();
      this.#say(OPCODE.multiProtocol, STATUS.ok, Uint8Array.of(2));
      return;
    }
    const start = readLayout(START_READING, data);
    if (start?.metadataFlags !== STREAM_METADATA) {
      this.#say(OPCODE.multiProtocol, STATUS.invalidParameter, NOTHING);
      return;
    }
    this.stop();
    const nowMs = this.#options.clock.uptimeMs();
    this.#reading = { startedMs: nowMs, searchMs: start.planTimeoutMs, searchStartedMs: nowMs, antennaAt: 0 };
    this.#say(OPCODE.multiProtocol, STATUS.ok, Uint8Array.of(1));
    this.#listenAgain();
  }

  #listenAgain(): void {
    const dwellMs = this.#options.dwellMs ?? DWELL_MS;
    this.#timer = setTimeout(() => {
      const reading = this.#reading;
      if (reading === undefined) return;
      const antenna = this.#antennas[reading.antennaAt % this.#antennas.length] ?? 1;
      reading.antennaAt += 1;
      const nowMs = this.#options.clock.uptimeMs();
      for (const heard of this.#hear(antenna, dwellMs)) this.#tell(heard, nowMs - reading.searchStartedMs);
      if (nowMs - reading.searchStartedMs >= reading.searchMs) {
        reading.searchStartedMs = nowMs;
        this.#say(OPCODE.readMultiple, STATUS.noTags, NOTHING);
      }
      this.#listenAgain();
    }, dwellMs);
  }

  #hear(antenna: number, lengthMs: number): readonly HeardTag[] {
    return hearTags(this.#options.air, antenna, { nowMs: this.#options.clock.nowMs(), lengthMs });
  }

  #tell({ tag, rssiDbm, antenna }: HeardTag, timestampMs: number): void {
    const record = bytesOfLayout([...STREAM_HEAD, ...STREAM_RECORD], {
      ...{ option: 0x10, searchFlags: 0x1b, metadataFlags: STREAM_METADATA, responseType: 1, readCount: 1 },
      rssiDbm: Math.max(-128, Math.min(127, rssiDbm)),
      ...{ antennaTx: antenna, antennaRx: antenna, frequencyKhz: FREQUENCY_KHZ, phase: 0, protocol: 5 },
      timestampMs: Math.max(0, Math.round(timestampMs)),
      ...{ embedded: { data: '' }, gpio: 0, id: inventoryAnswer(tag) },
    });
    this.#say(OPCODE.readMultiple, STATUS.ok, record);
  }

  #say(opcode: number, status: number, data: Uint8Array): void {
    const frame = encodeFrame({ opcode, status, data });
    for (const reply of this.#replies) reply(frame);
  }
}
