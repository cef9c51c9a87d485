/**
 * Payload layouts as text, one line for each channel, so that a table of a device reads like the maker's document:
 *
 *     temperature:i16/10 temperature_alarm:u8
 *
 * A field is `name:kind`, with `/n` for a divisor. Kinds are `u8 i8 u16 i16 u24 u32 i32` in the byte order given, the
 * same with a capital letter in the other one, `hexN` (N bytes as lower-case hex), `skipN`, and the versions of makers:
 * `ipso` (nibbles), `dotN` (1.0.2), `vN` (v1.0), `vhw` (v1.2, the second from the upper nibble), `vhwx` and `vx` (the same
 * with hex digits), `turnedN` (hex, last byte first), `on` (a mark that something is so: 1 unless the byte is 0), `yes` (the
 * same without a byte), `node` (of a chain of devices). `name.part` nests, `@name` opens an element of
 * a list that all fields behind it belong to, and `#:u8` sets the number that stands for `#` in the names behind it.
 *
 * Source: none of its own; the tables written in it name theirs.
 */
import type { Json } from '#contract/codec/format.ts';
import { toHex } from '#contract/hex.ts';

export interface Field {
  readonly name: string;
  readonly bytes: number;
  /** Undefined: nothing to keep. */
  read(data: DataView, at: number, isLittle: boolean): Json | undefined;
}

export interface Layout {
  /** Name of the list that one element is added to. */
  readonly list: string | undefined;
  readonly fields: readonly Field[];
  readonly bytes: number;
}

type Target = Record<string, Json>;

const compiled = new Map<string, Layout>();

/** Reads the text of a layout once. A mistake in a table is a mistake of ours and throws. */
export function layoutOf(text: string): Layout {
  const known = compiled.get(text);
  if (known !== undefined) return known;
  const words = text.split(' ').filter((word) => word !== '');
  const list = words[0]?.startsWith('@') === true ? words[0].slice(1) : undefined;
  const fields = words.slice(list === undefined ? 0 : 1).map(fieldOf);
  const layout = { list, fields, bytes: fields.reduce((sum, field) => sum + field.bytes, 0) };
  compiled.set(text, layout);
  return layout;
}

const FIELD = /^(?<name>[^:]+):(?<kind>[a-zA-Z]+?)(?<size>\d*)(?:\/(?<divisor>\d+))?$/;

function fieldOf(word: string): Field {
  const parts = FIELD.exec(word)?.groups;
  if (parts === undefined) throw new TypeError(`"${word}" is no field`);
  const { name = '', kind = '', size = '', divisor } = parts;
  const by = divisor === undefined ? 1 : Number(divisor);
  const number = NUMBERS[kind.toLowerCase() + size];
  if (number !== undefined) {
    const isTurned = kind !== kind.toLowerCase();
    const read: Field['read'] = (data, at, isLittle) => number.read(data, at, isLittle !== isTurned) / by;
    return { name, bytes: number.bytes, read };
  }
  const text = TEXTS[kind];
  if (text === undefined) throw new TypeError(`there is no kind "${kind}${size}"`);
  const bytes = size === '' ? (text.bytes ?? 0) : Number(size);
  return { name, bytes, read: (data, at) => text.read(bytesAt(data, at, bytes)) };
}

const NUMBERS: Readonly<
  Record<string, { readonly bytes: number; readonly read: (data: DataView, at: number, isLittle: boolean) => number }>
> = {
  u8: { bytes: 1, read: (data, at) => data.getUint8(at) },
  i8: { bytes: 1, read: (data, at) => data.getInt8(at) },
  u16: { bytes: 2, read: (data, at, isLittle) => data.getUint16(at, isLittle) },
  i16: { bytes: 2, read: (data, at, isLittle) => data.getInt16(at, isLittle) },
  u24: {
    bytes: 3,
    read: (data, at, isLittle) =>
      isLittle
        ? data.getUint16(at, true) + data.getUint8(at + 2) * 0x10000
        : data.getUint16(at, false) * 0x100 + data.getUint8(at + 2),
  },
  u32: { bytes: 4, read: (data, at, isLittle) => data.getUint32(at, isLittle) },
  i32: { bytes: 4, read: (data, at, isLittle) => data.getInt32(at, isLittle) },
};

const TEXTS: Readonly<
  Record<string, { readonly bytes?: number; readonly read: (bytes: readonly number[]) => Json | undefined }>
> = {
  hex: { read: (bytes) => toHex(Uint8Array.from(bytes)).toLowerCase() },
  turned: { read: (bytes) => toHex(Uint8Array.from(bytes.toReversed())).toLowerCase() },
  skip: { read: () => undefined },
  yes: { bytes: 0, read: () => 1 },
  ipso: { bytes: 1, read: ([byte = 0]) => `v${byte >> 4}.${byte & 0xf}` },
  dot: { read: (bytes) => bytes.join('.') },
  v: { read: (bytes) => `v${bytes.join('.')}` },
  vhw: { bytes: 2, read: ([major = 0, minor = 0]) => `v${major}.${minor >> 4}` },
  vhwx: { bytes: 2, read: ([major = 0, minor = 0]) => `v${major.toString(16)}.${minor >> 4}` },
  vx: { bytes: 2, read: (bytes) => `v${bytes.map((byte) => byte.toString(16)).join('.')}` },
  // FF and 01 both mean "it is so"; only a 0 is sent for its contrary.
  on: { bytes: 1, read: ([byte = 0]) => (byte === 0 ? 0 : 1) },
  node: { bytes: 1, read: ([byte = 0]) => (byte === 0 ? 'master' : `node_${byte}`) },
};

function bytesAt(data: DataView, at: number, bytes: number): readonly number[] {
  return Array.from({ length: bytes }, (_, i) => data.getUint8(at + i));
}

/** Adds what stands at `at` to `values`; the caller has checked that `layout.bytes` are there. */
export function readLayout(
  layout: Layout,
  from: { readonly data: DataView; readonly at: number; readonly isLittle: boolean },
  values: Target,
): void {
  const target: Target = layout.list === undefined ? values : {};
  let at = from.at;
  let number = '';
  for (const field of layout.fields) {
    const value = field.read(from.data, at, from.isLittle);
    at += field.bytes;
    if (value === undefined) continue;
    if (field.name === '#') number = typeof value === 'string' ? value : JSON.stringify(value);
    else setPath(target, field.name.replace('#', number), value);
  }
  if (layout.list !== undefined) appendTo(values, layout.list, target);
}

/** Adds an element to a list of `values`. */
export function appendTo(values: Target, list: string, element: Json): void {
  const known = values[list];
  values[list] = [...(Array.isArray(known) ? (known as readonly Json[]) : []), element];
}

function setPath(target: Target, name: string, value: Json): void {
  const [head = '', ...rest] = name.split('.');
  if (rest.length === 0) {
    target[head] = value;
    return;
  }
  const inner: Target = { ...(target[head] as Target | undefined) };
  setPath(inner, rest.join('.'), value);
  target[head] = inner;
}
