/**
 * The URI of an EPC that cannot be told apart: `urn:epc:raw:LENGTH.xHEX`, the length in bits. It loses nothing.
 *
 * Source: GS1 EPC Tag Data Standard 1.13, section 12 (EPC raw URI); in ISO/IEC 18000-63 the length of an EPC is
 * counted in words by five bits of the protocol control word, so no tag holds more than 31 words.
 */
import { fromHex, toHex } from '#contract/hex.ts';

export const EPC_BYTES_MAX = 62;

/** The URI that any EPC has. */
export function toRawUri(epc: Uint8Array): string {
  return `urn:epc:raw:${8 * epc.length}.x${toHex(epc)}`;
}

/** The bytes of a raw URI; undefined if it is none, or not of whole words. */
export function fromRawUri(uri: string): Uint8Array | undefined {
  const [, bits, hex] = /^urn:epc:raw:([1-9]\d{0,2})\.x([0-9A-Fa-f]+)$/.exec(uri) ?? [];
  const epc = hex === undefined ? undefined : fromHex(hex);
  if (epc === undefined || epc.length % 2 !== 0 || epc.length > EPC_BYTES_MAX) return undefined;
  return 8 * epc.length === Number(bits) ? epc : undefined;
}
