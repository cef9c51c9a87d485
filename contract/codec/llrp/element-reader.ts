/**
 * Reads messages and parameters as the tables describe them, into JSON from which `element-writer.ts` makes the same
 * bytes again. Faults go into the reader; nothing throws.
 *
 * Source: EPCglobal Low Level Reader Protocol 1.1, section 17.2, binary encoding of parameters.
 */
import type { Json, JsonObject } from '#contract/codec/format.ts';
import { CUSTOM_PARAMETER, VENDOR } from '#contract/codec/llrp/custom.ts';
import { findElement, UNKNOWN, type Element, type ElementField } from '#contract/codec/llrp/element.ts';
import { FieldReader, TLV_HEADER_BYTES } from '#contract/codec/llrp/field-reader.ts';
import { toHex } from '#contract/hex.ts';

/** Deeper than any message of the standard; a hostile one could nest thousands and exhaust the stack. */
export const NESTING_MAX = 32;

/** Any invalid byte is a fault and a mark at the start is kept: only then is text the same bytes again. */
const STRICT_UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

type Writable = Record<string, Json>;

/** Fields and then parameters, to the end of `body`. */
export function readElement(element: Element, body: FieldReader, nesting = 0): JsonObject {
  const fields = readFields(element, body);
  const parameters = readParameters(body, nesting);
  return { ...fields, ...(parameters.length > 0 && { parameters }) };
}

function readParameters(body: FieldReader, nesting: number): JsonObject[] {
  const parameters: JsonObject[] = [];
  if (nesting >= NESTING_MAX && body.leftBytes > 0) {
    body.fail('unsupported', `parameters within parameters, more than ${NESTING_MAX} deep`);
  }
  while (body.leftBytes > 0) parameters.push(readParameter(body, nesting));
  return parameters;
}

function readParameter(body: FieldReader, nesting: number): JsonObject {
  const start = body.offsetBytes;
  const first = body.u8();
  if (first >= 0x80) {
    const element = findElement('tv', first & 0x7f);
    if (element !== undefined) return { parameter: element.name, ...readFields(element, body) };
    body.fail('unknown-type', `TV parameter ${first & 0x7f} has no known length`, start);
    return {};
  }
  const type = ((first & 0b11) << 8) | body.u8();
  const lengthBytes = body.u16();
  if (body.fault.error === undefined && (lengthBytes < TLV_HEADER_BYTES || lengthBytes > body.endBytes - start)) {
    body.fail('bad-length', `parameter ${type} of ${lengthBytes} bytes in ${body.endBytes - start}`, start);
  }
  if (body.fault.error !== undefined) return {};
  const value = body.part(lengthBytes - TLV_HEADER_BYTES);
  const reserved = first >> 2;
  const { name, content } = readTlvValue(type, value, nesting + 1);
  return { parameter: name, ...(reserved !== 0 && { headerReserved: reserved }), ...content };
}

function readTlvValue(type: number, value: FieldReader, nesting: number): { name: string; content: JsonObject } {
  const element = findElement('tlv', type);
  if (element === undefined) return { name: UNKNOWN, content: { type, data: toHex(value.rest()) } };
  const impinj = type === CUSTOM_PARAMETER ? readImpinj('impinj-parameter', value, nesting) : undefined;
  return impinj ?? { name: element.name, content: readElement(element, value, nesting) };
}

/**
 * The vendor's own name and fields, if vendor and subtype are known and the body fits; `value` is not moved otherwise.
 * Subtypes are a u32 in a parameter and a u8 in a message.
 */
export function readImpinj(
  form: 'impinj-message' | 'impinj-parameter',
  value: FieldReader,
  nesting = 0,
): { name: string; content: JsonObject } | undefined {
  const probe = new FieldReader(value.view, value.offsetBytes, value.endBytes, { error: undefined });
  if (probe.u32() !== VENDOR.impinj) return undefined;
  const element = findElement(form, form === 'impinj-message' ? probe.u8() : probe.u32());
  if (element === undefined) return undefined;
  const content = readElement(element, probe, nesting);
  return probe.fault.error === undefined ? { name: element.name, content } : undefined;
}

function readFields(element: Element, body: FieldReader): Writable {
  const bits = new BitReader(body);
  const json: Writable = {};
  for (const field of element.fields) readField(field, bits, json);
  return json;
}

function readField(field: ElementField, bits: BitReader, json: Writable): void {
  const { body } = bits;
  const { name } = field;
  switch (field.kind) {
    case 'unsigned':
      json[name] = bits.take(field.bits);
      return;
    case 'signed': {
      const value = bits.take(field.bits);
      json[name] = value >= 2 ** (field.bits - 1) ? value - 2 ** field.bits : value;
      return;
    }
    case 'flag':
      json[name] = bits.take(1) === 1;
      return;
    case 'reserved': {
      const value = bits.take(field.bits);
      if (value !== 0) json[name] = value;
      return;
    }
    case 'u64':
      json[name] = ((BigInt(bits.take(32)) << 32n) | BigInt(bits.take(32))).toString();
      return;
    case 'text':
      json[name] = textOf(body.take(body.u16()));
      return;
    case 'hex':
      json[name] = toHex(body.take(field.bytes));
      return;
    case 'counted-hex':
      json[name] = toHex(body.take(field.unitBytes * body.u16()));
      return;
    case 'numbers':
      json[name] = body.list(body.u16(), () => bits.take(field.bits));
      return;
    case 'bits': {
      const count = body.u16();
      json[field.countName] = count;
      json[name] = toHex(body.take(Math.ceil(count / 8)));
      return;
    }
    case 'rest':
      json[name] = toHex(body.rest());
  }
}

/** Text, or the bytes of what is none. */
function textOf(bytes: Uint8Array): Json {
  try {
    return STRICT_UTF8.decode(bytes);
  } catch {
    return { hex: toHex(bytes) };
  }
}

/** Fields of any number of bits; those of one element end on a whole byte. */
class BitReader {
  readonly body: FieldReader;
  #held = 0;
  #bits = 0;

  constructor(body: FieldReader) {
    this.body = body;
  }

  /** The next `count` bits, at most 32. */
  take(count: number): number {
    while (this.#bits < count) {
      this.#held = this.#held * 0x100 + this.body.u8();
      this.#bits += 8;
    }
    this.#bits -= count;
    const scale = 2 ** this.#bits;
    const value = Math.floor(this.#held / scale);
    this.#held %= scale;
    return value;
  }
}
