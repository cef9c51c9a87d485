/**
 * Library items on UHF tags, from what an inventory hears: protocol control word and EPC.
 *
 * - `smartfreq-br`: item id in six-bit code behind 41; lent or not by the AFI.
 * - `isil-epc`: ISIL, item id and security bit in 128 bits.
 * - `uii`: by ISO, `ISIL.item id` as text; lent or not by the AFI. Only where the control word says ISO and library.
 * - `iso-other`: the control word says ISO and library, but the identifier is no text: no item id is made up.
 *
 * Everything else is no library tag as far as we can see: GS1 items, other trades, chips never written.
 *
 * Source: the files of this folder; ISO/TS 28560-4 (item id in memory bank 01); library AFIs 07 and C2 as in dp2
 * `UhfUtility.cs` and bookwaves-feig `BRTag.java`.
 */
import {
  decodeIsilEpc,
  isilProfileOf,
  ISIL_PROFILES,
  isSecuredEpc,
  type IsilContent,
  type IsilProfile,
} from '#contract/codec/uhf-library/isil-epc.ts';
import { pcAfi, pcEpcBytes } from '#contract/codec/uhf-library/pc-word.ts';
import { securityOf, type SecurityKind, type UhfTag } from '#contract/codec/uhf-library/security.ts';
import { decodeSmartfreq, type SixBitFill } from '#contract/codec/uhf-library/smartfreq.ts';
import { decodeUii, type DigitStyle } from '#contract/codec/uhf-library/uii.ts';

interface Common {
  /** As it was given. */
  readonly pc?: number;
  /** The application family, if the control word says ISO. */
  readonly afi?: number;
  /** In stock: a gate calls. Absent if the tag does not say. */
  readonly secured?: boolean;
  /** Where the mark stands. */
  readonly security: SecurityKind;
  readonly ownerIsil?: string;
  readonly primaryItemId?: string;
}

export interface PartOfSet {
  readonly parts: number;
  readonly partNumber: number;
}

export interface SmartfreqTag extends Common {
  readonly form: 'smartfreq-br';
  readonly primaryItemId: string;
  readonly fill: SixBitFill;
}

export interface IsilTag extends Common {
  readonly form: 'isil-epc';
  readonly header: string;
  readonly ownerIsil: string;
  readonly secured: boolean;
  /** Absent if what stands behind the header does not keep to the library's layout. */
  readonly content?: IsilContent;
  readonly epc: Uint8Array;
}

export interface UiiTag extends Common {
  readonly form: 'uii';
  readonly uii: string;
  readonly alternativeOwner?: string;
  readonly setInformation?: PartOfSet;
  readonly digits: DigitStyle;
  readonly zeroWords: number;
}

export interface OtherIsoTag extends Common {
  readonly form: 'iso-other';
  readonly epc: Uint8Array;
}

export type UhfLibraryTag = SmartfreqTag | IsilTag | UiiTag | OtherIsoTag;

/** AFIs of libraries: in stock and lent. */
const LIBRARY_AFIS: readonly number[] = [0x07, 0xc2];

/** The library item on a tag; undefined if it is none. `profiles` says what libraries write behind their ISIL. */
export function decodeUhfLibrary(
  tag: UhfTag,
  profiles: readonly IsilProfile[] = ISIL_PROFILES,
): UhfLibraryTag | undefined {
  const isWhole = tag.pc !== undefined && pcEpcBytes(tag.pc) === tag.epc.length;
  const afi = isWhole ? pcAfi(tag.pc) : undefined;
  const known = { ...(tag.pc !== undefined && { pc: tag.pc }), ...(afi !== undefined && { afi }) };
  const mark = isWhole ? securityOf(tag, 'pc-afi') : 'unknown';
  const byAfi = { ...known, security: 'pc-afi' as const, ...(mark !== 'unknown' && { secured: mark === 'secured' }) };

  const smartfreq = decodeSmartfreq(tag.epc);
  if (smartfreq !== undefined) return { form: 'smartfreq-br', ...byAfi, ...smartfreq };

  const profile = isilProfileOf(tag.epc, profiles);
  if (profile !== undefined) return { ...readIsilTag(tag.epc, profile), ...known };

  if (afi === undefined || !LIBRARY_AFIS.includes(afi)) return undefined;
  const uii = decodeUii(tag.epc);
  if (uii === undefined) return { form: 'iso-other', ...byAfi, epc: tag.epc };
  const { text, digits, zeroWords } = uii;
  return { form: 'uii', ...byAfi, uii: text, ...splitUii(text), digits, zeroWords };
}

function readIsilTag(epc: Uint8Array, profile: IsilProfile): IsilTag {
  const content = decodeIsilEpc(epc, profile);
  return {
    form: 'isil-epc',
    security: 'epc-bit',
    header: profile.header,
    ownerIsil: profile.ownerIsil,
    secured: isSecuredEpc(epc),
    ...(content && { primaryItemId: content.primaryItemId, content }),
    epc,
  };
}

export interface UiiParts {
  readonly ownerIsil?: string;
  /** An owner by a number that is no ISIL. */
  readonly alternativeOwner?: string;
  readonly primaryItemId?: string;
  readonly setInformation?: PartOfSet;
}

/** Prefix of 1 to 4 letters, hyphen, up to 11 more; ISO 15511. */
const ISIL = /^[A-Za-z]{1,4}-(?![:/-])[A-Za-z0-9:/-]{1,11}(?<![:/-])$/;

/** Institutions without an ISIL are numbered locally, as on a tag in dp2 `TestUHF.cs` (`22333.B0000004`). */
const OWNER_NUMBER = /^\d{2,11}$/;

/** An item id that stands alone. Longer or other texts come from identifiers that are random on purpose. */
const LONE_ITEM_ID = /^(?=.{1,16}$)[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*$/;

/**
 * `ISIL.item id`, or the item id alone (the owner then stands in the user bank). Behind a second dot, digits that count parts (`31`: part 1 of 3) are the set
 * information, as in the example of the standard.
 */
export function splitUii(text: string): UiiParts {
  const dot = text.indexOf('.');
  const owner = text.slice(0, Math.max(dot, 0));
  const item = text.slice(dot + 1);
  if (OWNER_NUMBER.test(owner) && LONE_ITEM_ID.test(item)) return { alternativeOwner: owner, primaryItemId: item };
  if (!ISIL.test(owner) || item === '') return LONE_ITEM_ID.test(text) ? { primaryItemId: text } : {};
  const [, id, digits] = /^(.+)\.((?:\d\d){1,3})$/.exec(item) ?? [];
  const setInformation = digits === undefined ? undefined : readSet(digits);
  const whole = { ownerIsil: owner, primaryItemId: item };
  if (id === undefined || setInformation === undefined) return whole;
  const parts = { ownerIsil: owner, primaryItemId: id, setInformation };
  return joinUii(parts) === text ? parts : whole;
}

function readSet(digits: string): PartOfSet | undefined {
  const half = digits.length / 2;
  const set = { parts: Number(digits.slice(0, half)), partNumber: Number(digits.slice(half)) };
  return set.partNumber >= 1 && set.partNumber <= set.parts ? set : undefined;
}

/** Inverse of {@link splitUii}. */
export function joinUii({ ownerIsil, alternativeOwner, primaryItemId, setInformation }: UiiParts): string {
  const { parts = 0, partNumber = 0 } = setInformation ?? {};
  const digits = Math.max(String(parts).length, String(partNumber).length);
  const set = [parts, partNumber].map((number) => String(number).padStart(digits, '0')).join('');
  return [ownerIsil ?? alternativeOwner, primaryItemId, setInformation && set]
    .filter((part) => part !== undefined)
    .join('.');
}
