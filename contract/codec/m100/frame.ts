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

/** The manual gives no limit; more than a whole user memory in one answer is noise. */
export const PARAMETERS_MAX = 1024;
/** A tag's name is at most 2 bytes of PC and 62 of EPC; what stands around it in notices and most answers is shorter. */
const SHORT_MAX = 80;
const READ_MEMORY = 0x39;
const READ_ANSWER_MAX = 255;
const NOTICES: ReadonlySet<number> = new Set([0x22, 0x27]);

/** How {@link SerialFramer} finds frames of both directions. */
export const M100_SHAPE: FrameShape = shapeOf(PARAMETERS_MAX, (type) =>
  type > TYPE.notice ? undefined : PARAMETERS_MAX,
);

/**
 * The same for a line on which only a reader speaks, and answers our own questions. What it cannot say is no start, so
 * that a false one does not hold a live line up.
 */
export const M100_ANSWER_SHAPE: FrameShape = shapeOf(READ_ANSWER_MAX, (type, command) => {
  if (type === TYPE.notice) return command === undefined || NOTICES.has(command) ? SHORT_MAX : undefined;
  if (type !== TYPE.response) return undefined;
  return command === READ_MEMORY ? READ_ANSWER_MAX : SHORT_MAX;
});

/** `limit`: most parameters of such a frame, undefined when there is none. The command is not always there yet. */
function shapeOf(
  parametersMax: number,
  limit: (type: number, command: number | undefined) => number | undefined,
): FrameShape {
  return {
    bytesMax: HEAD_BYTES + parametersMax + TAIL_BYTES,
    measure(bytes) {
      const [start, type, command, high, low] = bytes;
      if (start !== START) return 'no-start';
      if (type === undefined) return 'more';
      const max = limit(type, command);
      if (max === undefined) return 'no-start';
      if (high === undefined) return 'more';
      if (high > max >>> 8) return 'bad-length';
      if (low === undefined) return 'more';
      const length = high * 0x100 + low;
      return length > max ? 'bad-length' : HEAD_BYTES + length + TAIL_BYTES;
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
