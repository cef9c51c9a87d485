/**
 * Checksum of 3M reader frames, over the length bytes and the body: CRC-16 with a final inversion, which the protocol
 * text leaves out although its own examples need it.
 *
 * Source: 3M RFID Reader Protocol Specification 1.0, message format; catalogued as CRC-16/GENIBUS. Examples there:
 * 00 09 03 00 02 00 00 00 03 gives 12E6, 00 05 04 00 11 gives 8C66.
 */
import { crc16 } from '#contract/codec/crc16.ts';

/** The 16-bit checksum, sent most significant byte first. */
export function frameCrc(bytes: Uint8Array): number {
  return ~crc16(bytes) & 0xffff;
}
