/**
 * One field of a scheme between bits and the texts of a URI, unescaped. What is read is what would be written: a
 * number that needs more digits than its field has, a character outside the set, a filling that is not zero or a
 * partition that does not exist is refused, so no two bit strings give one text.
 *
 * Source: GS1 EPC Tag Data Standard 1.13, sections 14.3 (encoding methods) and 14.4 (decoding methods).
 */
import type { BitReader, BitWriter } from '#contract/codec/epc/bits.ts';
import {
  PREFIX_BITS,
  PREFIX_DIGITS,
  type PartitionReference,
  type SchemeField,
} from '#contract/codec/epc/scheme.table.ts';
import { isAlphanumeric, isSixBit } from '#contract/codec/epc/uri-text.ts';
import { err, ok, type Result } from '#contract/result.ts';

type Texts = Result<readonly string[], string>;

/** The keys of a field's texts, in their order. */
export function fieldNames(field: SchemeField): readonly string[] {
  switch (field.kind) {
    case 'filter':
      return ['filter'];
    case 'partition':
      return ['companyPrefix', field.name];
    case 'zeros':
      return [];
    default:
      return [field.name];
  }
}

/** The texts of a field, or why there are none. */
export function readField(reader: BitReader, field: SchemeField): Texts {
  switch (field.kind) {
    case 'filter':
      return ok([String(reader.take(field.bits))]);
    case 'partition':
      return readPartition(reader, field.reference);
    case 'zeros':
      return reader.take(field.bits) === 0 ? ok([]) : err('reserved bits are not zero');
    case 'activity':
      return one(readActivity(reader, field.characterBits));
    case 'text-7':
      return one(readText7(reader, field.bits, field.charactersMax));
    case 'text-6': {
      const text = readText6(reader);
      return one(text !== undefined && field.pattern.test(text) ? text : undefined);
    }
    case 'digits':
      return one(readDigits(reader.takeLong(field.bits)));
    case 'integer':
      return one(readInteger(reader.takeLong(field.bits), field.digitsMax));
    case 'fixed-integer':
      return one(readFixed(reader.takeLong(field.bits), field.digits));
  }
}

/** Writes a field; what is wrong with the texts, or undefined. */
export function writeField(writer: BitWriter, field: SchemeField, texts: readonly string[]): string | undefined {
  const [text = '', reference = ''] = texts;
  switch (field.kind) {
    case 'filter':
      return writeInteger(writer, text, field.bits);
    case 'partition':
      return writePartition(writer, field.reference, { prefix: text, reference });
    case 'zeros':
      writer.put(0, field.bits);
      return undefined;
    case 'activity':
      return writeActivity(writer, text, field.characterBits);
    case 'text-7':
      return writeText7(writer, text, field);
    case 'text-6':
      if (!field.pattern.test(text)) return 'holds characters that the field has not, or too many';
      writeText6(writer, text);
      return undefined;
    case 'digits':
      if (!/^\d+$/.test(text) || text.length > field.digitsMax) return `1 to ${field.digitsMax} digits`;
      writer.put(BigInt(`1${text}`), field.bits);
      return undefined;
    case 'integer':
      return writeInteger(writer, text, field.bits, field.digitsMax);
    case 'fixed-integer':
      return writeFixed(writer, text, field);
  }
}

function one(text: string | undefined): Texts {
  return text === undefined ? err('holds a value that the standard does not allow') : ok([text]);
}

function readInteger(value: bigint, digitsMax = Infinity): string | undefined {
  const text = value.toString();
  return text.length <= digitsMax ? text : undefined;
}

function writeInteger(writer: BitWriter, text: string, bits: number, digitsMax = Infinity): string | undefined {
  if (!/^(?:0|[1-9]\d*)$/.test(text)) return 'a number without leading zeros';
  if (text.length > digitsMax || BigInt(text) >> BigInt(bits) !== 0n) {
    return `at most ${Math.min(digitsMax, String(2n ** BigInt(bits) - 1n).length)} digits and below 2^${bits}`;
  }
  writer.put(BigInt(text), bits);
  return undefined;
}

/** No digits at all are a field of zero bits set: a reference that the company prefix leaves no room for. */
function readFixed(value: bigint, digits: number): string | undefined {
  if (digits === 0) return value === 0n ? '' : undefined;
  const text = value.toString().padStart(digits, '0');
  return text.length === digits ? text : undefined;
}

function writeFixed(
  writer: BitWriter,
  text: string,
  { bits, digits }: { readonly bits: number; readonly digits: number },
): string | undefined {
  if (!/^\d*$/.test(text) || text.length !== digits) return `${digits} digits`;
  writer.put(BigInt(text === '' ? 0 : text), bits);
  return undefined;
}

function readDigits(value: bigint): string | undefined {
  const text = value.toString();
  return text.startsWith('1') && text.length > 1 ? text.slice(1) : undefined;
}

function readText7(reader: BitReader, bits: number, charactersMax: number): string | undefined {
  let text = '';
  let isEnded = false;
  for (let left = bits; left > 0; left -= 7) {
    const code = reader.take(Math.min(left, 7));
    if (code === 0) isEnded = true;
    else if (isEnded) return undefined;
    else text += String.fromCharCode(code);
  }
  return text !== '' && text.length <= charactersMax && isAlphanumeric(text) ? text : undefined;
}

function writeText7(
  writer: BitWriter,
  text: string,
  { bits, charactersMax }: { readonly bits: number; readonly charactersMax: number },
): string | undefined {
  if (text === '' || text.length > charactersMax) return `1 to ${charactersMax} characters`;
  if (!isAlphanumeric(text)) return 'holds a character that barcodes of this key have not';
  for (const character of text) writer.put(character.charCodeAt(0), 7);
  writer.put(0, bits - 7 * text.length);
  return undefined;
}

/** Six bits are the low ones of ASCII: 1 to 26 letters, 32 and more digits and signs. */
function fromSixBits(code: number): string {
  return String.fromCharCode(code < 0x20 ? code + 0x40 : code);
}

/** Up to six zeros; undefined if they never come. */
function readText6(reader: BitReader): string | undefined {
  let text = '';
  while (reader.bitsLeft >= 6) {
    const code = reader.take(6);
    if (code === 0) return text;
    text += fromSixBits(code);
  }
  return undefined;
}

/** The caller has checked the characters. */
function writeText6(writer: BitWriter, text: string): void {
  for (const character of text) writer.put(character.charCodeAt(0) & 0x3f, 6);
  writer.put(0, 6);
}

/** No I and no O, which look like digits. */
const ACTIVITY = /^[0-9A-HJ-NP-Z]{5,6}$/;

function readActivity(reader: BitReader, characterBits: 6 | 8): string | undefined {
  let text = '';
  for (let index = 0; index < 6; index += 1) {
    const code = reader.take(characterBits);
    text += characterBits === 8 ? String.fromCharCode(code) : fromSixBits(code);
  }
  const activity = text.startsWith(' ') ? text.slice(1) : text;
  return ACTIVITY.test(activity) ? activity : undefined;
}

function writeActivity(writer: BitWriter, text: string, characterBits: 6 | 8): string | undefined {
  if (!ACTIVITY.test(text)) return '5 or 6 digits and capital letters without I and O';
  for (const character of text.padStart(6, ' ')) {
    writer.put(character.charCodeAt(0) & (2 ** characterBits - 1), characterBits);
  }
  return undefined;
}

function readPartition(reader: BitReader, reference: PartitionReference): Texts {
  const partition = reader.take(3);
  const digits = PREFIX_DIGITS[partition];
  const bits = PREFIX_BITS[partition];
  if (digits === undefined || bits === undefined) return err(`partition ${partition} does not exist`);
  const prefix = readFixed(reader.takeLong(bits), digits);
  if (prefix === undefined) return err(`company prefix has more than ${digits} digits`);
  const text = readReference(reader, reference, partition);
  return text === undefined ? err('reference holds a value that the standard does not allow') : ok([prefix, text]);
}

function readReference(reader: BitReader, reference: PartitionReference, partition: number): string | undefined {
  switch (reference.kind) {
    case 'fixed':
      return readFixed(reader.takeLong(reference.bits[partition] ?? 0), reference.digits[partition] ?? 0);
    case 'integer':
      return readInteger(reader.takeLong(reference.bits[partition] ?? 0), reference.digitsMax[partition]);
    case 'text-7':
      return readText7(reader, reference.bits[partition] ?? 0, reference.charactersMax[partition] ?? 0);
    case 'text-6': {
      const text = readText6(reader);
      return text !== undefined && isPartText(text, reference.charactersMax[partition]) ? text : undefined;
    }
  }
}

function isPartText(text: string, charactersMax = 0): boolean {
  return text !== '' && text.length <= charactersMax && isSixBit(text);
}

function writePartition(
  writer: BitWriter,
  layout: PartitionReference,
  { prefix, reference }: { readonly prefix: string; readonly reference: string },
): string | undefined {
  const partition = PREFIX_DIGITS.indexOf(prefix.length);
  if (partition === -1 || !/^\d+$/.test(prefix)) return 'company prefix: 6 to 12 digits';
  writer.put(partition, 3);
  writer.put(BigInt(prefix), PREFIX_BITS[partition] ?? 0);
  const problem = writeReference(writer, layout, { text: reference, partition });
  return problem === undefined ? undefined : `behind a company prefix of ${prefix.length} digits: ${problem}`;
}

function writeReference(
  writer: BitWriter,
  layout: PartitionReference,
  { text, partition }: { readonly text: string; readonly partition: number },
): string | undefined {
  switch (layout.kind) {
    case 'fixed':
      return writeFixed(writer, text, { bits: layout.bits[partition] ?? 0, digits: layout.digits[partition] ?? 0 });
    case 'integer':
      return writeInteger(writer, text, layout.bits[partition] ?? 0, layout.digitsMax[partition]);
    case 'text-7':
      return writeText7(writer, text, {
        bits: layout.bits[partition] ?? 0,
        charactersMax: layout.charactersMax[partition] ?? 0,
      });
    case 'text-6':
      if (!isPartText(text, layout.charactersMax[partition])) {
        return `1 to ${layout.charactersMax[partition] ?? 0} of 0-9, A-Z, #, - and /`;
      }
      writeText6(writer, text);
      return undefined;
  }
}
