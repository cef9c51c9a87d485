/**
 * The schemes that came with version 2 of the standard. They keep no company prefix apart, have no tag URI, and may be
 * followed by more data of the item. They are read for people; on their way back they are a raw URI.
 *
 *     SGTIN+  | header 8 | data follow 1 | filter 3 | GTIN, 14 digits of 4 bits | serial |
 *     serial  | encoding 3 | characters 5 | the characters |
 *
 * Source: GS1 EPC Tag Data Standard 2.3, table 14-1 (headers), sections 14.5 and 14.6, checked against the examples of
 * its appendix E.3 (every `+` scheme); field order as in the TDT 2.2 scheme files (`CPI+.json` and others). The `++`
 * schemes (2.3, with a host name at the end) are recognised by their headers only.
 */
import { BitReader } from '#contract/codec/epc/bits.ts';
import { decodeUrnCode40 } from '#contract/codec/uhf-library/urn-code40.ts';

export interface PlusContent {
  /** Data of the item follow the EPC in the same memory; they are not read. */
  readonly dataToggle: boolean;
  readonly filter: number;
  readonly fields: Readonly<Record<string, string>>;
  readonly elementString: string;
}

type PlusField =
  | { readonly kind: 'digits'; readonly name: string; readonly digits: number }
  | { readonly kind: 'characters'; readonly name: string; readonly max: number }
  /** Digits, then maybe characters. */
  | { readonly kind: 'mixed'; readonly name: string; readonly max: number }
  | { readonly kind: 'counted-digits'; readonly name: string; readonly max: number }
  | { readonly kind: 'date' };

interface PlusScheme {
  readonly name: string;
  /** Absent for the `++` schemes. */
  readonly fields?: readonly PlusField[];
  /** The element string, with field names in braces. */
  readonly elements?: string;
}

const GTIN: PlusField = { kind: 'digits', name: 'gtin', digits: 14 };
const SERIAL: PlusField = { kind: 'characters', name: 'serial', max: 20 };

function key(name: string, digits: number): PlusField {
  return { kind: 'digits', name, digits };
}

const PLUS_SCHEMES = new Map<number, PlusScheme>([
  [
    0xf0,
    {
      name: 'CPI+',
      fields: [
        { kind: 'mixed', name: 'cpi', max: 30 },
        { kind: 'counted-digits', name: 'serial', max: 12 },
      ],
      elements: '(8010){cpi}(8011){serial}',
    },
  ],
  [0xf1, { name: 'GRAI+', fields: [key('grai', 14), { ...SERIAL, max: 16 }], elements: '(8003){grai}{serial}' }],
  [
    0xf2,
    {
      name: 'SGLN+',
      fields: [key('gln', 13), { ...SERIAL, name: 'extension' }],
      elements: '(414){gln}(254){extension}',
    },
  ],
  [0xf3, { name: 'ITIP+', fields: [key('itip', 18), SERIAL], elements: '(8006){itip}(21){serial}' }],
  [0xf4, { name: 'GSRN+', fields: [key('gsrn', 18)], elements: '(8018){gsrn}' }],
  [0xf5, { name: 'GSRNP+', fields: [key('gsrnp', 18)], elements: '(8017){gsrnp}' }],
  [0xf6, { name: 'GDTI+', fields: [key('gdti', 13), { ...SERIAL, max: 17 }], elements: '(253){gdti}{serial}' }],
  [0xf7, { name: 'SGTIN+', fields: [GTIN, SERIAL], elements: '(01){gtin}(21){serial}' }],
  [
    0xf8,
    {
      name: 'SGCN+',
      fields: [key('gcn', 13), { kind: 'counted-digits', name: 'serial', max: 12 }],
      elements: '(255){gcn}{serial}',
    },
  ],
  [0xf9, { name: 'SSCC+', fields: [key('sscc', 18)], elements: '(00){sscc}' }],
  [0xfa, { name: 'GIAI+', fields: [{ kind: 'mixed', name: 'giai', max: 30 }], elements: '(8004){giai}' }],
  [0xfb, { name: 'DSGTIN+', fields: [{ kind: 'date' }, GTIN, SERIAL], elements: '(01){gtin}(21){serial}' }],
  [0xe6, { name: 'CPI++' }],
  [0xe7, { name: 'GSRN++' }],
  [0xe8, { name: 'GSRNP++' }],
  [0xe9, { name: 'SGLN++' }],
  [0xea, { name: 'GDTI++' }],
  [0xeb, { name: 'GRAI++' }],
  [0xec, { name: 'SGCN++' }],
  [0xed, { name: 'ITIP++' }],
  [0xee, { name: 'GIAI++' }],
  [0xef, { name: 'SSCC++' }],
  [0xfc, { name: 'DSGTIN++' }],
  [0xfd, { name: 'SGTIN++' }],
]);

/** The scheme that a header byte announces. */
export function plusSchemeOf(header: number): PlusScheme | undefined {
  return PLUS_SCHEMES.get(header);
}

/** What stands in an EPC of `scheme`; undefined if it does not keep to the scheme's rules. */
export function decodePlus(scheme: PlusScheme, epc: Uint8Array): PlusContent | undefined {
  if (scheme.fields === undefined || scheme.elements === undefined) return undefined;
  const reader = new BitReader(epc.subarray(1));
  const dataToggle = reader.take(1) === 1;
  const filter = reader.take(3);
  const fields: Record<string, string> = {};
  for (const field of scheme.fields) {
    const texts = readPlusField(reader, field);
    if (texts === undefined) return undefined;
    Object.assign(fields, texts);
  }
  if (reader.isOver || (!dataToggle && reader.takeLong(reader.bitsLeft) !== 0n)) return undefined;
  const elementString = scheme.elements.replaceAll(/\{(\w+)\}/g, (_all, name: string) => fields[name] ?? '');
  return { dataToggle, filter, fields, elementString };
}

function readPlusField(reader: BitReader, field: PlusField): Record<string, string> | undefined {
  switch (field.kind) {
    case 'digits':
      return named(field.name, readDigits(reader, field.digits));
    case 'characters':
      return named(field.name, readCharacters(reader, field.max));
    case 'mixed':
      return named(field.name, readMixed(reader, field.max));
    case 'counted-digits': {
      const count = reader.take(4);
      return named(field.name, count <= field.max ? readNumber(reader, count) : undefined);
    }
    case 'date':
      return readDate(reader);
  }
}

function named(name: string, text: string | undefined): Record<string, string> | undefined {
  return text === undefined ? undefined : { [name]: text };
}

function readDigits(reader: BitReader, digits: number): string | undefined {
  let text = '';
  for (let index = 0; index < digits; index += 1) text += reader.take(4).toString(16);
  return /^\d+$/.test(text) ? text : undefined;
}

/** A number in as few bits as the greatest of so many digits needs. */
function readNumber(reader: BitReader, digits: number): string | undefined {
  if (digits === 0) return undefined;
  const bits = (10n ** BigInt(digits) - 1n).toString(2).length;
  const text = reader.takeLong(bits).toString().padStart(digits, '0');
  return text.length === digits ? text : undefined;
}

/** Digits of four bits; E says that characters follow, F that none do. */
function readMixed(reader: BitReader, max: number): string | undefined {
  let text = '';
  while (text.length <= max && reader.bitsLeft >= 4) {
    const code = reader.take(4);
    if (code === 0xf) return text === '' ? undefined : text;
    if (code === 0xe) {
      const rest = readCharacters(reader, max - text.length);
      return rest === undefined ? undefined : text + rest;
    }
    if (code > 9) return undefined;
    text += String(code);
  }
  return undefined;
}

const HEX_UPPER = '0123456789ABCDEF';
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const WIDEST_CODE40_BYTES = 22;

function readCharacters(reader: BitReader, max: number): string | undefined {
  const encoding = reader.take(3);
  const count = reader.take(5);
  if (count === 0 || count > max) return undefined;
  switch (encoding) {
    case 0:
      return readNumber(reader, count);
    case 1:
      return readEach(reader, count, { bits: 4, character: (code) => HEX_UPPER.charAt(code) });
    case 2:
      return readEach(reader, count, { bits: 4, character: (code) => HEX_UPPER.charAt(code).toLowerCase() });
    case 3:
      return readEach(reader, count, { bits: 6, character: (code) => BASE64.charAt(code) });
    case 4:
      return readEach(reader, count, { bits: 7, character: (code) => String.fromCharCode(code) });
    case 5:
      return readCode40(reader, count);
    default:
      return undefined;
  }
}

function readEach(
  reader: BitReader,
  count: number,
  { bits, character }: { readonly bits: number; readonly character: (code: number) => string },
): string | undefined {
  let text = '';
  for (let index = 0; index < count; index += 1) text += character(reader.take(bits));
  return /^[!-~]+$/.test(text) ? text : undefined;
}

function readCode40(reader: BitReader, count: number): string | undefined {
  const bytes = new Uint8Array(Math.min(WIDEST_CODE40_BYTES, 2 * Math.ceil(count / 3)));
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = reader.take(8);
  const text = decodeUrnCode40(bytes);
  return text?.slice(count).trim() === '' ? text.slice(0, count) : undefined;
}

/** Which date it is (4: the item expires), then year, month and day in 16 bits. */
function readDate(reader: BitReader): Record<string, string> | undefined {
  const dateType = String(reader.take(4));
  const [year, month, day] = [reader.take(7), reader.take(4), reader.take(5)];
  if (year > 99 || month < 1 || month > 12) return undefined;
  return { dateType, date: [year, month, day].map((part) => String(part).padStart(2, '0')).join('') };
}
