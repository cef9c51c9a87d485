/**
 * The binary schemes with a tag URI: header, and the fields behind it in the order of bits and of the URI.
 *
 * Source: GS1 EPC Tag Data Standard 1.13, table 14-1 (headers) and sections 14.5.1 to 14.5.14 (coding and partition
 * tables), compared with the TDT 1.11 scheme files (`CPI-96.xml`, `CPI-var.xml`, `GIAI-96.xml`, `GIAI-202.xml`,
 * `GRAI-96.xml`, `GDTI-96.xml`, `SGCN-96.xml`, `ITIP-110.xml`, `USDOD-96.xml`, `ADI-var.xml`); GDTI-113 (withdrawn
 * since 1.9) as in 1.6, section 14.5.8.
 */

/** One field of a scheme; the name is the key in JSON. */
export type SchemeField =
  /** Decides nothing; lets readers choose what they hear. In the URI, but no part of the identity. */
  | { readonly kind: 'filter'; readonly bits: number }
  /** Three bits of partition, the company prefix, and a reference that shares its space. */
  | { readonly kind: 'partition'; readonly name: string; readonly reference: PartitionReference }
  /** A number without leading zeros. */
  | { readonly kind: 'integer'; readonly name: string; readonly bits: number; readonly digitsMax?: number }
  /** A number of always so many digits. */
  | { readonly kind: 'fixed-integer'; readonly name: string; readonly bits: number; readonly digits: number }
  /** Digits with leading zeros: a 1 is set before them, and all is one number. */
  | { readonly kind: 'digits'; readonly name: string; readonly bits: number; readonly digitsMax: number }
  /** Seven bits a character, filled with zeros. */
  | { readonly kind: 'text-7'; readonly name: string; readonly bits: number; readonly charactersMax: number }
  /** Six bits a character, closed by six zeros. */
  | { readonly kind: 'text-6'; readonly name: string; readonly pattern: RegExp }
  /** Code of a company or government activity, 5 or 6 characters; 5 are written behind a space. */
  | { readonly kind: 'activity'; readonly name: string; readonly characterBits: 6 | 8 }
  | { readonly kind: 'zeros'; readonly bits: number };

/** The field behind the company prefix; one entry for each partition, 0 (prefix of 12 digits) to 6 (of 6). */
export type PartitionReference =
  | { readonly kind: 'fixed'; readonly bits: readonly number[]; readonly digits: readonly number[] }
  | { readonly kind: 'integer'; readonly bits: readonly number[]; readonly digitsMax: readonly number[] }
  | { readonly kind: 'text-7'; readonly bits: readonly number[]; readonly charactersMax: readonly number[] }
  | { readonly kind: 'text-6'; readonly charactersMax: readonly number[] };

export interface Scheme {
  readonly name: string;
  readonly header: number;
  /** The scheme's name in pure identity URIs. */
  readonly identity: string;
  readonly fields: readonly SchemeField[];
}

export const PREFIX_DIGITS: readonly number[] = [12, 11, 10, 9, 8, 7, 6];
export const PREFIX_BITS: readonly number[] = [40, 37, 34, 30, 27, 24, 20];

/** Space of 44 bits, 13 digits: indicator and item reference. */
const ITEM: PartitionReference = { kind: 'fixed', bits: [4, 7, 10, 14, 17, 20, 24], digits: [1, 2, 3, 4, 5, 6, 7] };
/** Space of 44 bits, 12 digits. */
const ASSET_TYPE: PartitionReference = { ...ITEM, digits: [0, 1, 2, 3, 4, 5, 6] };
/** Space of 58 bits, 17 digits. */
const LONG: PartitionReference = {
  kind: 'fixed',
  bits: [18, 21, 24, 28, 31, 34, 38],
  digits: [5, 6, 7, 8, 9, 10, 11],
};
/** Space of 41 bits, 12 digits. */
const LOCATION: PartitionReference = {
  kind: 'fixed',
  bits: [1, 4, 7, 11, 14, 17, 21],
  digits: [0, 1, 2, 3, 4, 5, 6],
};
const ASSET_NUMBER: PartitionReference = {
  kind: 'integer',
  bits: [42, 45, 48, 52, 55, 58, 62],
  digitsMax: [13, 14, 15, 16, 17, 18, 19],
};
const ASSET_TEXT: PartitionReference = {
  kind: 'text-7',
  bits: [148, 151, 154, 158, 161, 164, 168],
  charactersMax: [18, 19, 20, 21, 22, 23, 24],
};
const PART_NUMBER: PartitionReference = {
  kind: 'integer',
  bits: [11, 14, 17, 21, 24, 27, 31],
  digitsMax: [3, 4, 5, 6, 7, 8, 9],
};
const PART_TEXT: PartitionReference = { kind: 'text-6', charactersMax: [18, 19, 20, 21, 22, 23, 24] };

const FILTER: SchemeField = { kind: 'filter', bits: 3 };
const RESERVED: SchemeField = { kind: 'zeros', bits: 24 };
const SERIAL_38: SchemeField = { kind: 'integer', name: 'serial', bits: 38 };
const SERIAL_41: SchemeField = { kind: 'integer', name: 'serial', bits: 41 };
const SERIAL_TEXT: SchemeField = { kind: 'text-7', name: 'serial', bits: 140, charactersMax: 20 };
const PIECE: readonly SchemeField[] = [
  { kind: 'fixed-integer', name: 'piece', bits: 7, digits: 2 },
  { kind: 'fixed-integer', name: 'total', bits: 7, digits: 2 },
];

function partition(name: string, reference: PartitionReference): SchemeField {
  return { kind: 'partition', name, reference };
}

function scheme(header: number, name: string, fields: readonly SchemeField[]): Scheme {
  return { header, name, identity: name.slice(0, name.indexOf('-')).toLowerCase(), fields };
}

const item = partition('itemReference', ITEM);
const location = partition('locationReference', LOCATION);
const assetType = partition('assetType', ASSET_TYPE);
const service = partition('serviceReference', LONG);
const documentType = partition('documentType', LOCATION);
const asset = 'individualAssetReference';
const part = 'componentPartReference';

export const SCHEMES: readonly Scheme[] = [
  scheme(0x2c, 'GDTI-96', [FILTER, documentType, SERIAL_41]),
  scheme(0x2d, 'GSRN-96', [FILTER, service, RESERVED]),
  scheme(0x2e, 'GSRNP-96', [FILTER, service, RESERVED]),
  scheme(0x2f, 'USDoD-96', [
    { kind: 'filter', bits: 4 },
    { kind: 'activity', name: 'cageOrDodaac', characterBits: 8 },
    { kind: 'integer', name: 'serial', bits: 36 },
  ]),
  scheme(0x30, 'SGTIN-96', [FILTER, item, SERIAL_38]),
  scheme(0x31, 'SSCC-96', [FILTER, partition('serialReference', LONG), RESERVED]),
  scheme(0x32, 'SGLN-96', [FILTER, location, { ...SERIAL_41, name: 'extension' }]),
  scheme(0x33, 'GRAI-96', [FILTER, assetType, SERIAL_38]),
  scheme(0x34, 'GIAI-96', [FILTER, partition(asset, ASSET_NUMBER)]),
  scheme(0x35, 'GID-96', [
    { kind: 'integer', name: 'generalManagerNumber', bits: 28 },
    { kind: 'integer', name: 'objectClass', bits: 24 },
    { kind: 'integer', name: 'serial', bits: 36 },
  ]),
  scheme(0x36, 'SGTIN-198', [FILTER, item, SERIAL_TEXT]),
  scheme(0x37, 'GRAI-170', [FILTER, assetType, { kind: 'text-7', name: 'serial', bits: 112, charactersMax: 16 }]),
  scheme(0x38, 'GIAI-202', [FILTER, partition(asset, ASSET_TEXT)]),
  scheme(0x39, 'SGLN-195', [FILTER, location, { ...SERIAL_TEXT, name: 'extension' }]),
  scheme(0x3a, 'GDTI-113', [FILTER, documentType, { kind: 'digits', name: 'serial', bits: 58, digitsMax: 17 }]),
  scheme(0x3b, 'ADI-var', [
    { kind: 'filter', bits: 6 },
    { kind: 'activity', name: 'cageOrDodaac', characterBits: 6 },
    { kind: 'text-6', name: 'partNumber', pattern: /^[-/0-9A-Z]{0,32}$/ },
    { kind: 'text-6', name: 'serial', pattern: /^(?:[-/0-9A-Z]{1,30}|#[-/0-9A-Z]{1,29})$/ },
  ]),
  scheme(0x3c, 'CPI-96', [FILTER, partition(part, PART_NUMBER), { kind: 'integer', name: 'serial', bits: 31 }]),
  scheme(0x3d, 'CPI-var', [
    FILTER,
    partition(part, PART_TEXT),
    { kind: 'integer', name: 'serial', bits: 40, digitsMax: 12 },
  ]),
  scheme(0x3e, 'GDTI-174', [FILTER, documentType, { kind: 'text-7', name: 'serial', bits: 119, charactersMax: 17 }]),
  scheme(0x3f, 'SGCN-96', [
    FILTER,
    partition('couponReference', LOCATION),
    { kind: 'digits', name: 'serial', bits: 41, digitsMax: 12 },
  ]),
  scheme(0x40, 'ITIP-110', [FILTER, item, ...PIECE, SERIAL_38]),
  scheme(0x41, 'ITIP-212', [FILTER, item, ...PIECE, SERIAL_TEXT]),
];
