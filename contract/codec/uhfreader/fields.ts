/**
 * Fields of a message body, each said once: how it is read, how it is written and what JSON may hold for it. A body is
 * its fields in order.
 *
 * Source: UHFReader288MP User's Manual V1.14 and UHFReader18 User's Manual V2.0, chapter 3: fields are bytes, numbers of
 * more than one byte have the most significant byte first.
 */
import { z } from 'zod';
import { byteField, hexText, wordField } from '#contract/codec/format-json.ts';
import { fromHex, toHex } from '#contract/hex.ts';

/** Reads a body from its first byte on; after the end it gives zeros and knows that it did. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #isBroken = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Whether all was as the fields said, to the last byte. */
  get isExact(): boolean {
    return !this.#isBroken && this.leftBytes === 0;
  }

  get isBroken(): boolean {
    return this.#isBroken;
  }

  get leftBytes(): number {
    return this.#bytes.length - this.#at;
  }

  /** A byte further on, without taking it. */
  peek(offsetBytes: number): number | undefined {
    return this.#bytes[this.#at + offsetBytes];
  }

  byte(): number {
    return this.take(1)[0] ?? 0;
  }

  /** `bytes` of at most 4, most significant first. */
  uint(bytes: number): number {
    return this.take(bytes).reduce((value, byte) => value * 256 + byte, 0);
  }

  take(count: number): Uint8Array {
    if (count < 0 || count > this.leftBytes) {
      this.#isBroken = true;
      return new Uint8Array(0);
    }
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  hex(count: number): string {
    return toHex(this.take(count));
  }

  /** These bytes cannot be such a field. */
  break(): void {
    this.#isBroken = true;
  }

  /** The same bytes again, for another try. */
  fork(): ByteReader {
    return new ByteReader(this.#bytes.subarray(this.#at));
  }
}

export interface Field<Value> {
  read(from: ByteReader): Value;
  write(value: Value): readonly number[];
  readonly schema: z.ZodType<Value>;
}

/** Fields by name. `shape` is for {@link z.strictObject}; `check` says what a value lacks that its fields do not show. */
export interface Body<Value> {
  read(from: ByteReader): Value;
  write(value: Value): readonly number[];
  readonly shape: Readonly<Record<string, z.ZodType>>;
  check?(value: Value): string | undefined;
}

export type FieldValue<Of> = Of extends Field<infer Value> ? Value : never;
export type BodyValue<Of> = Of extends Body<infer Value> ? Value : never;

type Fields = Readonly<Record<string, Field<unknown>>>;
type Struct<Of extends Fields> = { readonly [Name in keyof Of]: FieldValue<Of[Name]> };

/** The fields in the order in which they are named. */
export function struct<const Of extends Fields>(fields: Of): Body<Struct<Of>> {
  const entries = Object.entries(fields);
  return {
    read: (from) =>
      Object.fromEntries(
        entries.flatMap(([name, field]) => {
          const value = field.read(from);
          return value === undefined ? [] : [[name, value]];
        }),
      ) as Struct<Of>,
    write: (value) => entries.flatMap(([name, field]) => field.write(value[name])),
    shape: Object.fromEntries(entries.map(([name, { schema }]) => [name, schema])),
  };
}

/** No fields at all. */
export const EMPTY = struct({});

/** A body as one field of another. */
export function group<Value>(body: Body<Value>): Field<Value> {
  const schema = z.strictObject(body.shape) as unknown as z.ZodType<Value>;
  return { read: (from) => body.read(from), write: (value) => body.write(value), schema };
}

/** Present as long as there are bytes for it: only at the end of a body. */
export function optional<Value>(field: Field<Value>): Field<Value | undefined> {
  return {
    read: (from) => (from.leftBytes === 0 ? undefined : field.read(from)),
    write: (value) => (value === undefined ? [] : field.write(value)),
    schema: field.schema.optional(),
  };
}

export const u8: Field<number> = { read: (from) => from.byte(), write: (value) => [value], schema: byteField };

export const u16: Field<number> = {
  read: (from) => from.uint(2),
  write: (value) => bigEndian(value, 2),
  schema: wordField,
};

export const u24: Field<number> = {
  read: (from) => from.uint(3),
  write: (value) => bigEndian(value, 3),
  schema: z.int().min(0).max(0xff_ffff),
};

export const u32: Field<number> = {
  read: (from) => from.uint(4),
  write: (value) => bigEndian(value, 4),
  schema: z.int().min(0).max(0xffff_ffff),
};

/** Two's complement. */
export const i16: Field<number> = {
  read: (from) => (from.uint(2) << 16) >> 16,
  write: (value) => bigEndian(value & 0xffff, 2),
  schema: z.int().min(-0x8000).max(0x7fff),
};

/** So many bytes, as hex. */
export function hex(bytes: number): Field<string> {
  return { read: (from) => from.hex(bytes), write: hexToBytes, schema: hexText(bytes) };
}

const anyHex = z.string().transform((text, context): string => {
  const bytes = fromHex(text);
  if (bytes !== undefined) return toHex(bytes);
  context.addIssue({ code: 'custom', message: 'hexadecimal digits, two for each byte' });
  return z.NEVER;
});

/** Hex of any length. */
export const hexSchema: z.ZodType<string> = anyHex;

/** Hex of at least one byte. */
const someHex = anyHex.refine((text) => text !== '', 'at least one byte');

/** All bytes that are left; at least one. */
export const hexRest: Field<string> = {
  read: (from) => {
    if (from.leftBytes === 0) from.break();
    return from.hex(from.leftBytes);
  },
  write: hexToBytes,
  schema: someHex,
};

/** Whole words of two bytes. */
export const wordsSchema: z.ZodType<string> = anyHex.refine(
  (text) => text.length % 4 === 0 && text.length / 4 <= 0xff,
  'whole words of two bytes',
);

/** All bytes that are left, which are whole words; at least one. */
export const wordsRest: Field<string> = {
  read: (from) => {
    if (from.leftBytes === 0 || from.leftBytes % 2 !== 0) from.break();
    return from.hex(from.leftBytes);
  },
  write: hexToBytes,
  schema: wordsSchema.refine((text) => text !== '', 'at least one word'),
};

/** So many words; the count stands elsewhere. */
export function words(count: number): Field<string> {
  return { read: (from) => from.hex(2 * count), write: hexToBytes, schema: wordsSchema };
}

/** Bytes with their number in the byte before them. */
export const sizedHex: Field<string> = {
  read: (from) => from.hex(from.byte()),
  write: (value) => [value.length / 2, ...hexToBytes(value)],
  schema: anyHex.refine((text) => text.length / 2 <= 0xff, 'at most 255 bytes'),
};

/** A number of words and the words. */
export const sizedWords: Field<string> = {
  read: (from) => from.hex(2 * from.byte()),
  write: (value) => [value.length / 4, ...hexToBytes(value)],
  schema: wordsSchema,
};

/** Bytes to the end, as numbers; at least one. */
export const bytesRest: Field<readonly number[]> = {
  read: (from) => {
    if (from.leftBytes === 0) from.break();
    return [...from.take(from.leftBytes)];
  },
  write: (value) => value,
  schema: z.array(byteField).min(1).max(0xff),
};

/** A count byte and that many items; a lying count ends at the end of the bytes. */
export function counted<Value>(field: Field<Value>): Field<readonly Value[]> {
  return {
    read: (from) => {
      const items: Value[] = [];
      for (let left = from.byte(); left > 0 && !from.isBroken; left -= 1) items.push(field.read(from));
      return items;
    },
    write: (values) => [values.length, ...values.flatMap((value) => field.write(value))],
    schema: z.array(field.schema).max(0xff),
  };
}

/** The bytes of a hex text of ours; none of anything else. */
export function hexToBytes(text: string): readonly number[] {
  return [...(fromHex(text) ?? [])];
}

function bigEndian(value: number, bytes: number): readonly number[] {
  return Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** (bytes - 1 - i)) % 256);
}
