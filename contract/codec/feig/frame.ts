/**
 * Frames of the FEIG OBID host protocol, in both directions, over RS232, RS485, USB and TCP alike.
 *
 *     standard | LEN u8: whole frame, 5..255 | COM-ADR | command | body | CRC least significant byte first |
 *     advanced | 02 | LEN u16: whole frame, 7..65535 | COM-ADR | command | body | CRC, as above |
 *
 * In an answer the body begins with a status. COM-ADR FF speaks to any reader. The reader answers in the form it was
 * asked in; some newer readers know the advanced form only.
 *
 * CRC-16 with polynomial 8408 (reflected), start FFFF, no final inversion, over everything before it.
 *
 * Source: FEIG ID ISC.MR200 system manual H40801-5e-ID-B, 2.2 (both forms); ID ISC.MR102 manual H01113-4e-ID-B, 3.2.
 */
import { assert } from '#contract/assert.ts';
import { crc16Reflected } from '#contract/codec/crc16.ts';
import type { FrameShape } from '#contract/codec/serial-framer.ts';

export const ADDRESS_ANY = 0xff;

const STX = 0x02;
const CRC_BYTES = 2;
/** Length, address and command. */
const STANDARD_HEAD_BYTES = 3;
const ADVANCED_HEAD_BYTES = 5;
const STANDARD_BYTES_MAX = 0xff;
const ADVANCED_BYTES_MAX = 0xffff;

export type FrameForm = 'standard' | 'advanced';

export const BODY_BYTES_MAX: Readonly<Record<FrameForm, number>> = {
  standard: STANDARD_BYTES_MAX - STANDARD_HEAD_BYTES - CRC_BYTES,
  advanced: ADVANCED_BYTES_MAX - ADVANCED_HEAD_BYTES - CRC_BYTES,
};

export interface FeigFrame {
  readonly form: FrameForm;
  readonly address: number;
  readonly command: number;
  /** What stands between the command and the checksum; in an answer the status is its first byte. */
  readonly body: Uint8Array;
}

/** How {@link SerialFramer} finds these frames. */
export const FEIG_SHAPE: FrameShape = {
  bytesMax: ADVANCED_BYTES_MAX,
  measure(bytes) {
    const [first, high, low] = bytes;
    if (first === undefined) return 'more';
    if (first === STX) {
      if (high === undefined || low === undefined) return 'more';
      const length = (high << 8) | low;
      return length < ADVANCED_HEAD_BYTES + CRC_BYTES ? 'bad-length' : length;
    }
    return first < STANDARD_HEAD_BYTES + CRC_BYTES ? 'no-start' : first;
  },
  isWhole(bytes) {
    const crcAt = bytes.length - CRC_BYTES;
    const stored = (bytes[crcAt] ?? 0) | ((bytes[crcAt + 1] ?? 0) << 8);
    return stored === crc16Reflected(bytes.subarray(0, crcAt));
  },
};

/** The parts of a whole frame, as the framer gave it. */
export function openFrame(bytes: Uint8Array): FeigFrame {
  const form = bytes[0] === STX ? 'advanced' : 'standard';
  const headBytes = form === 'advanced' ? ADVANCED_HEAD_BYTES : STANDARD_HEAD_BYTES;
  return {
    form,
    address: bytes[headBytes - 2] ?? 0,
    command: bytes[headBytes - 1] ?? 0,
    body: bytes.slice(headBytes, bytes.length - CRC_BYTES),
  };
}

/** Bytes of one frame, ready for the line. A body too long for the standard form is an error of ours. */
export function encodeFrame({ form, address, command, body }: FeigFrame): Uint8Array {
  assert(body.length <= BODY_BYTES_MAX[form], 'the body fits the frame');
  const headBytes = form === 'advanced' ? ADVANCED_HEAD_BYTES : STANDARD_HEAD_BYTES;
  const bytes = new Uint8Array(headBytes + body.length + CRC_BYTES);
  const view = new DataView(bytes.buffer);
  if (form === 'advanced') {
    view.setUint8(0, STX);
    view.setUint16(1, bytes.length);
  } else view.setUint8(0, bytes.length);
  view.setUint8(headBytes - 2, address);
  view.setUint8(headBytes - 1, command);
  bytes.set(body, headBytes);
  const crcAt = bytes.length - CRC_BYTES;
  view.setUint16(crcAt, crc16Reflected(bytes.subarray(0, crcAt)), true);
  return bytes;
}
