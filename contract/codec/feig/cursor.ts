/**
 * Reads the bytes of a body from the front. A field that is not there ends the reading: what was asked for is undefined,
 * and so is everything after it.
 *
 * Source: none of its own; numbers in FEIG bodies are most significant byte first (ID ISC.MR200 manual, 2.2).
 */
export class Cursor {
  readonly #bytes: Uint8Array;
  #at = 0;
  #isShort = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get leftBytes(): number {
    return this.#bytes.length - this.#at;
  }

  /** Bytes read so far. */
  get at(): number {
    return this.#at;
  }

  /** Whether every field asked for was there. */
  get isWhole(): boolean {
    return !this.#isShort;
  }

  /** Zero when it is not there; ask {@link Cursor.isWhole} once at the end. */
  byte(): number {
    return this.take(1)[0] ?? 0;
  }

  word(): number {
    const high = this.byte();
    return (high << 8) | this.byte();
  }

  take(count: number): Uint8Array {
    if (this.#isShort || count > this.leftBytes) {
      this.#isShort = true;
      return new Uint8Array(0);
    }
    this.#at += count;
    return this.#bytes.slice(this.#at - count, this.#at);
  }
}

/** One array of all parts in order. */
export function join(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((bytes, part) => bytes + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Most significant byte first. */
export function wordBytes(value: number): readonly number[] {
  return [value >> 8, value & 0xff];
}
