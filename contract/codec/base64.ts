/**
 * Base64 text, for payloads that travel inside JSON.
 *
 * Source: RFC 4648, section 4. Written out because the language has none yet and `Buffer` is not in browsers.
 */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const BITS = 6;

/** The bytes of a base64 text; characters outside the alphabet are passed over. */
export function decodeBase64(text: string): Uint8Array {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const character of text) {
    const value = ALPHABET.indexOf(character);
    if (value === -1) continue;
    held = ((held << BITS) | value) & 0xffff;
    bits += BITS;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >> bits) & 0xff);
  }
  return Uint8Array.from(bytes);
}

/** Base64 text of `bytes`, with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [first = 0, second = 0, third = 0] = bytes.subarray(at, at + 3);
    const held = (first << 16) | (second << 8) | third;
    const group = [18, 12, 6, 0].map((shift) => ALPHABET.charAt((held >> shift) & 0x3f)).join('');
    const missing = Math.max(0, at + 3 - bytes.length);
    text += group.slice(0, 4 - missing) + '='.repeat(missing);
  }
  return text;
}
