/**
 * Frames of the UHFReader families (18, 86, 288 and their kin): no start mark, so a frame is found by its length and its
 * checksum.
 *
 *     | length u8: bytes after it | address | command | status, in answers | data | CRC least significant byte first |
 *
 * Source: UHFReader288MP User's Manual V1.14, chapter 3; UHFReader18 User's Manual V2.0, chapter 3.
 */
import { assert } from '#contract/assert.ts';
import { crc16Reflected } from '#contract/codec/crc16.ts';
import type { FrameShape } from '#contract/codec/serial-framer.ts';
import { STATUSES } from '#contract/codec/uhfreader/status.ts';

/** Every reader answers to it, with its own address. */
export const ADDRESS_ANY = 0xff;

const CRC_BYTES = 2;
/** Length, address and command. */
const HEAD_BYTES = 3;
const LENGTH_MIN = 2 + CRC_BYTES;
const LENGTH_MAX = 0xff;
/** Behind the command. */
export const DATA_BYTES_MAX = LENGTH_MAX - LENGTH_MIN;

export interface UhfreaderFrame {
  readonly address: number;
  readonly code: number;
  /** Of an answer the first byte is the status. */
  readonly data: Uint8Array;
}

/** How {@link SerialFramer} finds these frames, whichever way they go. */
export const UHFREADER_SHAPE: FrameShape = {
  bytesMax: 1 + LENGTH_MAX,
  measure: ([length = 0]) => (length < LENGTH_MIN ? 'bad-length' : 1 + length),
  isWhole,
};

function isWhole(bytes: Uint8Array): boolean {
  const crcAt = bytes.length - CRC_BYTES;
  const crc = crc16Reflected(bytes.subarray(0, crcAt));
  return bytes[crcAt] === (crc & 0xff) && bytes[crcAt + 1] === crc >>> 8;
}

/**
 * How a host finds answers: a byte of noise is nearly always told from a length by what must stand behind it, so that it
 * does not swallow the frames after it. `address` is the reader's; {@link ADDRESS_ANY} takes any.
 */
export function answerShape(codes: ReadonlySet<number>, address: number): FrameShape {
  return {
    bytesMax: UHFREADER_SHAPE.bytesMax,
    measure(bytes) {
      const [length = 0, sender, code, status] = bytes;
      if (length <= LENGTH_MIN) return 'bad-length';
      if (sender !== undefined && address !== ADDRESS_ANY && sender !== address) return 'no-start';
      if (code !== undefined && code !== 0 && !codes.has(code)) return 'no-start';
      if (status !== undefined && !STATUSES.has(status)) return 'no-start';
      return 1 + length;
    },
    isWhole,
  };
}

/** The parts of a whole frame, as the framer gave it. */
export function openFrame(bytes: Uint8Array): UhfreaderFrame {
  const [, address = 0, code = 0] = bytes;
  return { address, code, data: bytes.slice(HEAD_BYTES, bytes.length - CRC_BYTES) };
}

/** Bytes of one frame, ready for the line. */
export function encodeFrame({ address, code, data }: UhfreaderFrame): Uint8Array {
  assert(data.length <= DATA_BYTES_MAX, 'frame length is in range');
  const bytes = new Uint8Array(HEAD_BYTES + data.length + CRC_BYTES);
  bytes.set([bytes.length - 1, address, code]);
  bytes.set(data, HEAD_BYTES);
  const crcAt = bytes.length - CRC_BYTES;
  const crc = crc16Reflected(bytes.subarray(0, crcAt));
  bytes.set([crc & 0xff, crc >>> 8], crcAt);
  return bytes;
}
