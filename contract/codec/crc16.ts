/**
 * CRC-16 with polynomial 1021, start FFFF, not reflected: the checksum of library tags, and inverted that of 3M readers.
 *
 * Source: catalogued as CRC-16/IBM-3740 (also CRC-16/CCITT-FALSE); its check value over "123456789" is 29B1.
 */
const POLYNOMIAL = 0x1021;

/** The checksum of each byte alone: a byte at a time is eight times as fast as a bit at a time. */
const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x8000) === 0 ? crc << 1 : ((crc << 1) ^ POLYNOMIAL) & 0xffff;
  return crc;
});

/** The 16-bit checksum, without a final inversion. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) crc = ((crc << 8) & 0xffff) ^ (TABLE[(crc >> 8) ^ byte] ?? 0);
  return crc;
}

const POLYNOMIAL_REFLECTED = 0x8408;

const TABLE_REFLECTED = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ POLYNOMIAL_REFLECTED;
  return crc;
});

/**
 * The same polynomial with bits and bytes reflected, start FFFF, no final inversion: FEIG ISO-host, UHFReader 18 and 288,
 * Chafon CF.
 *
 * Source: catalogued as CRC-16/MCRF4XX; its check value over "123456789" is 6F91.
 */
export function crc16Reflected(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) crc = (crc >> 8) ^ (TABLE_REFLECTED[(crc ^ byte) & 0xff] ?? 0);
  return crc;
}
