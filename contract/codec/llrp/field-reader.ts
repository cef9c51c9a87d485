/**
 * Reads the fields and parameters of an LLRP message one after the other, and remembers the first fault.
 *
 * After a fault every read gives zero and every walk ends, so a decoder is written straight down and asks once, at its
 * end, whether all was well. Nothing here throws.
 *
 *     TLV   | 000000 | type (10) | lengthBytes (16), these 4 bytes included | value |
 *     TV    | 1 | type (7) | value of a length fixed by the type |
 *
 * Source: EPCglobal Low Level Reader Protocol 1.1, section 17.2, binary encoding of parameters.
 */
import type { CodecError } from '#contract/codec/codec-error.ts';

export const TLV_HEADER_BYTES = 4;

/** Value bytes of each TV parameter by type; 0 = no such type. A TV carries no length, so others cannot be skipped. */
export const TV_VALUE_BYTES: readonly number[] = [0, 2, 8, 8, 8, 8, 1, 2, 2, 4, 2, 2, 2, 12, 2, 2, 4, 2, 4, 2, 2];

const U32 = 0x1_0000_0000;
const SAFE_HIGH_WORD_MAX = 0x1f_ffff;
const UTF8 = new TextDecoder();

/** The first fault of a message, shared by all readers over its parts. */
export interface Fault {
  error: CodecError | undefined;
}

/** One parameter: its type and a reader over its value. */
export interface Parameter {
  readonly type: number;
  readonly body: FieldReader;
}

/** A place in `view[start..end)`; all readers of a message share its view and its fault. */
export class FieldReader {
  readonly view: DataView;
  /** Where this reader's part ends, counted from the start of the message. */
  readonly endBytes: number;
  readonly fault: Fault;
  #at: number;

  constructor(view: DataView, start: number, end: number, fault: Fault) {
    this.view = view;
    this.#at = start;
    this.endBytes = end;
    this.fault = fault;
  }

  /** Where the next field starts, counted from the start of the message. */
  get offsetBytes(): number {
    return this.#at;
  }

  /** Bytes not yet read; 0 after a fault. */
  get leftBytes(): number {
    return this.fault.error === undefined ? this.endBytes - this.#at : 0;
  }

  /** Keeps the first fault of the message; later ones are its consequences. */
  fail(code: CodecError['code'], detail: string, offsetBytes = this.#at): void {
    this.fault.error ??= { code, offsetBytes, detail };
  }

  u8(): number {
    return this.#has(1) ? this.view.getUint8(this.#at++) : 0;
  }

  u16(): number {
    if (!this.#has(2)) return 0;
    this.#at += 2;
    return this.view.getUint16(this.#at - 2);
  }

  i16(): number {
    return (this.u16() << 16) >> 16;
  }

  u32(): number {
    if (!this.#has(4)) return 0;
    this.#at += 4;
    return this.view.getUint32(this.#at - 4);
  }

  /** A u64 of microseconds; undefined above 2^53, where a number would round it. */
  microseconds(): number | undefined {
    const high = this.u32();
    const low = this.u32();
    return high > SAFE_HIGH_WORD_MAX ? undefined : high * U32 + low;
  }

  /** The name that stands for the next u8 (or u16); an unknown value is a fault. */
  oneOf<Name extends string>(names: readonly [Name, ...Name[]], width: 1 | 2 = 1): Name {
    const offsetBytes = this.#at;
    const value = width === 1 ? this.u8() : this.u16();
    const name = names[value];
    if (name === undefined) this.fail('bad-value', `${value} is none of ${names.join(', ')}`, offsetBytes);
    return name ?? names[0];
  }

  /** The next `count` bytes, copied. */
  take(count: number): Uint8Array {
    if (!this.#has(count)) return new Uint8Array(0);
    this.#at += count;
    return new Uint8Array(this.view.buffer, this.view.byteOffset + this.#at - count, count).slice();
  }

  /** All bytes that are left, copied. */
  rest(): Uint8Array {
    return this.take(this.leftBytes);
  }

  /** A text with its u16 length in bytes before it. */
  text(): string {
    return UTF8.decode(this.take(this.u16()));
  }

  /** `count` items read by `read`; stops at a fault, so a lying count costs nothing. */
  list<Item>(count: number, read: () => Item): Item[] {
    const items: Item[] = [];
    while (items.length < count && this.fault.error === undefined) items.push(read());
    return this.fault.error === undefined ? items : [];
  }

  /** The parameters that fill the rest, in order. Unknown TLVs are given too: the caller ignores what it does not know. */
  *parameters(): Generator<Parameter, void, undefined> {
    while (this.leftBytes > 0) {
      const parameter = this.#parameter();
      if (parameter !== undefined) yield parameter;
    }
  }

  #parameter(): Parameter | undefined {
    const start = this.#at;
    const first = this.u8();
    if (first >= 0x80) {
      const type = first & 0x7f;
      const valueBytes = TV_VALUE_BYTES[type] ?? 0;
      if (valueBytes === 0) {
        this.fail('unknown-type', `TV parameter ${type} has no known length`, start);
        return undefined;
      }
      return this.#has(valueBytes) ? { type, body: this.part(valueBytes) } : undefined;
    }
    const type = ((first & 0b11) << 8) | this.u8();
    const lengthBytes = this.u16();
    if (this.fault.error !== undefined) return undefined;
    if (lengthBytes < TLV_HEADER_BYTES || lengthBytes > this.endBytes - start) {
      this.fail('bad-length', `parameter ${type} of ${lengthBytes} bytes in ${this.endBytes - start}`, start);
      return undefined;
    }
    return { type, body: this.part(lengthBytes - TLV_HEADER_BYTES) };
  }

  /** A reader of its own over the next `bytes`, which must be there; this one goes on behind them. */
  part(bytes: number): FieldReader {
    const start = this.#at;
    this.#at += bytes;
    return new FieldReader(this.view, start, this.#at, this.fault);
  }

  #has(count: number): boolean {
    if (this.fault.error !== undefined) return false;
    if (this.#at + count <= this.endBytes) return true;
    this.fail('truncated', `${count} bytes wanted, ${this.endBytes - this.#at} left`);
    return false;
  }
}
