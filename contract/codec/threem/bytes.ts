/**
 * The few field shapes of a 3M body, and a reader over them that remembers when it ran out of bytes.
 *
 * Source: 3M RFID Reader Protocol Specification 1.0: fields are bytes, a UID is 8 bytes, most significant first.
 */
import { assert } from '#contract/assert.ts';
import type { CodecError } from '#contract/codec/codec-error.ts';
import { fromHex, toHex } from '#contract/hex.ts';

export const UID_BYTES = 8;
export const BLOCK_BYTES = 4;

/** Reads a body from its first byte on; after the end it gives zeros and knows that it did. */
export class BodyReader {
  readonly #body: Uint8Array;
  #at = 0;
  #error: CodecError | undefined;

  constructor(body: Uint8Array) {
    this.#body = body;
  }

  /** Why the body could not be read; undefined while all is well. */
  get error(): CodecError | undefined {
    return this.#error;
  }

  get leftBytes(): number {
    return this.#body.length - this.#at;
  }

  byte(): number {
    return this.take(1)[0] ?? 0;
  }

  uid(): string {
    return toHex(this.take(UID_BYTES));
  }

  take(count: number): Uint8Array {
    if (count > this.leftBytes) {
      const detail = `${count} bytes wanted, ${this.leftBytes} left`;
      this.#error ??= { code: 'truncated', offsetBytes: this.#at, detail };
      return new Uint8Array(0);
    }
    this.#at += count;
    return this.#body.slice(this.#at - count, this.#at);
  }

  rest(): Uint8Array {
    return this.take(this.leftBytes);
  }

  /** Bytes after the last field mean that we misread the body. */
  end(): void {
    if (this.leftBytes === 0) return;
    this.#error ??= { code: 'bad-length', offsetBytes: this.#at, detail: `${this.leftBytes} bytes too many` };
  }
}

/** The bytes of a UID of ours. */
export function uidBytes(uid: string): Uint8Array {
  const bytes = fromHex(uid);
  assert(bytes?.length === UID_BYTES, 'a UID is 16 hexadecimal digits');
  return bytes;
}

/** One array of all parts in order. */
export function join(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
