/**
 * ReaderExceptionEvent (252): the reader says in words that something went wrong, and where.
 *
 *     | text: length u16, UTF-8 | TV 9 ROSpec | 14 spec index | 10 inventory spec | 1 antenna | 16 access spec | 17 op |
 *
 * All TVs are optional.
 *
 * Source: EPCglobal Low Level Reader Protocol 1.1, section 17.2.7.5.7.
 */
import type { FieldReader } from '#contract/codec/llrp/field-reader.ts';
import type { FieldWriter } from '#contract/codec/llrp/field-writer.ts';

/** TV type, field and width of what an exception may name, in the order of the standard. */
const PLACES = [
  { type: 9, name: 'rospecId', bytes: 4 },
  { type: 14, name: 'specIndex', bytes: 2 },
  { type: 10, name: 'inventoryParameterSpecId', bytes: 2 },
  { type: 1, name: 'antennaId', bytes: 2 },
  { type: 16, name: 'accessSpecId', bytes: 4 },
  { type: 17, name: 'opSpecId', bytes: 2 },
] as const;

type Places = Partial<Record<(typeof PLACES)[number]['name'], number>>;

export interface ReaderException extends Readonly<Places> {
  readonly kind: 'exception';
  readonly message: string;
}

/** Reads the value of a ReaderExceptionEvent parameter. */
export function readException(body: FieldReader): ReaderException {
  const message = body.text();
  const places: Places = {};
  for (const { type, body: value } of body.parameters()) {
    const place = PLACES.find((candidate) => candidate.type === type);
    if (place !== undefined) places[place.name] = place.bytes === 4 ? value.u32() : value.u16();
  }
  return { kind: 'exception', message, ...places };
}

/** Writes the value of a ReaderExceptionEvent parameter. */
export function writeException(out: FieldWriter, exception: ReaderException): void {
  out.text(exception.message);
  for (const { type, name, bytes } of PLACES) {
    const value = exception[name];
    if (value === undefined) continue;
    out.tv(type);
    if (bytes === 4) out.u32(value);
    else out.u16(value);
  }
}
