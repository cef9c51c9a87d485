/**
 * Frames of the Chafon CF family (CF-H, CF-M, CF591, "UHF Prime"):
 *
 *     | CF | address | command u16 | length u8: bytes after it without CRC | status, in answers | data | CRC u16 |
 *
 * The CRC covers all before it. Every captured frame has its high byte first; one implementation after the manual of a
 * gate reader has the low byte first. Both are read; the order is a field of its own.
 *
 * Source: CFApi.h of the vendor's SDK (CF591); captured frames of UHF Prime Reader, H103 and CF-MU910 readers.
 */
import { assert } from '#contract/assert.ts';
import { crc16Reflected } from '#contract/codec/crc16.ts';
import type { FrameShape } from '#contract/codec/serial-framer.ts';

export type CrcOrder = 'high-first' | 'low-first';

/** Every reader answers to it, with its own address. */
export const ADDRESS_ANY = 0xff;

const START = 0xcf;
const CRC_BYTES = 2;
const LENGTH_AT = 4;
const HEAD_BYTES = 5;
export const DATA_BYTES_MAX = 0xff;

export interface CfFrame {
  readonly address: number;
  readonly crcOrder: CrcOrder;
  readonly code: number;
  /** Of an answer the first byte is the status. */
  readonly data: Uint8Array;
}

export const CF_SHAPE: FrameShape = {
  bytesMax: HEAD_BYTES + DATA_BYTES_MAX + CRC_BYTES,
  measure: (bytes) => {
    if (bytes[0] !== START) return 'no-start';
    const length = bytes[LENGTH_AT];
    return length === undefined ? 'more' : HEAD_BYTES + length + CRC_BYTES;
  },
  isWhole: (bytes) => orderOf(bytes) !== undefined,
};

/** How a host finds answers: a false start is nearly always told by the command that must stand behind it. */
export function answerShape(codes: ReadonlySet<number>): FrameShape {
  return {
    ...CF_SHAPE,
    measure(bytes) {
      const [, , high, low] = bytes;
      if (high !== undefined && low !== undefined && !codes.has(high * 256 + low)) return 'no-start';
      return CF_SHAPE.measure(bytes);
    },
  };
}

/** Of two equal bytes either would be true. */
function orderOf(bytes: Uint8Array): CrcOrder | undefined {
  const crcAt = bytes.length - CRC_BYTES;
  const crc = crc16Reflected(bytes.subarray(0, crcAt));
  const [first, second] = [bytes[crcAt], bytes[crcAt + 1]];
  if (first === crc >>> 8 && second === (crc & 0xff)) return 'high-first';
  return first === (crc & 0xff) && second === crc >>> 8 ? 'low-first' : undefined;
}

/** The parts of a whole frame, as the framer gave it. */
export function openFrame(bytes: Uint8Array): CfFrame {
  const [, address = 0, high = 0, low = 0] = bytes;
  const data = bytes.slice(HEAD_BYTES, bytes.length - CRC_BYTES);
  return { address, crcOrder: orderOf(bytes) ?? 'high-first', code: high * 256 + low, data };
}

/** Bytes of one frame, ready for the line. */
export function encodeFrame({ address, crcOrder, code, data }: CfFrame): Uint8Array {
  assert(data.length <= DATA_BYTES_MAX, 'frame length is in range');
  const bytes = new Uint8Array(HEAD_BYTES + data.length + CRC_BYTES);
  bytes.set([START, address, code >>> 8, code & 0xff, data.length]);
  bytes.set(data, HEAD_BYTES);
  const crcAt = bytes.length - CRC_BYTES;
  const crc = crc16Reflected(bytes.subarray(0, crcAt));
  bytes.set(crcOrder === 'high-first' ? [crc >>> 8, crc & 0xff] : [crc & 0xff, crc >>> 8], crcAt);
  return bytes;
}
