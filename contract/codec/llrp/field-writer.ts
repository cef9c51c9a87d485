/**
 * Writes LLRP fields and parameters; the inverse of `field-reader.ts`. Lengths of parameters are filled in when their
 * body is complete, so the writer of a parameter never counts bytes.
 *
 * Source: EPCglobal Low Level Reader Protocol 1.1, section 17.2, binary encoding of parameters.
 */
import { assert } from '#contract/assert.ts';

const U32 = 0x1_0000_0000;
const UTF8 = new TextEncoder();

/** A growing buffer. Values that do not fit their field are a fault of ours, hence asserts. */
export class FieldWriter {
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #at = 0;

  u8(value: number): void {
    assert(value >= 0 && value <= 0xff, 'value fits in 8 bits');
    const at = this.#room(1);
    this.#view.setUint8(at, value);
  }

  i8(value: number): void {
    assert(value >= -0x80 && value <= 0x7f, 'value fits in 8 signed bits');
    const at = this.#room(1);
    this.#view.setInt8(at, value);
  }

  u16(value: number): void {
    assert(value >= 0 && value <= 0xffff, 'value fits in 16 bits');
    const at = this.#room(2);
    this.#view.setUint16(at, value);
  }

  i16(value: number): void {
    assert(value >= -0x8000 && value <= 0x7fff, 'value fits in 16 signed bits');
    const at = this.#room(2);
    this.#view.setInt16(at, value);
  }

  u32(value: number): void {
    assert(value >= 0 && value < U32, 'value fits in 32 bits');
    const at = this.#room(4);
    this.#view.setUint32(at, value);
  }

  microseconds(value: number): void {
    assert(Number.isSafeInteger(value) && value >= 0, 'microseconds are a whole number below 2^53');
    this.u32(Math.floor(value / U32));
    this.u32(value % U32);
  }

  /** Inverse of `FieldReader.oneOf`. */
  oneOf<Name extends string>(names: readonly [Name, ...Name[]], name: Name, width: 1 | 2 = 1): void {
    const value = names.indexOf(name);
    if (width === 1) this.u8(value);
    else this.u16(value);
  }

  /** Flags from the most significant bit down, in `bits` bits (8 or 16). */
  flags(bits: 8 | 16, flags: readonly boolean[]): void {
    let value = 0;
    flags.forEach((flag, index) => (value |= flag ? 1 << (bits - 1 - index) : 0));
    if (bits === 8) this.u8(value);
    else this.u16(value);
  }

  put(bytes: Uint8Array): void {
    const at = this.#room(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** Inverse of `FieldReader.text`. */
  text(text: string): void {
    const bytes = UTF8.encode(text);
    this.u16(bytes.length);
    this.put(bytes);
  }

  /** A TLV parameter around whatever `writeBody` writes. */
  tlv(type: number, writeBody: () => void): void {
    const start = this.#at;
    this.u16(type);
    this.u16(0);
    writeBody();
    assert(this.#at - start <= 0xffff, 'parameter fits in 65,535 bytes');
    this.#view.setUint16(start + 2, this.#at - start);
  }

  /** The first byte of a TV parameter; its value follows. */
  tv(type: number): void {
    this.u8(0x80 | type);
  }

  /** Everything written so far, copied. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#at);
  }

  /** Place for `count` bytes. Ask before touching the buffer: it may be a new one afterwards. */
  #room(count: number): number {
    const start = this.#at;
    this.#at += count;
    if (this.#at > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#at, 2 * this.#bytes.length));
      grown.set(this.#bytes.subarray(0, start));
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    return start;
  }
}
