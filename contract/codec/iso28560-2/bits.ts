/**
 * Groups of bits in a row, most significant bit first, as the compactions of a library tag pack their characters.
 *
 * Source: ISO/IEC 15962, compaction schemes; ISO 28560-2.
 */

/** Packs groups of bits; the last byte is filled up with `fill`, read from its first character on. */
export function packBits(groups: Iterable<readonly [value: number, bits: number]>, fill: string): Uint8Array {
  const bytes: number[] = [];
  let held = 0;
  let heldBits = 0;
  const push = (value: number, bits: number): void => {
    for (let bit = bits - 1; bit >= 0; bit -= 1) {
      held = (held << 1) | ((value >> bit) & 1);
      heldBits += 1;
      if (heldBits === 8) {
        bytes.push(held);
        held = 0;
        heldBits = 0;
      }
    }
  };
  for (const [value, bits] of groups) push(value, bits);
  for (const digit of heldBits === 0 ? '' : fill.slice(0, 8 - heldBits)) push(digit === '1' ? 1 : 0, 1);
  return Uint8Array.from(bytes);
}

/** Reads groups of bits of any size from the start of `bytes`. */
export class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get bitsLeft(): number {
    return this.#bytes.length * 8 - this.#at;
  }

  /** The next `bits` bits as a number; undefined if fewer are left. */
  take(bits: number): number | undefined {
    if (bits > this.bitsLeft) return undefined;
    let value = 0;
    for (let taken = 0; taken < bits; taken += 1) {
      const byte = this.#bytes[this.#at >> 3] ?? 0;
      value = (value << 1) | ((byte >> (7 - (this.#at & 7))) & 1);
      this.#at += 1;
    }
    return value;
  }
}
