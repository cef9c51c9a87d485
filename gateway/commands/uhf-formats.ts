/** What the PC word and the EPC of a UHF tag say, and the words to write. */
import { encodeIsilEpc, ISIL_PROFILES, type IsilProfile } from '#contract/codec/uhf-library/isil-epc.ts';
import { buildPc, pcAfi } from '#contract/codec/uhf-library/pc-word.ts';
import { encodeSmartfreq } from '#contract/codec/uhf-library/smartfreq.ts';
import { decodeUhfLibrary, joinUii } from '#contract/codec/uhf-library/uhf-library.ts';
import { readUhfTag } from '#contract/codec/tag/read-uhf.ts';
import { encodeUii } from '#contract/codec/uhf-library/uii.ts';
import { USAGE } from '#contract/codec/iso28560-3/basic-block.ts';
import { afiFor, securityOfAfi, type TagProfile } from '#contract/domain/tag-profile.ts';
import { err, ok, type Result } from '#contract/result.ts';
import type { SecurityMarks, WrittenContent } from '#contract/wire/commands.ts';
import { recognitionOf, type ContentRefusal, type TagReading } from './tag-formats.ts';
import type { EpcMemory } from './uhf-tag.ts';

/** GS1 keeps this header free for ever, since it begins the TID that makers copy into new tags. Source: TDS, table of headers. */
const FACTORY_HEADER = 0xe2;

export interface HeardMemory {
  readonly pc: number | undefined;
  readonly epc: Uint8Array;
}

export function readEpc({ pc, epc }: HeardMemory): TagReading {
  const memory = { epc, ...(pc !== undefined && { pc }) };
  const read = readUhfTag(memory);
  const { format, content } = read;
  const recognised = recognitionOf(read);
  if (content !== undefined) {
    // Which of the library forms it is decides how it can be written again.
    const form = decodeUhfLibrary(memory)?.form ?? format;
    return { kind: 'item', content: { ...content, format: form }, recognised, beside: [] };
  }
  if (format === 'blank' || (format === 'unknown' && epc[0] === FACTORY_HEADER)) return { kind: 'blank', recognised };
  return { kind: 'other', recognised };
}

/** Only the mark that the profile names counts: a GS1 tag without it is never called unsecured. */
export function readUhfSecurity(memory: HeardMemory, { security, afi: meaning }: TagProfile['uhf']): SecurityMarks {
  const afi = memory.pc === undefined ? undefined : pcAfi(memory.pc);
  const told = afi === undefined ? {} : { afi };
  switch (security) {
    case 'none':
      return { state: 'none', ...told };
    case 'pc-afi':
      return { state: securityOfAfi(afi, meaning), ...told };
    case 'epc-bit': {
      const item = decodeUhfLibrary({ epc: memory.epc });
      if (item?.form !== 'isil-epc') return { state: 'unknown', ...told };
      return { state: item.secured ? 'secured' : 'unsecured', ...told };
    }
  }
}

/** Whether the mark of the profile may be written: never on a tag of another trade. */
export function mayCarryMark(memory: EpcMemory, { security, afi: meaning }: TagProfile['uhf']): boolean {
  const item = decodeUhfLibrary(memory);
  if (security === 'epc-bit') return item?.form === 'isil-epc';
  return item !== undefined || securityOfAfi(pcAfi(memory.pc), meaning) !== 'unknown';
}

/** Whether an alarm would sound now: by the mark of the profile, else by the tag's own; what has none stands in the stock. */
export function isSecuredNow(memory: EpcMemory, profile: TagProfile['uhf']): boolean {
  const { state } = readUhfSecurity(memory, profile);
  if (state === 'secured' || state === 'unsecured') return state === 'secured';
  return decodeUhfLibrary(memory)?.secured ?? true;
}

export interface MarkWanted {
  readonly profile: TagProfile['uhf'];
  readonly secured: boolean;
}

/** Refused as well where it would not be read back as this item, by us or by anybody who reads library tags. */
export function encodeEpc(
  format: string,
  content: WrittenContent,
  mark: MarkWanted,
): Result<EpcMemory, ContentRefusal> {
  const encoded = encodeForm(format, content, mark);
  if (!encoded.ok) return encoded;
  const back = readEpc(encoded.value);
  if (back.kind === 'item' && back.content.itemId === content.itemId && back.content.format === format) return encoded;
  return err({ code: 'content-invalid', detail: `itemId: would not be read back from ${format} as this item` });
}

function encodeForm(
  format: string,
  content: WrittenContent,
  { profile: { afi: meaning, security }, secured }: MarkWanted,
): Result<EpcMemory, ContentRefusal> {
  const fault = (detail: string): Result<EpcMemory, ContentRefusal> => err({ code: 'content-invalid', detail });
  const { itemId, isil, part = 1, parts = 1, usage = USAGE.circulation } = content;
  if (usage !== USAGE.circulation) return fault(`usage: ${format} has no room for it`);
  if (parts > 1 && format !== 'uii') return fault(`parts: ${format} has no room for them`);
  const withPc = (epc: Uint8Array | undefined, afi?: number): Result<EpcMemory, ContentRefusal> =>
    epc === undefined || epc.length > EPC_BYTES_MAX
      ? fault('itemId: not in the characters or the length of the format')
      : ok({ epc, pc: buildPc(epc.length, afi) });
  const afi = afiFor(secured, meaning);
  switch (format) {
    case 'uii': {
      const set = parts > 1 ? { setInformation: { parts, partNumber: part } } : {};
      const text = joinUii({ primaryItemId: itemId, ...(isil !== undefined && { ownerIsil: isil }), ...set });
      return withPc(encodeUii(text), afi);
    }
    case 'smartfreq-br':
      if (isil !== undefined) return fault('isil: the format has no room for it');
      return withPc(encodeSmartfreq({ primaryItemId: itemId, fill: 'zeros' }), afi);
    case 'isil-epc': {
      const owner = isil === undefined ? undefined : isilLayout(isil);
      if (owner === undefined) return fault('isil: a German one, whose tags are described');
      const reserved = new Uint8Array(4);
      const idType = owner.layout === 'typed' ? { idType: 1 } : {};
      const epc = encodeIsilEpc({ ...owner, ...idType, primaryItemId: itemId, secured, reserved });
      return withPc(epc, security === 'pc-afi' ? afi : undefined);
    }
    default:
      return err({ code: 'format-unknown', detail: format });
  }
}

/** 31 words are what a PC word can announce. */
const EPC_BYTES_MAX = 62;

function isilLayout(isil: string): IsilProfile | undefined {
  const known = ISIL_PROFILES.find(({ ownerIsil }) => ownerIsil === isil);
  if (known !== undefined) return known;
  const [, number] = /^DE-(\d{1,4})$/.exec(isil) ?? [];
  return number === undefined ? undefined : { header: `DE${number}`, ownerIsil: isil, layout: 'number' };
}
