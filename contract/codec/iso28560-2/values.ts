/**
 * What the data elements say: their values, and the content of the tag that follows from them.
 *
 * - Content parameter: a bit for each element that may be there, the first bit is OID 3.
 * - Set information: number of parts, then number of this part, in equally many digits: `1203` is part 3 of 12.
 * - Type of usage: one byte, class and sub-class.
 *
 * Source: ISO 28560-2, 6 and annex D (content parameter D0 = OIDs 3, 4, 6; set information 1203); ISO 28560-1, 4.2.4.
 */
import { COMPACTIONS, readText, writeText } from '#contract/codec/iso28560-2/compaction.ts';
import { OID } from '#contract/codec/iso28560-2/elements.ts';
import { readIsil, writeIsil } from '#contract/codec/iso28560-2/isil.ts';
import type { TagObject } from '#contract/codec/iso28560-2/object.ts';
import { toHex } from '#contract/hex.ts';

/** The value of an element: text, or the OIDs of a content parameter. */
export type ElementValue = string | readonly number[];

const FIRST_LISTED_OID = 3;

/** What an element's bytes mean; undefined where the standard does not say. */
export function readValue({ oid, compaction, data }: TagObject): ElementValue | undefined {
  const name = COMPACTIONS[compaction] ?? 'application-defined';
  if (name !== 'application-defined') return readText(name, data);
  switch (oid) {
    case OID.contentParameter:
      return listedOids(data);
    case OID.ownerIsil:
    case OID.illBorrowerIsil:
      return readIsil(data);
    case OID.typeOfUsage:
      return data.length === 1 ? toHex(data) : undefined;
    default:
      return undefined;
  }
}

/** The bytes of a value; undefined if the element cannot hold it. */
export function writeValue(oid: number, compaction: number, value: ElementValue): Uint8Array | undefined {
  const name = COMPACTIONS[compaction] ?? 'application-defined';
  if (typeof value !== 'string') {
    return name === 'application-defined' && oid === OID.contentParameter ? writeListedOids(value) : undefined;
  }
  if (name !== 'application-defined') return writeText(name, value);
  switch (oid) {
    case OID.ownerIsil:
    case OID.illBorrowerIsil:
      return writeIsil(value);
    case OID.typeOfUsage:
      return /^[0-9A-Fa-f]{2}$/.test(value) ? Uint8Array.of(Number.parseInt(value, 16)) : undefined;
    default:
      return undefined;
  }
}

function listedOids(data: Uint8Array): readonly number[] {
  const bits = Array.from({ length: data.length * 8 }, (_, bit) => bit);
  return bits.filter((bit) => ((data[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0).map((bit) => bit + FIRST_LISTED_OID);
}

/** Content parameter of a tag that has these elements besides the first two. */
export function writeListedOids(oids: readonly number[]): Uint8Array | undefined {
  if (oids.length === 0 || oids.some((oid) => oid < FIRST_LISTED_OID)) return undefined;
  const data = new Uint8Array(((Math.max(...oids) - FIRST_LISTED_OID) >> 3) + 1);
  for (const oid of oids) {
    const bit = oid - FIRST_LISTED_OID;
    data[bit >> 3] = (data[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  }
  return data;
}

/** Class and sub-class of usage. */
export interface Usage {
  readonly usage: number;
  readonly sub: number;
}

/** Reads a type of usage. Writers differ: one raw byte, or its two hexadecimal digits as text. */
export function readUsage(object: TagObject): Usage | undefined {
  const [first] = object.data;
  if (first === undefined) return undefined;
  const isByte = object.data.length === 1;
  const value = readValue(object);
  // Under "integer" the digits are the usage, unless there are three of them: then somebody wrote the byte as it is.
  const isText = typeof value === 'string' && /^[0-9A-Fa-f]{2}$/.test(value);
  if (isText) return usageOf(Number.parseInt(value, 16));
  return isByte ? usageOf(first) : undefined;
}

function usageOf(value: number): Usage {
  return { usage: value >> 4, sub: value & 0x0f };
}

/** Number of parts and number of this part. */
export interface PartOfSet {
  readonly parts: number;
  readonly partNumber: number;
}

/** Reads set information; undefined if it does not count. A leading zero may have been lost to the integer compaction. */
export function readSet(text: string): PartOfSet | undefined {
  if (!/^[0-9]{1,6}$/.test(text)) return undefined;
  const digits = text.length % 2 === 0 ? text : `0${text}`;
  const half = digits.length / 2;
  return { parts: Number(digits.slice(0, half)), partNumber: Number(digits.slice(half)) };
}

/** Set information as text. */
export function writeSet({ parts, partNumber }: PartOfSet): string {
  const digits = Math.max(String(parts).length, String(partNumber).length);
  return String(parts).padStart(digits, '0') + String(partNumber).padStart(digits, '0');
}

/** What the elements together say of the item. */
export interface ObjectContent {
  readonly primaryItemId?: string;
  readonly ownerIsil?: string;
  readonly setInformation?: PartOfSet;
  readonly typeOfUsage?: number;
  readonly typeOfUsageSub?: number;
  readonly contentParameter?: readonly number[];
}

/** Sums the elements up; the first of each kind counts. */
export function contentOf(objects: readonly TagObject[]): ObjectContent {
  const find = (oid: number): TagObject | undefined => objects.find((object) => object.oid === oid);
  const text = (oid: number): string | undefined => {
    const object = find(oid);
    const value = object && readValue(object);
    return typeof value === 'string' ? value : undefined;
  };
  const listed = find(OID.contentParameter);
  const oids = listed && readValue(listed);
  const usageObject = find(OID.typeOfUsage);
  const usage = usageObject && readUsage(usageObject);
  const set = readSet(text(OID.setInformation) ?? '');
  const primaryItemId = text(OID.primaryItemId);
  const ownerIsil = text(OID.ownerIsil);
  return {
    ...(primaryItemId !== undefined && { primaryItemId }),
    ...(ownerIsil !== undefined && { ownerIsil }),
    ...(set && { setInformation: set }),
    ...(usage && { typeOfUsage: usage.usage, typeOfUsageSub: usage.sub }),
    ...(oids !== undefined && typeof oids !== 'string' && { contentParameter: oids }),
  };
}
