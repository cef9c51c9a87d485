/**
 * Between the field names of a vendor and plain ones, both ways, from one table. A field whose value is not of the kind
 * its name promises is left as it is: nothing a reader says is lost, and nothing is guessed.
 *
 * Source: none of its own; each family names the source of its table.
 */
import type { Json, JsonObject } from '#contract/codec/format.ts';

/** One vendor field and its plain name; `undefined` from a conversion: not of this kind. */
export interface PlainField {
  readonly vendor: string;
  readonly plain: string;
  toPlain(value: Json): Json | undefined;
  toVendor(value: Json): Json | undefined;
}

export type PlainTable = readonly PlainField[];

/** Hundredths (centi-dBm) as a number with two decimals. */
export function hundredths(vendor: string, plain: string): PlainField {
  return {
    vendor,
    plain,
    toPlain: (value) => (isWithin(value, 1e9) && Number.isInteger(value) ? value / 100 : undefined),
    toVendor: (value) => (isWithin(value, 1e7) ? Math.round(value * 100) : undefined),
  };
}

/** Hex of either case, shown in upper case. */
export function hexField(vendor: string, plain: string): PlainField {
  const toUpper = (value: Json): Json | undefined =>
    typeof value === 'string' && /^(?:[0-9a-fA-F]{2})+$/.test(value) ? value.toUpperCase() : undefined;
  return { vendor, plain, toPlain: toUpper, toVendor: toUpper };
}

/** A number as it is. */
export function numberField(vendor: string, plain: string): PlainField {
  const asIs = (value: Json): Json | undefined =>
    typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  return { vendor, plain, toPlain: asIs, toVendor: asIs };
}

/** A text as it is. */
export function textField(vendor: string, plain: string): PlainField {
  const asIs = (value: Json): Json | undefined => (typeof value === 'string' ? value : undefined);
  return { vendor, plain, toPlain: asIs, toVendor: asIs };
}

function isWithin(value: Json, limit: number): value is number {
  return typeof value === 'number' && Math.abs(value) <= limit;
}

/** What the table knows under plain names, and the rest as it came. */
export function splitFields(
  table: PlainTable,
  given: JsonObject,
): { readonly known: JsonObject; readonly rest: JsonObject } {
  const known: Record<string, Json> = {};
  const taken = new Set<string>();
  for (const field of table) {
    const value = Object.hasOwn(given, field.vendor) ? given[field.vendor] : undefined;
    const plain = value === undefined || field.plain in known ? undefined : field.toPlain(value);
    if (plain === undefined) continue;
    known[field.plain] = plain;
    taken.add(field.vendor);
  }
  return { known, rest: Object.fromEntries(Object.entries(given).filter(([name]) => !taken.has(name))) };
}

/** Inverse of {@link splitFields}; the name of a field that does not fit instead. */
export function joinFields(
  table: PlainTable,
  known: JsonObject,
  rest: JsonObject,
): { readonly vendor: JsonObject } | { readonly bad: string } {
  const vendor: [string, Json][] = [];
  for (const [name, value] of Object.entries(known)) {
    const field = table.find(({ plain }) => plain === name);
    const written = field?.toVendor(value);
    if (field === undefined || written === undefined) return { bad: name };
    vendor.push([field.vendor, written]);
  }
  return { vendor: Object.fromEntries([...vendor, ...Object.entries(rest)]) };
}
