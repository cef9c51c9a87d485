/**
 * Checksum of 3M reader frames: CRC-16 with polynomial 1021, start FFFF, not reflected, inverted at the end, over the
 * length bytes and the body. The protocol text leaves out the inversion; its own examples need it.
 *
 * Source: 3M RFID Reader Protocol Specification 1.0, message format; catalogued as CRC-16/GENIBUS. Examples there:
 * 00 09 03 00 02 00 00 00 03 gives 12E6, 00 05 04 00 11 gives 8C66.
 */
const POLYNOMIAL = 0x1021;

/** The 16-bit checksum, sent most significant byte first. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x8000) === 0 ? crc << 1 : ((crc << 1) ^ POLYNOMIAL) & 0xffff;
  }
  return ~crc & 0xffff;
}
