/**
 * URN Code 40: three characters in two bytes, v = 1600 a + 40 b + c + 1 with space = 0, A to Z = 1 to 26, `-` 27, `.` 28,
 * `:` 29, 0 to 9 = 30 to 39. A text that is no multiple of three long is filled with spaces.
 *
 * The values above 40^3 (escapes to other character sets in ISO/IEC 15962) are not read: no library tag is known to
 * use them.
 *
 * Source: ISO/IEC 15962 (URN Code 40); table as in bookwaves-feig, `URNCode40.java`.
 */
const CHARACTERS = ' ABCDEFGHIJKLMNOPQRSTUVWXYZ-.:0123456789';
const TRIPLES = CHARACTERS.length ** 3;

/** The text with its filling; undefined for an odd number of bytes or a value that is no three characters. */
export function decodeUrnCode40(bytes: Uint8Array): string | undefined {
  if (bytes.length % 2 !== 0) return undefined;
  let text = '';
  for (let at = 0; at < bytes.length; at += 2) {
    const value = (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0) - 1;
    if (value < 0 || value >= TRIPLES) return undefined;
    text += CHARACTERS.charAt(Math.floor(value / 1600));
    text += CHARACTERS.charAt(Math.floor(value / 40) % 40);
    text += CHARACTERS.charAt(value % 40);
  }
  return text;
}

/** Two bytes for each three characters begun; undefined if a character is not in the table. */
export function encodeUrnCode40(text: string): Uint8Array | undefined {
  const values = Array.from(text, (character) => CHARACTERS.indexOf(character));
  if (values.includes(-1)) return undefined;
  const bytes = new Uint8Array(2 * Math.ceil(values.length / 3));
  for (let at = 0; at < bytes.length; at += 2) {
    const first = (at / 2) * 3;
    const value = 1600 * (values[first] ?? 0) + 40 * (values[first + 1] ?? 0) + (values[first + 2] ?? 0) + 1;
    bytes[at] = value >> 8;
    bytes[at + 1] = value & 0xff;
  }
  return bytes;
}
