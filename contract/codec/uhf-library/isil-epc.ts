/**
 * German library tags of 128 bits: the ISIL without its hyphen in URN Code 40, then the item id, and the security bit last.
 *
 *     number  | ISIL 4 | number 8                        | reserved 3   | reserved 7 bits, secured 1 |
 *     typed   | ISIL 4 | type 1 | number or text 7       | reserved 3   | reserved 7 bits, secured 1 |
 *     ascii   | ISIL 4 | text 10, filled with zeros      | version 1    | reserved 7 bits, secured 1 |
 *     code-40 | ISIL 4 | text 10, three characters a word | version 1   | reserved 7 bits, secured 1 |
 *
 * Types of lent-in items (DE290F): 1 number, 2 `@` and number, 3 `49HBZUBD` and seven digits, 4 eight characters.
 *
 * Source: bookwaves-feig, `DE290Tag.java`, `DE290FTag.java`, `DE6Tag.java`, `DE386Tag.java` (text to the right),
 * `BookWavesTag.java` (text to the left) and `TagFactory.java`.
 */
import { sameBytes } from '#contract/codec/format-json.ts';
import { decodeUrnCode40, encodeUrnCode40 } from '#contract/codec/uhf-library/urn-code40.ts';

export const ISIL_EPC_BYTES = 16;
export const ISIL_LAYOUTS = ['number', 'typed', 'ascii', 'code-40'] as const;
export type IsilLayout = (typeof ISIL_LAYOUTS)[number];

/** What a library writes behind which header. */
export interface IsilProfile {
  /** At most six characters: how the ISIL stands on the tag. */
  readonly header: string;
  readonly ownerIsil: string;
  readonly layout: IsilLayout;
}

/** The libraries whose tags are described in public. `CD290` is a slip of the first 5,000 tags of DE-290. */
export const ISIL_PROFILES: readonly IsilProfile[] = [
  { header: 'DE290', ownerIsil: 'DE-290', layout: 'number' },
  { header: 'CD290', ownerIsil: 'DE-290', layout: 'number' },
  { header: 'DE290F', ownerIsil: 'DE-290', layout: 'typed' },
  { header: 'DE6', ownerIsil: 'DE-6', layout: 'number' },
  { header: 'DE386', ownerIsil: 'DE-386', layout: 'ascii' },
  { header: 'DE385', ownerIsil: 'DE-385', layout: 'code-40' },
  { header: 'DELAN1', ownerIsil: 'DE-LAN1', layout: 'ascii' },
];

export interface IsilContent {
  readonly layout: IsilLayout;
  readonly header: string;
  readonly ownerIsil: string;
  readonly primaryItemId: string;
  /** Only of `typed`. */
  readonly idType?: number;
  /** Only of `ascii`: where the text stands, if not to the left. */
  readonly align?: 'right';
  /** Only of `ascii`: the byte that fills it up, if not zero. */
  readonly fill?: number;
  readonly secured: boolean;
  /** The last four bytes without the security bit; of `ascii` and `code-40` the first two belong to the text. */
  readonly reserved: Uint8Array;
}

const ITEM_AT = 4;
const RESERVED_AT = 12;
const TEXT_END = 14;
const SECURITY_AT = 15;
const HBZU_PREFIX = '49HBZUBD';
const HBZU_DIGITS = 7;

/** The header's text, if the first four bytes are a German ISIL; of unknown libraries only `DE` and digits. */
export function isilProfileOf(
  epc: Uint8Array,
  profiles: readonly IsilProfile[] = ISIL_PROFILES,
): IsilProfile | undefined {
  if (epc.length !== ISIL_EPC_BYTES) return undefined;
  const header = decodeUrnCode40(epc.subarray(0, ITEM_AT))?.trimEnd();
  if (header === undefined) return undefined;
  const known = profiles.find((profile) => profile.header === header);
  if (known !== undefined) return known;
  return /^DE\d{1,4}$/.test(header) && isPlainNumber(epc)
    ? { header, ownerIsil: `DE-${header.slice(2)}`, layout: 'number' }
    : undefined;
}

/** A number of at most 13 digits with nothing around it: all that is believed of a library nobody described. */
function isPlainNumber(epc: Uint8Array): boolean {
  const number = readNumber(epc.subarray(ITEM_AT, RESERVED_AT));
  const isBare = epc.subarray(RESERVED_AT, SECURITY_AT).every((byte) => byte === 0) && (epc[SECURITY_AT] ?? 0) < 2;
  return isBare && number > 0n && number < 10n ** 13n;
}

/** The security bit of a tag of 128 bits. */
export function isSecuredEpc(epc: Uint8Array): boolean {
  return ((epc[SECURITY_AT] ?? 0) & 1) === 1;
}

/** What stands behind the header; undefined if it does not keep to the layout. */
export function decodeIsilEpc(epc: Uint8Array, profile: IsilProfile): IsilContent | undefined {
  const reserved = epc.slice(RESERVED_AT);
  reserved[3] = (reserved[3] ?? 0) & 0xfe;
  const { header, ownerIsil, layout } = profile;
  const base = { layout, header, ownerIsil, secured: isSecuredEpc(epc), reserved };
  for (const item of readItems(epc, layout)) {
    const content: IsilContent = { ...base, ...item };
    const written = encodeIsilEpc(content);
    if (written && sameBytes(written, epc)) return content;
  }
  return undefined;
}

type Item = Pick<IsilContent, 'primaryItemId' | 'idType' | 'align' | 'fill'>;

/** Every reading that could be meant, the likeliest first; the one that gives the bytes again counts. */
function readItems(epc: Uint8Array, layout: IsilLayout): readonly Item[] {
  switch (layout) {
    case 'number':
      return [{ primaryItemId: readNumber(epc.subarray(ITEM_AT, RESERVED_AT)).toString() }];
    case 'typed': {
      const idType = epc[ITEM_AT] ?? 0;
      const primaryItemId = readTyped(idType, epc.subarray(ITEM_AT + 1, RESERVED_AT));
      return primaryItemId === undefined ? [] : [{ primaryItemId, idType }];
    }
    case 'ascii': {
      const text = String.fromCharCode(...epc.subarray(ITEM_AT, TEXT_END));
      const left = [{ primaryItemId: text.replace(/\0+$/, '') }, { primaryItemId: text.trimEnd(), fill: 0x20 }];
      const right = [{ primaryItemId: text.replace(/^\0+/, '') }, { primaryItemId: text.trimStart(), fill: 0x20 }];
      return [...left, ...right.map((item) => ({ ...item, align: 'right' as const }))];
    }
    case 'code-40': {
      const text = readCode40(epc.subarray(ITEM_AT, TEXT_END));
      return text === undefined ? [] : [{ primaryItemId: text }];
    }
  }
}

function readNumber(bytes: Uint8Array): bigint {
  return bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
}

function readTyped(idType: number, bytes: Uint8Array): string | undefined {
  const number = readNumber(bytes).toString();
  switch (idType) {
    case 1:
      return number;
    case 2:
      return `@${number}`;
    case 3:
      return HBZU_PREFIX + number.padStart(HBZU_DIGITS, '0');
    case 4:
      return decodeUrnCode40(bytes.subarray(1))?.trimEnd();
    default:
      return undefined;
  }
}

/** Words of zeros end the text. */
function readCode40(bytes: Uint8Array): string | undefined {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0 && bytes[end - 2] === 0) end -= 2;
  return decodeUrnCode40(bytes.subarray(0, end))?.trimEnd();
}

/** The EPC of an item; undefined if its id does not fit the layout. */
export function encodeIsilEpc(content: IsilContent): Uint8Array | undefined {
  const header = encodeUrnCode40(content.header.padEnd(6, ' '));
  const item = writeItem(content);
  if (header?.length !== ITEM_AT || item === undefined) return undefined;
  const epc = new Uint8Array(ISIL_EPC_BYTES);
  epc.set(header);
  epc.set(content.reserved, RESERVED_AT);
  epc.set(item, ITEM_AT);
  epc[SECURITY_AT] = ((epc[SECURITY_AT] ?? 0) & 0xfe) | Number(content.secured);
  return epc;
}

function writeItem(content: IsilContent): Uint8Array | undefined {
  const { layout, primaryItemId } = content;
  switch (layout) {
    case 'number':
      return writeNumber(primaryItemId, 8);
    case 'typed':
      return writeTyped(content.idType ?? 0, primaryItemId);
    case 'ascii':
      return writeAscii(content);
    case 'code-40': {
      const text = primaryItemId === '' || primaryItemId.endsWith(' ') ? undefined : encodeUrnCode40(primaryItemId);
      if (text === undefined || text.length > TEXT_END - ITEM_AT) return undefined;
      return Uint8Array.from({ length: TEXT_END - ITEM_AT }, (_, at) => text[at] ?? 0);
    }
  }
}

function writeNumber(text: string, bytes: number): Uint8Array | undefined {
  if (!/^(?:0|[1-9]\d*)$/.test(text)) return undefined;
  const value = BigInt(text);
  if (value >> BigInt(8 * bytes) !== 0n) return undefined;
  return Uint8Array.from({ length: bytes }, (_, at) => Number((value >> BigInt(8 * (bytes - 1 - at))) & 0xffn));
}

function writeTyped(idType: number, text: string): Uint8Array | undefined {
  const behind = writeTypedId(idType, text);
  return behind && Uint8Array.of(idType, ...behind);
}

function writeTypedId(idType: number, text: string): Uint8Array | undefined {
  switch (idType) {
    case 1:
      return writeNumber(text, 7);
    case 2:
      return text.startsWith('@') ? writeNumber(text.slice(1), 7) : undefined;
    case 3: {
      const digits = text.slice(HBZU_PREFIX.length);
      const isWhole = text.startsWith(HBZU_PREFIX) && /^\d{7}$/.test(digits);
      return isWhole ? writeNumber(BigInt(digits).toString(), 7) : undefined;
    }
    case 4: {
      const code =
        text === '' || text.endsWith(' ') || text.length > 9 ? undefined : encodeUrnCode40(text.padEnd(9, ' '));
      return code && Uint8Array.of(0, ...code);
    }
    default:
      return undefined;
  }
}

function writeAscii({ primaryItemId, align, fill = 0 }: IsilContent): Uint8Array | undefined {
  const room = TEXT_END - ITEM_AT;
  if (!/^[!-~](?:[ -~]*[!-~])?$/.test(primaryItemId) || primaryItemId.length > room) return undefined;
  const filling = String.fromCharCode(fill);
  const text = align === 'right' ? primaryItemId.padStart(room, filling) : primaryItemId.padEnd(room, filling);
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
