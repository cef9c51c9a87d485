/**
 * Flat byte layouts as tables, read and written by one mechanism: a row for each field, most significant bit first, no
 * padding but what the table names. What a layout reads it writes again as the same bytes; bytes that do not have its
 * form are told so, never guessed at.
 *
 * All byte fields are upper-case hex texts, so that values are JSON as they are.
 */
import { assert } from '#contract/assert.ts';
import type { EncodeError, Json, JsonObject } from '#contract/codec/format.ts';
import { fromHex, toHex } from '#contract/hex.ts';
import { err, ok, type Result } from '#contract/result.ts';

interface NumberRow<Name extends string> {
  readonly name: Name;
  readonly kind: 'uint' | 'int';
  readonly bits: number;
}

/** A number that nearly always has one value: it is named only when it has another. */
interface UsualRow<Name extends string> {
  readonly name: Name;
  readonly kind: 'usual';
  readonly bits: number;
  readonly value: number;
}

/** A number that must have this value, or the bytes have another form. */
interface OnlyRow<Name extends string> {
  readonly name: Name;
  readonly kind: 'only';
  readonly bits: number;
  readonly value: number;
}

/** A part of its own, with the number of its bits, whole bytes, in the two bytes before it. */
interface BitSizedRow<Name extends string, Part extends Layout = Layout> {
  readonly name: Name;
  readonly kind: 'bit-sized';
  readonly of: Part;
}

/** A number of bits in one byte, then the bytes that hold them. */
interface MaskRow<Name extends string> {
  readonly name: Name;
  readonly kind: 'mask';
}

interface HexRow<Name extends string> {
  readonly name: Name;
  readonly kind: 'hex';
  /** Absent: everything but the last `tailBytes`. */
  readonly bytes?: number | undefined;
  readonly tailBytes: number;
}

interface TextRow<Name extends string> {
  readonly name: Name;
  readonly kind: 'text';
}

/** Numbers of one size: as many as a byte before them says, or to the end. */
interface NumbersRow<Name extends string> {
  readonly name: Name;
  readonly kind: 'uints' | 'ints';
  readonly bits: number;
  readonly isCounted: boolean;
}

/** A part of its own, with the number of its bytes in the byte before it. */
interface SizedRow<Name extends string, Part extends Layout = Layout> {
  readonly name: Name;
  readonly kind: 'sized';
  readonly of: Part;
}

/** Items to the end, each in the first of these forms that it has. */
interface ManyRow<Name extends string> {
  readonly name: Name;
  readonly kind: 'many';
  readonly of: readonly Layout[];
}

export type Row<Name extends string = string> =
  | NumberRow<Name>
  | UsualRow<Name>
  | OnlyRow<Name>
  | HexRow<Name>
  | TextRow<Name>
  | NumbersRow<Name>
  | MaskRow<Name>
  | SizedRow<Name>
  | BitSizedRow<Name>
  | ManyRow<Name>;

export type Layout = readonly Row[];

interface ValueByKind {
  readonly uint: number;
  readonly int: number;
  readonly usual: number | undefined;
  readonly hex: string;
  readonly text: string;
  readonly uints: readonly number[];
  readonly ints: readonly number[];
  readonly many: readonly JsonObject[];
  readonly only: number;
  readonly mask: BitMask;
}

export interface BitMask {
  readonly bits: number;
  readonly mask: string;
}

type ValueOf<Each extends Row> = Each extends {
  readonly kind: 'sized' | 'bit-sized';
  readonly of: infer Part extends Layout;
}
  ? FieldsOf<Part>
  : Each extends { readonly kind: infer Kind extends keyof ValueByKind }
    ? ValueByKind[Kind]
    : never;

/** The values of a layout, by their names. */
export type FieldsOf<Given extends Layout> = {
  readonly [Each in Exclude<Given[number], { kind: 'usual' }> as Each['name']]: ValueOf<Each>;
} & { readonly [Each in Extract<Given[number], { kind: 'usual' }> as Each['name']]?: number | undefined };

/** Unsigned. */
export function uint<const Name extends string>(name: Name, bits: number): NumberRow<Name> & { kind: 'uint' } {
  return { name, kind: 'uint', bits };
}

/** Two's complement. */
export function int<const Name extends string>(name: Name, bits: number): NumberRow<Name> & { kind: 'int' } {
  return { name, kind: 'int', bits };
}

/** Unsigned, and left out when it is `value`. */
export function usual<const Name extends string>(name: Name, bits: number, value: number): UsualRow<Name> {
  return { name, kind: 'usual', bits, value };
}

/** So many bytes as hex. */
export function hex<const Name extends string>(name: Name, bytes: number): HexRow<Name> {
  return { name, kind: 'hex', bytes, tailBytes: 0 };
}

/** All bytes that are left, but for the last `tailBytes`. */
export function hexRest<const Name extends string>(name: Name, tailBytes = 0): HexRow<Name> {
  return { name, kind: 'hex', tailBytes };
}

/** All bytes that are left, as printable ASCII. */
export function textRest<const Name extends string>(name: Name): TextRow<Name> {
  return { name, kind: 'text' };
}

/** A part of its own, with the number of its bytes in the byte before it. */
export function sized<const Name extends string, const Part extends Layout>(
  name: Name,
  of: Part,
): SizedRow<Name, Part> {
  return { name, kind: 'sized', of };
}

/** Unsigned numbers to the end. */
export function uintsRest<const Name extends string>(name: Name, bits: number): NumbersRow<Name> & { kind: 'uints' } {
  return { name, kind: 'uints', bits, isCounted: false };
}

/** Unsigned numbers, as many as the byte before them says. */
export function countedUints<const Name extends string>(
  name: Name,
  bits: number,
): NumbersRow<Name> & { kind: 'uints' } {
  return { name, kind: 'uints', bits, isCounted: true };
}

/** Signed numbers to the end. */
export function intsRest<const Name extends string>(name: Name, bits: number): NumbersRow<Name> & { kind: 'ints' } {
  return { name, kind: 'ints', bits, isCounted: false };
}

/** Items to the end, each in the first of these forms that it has. */
export function many<const Name extends string>(name: Name, ...of: readonly Layout[]): ManyRow<Name> {
  return { name, kind: 'many', of };
}

/** A number that must have this value, or the bytes have another form. */
export function only<const Name extends string>(name: Name, bits: number, value: number): OnlyRow<Name> {
  return { name, kind: 'only', bits, value };
}

/** A part of its own, with the number of its bits, whole bytes, in the two bytes before it. */
export function bitSized<const Name extends string, const Part extends Layout>(
  name: Name,
  of: Part,
): BitSizedRow<Name, Part> {
  return { name, kind: 'bit-sized', of };
}

/** A number of bits in one byte, then the bytes that hold them. */
export function bitMask<const Name extends string>(name: Name): MaskRow<Name> {
  return { name, kind: 'mask' };
}

/** The fields of `bytes`; undefined when they do not have this form, to the last byte. */
export function readLayout<const Given extends Layout>(layout: Given, bytes: Uint8Array): FieldsOf<Given> | undefined {
  const reader = new BitReader(bytes);
  const fields = readRows(layout, reader);
  return fields === undefined || reader.leftBits > 0 ? undefined : (fields as FieldsOf<Given>);
}

/** The bytes of `fields`. Unknown names, wrong kinds and values too great are faults with their path. */
export function writeLayout(layout: Layout, fields: unknown, path = ''): Result<Uint8Array, EncodeError> {
  const writer = new BitWriter();
  const fault = writeRows(layout, fields, { writer, path });
  return fault === undefined ? ok(writer.bytes()) : err(fault);
}

/** `writeLayout` for fields that our own types have checked. */
export function bytesOfLayout<const Given extends Layout>(layout: Given, fields: FieldsOf<Given>): Uint8Array {
  const written = writeLayout(layout, fields);
  assert(written.ok, 'fields fit their layout');
  return written.value;
}

/** Whether `fields` has the names of the layout and no others. */
export function fitsNames(layout: Layout, fields: JsonObject): boolean {
  const names = new Set(layout.map(({ name }) => name));
  return (
    Object.keys(fields).every((name) => names.has(name)) &&
    layout.every(({ name, kind }) => kind === 'usual' || fields[name] !== undefined)
  );
}

/** Most significant bit first; knows when it ran out. */
class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get leftBits(): number {
    return this.#bytes.length * 8 - this.#at;
  }

  /** Where it is, to come back to. */
  get at(): number {
    return this.#at;
  }

  goTo(at: number): void {
    this.#at = at;
  }

  uint(bits: number): number | undefined {
    if (bits > this.leftBits) return undefined;
    let value = 0;
    for (let left = bits; left > 0;) {
      const inByte = Math.min(left, 8 - (this.#at % 8));
      const byte = this.#bytes[this.#at >>> 3] ?? 0;
      const part = (byte >>> (8 - (this.#at % 8) - inByte)) & ((1 << inByte) - 1);
      value = value * 2 ** inByte + part;
      this.#at += inByte;
      left -= inByte;
    }
    return value;
  }

  take(bytes: number): Uint8Array | undefined {
    if (bytes < 0 || bytes * 8 > this.leftBits) return undefined;
    const at = this.#at >>> 3;
    this.#at += bytes * 8;
    return this.#bytes.subarray(at, at + bytes);
  }
}

function readRows(layout: Layout, reader: BitReader): JsonObject | undefined {
  const fields: Record<string, Json> = {};
  for (const row of layout) {
    const value = readRow(row, reader);
    if (value === undefined) return undefined;
    if (row.kind !== 'usual' || value !== row.value) fields[row.name] = value;
  }
  return fields;
}

function readRow(row: Row, reader: BitReader): Json | undefined {
  switch (row.kind) {
    case 'uint':
    case 'usual':
      return reader.uint(row.bits);
    case 'only':
      return reader.uint(row.bits) === row.value ? row.value : undefined;
    case 'int':
      return readInt(reader, row.bits);
    case 'hex': {
      const bytes = reader.take(row.bytes ?? reader.leftBits / 8 - row.tailBytes);
      return bytes && toHex(bytes);
    }
    case 'sized': {
      const part = reader.take(reader.uint(8) ?? -1);
      return part && readLayout(row.of, part);
    }
    case 'bit-sized': {
      const bits = reader.uint(16) ?? 1;
      const part = bits % 8 === 0 ? reader.take(bits / 8) : undefined;
      return part && readLayout(row.of, part);
    }
    case 'mask': {
      const bits = reader.uint(8);
      const bytes = bits === undefined ? undefined : reader.take(Math.ceil(bits / 8));
      return bits === undefined || bytes === undefined ? undefined : { bits, mask: toHex(bytes) };
    }
    case 'text': {
      const bytes = reader.take(reader.leftBits / 8);
      return bytes?.every(isPrintable) === true ? String.fromCharCode(...bytes) : undefined;
    }
    case 'uints':
    case 'ints':
      return readNumbers(row, reader);
    case 'many':
      return readMany(row, reader);
  }
}

function readInt(reader: BitReader, bits: number): number | undefined {
  const value = reader.uint(bits);
  return value !== undefined && value >= 2 ** (bits - 1) ? value - 2 ** bits : value;
}

function readNumbers({ kind, bits, isCounted }: NumbersRow<string>, reader: BitReader): readonly number[] | undefined {
  const count = isCounted ? reader.uint(8) : Math.floor(reader.leftBits / bits);
  if (count === undefined || count * bits > reader.leftBits) return undefined;
  return Array.from({ length: count }, () => (kind === 'uints' ? reader.uint(bits) : readInt(reader, bits)) ?? 0);
}

function readMany({ of }: ManyRow<string>, reader: BitReader): readonly JsonObject[] | undefined {
  const items: JsonObject[] = [];
  while (reader.leftBits > 0) {
    const item = readItem(of, reader);
    if (item === undefined) return undefined;
    items.push(item);
  }
  return items;
}

function readItem(forms: readonly Layout[], reader: BitReader): JsonObject | undefined {
  const { at } = reader;
  for (const form of forms) {
    const item = readRows(form, reader);
    // An item without a byte would never end.
    if (item !== undefined && reader.at > at) return item;
    reader.goTo(at);
  }
  return undefined;
}

class BitWriter {
  readonly #bytes: number[] = [];
  #bits = 0;
  #value = 0;

  uint(value: number, bits: number): void {
    for (let bit = bits - 1; bit >= 0; bit -= 1) {
      this.#value = this.#value * 2 + (Math.floor(value / 2 ** bit) % 2);
      this.#bits += 1;
      if (this.#bits < 8) continue;
      this.#bytes.push(this.#value);
      this.#value = 0;
      this.#bits = 0;
    }
  }

  put(bytes: Uint8Array): void {
    for (const byte of bytes) this.uint(byte, 8);
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}

interface Place {
  readonly writer: BitWriter;
  readonly path: string;
}

function writeRows(layout: Layout, fields: unknown, { writer, path }: Place): EncodeError | undefined {
  const under = (name: string): string => (path === '' ? name : `${path}.${name}`);
  if (!isObject(fields)) return { code: 'bad-value', path, detail: 'an object' };
  const names = new Set(layout.map(({ name }) => name));
  const stranger = Object.keys(fields).find((name) => !names.has(name));
  if (stranger !== undefined) {
    return {
      code: 'bad-value',
      path: under(stranger),
      detail: `not a field here; there are: ${[...names].join(', ')}`,
    };
  }
  for (const row of layout) {
    const fault = writeRow(row, fields[row.name], { writer, path: under(row.name) });
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function writeRow(row: Row, value: unknown, place: Place): EncodeError | undefined {
  switch (row.kind) {
    case 'uint':
    case 'int':
      return writeNumber(row, value, place);
    case 'usual':
      return writeNumber({ kind: 'uint', bits: row.bits }, value ?? row.value, place);
    case 'only':
      if (value === row.value) return writeNumber({ kind: 'uint', bits: row.bits }, value, place);
      return { code: 'bad-value', path: place.path, detail: `${row.value}, or other fields with it` };
    case 'hex':
      return writeHex(row, value, place);
    case 'sized':
    case 'bit-sized':
      return writeSized(row, value, place);
    case 'mask':
      return writeMask(value, place);
    case 'text':
      return writeText(value, place);
    case 'uints':
    case 'ints':
      return writeNumbers(row, value, place);
    case 'many':
      return writeMany(row, value, place);
  }
}

type NumberShape = Pick<NumberRow<string>, 'kind' | 'bits'>;

function writeNumber({ kind, bits }: NumberShape, value: unknown, { writer, path }: Place): EncodeError | undefined {
  const min = kind === 'int' ? -(2 ** (bits - 1)) : 0;
  const max = min + 2 ** bits - 1;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
    return { code: 'bad-value', path, detail: `a whole number from ${min} to ${max}` };
  }
  writer.uint(value < 0 ? value + 2 ** bits : value, bits);
  return undefined;
}

function writeHex(row: HexRow<string>, value: unknown, { writer, path }: Place): EncodeError | undefined {
  const wanted = row.bytes;
  const bytes = typeof value === 'string' ? fromHex(value) : undefined;
  if (bytes === undefined || (wanted !== undefined && bytes.length !== wanted)) {
    const digits = wanted === undefined ? 'hexadecimal digits, two for each byte' : `${2 * wanted} hexadecimal digits`;
    return { code: 'bad-value', path, detail: digits };
  }
  writer.put(bytes);
  return undefined;
}

function writeSized(
  { kind, of }: SizedRow<string> | BitSizedRow<string>,
  value: unknown,
  { writer, path }: Place,
): EncodeError | undefined {
  const part = writeLayout(of, value, path);
  if (!part.ok) return part.error;
  const bytes = part.value.length;
  const bytesMax = kind === 'sized' ? 0xff : 0xffff >>> 3;
  if (bytes > bytesMax) return { code: 'bad-value', path, detail: `at most ${bytesMax} bytes` };
  if (kind === 'sized') writer.uint(bytes, 8);
  else writer.uint(bytes * 8, 16);
  writer.put(part.value);
  return undefined;
}

function writeMask(value: unknown, { writer, path }: Place): EncodeError | undefined {
  const bits = isObject(value) ? value['bits'] : undefined;
  const fault = writeNumber({ kind: 'uint', bits: 8 }, bits, { writer, path: `${path}.bits` });
  if (fault !== undefined) return fault;
  const bytes = Math.ceil(Number(bits) / 8);
  const mask = isObject(value) ? value['mask'] : undefined;
  const row: HexRow<string> = { name: 'mask', kind: 'hex', bytes, tailBytes: 0 };
  return writeHex(row, mask, { writer, path: `${path}.mask` });
}

function writeText(value: unknown, { writer, path }: Place): EncodeError | undefined {
  const bytes = typeof value === 'string' ? Array.from(value, (letter) => letter.charCodeAt(0)) : undefined;
  if (bytes?.every(isPrintable) !== true) return { code: 'bad-value', path, detail: 'printable ASCII' };
  writer.put(Uint8Array.from(bytes));
  return undefined;
}

function writeNumbers(row: NumbersRow<string>, value: unknown, { writer, path }: Place): EncodeError | undefined {
  if (!Array.isArray(value) || (row.isCounted && value.length > 0xff)) {
    return { code: 'bad-value', path, detail: row.isCounted ? 'a list of at most 255 numbers' : 'a list of numbers' };
  }
  if (row.isCounted) writer.uint(value.length, 8);
  const kind = row.kind === 'uints' ? 'uint' : 'int';
  return firstFault(value, (each, at) =>
    writeNumber({ kind, bits: row.bits }, each, { writer, path: `${path}.${at}` }),
  );
}

function writeMany(row: ManyRow<string>, value: unknown, { writer, path }: Place): EncodeError | undefined {
  if (!Array.isArray(value)) return { code: 'bad-value', path, detail: 'a list of objects' };
  return firstFault(value, (each, at) => {
    const form = row.of.find((one) => isObject(each) && fitsNames(one, each as JsonObject)) ?? row.of[0] ?? [];
    return writeRows(form, each, { writer, path: `${path}.${at}` });
  });
}

function firstFault(
  values: readonly unknown[],
  write: (each: unknown, at: number) => EncodeError | undefined,
): EncodeError | undefined {
  for (const [at, each] of values.entries()) {
    const fault = write(each, at);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPrintable(byte: number): boolean {
  return byte >= 0x20 && byte < 0x7f;
}
