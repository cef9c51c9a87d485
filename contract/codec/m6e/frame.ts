/**
 * Frames of the ThingMagic (JADAK) serial modules: M6e, M6e Micro and Nano, M7e, M5e.
 *
 *     command   | FF | length | opcode | data | CRC u16 |
 *     response  | FF | length | opcode | status u16 | data | CRC u16 |
 *
 * The length is that of the data alone, so that a frame does not say which way it goes: the CRC does.
 *
 * Source: MercuryAPI, serial_reader.c and serial_reader_l3.c (TMR_SR_sendMessage, TMR_SR_receiveMessage, tm_crc,
 * TMR_SR_MAX_PACKET_SIZE); SparkFun Simultaneous RFID Tag Reader Library.
 */
import { assert } from '#contract/assert.ts';
import type { FrameShape } from '#contract/codec/serial-framer.ts';

export interface M6eFrame {
  readonly opcode: number;
  /** Only a response has one. */
  readonly status?: number | undefined;
  readonly data: Uint8Array;
}

const START = 0xff;
const HEAD_BYTES = 3;
const STATUS_BYTES = 2;
const CRC_BYTES = 2;
const COMMAND_EXTRA = HEAD_BYTES + CRC_BYTES;
const RESPONSE_EXTRA = COMMAND_EXTRA + STATUS_BYTES;
const FRAME_MAX = 256;
export const COMMAND_DATA_MAX = FRAME_MAX - COMMAND_EXTRA;
export const RESPONSE_DATA_MAX = FRAME_MAX - RESPONSE_EXTRA;

const POLYNOMIAL = 0x1021;

/**
 * Looks like CRC-16/CCITT-FALSE and is none: the data enters at the bottom of the register, not at its top.
 *
 * Source: MercuryAPI, serial_reader_l3.c, tm_crc ("ThingMagic-mutated CRC"). SparkFun's recorded frame ends in 561D.
 */
export function m6eCrc(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) crc = withNibble(withNibble(crc, byte >>> 4), byte & 0x0f);
  return crc;
}

function withNibble(crc: number, nibble: number): number {
  const top = crc >>> 12;
  let mixed = ((crc << 4) | nibble) & 0xffff;
  for (let bit = 0; bit < 4; bit += 1) if ((top & (1 << bit)) !== 0) mixed ^= (POLYNOMIAL << bit) & 0xffff;
  return mixed;
}

function isWhole(bytes: Uint8Array): boolean {
  const crc = (bytes.at(-2) ?? 0) * 0x100 + (bytes.at(-1) ?? 0);
  return crc === m6eCrc(bytes.subarray(1, -CRC_BYTES));
}

/** A reader's status has a class, 00 to 07, or 7F for its own failures, in its high byte. */
const STATUS_CLASS_MAX = 0x07;
const STATUS_SYSTEM = 0x7f;

function shapeOf(extra: number, opcodes?: ReadonlySet<number>): FrameShape {
  return {
    bytesMax: FRAME_MAX,
    measure(bytes) {
      const [start, length, opcode, statusClass] = bytes;
      if (start !== START) return 'no-start';
      if (length === undefined) return 'more';
      if (length + extra > FRAME_MAX) return 'bad-length';
      if (opcodes === undefined) return length + extra;
      // What it cannot be is no start, so that a false one does not hold a live line up.
      if (opcode !== undefined && !opcodes.has(opcode)) return 'no-start';
      if (statusClass !== undefined && statusClass > STATUS_CLASS_MAX && statusClass !== STATUS_SYSTEM)
        return 'no-start';
      return statusClass === undefined ? 'more' : length + extra;
    },
    isWhole,
  };
}

/** For a line on which only a host speaks. */
export const M6E_COMMAND_SHAPE: FrameShape = shapeOf(COMMAND_EXTRA);
/** For a line on which only a module speaks. */
export const M6E_RESPONSE_SHAPE: FrameShape = shapeOf(RESPONSE_EXTRA);

/** For a line on which a module answers these commands. */
export function responseShape(opcodes: ReadonlySet<number>): FrameShape {
  return shapeOf(RESPONSE_EXTRA, opcodes);
}

/** Both directions: a frame is a command where the CRC fits one. */
export const M6E_SHAPE: FrameShape = {
  bytesMax: FRAME_MAX,
  measure(bytes) {
    const [start, length] = bytes;
    if (start !== START) return 'no-start';
    if (length === undefined) return 'more';
    const commandBytes = length + COMMAND_EXTRA;
    if (commandBytes > FRAME_MAX) return 'bad-length';
    if (bytes.length < commandBytes) return 'more';
    const isCommand = isWhole(bytes.subarray(0, commandBytes)) && !isTagRecord(bytes);
    return isCommand ? commandBytes : length + RESPONSE_EXTRA;
  },
  isWhole,
};

const READ_MULTIPLE = 0x22;
const OPTION_METADATA = 0x10;
const RECORD_MIN = 20;

/**
 * One response in 65,536 has bytes that fit as a command's CRC. Most responses are tag records, and no such command
 * begins like them: without an option it has no filter, hence is short.
 */
function isTagRecord([, length = 0, opcode, high, low, option = 0]: Uint8Array): boolean {
  const isDone = high === 0 && low === 0;
  return opcode === READ_MULTIPLE && length >= RECORD_MIN && isDone && (option & OPTION_METADATA) !== 0;
}

/** Whether so many bytes with this length byte are a command; else they can only be a response. */
export function isCommandLength(bytes: Uint8Array): boolean {
  return bytes.length === (bytes[1] ?? 0) + COMMAND_EXTRA;
}

/** The parts of a whole frame. */
export function openFrame(bytes: Uint8Array): M6eFrame {
  const opcode = bytes[2] ?? 0;
  if (isCommandLength(bytes)) return { opcode, data: bytes.slice(HEAD_BYTES, -CRC_BYTES) };
  const status = (bytes[HEAD_BYTES] ?? 0) * 0x100 + (bytes[HEAD_BYTES + 1] ?? 0);
  return { opcode, status, data: bytes.slice(HEAD_BYTES + STATUS_BYTES, -CRC_BYTES) };
}

/** Bytes of one frame, ready for the line. */
export function encodeFrame({ opcode, status, data }: M6eFrame): Uint8Array {
  assert(data.length <= (status === undefined ? COMMAND_DATA_MAX : RESPONSE_DATA_MAX), 'the data fits a frame');
  const statusBytes = status === undefined ? [] : [status >>> 8, status & 0xff];
  const bytes = Uint8Array.of(START, data.length, opcode, ...statusBytes, ...data, 0, 0);
  const crc = m6eCrc(bytes.subarray(1, -CRC_BYTES));
  bytes.set([crc >>> 8, crc & 0xff], bytes.length - CRC_BYTES);
  return bytes;
}
