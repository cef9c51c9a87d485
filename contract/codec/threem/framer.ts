/**
 * Frames of the 3M readers.
 *
 *     | start D6 (D5 for the probe) | length u16: bytes after it | body | CRC u16 |
 *
 * Source: 3M RFID Reader Protocol Specification 1.0, message format.
 */
import { assert } from '#contract/assert.ts';
import type { FrameShape } from '#contract/codec/serial-framer.ts';
import { frameCrc } from '#contract/codec/threem/crc.ts';

/** Starts every frame but the probe. */
export const START = 0xd6;
/** Starts the probe that looks for a reader, and its answer. */
export const START_PROBE = 0xd5;

const HEAD_BYTES = 3;
const CRC_BYTES = 2;
const LENGTH_MIN = 1 + CRC_BYTES;

/** The longest answer we know is an inventory of 255 tags of 9 bytes; a longer announcement is noise. */
export const LENGTH_MAX = 2304;

export interface ThreemFrame {
  readonly start: typeof START | typeof START_PROBE;
  /** Command and data, without length and checksum; at least one byte. */
  readonly body: Uint8Array;
}

/** How {@link SerialFramer} finds these frames. */
export const THREEM_SHAPE: FrameShape = {
  bytesMax: HEAD_BYTES + LENGTH_MAX,
  measure(bytes) {
    const [start] = bytes;
    if (start !== START && start !== START_PROBE) return 'no-start';
    if (bytes.length < HEAD_BYTES) return 'more';
    const length = viewOf(bytes).getUint16(1);
    return length < LENGTH_MIN ? 'bad-length' : HEAD_BYTES + length;
  },
  isWhole(bytes) {
    const crcAt = bytes.length - CRC_BYTES;
    return viewOf(bytes).getUint16(crcAt) === frameCrc(bytes.subarray(1, crcAt));
  },
};

/** The parts of a whole frame, as the framer gave it. */
export function openFrame(bytes: Uint8Array): ThreemFrame {
  const start = bytes[0] === START_PROBE ? START_PROBE : START;
  return { start, body: bytes.slice(HEAD_BYTES, bytes.length - CRC_BYTES) };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Bytes of one frame, ready for the line. */
export function encodeFrame({ start, body }: ThreemFrame): Uint8Array {
  const length = body.length + CRC_BYTES;
  assert(length >= LENGTH_MIN && length <= LENGTH_MAX, 'frame length is in range');
  const bytes = new Uint8Array(HEAD_BYTES + length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, start);
  view.setUint16(1, length);
  bytes.set(body, HEAD_BYTES);
  view.setUint16(HEAD_BYTES + body.length, frameCrc(bytes.subarray(1, HEAD_BYTES + body.length)));
  return bytes;
}
