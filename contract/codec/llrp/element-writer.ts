/**
 * Writes messages and parameters from JSON, the inverse of `element-reader.ts`. The first value that does not fit is kept
 * with its path; nothing throws.
 *
 * Source: EPCglobal Low Level Reader Protocol 1.1, section 17.2, binary encoding of parameters.
 */
import type { EncodeError } from '#contract/codec/format.ts';
import { VENDOR, CUSTOM_PARAMETER } from '#contract/codec/llrp/custom.ts';
import { findElementByName, UNKNOWN, type Element, type ElementField } from '#contract/codec/llrp/element.ts';
import { NESTING_MAX } from '#contract/codec/llrp/element-reader.ts';
import { fromHex } from '#contract/hex.ts';

const U16_MAX = 0xffff;
const TYPE_MAX = 0x3ff;
const U64_MAX = 0xffff_ffff_ffff_ffffn;
const UTF8 = new TextEncoder();
/** Half a character, which UTF-8 cannot say. */
const LONE_SURROGATE = /\p{Surrogate}/u;

type Given = Readonly<Record<string, unknown>>;

/** The bytes so far, and the first thing that was wrong. */
export class ElementWriter {
  readonly bytes: number[] = [];
  error: EncodeError | undefined;
  #held = 0;
  #bits = 0;

  fail(path: string, detail: string, code: EncodeError['code'] = 'bad-value'): void {
    this.error ??= { code, path, detail };
  }

  /** Adds the lowest `count` bits of `value`, at most 32. */
  put(value: number, count: number): void {
    this.#held = this.#held * 2 ** count + value;
    this.#bits += count;
    while (this.#bits >= 8) {
      this.#bits -= 8;
      const scale = 2 ** this.#bits;
      this.bytes.push(Math.floor(this.#held / scale));
      this.#held %= scale;
    }
  }

  append(bytes: Uint8Array): void {
    for (const byte of bytes) this.bytes.push(byte);
  }

  /** Fills in a length that is known only now. */
  patchU16(at: number, value: number): void {
    this.bytes[at] = value >> 8;
    this.bytes[at + 1] = value & 0xff;
  }
}

/** Where in the JSON an element stands, and what it may hold beside its fields. */
export interface Place {
  readonly path: string;
  readonly nesting: number;
  /** Keys that belong to the header, already written. */
  readonly header: readonly string[];
}

/** Fields and parameters of one element. */
export function writeElement(out: ElementWriter, element: Element, given: Given, place: Place): void {
  const allowed = new Set([...place.header, ...element.fields.flatMap(keysOf), 'parameters']);
  const unknown = Object.keys(given).find((key) => !allowed.has(key));
  if (unknown !== undefined) {
    out.fail(join(place.path, unknown), `no field of ${element.name}; it has ${[...allowed].join(', ')}`);
  }
  for (const field of element.fields) writeField(out, field, given, place.path);
  writeParameters(out, given['parameters'], place);
}

function keysOf(field: ElementField): readonly string[] {
  return field.kind === 'bits' ? [field.name, field.countName] : [field.name];
}

function writeParameters(out: ElementWriter, given: unknown, { path, nesting }: Place): void {
  const at = join(path, 'parameters');
  if (given === undefined) return;
  if (!Array.isArray(given)) {
    out.fail(at, 'a list of parameters');
    return;
  }
  if (nesting >= NESTING_MAX && given.length > 0) {
    out.fail(at, `parameters within parameters, more than ${NESTING_MAX} deep`, 'unsupported');
    return;
  }
  given.forEach((parameter: unknown, index) => {
    if (out.error === undefined) writeParameter(out, parameter, { path: `${at}.${index}`, nesting: nesting + 1 });
  });
}

function writeParameter(out: ElementWriter, given: unknown, place: Omit<Place, 'header'>): void {
  const { path } = place;
  if (!isObject(given) || typeof given['parameter'] !== 'string') {
    out.fail(path, 'an object with its name in "parameter", such as {"parameter":"AntennaID","AntennaID":1}');
    return;
  }
  const name = given['parameter'];
  const element = findElementByName('parameter', name);
  if (element?.form === 'tv') {
    out.put(0x80 | element.type, 8);
    if (given['parameters'] !== undefined) out.fail(join(path, 'parameters'), `${element.name} holds none`);
    writeElement(out, element, given, { ...place, header: ['parameter'] });
    return;
  }
  const type = element === undefined ? unknownType(out, given, path) : tlvType(element);
  const start = out.bytes.length;
  out.put(checkedNumber(out, given['headerReserved'] ?? 0, { path: join(path, 'headerReserved'), min: 0, max: 31 }), 6);
  out.put(type, 10);
  out.put(0, 16);
  if (element === undefined) out.append(checkedHex(out, given['data'], join(path, 'data')));
  else writeTlvValue(out, element, given, place);
  const lengthBytes = out.bytes.length - start;
  if (lengthBytes > U16_MAX) out.fail(path, `${lengthBytes} bytes; a parameter has at most ${U16_MAX}`);
  else out.patchU16(start + 2, lengthBytes);
}

function writeTlvValue(out: ElementWriter, element: Element, given: Given, place: Omit<Place, 'header'>): void {
  if (element.form === 'impinj-parameter') {
    out.put(VENDOR.impinj, 32);
    out.put(element.type, 32);
  }
  writeElement(out, element, given, { ...place, header: ['parameter', 'headerReserved'] });
}

function tlvType({ form, type }: Element): number {
  return form === 'impinj-parameter' ? CUSTOM_PARAMETER : type;
}

/** The type of a parameter that has no name, or the fault that its name is none. */
function unknownType(out: ElementWriter, given: Given, path: string): number {
  if (given['parameter'] === UNKNOWN) return typeNumber(out, given, path);
  const sentence = `${String(given['parameter'])} is no parameter of LLRP; for others write {"parameter":"${UNKNOWN}","type":…,"data":hex}`;
  out.fail(join(path, 'parameter'), sentence);
  return 0;
}

/** The 10-bit type of an unknown message or parameter. */
export function typeNumber(out: ElementWriter, given: Given, path: string): number {
  return checkedNumber(out, given['type'], { path: join(path, 'type'), min: 0, max: TYPE_MAX });
}

function writeField(out: ElementWriter, field: ElementField, given: Given, at: string): void {
  const { name } = field;
  const path = join(at, name);
  const value = given[name];
  switch (field.kind) {
    case 'unsigned':
      out.put(checkedNumber(out, value, { path, min: 0, max: 2 ** field.bits - 1 }), field.bits);
      return;
    case 'signed': {
      const half = 2 ** (field.bits - 1);
      const checked = checkedNumber(out, value, { path, min: -half, max: half - 1 });
      out.put(checked < 0 ? checked + 2 * half : checked, field.bits);
      return;
    }
    case 'flag':
      if (typeof value !== 'boolean') out.fail(path, 'true or false');
      out.put(value === true ? 1 : 0, 1);
      return;
    case 'reserved':
      out.put(checkedNumber(out, value ?? 0, { path, min: 0, max: 2 ** field.bits - 1 }), field.bits);
      return;
    case 'u64': {
      const whole = checkedU64(out, value, path);
      out.put(Number(whole >> 32n), 32);
      out.put(Number(whole & 0xffff_ffffn), 32);
      return;
    }
    case 'text':
      putCounted(out, checkedText(out, value, path), { path, unitBytes: 1 });
      return;
    case 'hex': {
      const bytes = checkedHex(out, value, path);
      if (bytes.length !== field.bytes) out.fail(path, `${2 * field.bytes} hex digits`);
      out.append(bytes);
      return;
    }
    case 'counted-hex':
      putCounted(out, checkedHex(out, value, path), { path, unitBytes: field.unitBytes });
      return;
    case 'numbers':
      writeNumbers(out, value, { path, bits: field.bits });
      return;
    case 'bits':
      writeBits(out, given, { path, valueName: name, countName: field.countName });
      return;
    case 'rest':
      out.append(checkedHex(out, value, path));
  }
}

function putCounted(out: ElementWriter, bytes: Uint8Array, how: { path: string; unitBytes: number }): void {
  const count = bytes.length / how.unitBytes;
  if (!Number.isInteger(count)) out.fail(how.path, `hex of whole units of ${how.unitBytes} bytes`);
  else if (count > U16_MAX) out.fail(how.path, `${count} units; at most ${U16_MAX} fit`);
  else {
    out.put(count, 16);
    out.append(bytes);
  }
}

function writeNumbers(out: ElementWriter, value: unknown, { path, bits }: { path: string; bits: number }): void {
  if (!Array.isArray(value) || value.length > U16_MAX) {
    out.fail(path, `a list of at most ${U16_MAX} numbers`);
    return;
  }
  out.put(value.length, 16);
  value.forEach((item: unknown, index) => {
    out.put(checkedNumber(out, item, { path: `${path}.${index}`, min: 0, max: 2 ** bits - 1 }), bits);
  });
}

/** Without a count of its own every digit counts four bits. */
function writeBits(
  out: ElementWriter,
  given: Given,
  { path, valueName, countName }: { path: string; valueName: string; countName: string },
): void {
  const bytes = checkedHex(out, given[valueName], path);
  const countPath = path.slice(0, path.length - valueName.length) + countName;
  const count = checkedNumber(out, given[countName] ?? 8 * bytes.length, { path: countPath, min: 0, max: U16_MAX });
  if (Math.ceil(count / 8) !== bytes.length) out.fail(countPath, `bits of ${bytes.length} bytes`);
  out.put(count, 16);
  out.append(bytes);
}

/** A whole number in range; 0 after a fault. */
export function checkedNumber(
  out: ElementWriter,
  value: unknown,
  { path, min, max }: { path: string; min: number; max: number },
): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) {
    // JSON knows a negative zero.
    return value === 0 ? 0 : value;
  }
  out.fail(path, `a whole number from ${min} to ${max}`);
  return 0;
}

/** Bytes of a hex text; none after a fault. */
export function checkedHex(out: ElementWriter, value: unknown, path: string): Uint8Array {
  const bytes = typeof value === 'string' ? fromHex(value) : undefined;
  if (bytes === undefined) out.fail(path, 'bytes as hex text, two digits each');
  return bytes ?? new Uint8Array(0);
}

function checkedU64(out: ElementWriter, value: unknown, path: string): bigint {
  const isNumber = typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
  const isText = typeof value === 'string' && /^\d{1,20}$/.test(value);
  const whole = isNumber || isText ? BigInt(value) : -1n;
  if (whole >= 0n && whole <= U64_MAX) return whole;
  out.fail(path, `a whole number from 0 to ${U64_MAX}, above 2^53 as decimal text`);
  return 0n;
}

function checkedText(out: ElementWriter, value: unknown, path: string): Uint8Array {
  if (typeof value === 'string' && !LONE_SURROGATE.test(value)) return UTF8.encode(value);
  if (isObject(value)) return checkedHex(out, value['hex'], join(path, 'hex'));
  out.fail(path, 'text, or {"hex": bytes} where it is no UTF-8');
  return new Uint8Array(0);
}

/** True for what JSON calls an object. */
export function isObject(value: unknown): value is Given {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
