import { fromHex } from '#contract/hex.ts';

/**
 * Hex with the lengths left to count: `00F6( .. )` is a TLV whose u16 length counts its 4 header bytes, and
 * `043F{ .. }` a message whose u32 length counts its first 2 bytes and itself. Independent of the codec under test.
 */
export function bytesOf(notation: string): Uint8Array {
  let text = notation.replaceAll(/\s/g, '');
  for (let inner = /([0-9A-F]{4})\(([0-9A-F]*)\)/; inner.test(text);) {
    text = text.replace(inner, (_all, type: string, body: string) => type + length(body, 4, 4) + body);
  }
  text = text.replaceAll(
    /([0-9A-F]{4})\{([0-9A-F]*)\}/g,
    (_all, head: string, body: string) => head + length(body, 6, 8) + body,
  );
  const bytes = fromHex(text);
  if (bytes === undefined) throw new Error(`not hexadecimal: ${text}`);
  return bytes;
}

function length(body: string, headBytes: number, digits: number): string {
  return (headBytes + body.length / 2).toString(16).toUpperCase().padStart(digits, '0');
}
