/**
 * The basic block of a library tag in the fixed-length model.
 *
 *     offset  0       1      2     3 .. 18                  19      21       23 .. 33
 *             | v u   | parts | part | item id, UTF-8, 00..  | CRC   | country | rest of the ISIL, 00.. |
 *
 * `v` (high nibble) is the version of the model, 1; `u` the type of usage. The CRC is sent least significant byte first
 * and covers bytes 0..18 and 21..33. A 32-byte tag has no bytes 32 and 33: they count as zero.
 *
 * Tags in the field differ: some writers turn every 4-byte block round, some swap the two nibbles, some write no CRC.
 * A turned block is believed only if its CRC then holds; a tag without CRC is read but marked `no-crc`; everything else
 * is refused. A barcode is never made up: a wrong one would lend somebody else's book.
 *
 * An item id of more than 16 bytes, or an owner that does not fit, stands in the library extension block; its place here
 * then holds a byte 01. Some writers keep the hyphen of the ISIL.
 *
 * Source: ISO 28560-3; its clarification by TC46/SC4/WG11 of 2011 (long item ids); DS/INF 163-1 (Danish data model),
 * pages 15, 25 and 31; quirks as handled by libdanrfid.
 */
import { assert } from '#contract/assert.ts';
import type { CodecError } from '#contract/codec/codec-error.ts';
import { crc16 } from '#contract/codec/crc16.ts';
import { walkExtensions, type ExtensionBlock, type ExtensionWalk } from '#contract/codec/iso28560-3/extension.ts';
import { findLibraryBlock } from '#contract/codec/iso28560-3/library-block.ts';
import { readText, writeText } from '#contract/codec/iso28560-3/text.ts';
import { err, ok, type Result } from '#contract/result.ts';

export const BASIC_BLOCK_BYTES = 34;
/** On the smallest tags the last two bytes do not exist. */
export const SHORT_BLOCK_BYTES = 32;

const ITEM_ID_AT = 3;
const ITEM_ID_BYTES = 16;
const CRC_AT = 19;
const COUNTRY_AT = 21;
const COUNTRY_BYTES = 2;
const INSTITUTION_AT = 23;
const MEMORY_BLOCK_BYTES = 4;
const MODEL_VERSION = 1;
/** Stands in the place of a value that is kept in the library extension block. */
const ELSEWHERE = 0x01;

/** Types of usage; 3, 4 and 10 to 15 are for local use or later. */
export const USAGE = {
  acquisition: 0,
  circulation: 1,
  notForCirculation: 2,
  future: 5,
  unspecified: 6,
  discarded: 7,
  patronCard: 8,
  equipment: 9,
} as const;

/** What a library writes on its tag. */
export interface Iso28560Content {
  /** One of {@link USAGE}, 0..15. */
  readonly usage: number;
  /** How many parts the item has, each with a tag of its own; 0 or 1 = a single one. */
  readonly parts: number;
  /** Which of them this is, from 1. */
  readonly part: number;
  /** The barcode; 1 to 16 bytes of UTF-8. */
  readonly itemId: string;
  /** ISO 3166 letters of the owner's country, or empty. */
  readonly country: string;
  /** The ISIL behind the country and its hyphen, or empty; up to 11 bytes, 9 on a 32-byte tag. */
  readonly institution: string;
}

/** How the bytes lie; the defaults are the standard's. */
export interface Iso28560Form {
  readonly bytes?: typeof BASIC_BLOCK_BYTES | typeof SHORT_BLOCK_BYTES;
  /** `reversed`: every 4-byte block is turned round. */
  readonly byteOrder?: 'forward' | 'reversed';
  readonly nibbles?: 'standard' | 'swapped';
  readonly hasCrc?: boolean;
}

export interface Iso28560Tag extends Iso28560Content {
  /** `no-crc`: the tag carries no checksum, so a wrong byte would not be noticed. */
  readonly confidence: 'crc' | 'no-crc';
  readonly byteOrder: 'forward' | 'reversed';
  readonly nibbles: 'standard' | 'swapped';
  /** Owner, `country-institution`; empty if the tag does not say. */
  readonly isil: string;
  readonly extensions: readonly ExtensionBlock[];
  /** Why the extension blocks could not be read to their end. */
  readonly extensionFault?: CodecError;
  /** The item id stands in the library extension block. */
  readonly isItemIdElsewhere?: true;
  /** The owner stands in the library extension block; `country` and `institution` are then empty. */
  readonly isOwnerElsewhere?: true;
}

/** A tag with all there is to write it again. */
export interface TagReading {
  readonly tag: Iso28560Tag;
  readonly walk: ExtensionWalk;
  /** The memory with its blocks the right way round. */
  readonly memory: Uint8Array;
}

/**
 * Reads the user memory of a tag from its first block on; 32 bytes or more.
 *
 * Errors: `truncated` (read more blocks), `bad-checksum` (damaged, or not in this model: read again, then try other
 * models), `unsupported` (a later version of the model), `bad-value` (the item id is empty or no text).
 */
export function decodeBasicBlock(memory: Uint8Array): Result<Iso28560Tag, CodecError> {
  const read = readTag(memory);
  if (!read.ok) return read;
  return read.value.tag.itemId === '' ? noItem() : ok(read.value.tag);
}

function noItem(): Result<never, CodecError> {
  return err({ code: 'bad-value', offsetBytes: ITEM_ID_AT, detail: 'item id is empty or no text' });
}

/** As {@link decodeBasicBlock}, but a tag that has no item yet is read too, if its CRC holds. */
export function readTag(memory: Uint8Array): Result<TagReading, CodecError> {
  if (memory.length < SHORT_BLOCK_BYTES) {
    const detail = `basic block needs ${SHORT_BLOCK_BYTES} bytes`;
    return err({ code: 'truncated', offsetBytes: memory.length, detail });
  }
  if (isCrcRight(memory)) return readFields(memory, { confidence: 'crc', byteOrder: 'forward' });
  const turned = turnBlocks(memory);
  if (isCrcRight(turned)) return readFields(turned, { confidence: 'crc', byteOrder: 'reversed' });
  if (storedCrc(memory) === 0) {
    const read = readFields(memory, { confidence: 'no-crc', byteOrder: 'forward' });
    if (read.ok && isPlausible(read.value.tag)) return read;
  }
  const detail = `stored ${hex16(storedCrc(memory))}, computed ${hex16(computedCrc(memory))}`;
  return err({ code: 'bad-checksum', offsetBytes: CRC_AT, detail });
}

function hex16(value: number): string {
  return value.toString(16).toUpperCase().padStart(4, '0');
}

function storedCrc(memory: Uint8Array): number {
  return new DataView(memory.buffer, memory.byteOffset).getUint16(CRC_AT, true);
}

/** The CRC that a memory should have, its blocks the right way round. */
export function computedCrc(memory: Uint8Array): number {
  const covered = new Uint8Array(BASIC_BLOCK_BYTES - 2);
  covered.set(memory.subarray(0, CRC_AT));
  covered.set(memory.subarray(COUNTRY_AT, BASIC_BLOCK_BYTES), CRC_AT);
  return crc16(covered);
}

function isCrcRight(memory: Uint8Array): boolean {
  return storedCrc(memory) === computedCrc(memory);
}

/** Turns every whole 4-byte block round; a rest that fills no block stays. */
export function turnBlocks(memory: Uint8Array): Uint8Array {
  const turned = memory.slice();
  for (let at = 0; at + MEMORY_BLOCK_BYTES <= turned.length; at += MEMORY_BLOCK_BYTES) {
    turned.subarray(at, at + MEMORY_BLOCK_BYTES).reverse();
  }
  return turned;
}

/** Without a checksum, a tag must at least count its parts as the standard says. */
function isPlausible(tag: Iso28560Tag): boolean {
  return tag.part >= 1 && tag.part <= tag.parts && tag.itemId !== '';
}

function readFields(
  memory: Uint8Array,
  known: Pick<Iso28560Tag, 'confidence' | 'byteOrder'>,
): Result<TagReading, CodecError> {
  const kind = readKind(memory[0] ?? 0);
  if (kind === undefined) {
    return err({ code: 'unsupported', offsetBytes: 0, detail: `model version in byte ${memory[0] ?? 0}` });
  }
  const walk = walkExtensions(memory, BASIC_BLOCK_BYTES);
  const extensions = walk.pieces.filter((piece) => piece !== 'filler');
  const library = findLibraryBlock(extensions);
  const item = readField(memory.subarray(ITEM_ID_AT, CRC_AT), library?.itemId);
  if (item === undefined) return noItem();
  const owner = readOwner(memory, library?.isil);
  if (owner === undefined) return err({ code: 'bad-value', offsetBytes: COUNTRY_AT, detail: 'owner is no text' });
  const tag: Iso28560Tag = {
    ...known,
    ...kind,
    parts: memory[1] ?? 0,
    part: memory[2] ?? 0,
    itemId: item.text,
    ...(item.isElsewhere && { isItemIdElsewhere: true }),
    ...owner,
    extensions,
    ...(walk.fault && { extensionFault: walk.fault }),
  };
  return ok({ tag, walk, memory });
}

/** A text, or the one in the library extension block if the field refers to it. */
function readField(
  field: Uint8Array,
  elsewhere: string | undefined,
): { text: string; isElsewhere: boolean } | undefined {
  const isElsewhere = field[0] === ELSEWHERE && field.subarray(1).every((byte) => byte === 0);
  const text = isElsewhere ? elsewhere : readText(field);
  return text === undefined ? undefined : { text, isElsewhere };
}

function readOwner(
  memory: Uint8Array,
  elsewhere: string | undefined,
): Pick<Iso28560Tag, 'country' | 'institution' | 'isil' | 'isOwnerElsewhere'> | undefined {
  const whole = readField(memory.subarray(COUNTRY_AT, BASIC_BLOCK_BYTES), elsewhere);
  if (whole?.isElsewhere === true) {
    return { country: '', institution: '', isil: whole.text, isOwnerElsewhere: true };
  }
  const country = readText(memory.subarray(COUNTRY_AT, INSTITUTION_AT));
  const institution = readText(memory.subarray(INSTITUTION_AT, BASIC_BLOCK_BYTES));
  if (country === undefined || institution === undefined) return undefined;
  return { country, institution, isil: joinIsil(country, institution) };
}

/** Version 1 stands in the high nibble, or, where a writer swapped them, in the low one. */
function readKind(byte: number): Pick<Iso28560Tag, 'usage' | 'nibbles'> | undefined {
  if (byte >> 4 === MODEL_VERSION) return { usage: byte & 0x0f, nibbles: 'standard' };
  if ((byte & 0x0f) === MODEL_VERSION) return { usage: byte >> 4, nibbles: 'swapped' };
  return undefined;
}

/** The ISIL as people write it, e.g. `NO-02030000`. The tag leaves out the hyphen, or should. */
export function joinIsil(country: string, institution: string): string {
  const needsHyphen = country !== '' && institution !== '' && !institution.startsWith('-');
  return needsHyphen ? `${country}-${institution}` : country + institution;
}

/** Inverse of {@link joinIsil}; undefined for an ISIL without a two-letter country, which the tag cannot hold. */
export function splitIsil(isil: string): Pick<Iso28560Content, 'country' | 'institution'> | undefined {
  const [, country, institution] = /^([A-Z]{2})-(.{1,11})$/.exec(isil) ?? [];
  return country === undefined || institution === undefined ? undefined : { country, institution };
}

/** Why `content` cannot be written in `bytes` bytes; undefined if it can. Ask before writing what people typed. */
export function basicBlockProblem(
  content: Iso28560Content,
  bytes: 32 | 34 = BASIC_BLOCK_BYTES,
): 'usage' | 'parts' | 'item-id' | 'country' | 'institution' | undefined {
  const { usage, parts, part, itemId, country, institution } = content;
  const isByte = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= 0xff;
  if (!isByte(usage) || usage > 0x0f) return 'usage';
  if (!isByte(parts) || !isByte(part)) return 'parts';
  if (itemId === '' || writeText(itemId, ITEM_ID_BYTES) === undefined) return 'item-id';
  if (writeText(country, COUNTRY_BYTES) === undefined) return 'country';
  return writeText(institution, bytes - INSTITUTION_AT) === undefined ? 'institution' : undefined;
}

/**
 * The bytes to write from the first block on. A reversed 34-byte block is filled to 36 bytes, since blocks are turned
 * whole. Content that does not fit is a fault of ours: see {@link basicBlockProblem}.
 */
export function encodeBasicBlock(content: Iso28560Content, form: Iso28560Form = {}): Uint8Array {
  const { bytes = BASIC_BLOCK_BYTES, byteOrder = 'forward', nibbles = 'standard', hasCrc = true } = form;
  const problem = basicBlockProblem(content, bytes);
  assert(problem === undefined, `content fits the basic block: ${problem ?? ''}`);

  const memory = layBlock(content, { nibbles, isItemIdElsewhere: false, isOwnerElsewhere: false });
  if (hasCrc) setCrc(memory);
  if (byteOrder === 'forward') return memory.subarray(0, bytes);
  const turned = new Uint8Array(Math.ceil(bytes / MEMORY_BLOCK_BYTES) * MEMORY_BLOCK_BYTES);
  turned.set(memory.subarray(0, bytes));
  return turnBlocks(turned);
}

/** The 34 bytes of a basic block without CRC. The caller has checked that the content fits. */
export function layBlock(
  content: Iso28560Content,
  how: { nibbles: 'standard' | 'swapped'; isItemIdElsewhere: boolean; isOwnerElsewhere: boolean },
): Uint8Array {
  const memory = new Uint8Array(BASIC_BLOCK_BYTES);
  const { usage } = content;
  memory[0] = how.nibbles === 'standard' ? (MODEL_VERSION << 4) | usage : (usage << 4) | MODEL_VERSION;
  memory[1] = content.parts;
  memory[2] = content.part;
  const elsewhere = Uint8Array.of(ELSEWHERE);
  memory.set(how.isItemIdElsewhere ? elsewhere : (writeText(content.itemId, ITEM_ID_BYTES) ?? []), ITEM_ID_AT);
  memory.set(how.isOwnerElsewhere ? elsewhere : (writeText(content.country, COUNTRY_BYTES) ?? []), COUNTRY_AT);
  if (!how.isOwnerElsewhere) {
    memory.set(writeText(content.institution, BASIC_BLOCK_BYTES - INSTITUTION_AT) ?? [], INSTITUTION_AT);
  }
  return memory;
}

/** Writes the CRC of `memory`, its blocks the right way round, into it. */
export function setCrc(memory: Uint8Array): void {
  new DataView(memory.buffer, memory.byteOffset).setUint16(CRC_AT, computedCrc(memory), true);
}
