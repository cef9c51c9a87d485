/**
 * Text fields of a library tag: UTF-8, filled up with zero bytes.
 *
 * Source: ISO 28560-3; DS/INF 163-1 (Danish data model), page 15.
 */
const DECODER = new TextDecoder('utf-8', { ignoreBOM: true });
const ENCODER = new TextEncoder();

/** The text of a field; undefined if it is not valid UTF-8, holds control characters, or goes on behind its end. */
export function readText(field: Uint8Array): string | undefined {
  const end = field.indexOf(0);
  const used = end === -1 ? field : field.subarray(0, end);
  if (field.subarray(used.length).some((byte) => byte !== 0)) return undefined;
  const text = DECODER.decode(used);
  const isWhole = text === '' || !/[\p{Cc}\uFFFD]/u.test(text);
  return isWhole ? text : undefined;
}

/** The bytes of a text, without filling; undefined if it does not fit or could not be read back. */
export function writeText(text: string, bytesMax: number): Uint8Array | undefined {
  const bytes = ENCODER.encode(text);
  return bytes.length <= bytesMax && readText(bytes) === text ? bytes : undefined;
}
