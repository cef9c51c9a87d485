/**
 * Bits of an EPC, most significant first, in whole numbers of any size.
 *
 * Source: GS1 EPC Tag Data Standard 1.13, section 14.2 (the binary encoding is a string of bits, header first).
 */

/** Reads bits from the front. Past the end it reads zeros and says so with `isOver`; ask before believing. */
export class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isOver(): boolean {
    return this.#at > 8 * this.#bytes.length;
  }

  get bitsLeft(): number {
    return Math.max(0, 8 * this.#bytes.length - this.#at);
  }

  /** At most 32 bits. */
  take(bits: number): number {
    let value = 0;
    for (let taken = 0; taken < bits; taken += 1) value = value * 2 + this.#bit();
    return value;
  }

  takeLong(bits: number): bigint {
    let value = 0n;
    for (let left = bits; left > 0; left -= 24) {
      const step = Math.min(left, 24);
      value = (value << BigInt(step)) | BigInt(this.take(step));
    }
    return value;
  }

  #bit(): number {
    const at = this.#at++;
    return ((this.#bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1;
  }
}

/** Collects bits; the rest of the last 16-bit word is filled with zeros. */
export class BitWriter {
  readonly #bits: number[] = [];

  put(value: bigint | number, bits: number): void {
    const wide = BigInt(value);
    for (let left = bits - 1; left >= 0; left -= 1) this.#bits.push(Number((wide >> BigInt(left)) & 1n));
  }

  /** Whole words, as the memory of a tag has them. */
  words(): Uint8Array {
    const bytes = new Uint8Array(2 * Math.ceil(this.#bits.length / 16));
    this.#bits.forEach((bit, at) => {
      bytes[at >> 3] = (bytes[at >> 3] ?? 0) | (bit << (7 - (at & 7)));
    });
    return bytes;
  }
}
