/**
 * The checksum of SIP2's error detection: the two's complement of the 16-bit sum of all bytes up to and including the
 * letters `AZ`, as four upper-case hexadecimal digits.
 *
 * Source: 3M SIP2 2.00, "Checksum algorithm"; Koha C4/SIP/Sip/Checksum.pm.
 */
export function sip2Checksum(bytes: Uint8Array): string {
  let sum = 0;
  for (const byte of bytes) sum += byte;
  return (-sum & 0xffff).toString(16).toUpperCase().padStart(4, '0');
}
