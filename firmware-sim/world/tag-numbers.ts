/**
 * The numbers on an item of the demo: barcode, EPC and UID.
 *
 * - Barcode: 14 digits as on North American library labels: 3 = item, 4 digits institution, 8 digits serial, check digit
 *   (modulo 10, weights 2 and 1 from the left).
 * - EPC: GIAI-96. Header 34, filter 0, partition 5 (24 bits company prefix, 58 bits asset reference); the asset
 *   reference is the barcode. The company prefix 0614141 is the one of the standard's own examples, so that a demo tag
 *   is never taken for somebody's property.
 * - UID: E0 (ISO 15693), 04 (NXP), 01, 5 bytes serial.
 *
 * Source: GS1 EPC Tag Data Standard, GIAI-96 coding table; ISO/IEC 15693-3 (unique identifier).
 */
const COMPANY_PREFIX = 614_141n;
const GIAI_96_HEADER = 0x34n;
const PARTITION_7_DIGITS = 5n;
const SERIAL_OFFSET = 0x5a_0000_0000n;

/** The barcode of the n-th item of the library. */
export function barcodeOf(serial: number): string {
  const digits = `32112${String(serial).padStart(8, '0')}`;
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) {
    const weighted = Number(digits[i]) * (i % 2 === 0 ? 2 : 1);
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return digits + String((10 - (sum % 10)) % 10);
}

/** 24 upper-case hex digits. */
export function epcOf(barcode: string): string {
  const head = (GIAI_96_HEADER << 6n) | PARTITION_7_DIGITS;
  const value = (head << 82n) | (COMPANY_PREFIX << 58n) | BigInt(barcode);
  return value.toString(16).toUpperCase().padStart(24, '0');
}

/** 16 upper-case hex digits, most significant byte first. */
export function uidOf(serial: number): string {
  // The multiplier is odd, so two serials never share a number; real tags of one box do not count up by one either.
  const number = (SERIAL_OFFSET + BigInt(serial) * 2_654_435_761n) & 0xff_ffff_ffffn;
  return `E00401${number.toString(16).toUpperCase().padStart(10, '0')}`;
}

/** Numbers of shelf tags begin so, as no tag of an item does. */
export const SHELF_TAG_PREFIX = '5E1F0000';

/** The tag at the beginning of a shelf, by its place in the list of shelves. */
export function shelfTagOf(shelf: number): string {
  return SHELF_TAG_PREFIX + shelf.toString(16).toUpperCase().padStart(16, '0');
}
