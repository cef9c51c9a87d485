/**
 * Frames of the M100 family (MagicRF M100 and QM100 modules: YRM100, R200, JRD-4035, FM-503 and their kin).
 *
 *     | BB | type | command | length u16 of the parameters | parameters | sum | 7E |
 *
 * The sum is the low byte of all bytes from type to the last parameter. There is no byte stuffing: BB and 7E occur
 * inside, so a frame is known by its length, its sum and its end together.
 *
 * Source: M100/QM100 firmware manual ("Communication user protocol" V2.1 and V2.3.3 of the YRM100 and R200 modules,
 * the same text as M5Stack "Unit RFID-UHF protocol"), chapter 1.
 */
import { assert } from '#contract/assert.ts';
import type { FrameShape } from '#contract/codec/serial-framer.ts';

export const TYPE = { command: 0x00, response: 0x01, notice: 0x02 } as const;
export type FrameType = (typeof TYPE)[keyof typeof TYPE];

export interface M100Frame {
  readonly type: FrameType;
  readonly command: number;
  readonly parameters: Uint8Array;
}

const START = 0xbb;
const END = 0x7e;
const HEAD_BYTES = 5;
const TAIL_BYTES = 2;
const TYPE_MAX = TYPE.notice;

/** The manual gives no limit; more than a whole user memory in one answer is noise. */
export const PARAMETERS_MAX = 1024;
/** What a reader answers to our own questions is shorter; so a false start holds a live line up for less. */
const ANSWER_PARAMETERS_MAX = 255;

/** How {@link SerialFramer} finds frames of both directions. */
export const M100_SHAPE: FrameShape = shapeOf(TYPE.command, PARAMETERS_MAX);
/** The same for a line on which only a reader speaks. */
export const M100_ANSWER_SHAPE: FrameShape = shapeOf(TYPE.response, ANSWER_PARAMETERS_MAX);

function shapeOf(typeMin: number, parametersMax: number): FrameShape {
  return {
    bytesMax: HEAD_BYTES + parametersMax + TAIL_BYTES,
    measure(bytes) {
      const [start, type, , high, low] = bytes;
      if (start !== START) return 'no-start';
      if (type === undefined) return 'more';
      if (type < typeMin || type > TYPE_MAX) return 'no-start';
      if (high === undefined) return 'more';
      if (high > parametersMax >>> 8) return 'bad-length';
      return low === undefined ? 'more' : HEAD_BYTES + high * 0x100 + low + TAIL_BYTES;
    },
    isWhole: (bytes) => bytes.at(-1) === END && bytes.at(-2) === sumOf(bytes.subarray(1, -TAIL_BYTES)),
  };
}

function sumOf(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => (sum + byte) & 0xff, 0);
}

/** The parts of a whole frame, as the framer gave it. */
export function openFrame(bytes: Uint8Array): M100Frame {
  const type = bytes[1] === TYPE.command ? TYPE.command : bytes[1] === TYPE.notice ? TYPE.notice : TYPE.response;
  return { type, command: bytes[2] ?? 0, parameters: bytes.slice(HEAD_BYTES, -TAIL_BYTES) };
}

/** Bytes of one frame, ready for the line. */
export function encodeFrame({ type, command, parameters }: M100Frame): Uint8Array {
  const length = parameters.length;
  assert(length <= PARAMETERS_MAX, 'the parameters fit a frame');
  const bytes = Uint8Array.of(START, type, command, length >>> 8, length & 0xff, ...parameters, 0, END);
  bytes[bytes.length - TAIL_BYTES] = sumOf(bytes.subarray(1, -TAIL_BYTES));
  return bytes;
}
