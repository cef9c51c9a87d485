/**
 * Library items on UHF tags for the bench tool.
 *
 * Bytes: the protocol control word and the EPC behind it, as memory bank 01 has them without its CRC; or the EPC alone,
 * where the first word does not announce the length of the rest or the rest is no library tag.
 *
 * JSON: `form`, `pc` and `afi` in hex (if there was a control word), `ownerIsil`, `primaryItemId`, `secured`, and what else
 * the form has. Back: `form` and its fields; without `pc`, `afi` makes a control word; without both, the EPC alone is
 * written.
 *
 * Source: ISO/IEC 18000-63, memory bank 01; the forms as in `uhf-library.ts`.
 */
import { z } from 'zod';
import type { CodecError } from '#contract/codec/codec-error.ts';
import { fromJson, hexBytes, toJson } from '#contract/codec/format-json.ts';
import type { EncodeError, Format, JsonObject } from '#contract/codec/format.ts';
import {
  encodeIsilEpc,
  ISIL_EPC_BYTES,
  ISIL_LAYOUTS,
  ISIL_PROFILES,
  type IsilContent,
} from '#contract/codec/uhf-library/isil-epc.ts';
import { buildPc, pcAfi, pcEpcBytes } from '#contract/codec/uhf-library/pc-word.ts';
import type { UhfTag } from '#contract/codec/uhf-library/security.ts';
import { encodeSmartfreq, SIX_BIT_FILLS } from '#contract/codec/uhf-library/smartfreq.ts';
import { decodeUhfLibrary, joinUii, type UhfLibraryTag } from '#contract/codec/uhf-library/uhf-library.ts';
import { DIGIT_STYLES, encodeUii } from '#contract/codec/uhf-library/uii.ts';
import { toHex } from '#contract/hex.ts';
import { err, ok, type Result } from '#contract/result.ts';

const EPC_BYTES_MAX = 62;

export const uhfLibraryFormat: Format = {
  name: 'uhf-library',
  summary: 'UHF tag of a library item (ISO 28560-4, ISIL in the EPC, Smartfreq): control word and EPC',
  notation: 'hex',
  decode,
  encode,
};

function decode(bytes: Uint8Array): Result<JsonObject, CodecError> {
  if (bytes.length === 0) return err({ code: 'truncated', offsetBytes: 0, detail: 'no bytes' });
  if (bytes.length % 2 !== 0 || bytes.length > EPC_BYTES_MAX + 2) {
    const detail = 'a control word and an EPC of at most 31 words, or the EPC alone';
    return err({ code: 'bad-length', offsetBytes: bytes.length, detail });
  }
  for (const tag of readings(bytes)) {
    const item = decodeUhfLibrary(tag);
    if (item !== undefined) return ok(tagToJson(item));
  }
  return err({ code: 'unsupported', offsetBytes: 0, detail: 'no library item in any form that is known' });
}

/** With a control word, if the first word can be one; then without. */
function readings(bytes: Uint8Array): readonly UhfTag[] {
  const pc = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
  const behind = bytes.slice(2);
  const alone = bytes.length <= EPC_BYTES_MAX ? [{ epc: bytes }] : [];
  return pcEpcBytes(pc) === behind.length && behind.length > 0 ? [{ pc, epc: behind }, ...alone] : alone;
}

/** JSON of a library item, as other formats embed it. */
export function tagToJson(tag: UhfLibraryTag): JsonObject {
  const { pc, afi, secured, ownerIsil, primaryItemId } = tag;
  return {
    form: tag.form,
    ...(pc !== undefined && { pc: toHex(Uint8Array.of(pc >> 8, pc & 0xff)) }),
    ...(afi !== undefined && { afi: toHex(Uint8Array.of(afi)) }),
    ...(ownerIsil !== undefined && { ownerIsil }),
    ...(primaryItemId !== undefined && { primaryItemId }),
    ...(secured !== undefined && { secured }),
    ...ownFields(tag),
  };
}

function ownFields(tag: UhfLibraryTag): JsonObject {
  switch (tag.form) {
    case 'smartfreq-br':
      return tag.fill === 'zeros' ? {} : { fill: tag.fill };
    case 'iso-other':
      return { epc: toHex(tag.epc) };
    case 'uii': {
      const { uii, alternativeOwner, setInformation, digits, zeroWords } = tag;
      return {
        uii,
        ...(alternativeOwner !== undefined && { alternativeOwner }),
        ...(setInformation && { setInformation: { ...setInformation } }),
        ...(digits !== 'long' && { digits }),
        ...(zeroWords > 0 && { zeroWords }),
      };
    }
    case 'isil-epc':
      if (tag.content === undefined) return { header: tag.header, epc: toHex(tag.epc) };
      return { header: tag.header, ...isilFields(tag.content) };
  }
}

function isilFields({ layout, idType, align, fill, reserved }: IsilContent): JsonObject {
  const [, , version = 0, flags = 0] = reserved;
  const hasText = layout === 'ascii' || layout === 'code-40';
  return {
    layout,
    ...(idType !== undefined && { idType }),
    ...(align && { align }),
    ...(fill !== undefined && { fill }),
    ...(hasText ? { version, ...(flags !== 0 && { flags }) } : {}),
    ...(!hasText && reserved.some((byte) => byte !== 0) && { reserved: toHex(reserved) }),
  };
}

const byteField = z.int().min(0).max(0xff);
const common = {
  pc: hexBytes(2).optional(),
  afi: hexBytes(1).optional(),
  secured: z.boolean().optional(),
};
const set = z.strictObject({ parts: z.int().min(1).max(999), partNumber: z.int().min(1).max(999) });

const input = z.discriminatedUnion('form', [
  z.strictObject({
    form: z.literal('smartfreq-br'),
    ...common,
    primaryItemId: z.string(),
    fill: z.enum(SIX_BIT_FILLS).optional(),
  }),
  z.strictObject({
    form: z.literal('isil-epc'),
    ...common,
    header: z.string(),
    ownerIsil: z.string().optional(),
    layout: z.enum(ISIL_LAYOUTS).optional(),
    primaryItemId: z.string().optional(),
    idType: byteField.optional(),
    align: z.literal('right').optional(),
    fill: byteField.optional(),
    version: byteField.optional(),
    flags: byteField.optional(),
    reserved: hexBytes(4).optional(),
    epc: hexBytes(ISIL_EPC_BYTES).optional(),
  }),
  z.strictObject({
    form: z.literal('uii'),
    ...common,
    uii: z.string().optional(),
    ownerIsil: z.string().optional(),
    alternativeOwner: z.string().optional(),
    primaryItemId: z.string().optional(),
    setInformation: set.optional(),
    digits: z.enum(DIGIT_STYLES).optional(),
    zeroWords: z.int().min(0).max(31).optional(),
  }),
  z.strictObject({ form: z.literal('iso-other'), ...common, epc: hexBytes() }),
]);
type Input = z.infer<typeof input>;
type InputOf<Form extends Input['form']> = Extract<Input, { form: Form }>;

function encode(value: unknown): Result<Uint8Array, EncodeError> {
  const parsed = fromJson(input, value);
  if (!parsed.ok) return parsed;
  const epc = buildEpc(parsed.value);
  if (!epc.ok) return epc;
  return writeWithPc(parsed.value, epc.value);
}

function buildEpc(given: Input): Result<Uint8Array, EncodeError> {
  switch (given.form) {
    case 'smartfreq-br': {
      const { primaryItemId, fill = 'zeros' } = given;
      const epc = encodeSmartfreq({ primaryItemId, fill });
      return epc ? ok(epc) : refuse('primaryItemId', 'capital letters, digits and spaces (not the last), at most 78');
    }
    case 'uii':
      return buildUii(given);
    case 'iso-other':
      return given.epc.length > 0 ? ok(given.epc) : refuse('epc', 'at least one word');
    case 'isil-epc':
      return buildIsilEpc(given);
  }
}

function buildUii(given: InputOf<'uii'>): Result<Uint8Array, EncodeError> {
  const { ownerIsil, alternativeOwner, primaryItemId, setInformation, digits = 'long', zeroWords = 0 } = given;
  const joined =
    primaryItemId === undefined
      ? undefined
      : joinUii({
          primaryItemId,
          ...(ownerIsil !== undefined && { ownerIsil }),
          ...(alternativeOwner !== undefined && { alternativeOwner }),
          ...(setInformation && { setInformation }),
        });
  const text = given.uii ?? joined;
  if (text === undefined || text === '') return refuse('uii', 'a text such as DE-290.12345, or primaryItemId');
  if (joined !== undefined && joined !== text) {
    return refuse('uii', `the fields beside it say ${joined}; change both or leave one out`);
  }
  const bytes = encodeUii(text, digits);
  if (bytes === undefined) return refuse('uii', 'only characters of at most three bytes UTF-8');
  const epc = new Uint8Array(bytes.length + 2 * zeroWords);
  epc.set(bytes);
  return ok(epc);
}

function buildIsilEpc(given: InputOf<'isil-epc'>): Result<Uint8Array, EncodeError> {
  if (given.epc !== undefined) return ok(given.epc);
  const { header, primaryItemId, secured } = given;
  const profile = ISIL_PROFILES.find((known) => known.header === header);
  const layout = given.layout ?? profile?.layout;
  if (!/^[A-Z][A-Z0-9]{0,5}$/.test(header)) return refuse('header', 'one to six capital letters and digits: DE290');
  if (layout === undefined) return refuse('layout', `one of ${ISIL_LAYOUTS.join(', ')}`);
  if (secured === undefined) return refuse('secured', 'true (in stock) or false');
  if (primaryItemId === undefined) return refuse('primaryItemId', 'the item id, or epc');
  const ownerIsil = given.ownerIsil ?? profile?.ownerIsil ?? '';
  const reserved = given.reserved ?? Uint8Array.of(0, 0, given.version ?? 0, given.flags ?? 0);
  if (((reserved[3] ?? 0) & 1) !== 0) return refuse('reserved', 'the last bit is the one that secured says');
  const { idType, align, fill } = given;
  const epc = encodeIsilEpc({
    ...{ layout, header, ownerIsil, primaryItemId, secured, reserved },
    ...(idType !== undefined && { idType }),
    ...(align && { align }),
    ...(fill !== undefined && { fill }),
  });
  return epc ? ok(epc) : refuse('primaryItemId', `does not fit the layout ${layout}, or needs another idType`);
}

function writeWithPc(given: Input, epc: Uint8Array): Result<Uint8Array, EncodeError> {
  if (epc.length % 2 !== 0 || epc.length > EPC_BYTES_MAX) return refuse('', 'makes an EPC of more than 31 words');
  const afi = given.afi?.[0];
  const [high = 0, low = 0] = given.pc ?? [];
  const hasPc = given.pc !== undefined || afi !== undefined;
  const pc = given.pc === undefined ? buildPc(epc.length, afi) : (high << 8) | low;
  if (pcEpcBytes(pc) !== epc.length && hasPc) {
    const wanted = (pc & 0x07ff) | buildPc(epc.length);
    return refuse('pc', `announces ${pcEpcBytes(pc)} bytes of EPC, these are ${epc.length}: ${hexOf(wanted)}`);
  }
  if (hasPc && given.pc !== undefined && afi !== undefined && pcAfi(pc) !== afi) {
    return refuse('afi', `pc says ${hexOf(pc)}; change both or leave one out`);
  }
  const problem = firstContradiction(given, { ...(hasPc && { pc }), epc });
  if (problem) return problem;
  return ok(hasPc ? Uint8Array.of(pc >> 8, pc & 0xff, ...epc) : epc);
}

/** What is written must be read back as what was given: a field that does not arrive is no small thing on a book. */
function firstContradiction(given: Input, tag: UhfTag): Result<never, EncodeError> | undefined {
  const read = decodeUhfLibrary(tag);
  if (read?.form !== given.form) {
    return refuse(
      'form',
      `would be read back as ${read?.form ?? 'no library item'}; uii and iso-other need afi 07 or C2`,
    );
  }
  const written = tagToJson(read);
  for (const [name, field] of Object.entries(toJson(given))) {
    const own = written[name];
    if (own === undefined ? DEFAULTS[name]?.includes(field) : JSON.stringify(own) === JSON.stringify(field)) continue;
    const said = own === undefined ? 'nothing' : JSON.stringify(own);
    return refuse(name, `the other fields say ${said}; change them too or leave this out`);
  }
  return undefined;
}

/** What decoding leaves out, because nothing on the tag shows it. */
const DEFAULTS: Readonly<Record<string, readonly unknown[]>> = {
  fill: ['zeros', '100000', 0],
  digits: DIGIT_STYLES,
  zeroWords: [0],
  flags: [0],
  reserved: ['00000000'],
};

function hexOf(word: number): string {
  return toHex(Uint8Array.of(word >> 8, word & 0xff));
}

function refuse(path: string, detail: string): Result<never, EncodeError> {
  return err({ code: 'bad-value', path, detail });
}
