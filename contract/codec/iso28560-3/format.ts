import { byteField, fromJson, hexBytes } from '#contract/codec/format-json.ts';
import { badValue, checkDerived, fillMemory, memorySize, restField } from '#contract/codec/tag/encode-input.ts';
/**
 * Tags in the fixed-length model as JSON.
 *
 * `crcValid` false is a tag without CRC, which is `untrusted`: a wrong byte in it would not be noticed. A tag whose CRC is
 * there and wrong is not printed at all. `ownerIsil` is made of the two owner fields; either is enough to write a tag.
 *
 * Source: ISO 28560-3; DS/INF 163-1 (Danish data model).
 */
import { z } from 'zod';
import type { CodecError } from '#contract/codec/codec-error.ts';
import type { EncodeError, Format, Json, JsonObject } from '#contract/codec/format.ts';
import { usageName } from '#contract/codec/iso28560-2/elements.ts';
import {
  BASIC_BLOCK_BYTES,
  basicBlockProblem,
  computedCrc,
  joinIsil,
  layBlock,
  readTag,
  setCrc,
  SHORT_BLOCK_BYTES,
  turnBlocks,
  type Iso28560Content,
} from '#contract/codec/iso28560-3/basic-block.ts';
import { buildTagBytes } from '#contract/codec/iso28560-3/build.ts';
import { encodePieces, EXTENSION, EXTENSION_NAMES, type ExtensionBlock } from '#contract/codec/iso28560-3/extension.ts';
import { findLibraryBlock, readLibraryBlock } from '#contract/codec/iso28560-3/library-block.ts';
import { toHex } from '#contract/hex.ts';
import { ok, type Result } from '#contract/result.ts';

const CRC_AT = 19;
const EXTENSION_DATA_BYTES_MAX = 251;
const LONG_ID_DATA_BYTES_MAX = 249;
const LONG_ID = 0xff00;

/** How the bytes lie. */
const VARIANTS = ['standard', 'reversed-blocks', 'swapped-nibbles', 'reversed-blocks, swapped-nibbles'] as const;

const word = z.int().min(0).max(0xffff);
const pieceInput = z.union([
  z.strictObject({ filler: z.int().min(1).max(8192) }),
  z.strictObject({
    id: word,
    longId: word.optional(),
    name: z.string().optional(),
    data: hexBytes(),
    mediaFormat: byteField.optional(),
    itemIdentifier: z.string().optional(),
    ownerInstitution: z.string().optional(),
  }),
]);
type PieceInput = z.infer<typeof pieceInput>;

const input = z.strictObject({
  standardVersion: z.literal(1).optional(),
  typeOfUsage: z.int().min(0).max(15).default(1),
  typeOfUsageName: z.string().optional(),
  parts: byteField.default(1),
  partNumber: byteField.default(1),
  primaryItemId: z.string(),
  primaryItemIdInExtension: z.literal(true).optional(),
  crc: z
    .string()
    .regex(/^[0-9A-F]{4}$/, 'must be four upper-case hexadecimal digits')
    .optional(),
  crcValid: z.boolean().default(true),
  untrusted: z.literal(true).optional(),
  ownerCountry: z.string().optional(),
  ownerInstitution: z.string().optional(),
  ownerIsil: z.string().optional(),
  ownerInExtension: z.literal(true).optional(),
  variant: z.enum(VARIANTS).default('standard'),
  basicBlockBytes: z.int().min(SHORT_BLOCK_BYTES).max(BASIC_BLOCK_BYTES).optional(),
  extensionBlocks: z.array(pieceInput).optional(),
  extensionFault: z.string().optional(),
  memoryBytes: memorySize.min(SHORT_BLOCK_BYTES).optional(),
  rest: hexBytes().optional(),
});
type Input = z.infer<typeof input>;

export const iso28560Part3Format: Format = {
  name: 'iso28560-3',
  summary: 'HF library tag in the fixed-length model (ISO 28560-3, Danish model): the memory of the tag',
  notation: 'hex',
  decode,
  encode,
};

function decode(bytes: Uint8Array): Result<JsonObject, CodecError> {
  const read = readTag(bytes);
  if (!read.ok) return read;
  const { tag, walk, memory } = read.value;
  const behind = restField(memory.slice(walk.end));
  const isTrusted = tag.confidence === 'crc';
  return ok({
    standardVersion: 1,
    typeOfUsage: tag.usage,
    typeOfUsageName: usageName(tag.usage),
    parts: tag.parts,
    partNumber: tag.part,
    primaryItemId: tag.itemId,
    ...(tag.isItemIdElsewhere && { primaryItemIdInExtension: true }),
    crc: isTrusted ? crcText(memory) : '0000',
    crcValid: isTrusted,
    ...(!isTrusted && { untrusted: true }),
    ownerCountry: tag.country,
    ownerInstitution: tag.institution,
    ownerIsil: tag.isil,
    ...(tag.isOwnerElsewhere && { ownerInExtension: true }),
    variant: variantOf(tag.byteOrder, tag.nibbles),
    basicBlockBytes: Math.min(bytes.length, BASIC_BLOCK_BYTES),
    extensionBlocks: piecesToJson(walk.pieces),
    ...(walk.fault && { extensionFault: walk.fault.detail }),
    memoryBytes: bytes.length,
    ...(behind && { rest: toHex(behind) }),
  });
}

function crcText(memory: Uint8Array): string {
  return computedCrc(memory).toString(16).toUpperCase().padStart(4, '0');
}

function variantOf(byteOrder: 'forward' | 'reversed', nibbles: 'standard' | 'swapped'): (typeof VARIANTS)[number] {
  if (byteOrder === 'forward') return nibbles === 'standard' ? 'standard' : 'swapped-nibbles';
  return nibbles === 'standard' ? 'reversed-blocks' : 'reversed-blocks, swapped-nibbles';
}

function piecesToJson(pieces: readonly (ExtensionBlock | 'filler')[]): readonly Json[] {
  const json: Json[] = [];
  let fillers = 0;
  for (const piece of pieces) {
    if (piece === 'filler') {
      fillers += 1;
      continue;
    }
    if (fillers > 0) json.push({ filler: fillers });
    fillers = 0;
    json.push(blockToJson(piece));
  }
  return fillers > 0 ? [...json, { filler: fillers }] : json;
}

function blockToJson({ id, longId, data }: ExtensionBlock): JsonObject {
  return {
    id,
    ...(longId !== undefined && { longId }),
    ...(EXTENSION_NAMES[id] !== undefined && { name: EXTENSION_NAMES[id] }),
    data: toHex(data),
    ...(id === EXTENSION.library && libraryFields(data)),
  };
}

function libraryFields(data: Uint8Array): JsonObject {
  const block = readLibraryBlock(data);
  if (!block) return {};
  return {
    mediaFormat: block.mediaFormat,
    ...(block.itemId !== undefined && { itemIdentifier: block.itemId }),
    ...(block.isil !== undefined && { ownerInstitution: block.isil }),
  };
}

function encode(value: unknown): Result<Uint8Array, EncodeError> {
  const parsed = fromJson(input, value);
  if (!parsed.ok) return parsed;
  const given = parsed.value;
  const forward = isWhole(given) ? wholeTag(given) : newTag(given);
  if (!forward.ok) return forward;
  const isReversed = given.variant.startsWith('reversed');
  const size = given.memoryBytes ?? (isReversed ? Math.ceil(forward.value.length / 4) * 4 : undefined);
  const memory = fillMemory(forward.value, size);
  return memory.ok && isReversed ? ok(turnBlocks(memory.value)) : memory;
}

/** Whether the fields say where everything goes. If not, the tag is laid out for its writer. */
function isWhole(given: Input): boolean {
  const { ownerCountry, ownerInstitution, extensionBlocks, rest, ownerInExtension, primaryItemIdInExtension } = given;
  const places = [ownerCountry, ownerInstitution, extensionBlocks, rest, ownerInExtension, primaryItemIdInExtension];
  return places.some((place) => place !== undefined);
}

function newTag(given: Input): Result<Uint8Array, EncodeError> {
  const { typeOfUsage, parts, partNumber, primaryItemId, ownerIsil = '', variant, crcValid } = given;
  const memoryBytes = given.memoryBytes ?? given.basicBlockBytes ?? Number.POSITIVE_INFINITY;
  const tag = { usage: typeOfUsage, parts, part: partNumber, itemId: primaryItemId, isil: ownerIsil };
  const built = buildTagBytes(tag, memoryBytes);
  if ('problem' in built) {
    const path = built.problem === 'isil' ? 'ownerIsil' : built.problem === 'itemId' ? 'primaryItemId' : built.problem;
    return badValue(path, built.detail);
  }
  const memory = built.slice();
  if (variant.endsWith('swapped-nibbles')) memory[0] = (typeOfUsage << 4) | 1;
  return sealed(memory, crcValid, given);
}

function wholeTag(given: Input): Result<Uint8Array, EncodeError> {
  const { ownerInExtension, primaryItemIdInExtension, variant, crcValid } = given;
  const pieces = piecesFromJson(given.extensionBlocks ?? []);
  if (!pieces.ok) return pieces;
  const library = findLibraryBlock(pieces.value.filter((piece) => piece !== 'filler'));
  const isil = ownerInExtension ? library?.isil : undefined;
  const [country = '', institution = ''] = ownerFields(given);
  const content: Iso28560Content = {
    usage: given.typeOfUsage,
    parts: given.parts,
    part: given.partNumber,
    itemId: given.primaryItemId,
    country,
    institution,
  };
  const derived = {
    typeOfUsageName: usageName(content.usage),
    primaryItemId: primaryItemIdInExtension ? library?.itemId : content.itemId,
    ownerIsil: ownerInExtension ? isil : joinIsil(country, institution),
  };
  const { typeOfUsageName, primaryItemId, ownerIsil } = given;
  const checked = checkDerived({ typeOfUsageName, primaryItemId, ownerIsil }, derived, 'the rest');
  if (!checked.ok) return checked;
  const problem = problemOf(content, primaryItemIdInExtension === true);
  if (problem !== undefined) return badValue(problem, 'does not fit into its field of the basic block');

  const memory = layBlock(content, {
    nibbles: variant.endsWith('swapped-nibbles') ? 'swapped' : 'standard',
    isItemIdElsewhere: primaryItemIdInExtension === true,
    isOwnerElsewhere: ownerInExtension === true,
  });
  const whole = Uint8Array.from([...memory, ...encodePieces(pieces.value), ...(given.rest ?? [])]);
  const sealedMemory = sealed(whole, crcValid, given);
  return sealedMemory.ok ? shortened(sealedMemory.value, given) : sealedMemory;
}

/** Country and institution as given, or as the ISIL says. */
function ownerFields(given: Input): readonly (string | undefined)[] {
  const { ownerCountry, ownerInstitution, ownerIsil = '' } = given;
  if (ownerCountry !== undefined || ownerInstitution !== undefined) return [ownerCountry, ownerInstitution];
  const [, country, institution] = /^([A-Z]{2})-(.*)$/.exec(ownerIsil) ?? [];
  return [country, institution];
}

/** The JSON name of the field that does not fit. A tag without item is allowed: it has not been given one yet. */
function problemOf(content: Iso28560Content, isItemIdElsewhere: boolean): string | undefined {
  const itemId = isItemIdElsewhere || content.itemId === '' ? '1' : content.itemId;
  const problem = basicBlockProblem({ ...content, itemId });
  if (problem === 'item-id') return 'primaryItemId';
  if (problem === 'country') return 'ownerCountry';
  return problem === 'institution' ? 'ownerInstitution' : problem;
}

function sealed(memory: Uint8Array, crcValid: boolean, given: Input): Result<Uint8Array, EncodeError> {
  if (crcValid) setCrc(memory);
  else memory.fill(0, CRC_AT, CRC_AT + 2);
  const crc = crcValid ? crcText(memory) : '0000';
  const checked = checkDerived({ crc: given.crc }, { crc }, 'the content');
  return checked.ok ? ok(memory) : checked;
}

/** A tag of less than 34 bytes has no place for the end of the owner. */
function shortened(memory: Uint8Array, given: Input): Result<Uint8Array, EncodeError> {
  const size = given.memoryBytes ?? given.basicBlockBytes ?? BASIC_BLOCK_BYTES;
  if (size >= BASIC_BLOCK_BYTES) return ok(memory);
  if (memory.subarray(size).some((value) => value !== 0) || memory.length > BASIC_BLOCK_BYTES) {
    return badValue('memoryBytes', `must be more than ${size}: the owner or what follows does not fit`);
  }
  return ok(memory.subarray(0, size));
}

function piecesFromJson(given: readonly PieceInput[]): Result<(ExtensionBlock | 'filler')[], EncodeError> {
  const pieces: (ExtensionBlock | 'filler')[] = [];
  for (const [index, piece] of given.entries()) {
    const path = `extensionBlocks.${index}`;
    if ('filler' in piece) {
      pieces.push(...Array.from({ length: piece.filler }, () => 'filler' as const));
      continue;
    }
    const { id, longId, data, name, mediaFormat, itemIdentifier, ownerInstitution } = piece;
    const isLong = id >= LONG_ID;
    if (isLong !== (longId !== undefined)) return badValue(`${path}.longId`, 'goes with an id of FF00 (65280) or more');
    const bytesMax = isLong ? LONG_ID_DATA_BYTES_MAX : EXTENSION_DATA_BYTES_MAX;
    if (data.length > bytesMax) return badValue(`${path}.data`, `must be at most ${bytesMax} bytes`);
    const block: ExtensionBlock = { id, ...(longId !== undefined && { longId }), data };
    const derived = { name, mediaFormat, itemIdentifier, ownerInstitution };
    const checked = checkDerived(derived, blockToJson(block), `${path}.data`);
    if (!checked.ok) return badValue(`${path}.${checked.error.path}`, checked.error.detail);
    pieces.push(block);
  }
  return ok(pieces);
}
