/**
 * An electronic product code between the EPC part of a tag's memory (no CRC, no protocol control word) and its URIs.
 *
 *     SGTIN-96   | header 8 | filter 3 | partition 3 | company prefix 20..40 | item reference 24..4 | serial 38 |
 *
 * A URI is given only if it alone gives the same words again; everything else has a raw URI, which loses nothing. So
 * an EPC of 96 bits in a memory of 128 is raw: its tag URI would shorten it.
 *
 * Source: GS1 EPC Tag Data Standard 1.13, sections 6 (pure identity URI), 11 (tag URI), 12 (raw URI), 14 (binary
 * encoding) and 15 (memory of a Gen 2 tag).
 */
import type { CodecError } from '#contract/codec/codec-error.ts';
import { BitReader, BitWriter } from '#contract/codec/epc/bits.ts';
import { toBarcodeText, type BarcodeText } from '#contract/codec/epc/element-string.ts';
import { fieldNames, readField, writeField } from '#contract/codec/epc/field.ts';
import { decodePlus, plusSchemeOf, type PlusContent } from '#contract/codec/epc/plus.ts';
import { EPC_BYTES_MAX, fromRawUri, toRawUri } from '#contract/codec/epc/raw-uri.ts';
import { SCHEMES, type Scheme } from '#contract/codec/epc/scheme.table.ts';
import { escapeText, unescapeText } from '#contract/codec/epc/uri-text.ts';
import type { EncodeError } from '#contract/codec/format.ts';
import { err, ok, type Result } from '#contract/result.ts';

/** An EPC with a URI of its scheme. */
export interface SchemeEpc {
  readonly kind: 'scheme';
  /** As the standard writes it, e.g. `SGTIN-96`. */
  readonly scheme: string;
  readonly pureIdentityUri: string;
  readonly tagUri: string;
  /** 0 to 7, of USDoD 0 to 15, of ADI 0 to 63; a GID has none. */
  readonly filter?: number;
  /** The texts of the URI without escapes, by their names. */
  readonly fields: Readonly<Record<string, string>>;
  readonly barcode?: BarcodeText;
}

/** An EPC of the schemes that came with TDS 2.0, which have no tag URI: the raw URI, and what could be read. */
export interface PlusEpc {
  readonly kind: 'plus';
  /** E.g. `SGTIN+`. */
  readonly scheme: string;
  readonly tagUri: string;
  /** Absent if the fields do not fit the scheme. */
  readonly content?: PlusContent;
}

/** Anything else. */
export interface RawEpc {
  readonly kind: 'raw';
  readonly tagUri: string;
  readonly header: number;
  /** The scheme that the header promises. */
  readonly headerScheme?: string;
  readonly reason: string;
}

export type Epc = SchemeEpc | PlusEpc | RawEpc;

const BY_HEADER = new Map(SCHEMES.map((scheme) => [scheme.header, scheme]));
const BY_NAME = new Map(SCHEMES.map((scheme) => [scheme.name.toLowerCase(), scheme]));
const UNPROGRAMMED = 0x00;

/**
 * Reads an EPC of 1 to 31 whole words. Well-formed input is never refused: see {@link RawEpc}.
 *
 * Errors: `truncated` (no bytes), `bad-length` (no whole words, or more than a tag can hold).
 */
export function decodeEpc(epc: Uint8Array): Result<Epc, CodecError> {
  const [header] = epc;
  if (header === undefined) return err({ code: 'truncated', offsetBytes: 0, detail: 'an EPC has at least one word' });
  if (epc.length % 2 !== 0 || epc.length > EPC_BYTES_MAX) {
    const detail = `an EPC is 1 to 31 words of 16 bits, this is ${epc.length} bytes`;
    return err({ code: 'bad-length', offsetBytes: epc.length, detail });
  }
  const plus = plusSchemeOf(header);
  if (plus !== undefined) {
    const content = decodePlus(plus, epc);
    return ok({ kind: 'plus', scheme: plus.name, tagUri: toRawUri(epc), ...(content && { content }) });
  }
  const scheme = BY_HEADER.get(header);
  if (scheme === undefined) return ok(raw(epc, header, header === UNPROGRAMMED ? 'unprogrammed' : 'unknown header'));
  const read = readScheme(scheme, epc);
  if (read.ok) return ok(read.value);
  return ok({ ...raw(epc, header, read.error), headerScheme: scheme.name });
}

function raw(epc: Uint8Array, header: number, reason: string): RawEpc {
  return { kind: 'raw', tagUri: toRawUri(epc), header, reason };
}

function readScheme(scheme: Scheme, epc: Uint8Array): Result<SchemeEpc, string> {
  const reader = new BitReader(epc);
  reader.take(8);
  const texts: [name: string, text: string][] = [];
  for (const field of scheme.fields) {
    const read = readField(reader, field);
    if (!read.ok) return err(`${fieldNames(field).at(-1) ?? 'filling'}: ${read.error}`);
    fieldNames(field).forEach((name, index) => texts.push([name, read.value[index] ?? '']));
  }
  if (reader.isOver) return err('ends before its fields do');
  if (reader.bitsLeft >= 16) return err('is longer than its scheme');
  if (reader.take(reader.bitsLeft) !== 0) return err('the filling of the last word is not zero');
  return ok(toSchemeEpc(scheme, texts));
}

function toSchemeEpc(scheme: Scheme, texts: readonly (readonly [string, string])[]): SchemeEpc {
  const { filter, ...fields } = Object.fromEntries(texts);
  const body = Object.values(fields).map(escapeText).join('.');
  const barcode = toBarcodeText(scheme.identity, fields);
  return {
    kind: 'scheme',
    scheme: scheme.name,
    pureIdentityUri: `urn:epc:id:${scheme.identity}:${body}`,
    tagUri: `urn:epc:tag:${scheme.name.toLowerCase()}:${filter === undefined ? '' : `${filter}.`}${body}`,
    ...(filter !== undefined && { filter: Number(filter) }),
    fields,
    ...(barcode && { barcode }),
  };
}

/** The words of an EPC from its tag URI or raw URI alone. */
export function encodeEpc(tagUri: string): Result<Uint8Array, EncodeError> {
  if (tagUri.startsWith('urn:epc:raw:')) {
    const epc = fromRawUri(tagUri);
    return epc === undefined
      ? refuse('a raw URI is urn:epc:raw:BITS.xHEX with 16, 32 .. 496 bits and their hexadecimal digits')
      : ok(epc);
  }
  const [, name = '', body = ''] = /^urn:epc:tag:([^:]+):(.*)$/s.exec(tagUri) ?? [];
  const scheme = BY_NAME.get(name);
  if (scheme === undefined) {
    return refuse(`urn:epc:tag:SCHEME: or urn:epc:raw:, with one of ${[...BY_NAME.keys()].join(', ')}`);
  }
  const names = scheme.fields.flatMap(fieldNames);
  const texts = splitBody(body, names.length)?.map(unescapeText);
  if (texts?.every((text) => text !== undefined) !== true) {
    return refuse(`behind the scheme: ${names.join('.')}, with " % & / < > ? # as %22 %25 %26 %2F %3C %3E %3F %23`);
  }
  return writeScheme(scheme, texts);
}

/** Dots part the fields, but the last one may hold dots. */
function splitBody(body: string, count: number): readonly string[] | undefined {
  const parts = body.split('.');
  if (parts.length < count) return undefined;
  return [...parts.slice(0, count - 1), parts.slice(count - 1).join('.')];
}

function writeScheme(scheme: Scheme, texts: readonly string[]): Result<Uint8Array, EncodeError> {
  const writer = new BitWriter();
  writer.put(scheme.header, 8);
  let at = 0;
  for (const field of scheme.fields) {
    const names = fieldNames(field);
    const problem = writeField(writer, field, texts.slice(at, at + names.length));
    if (problem !== undefined) return refuse(`${names.join(', ')}: ${problem}`);
    at += names.length;
  }
  return ok(writer.words());
}

function refuse(detail: string): Result<never, EncodeError> {
  return err({ code: 'bad-value', path: 'tagUri', detail });
}

/** The tag URI that fields make; undefined for a scheme without one. Errors are left to {@link encodeEpc}. */
export function composeTagUri(schemeName: string, texts: Readonly<Record<string, string>>): string | undefined {
  const scheme = BY_NAME.get(schemeName.toLowerCase());
  if (scheme === undefined) return undefined;
  const body = scheme.fields.flatMap(fieldNames).map((name) => escapeText(texts[name] ?? ''));
  return `urn:epc:tag:${scheme.name.toLowerCase()}:${body.join('.')}`;
}
