/**
 * The memory to write on a blank HF tag: what a staff encoding station programmes.
 *
 * The whole memory is given, filled with zeros, so that nothing of an earlier content stays behind. The chip's own
 * registers are not part of it: DSFID see `DSFID` in weigh-hf.ts, AFI see iso28560-3/afi.ts.
 *
 * Source: the formats as in their folders.
 */
import type { EncodeError } from '#contract/codec/format.ts';
import { buildTagBytes } from '#contract/codec/iso28560-3/build.ts';
import { buildObjects } from '#contract/codec/iso28560-2/build.ts';
import { encodeObjects } from '#contract/codec/iso28560-2/memory.ts';
import { badValue, fillMemory } from '#contract/codec/tag/encode-input.ts';
import type { TagContent } from '#contract/codec/tag/reading.ts';
import { encodeLayout, isItemId } from '#contract/codec/threem-tag/layout.ts';
import { ok, type Result } from '#contract/result.ts';

export const HF_FORMATS = ['iso28560-3', 'iso28560-2', '3m-tag'] as const;
export type HfFormat = (typeof HF_FORMATS)[number];

/** What to write. `part` and `parts` go together; without them the item has one part. */
export type NewContent = Pick<TagContent, 'itemId' | 'isil' | 'part' | 'parts' | 'usage'>;

/** The chip to write on. */
export interface ChipSize {
  readonly memoryBytes: number;
  readonly blockBytes: number;
}

const CIRCULATION = 1;
const FIXED_BYTES_MIN = 32;
const THREE_M_BYTES_MIN = 28;
const MEMORY_BYTES_MAX = 8192;
const BOOK = 1;

/** All bytes of the chip's memory. Errors name the field of the content, or `memoryBytes` when it does not fit. */
export function encodeTagContent(
  format: HfFormat,
  content: NewContent,
  chip: ChipSize,
): Result<Uint8Array, EncodeError> {
  const problem = checkChip(chip) ?? checkContent(content);
  if (problem) return problem;
  const bytes = layOut(format, content, chip);
  if (!bytes.ok) return bytes;
  const { memoryBytes } = chip;
  if (bytes.value.length <= memoryBytes) return fillMemory(bytes.value, memoryBytes);
  return badValue('memoryBytes', `must be ${bytes.value.length} or more for this content; the tag has ${memoryBytes}`);
}

function layOut(format: HfFormat, content: NewContent, chip: ChipSize): Result<Uint8Array, EncodeError> {
  switch (format) {
    case 'iso28560-3':
      return fixedLength(content, chip);
    case 'iso28560-2':
      return objects(content, chip);
    case '3m-tag':
      return threeM(content);
  }
}

function checkChip({ memoryBytes, blockBytes }: ChipSize): Result<never, EncodeError> | undefined {
  if (!Number.isInteger(blockBytes) || blockBytes < 1 || blockBytes > 32) {
    return badValue('blockBytes', 'must be 1 to 32');
  }
  const isSize = Number.isInteger(memoryBytes) && memoryBytes > 0 && memoryBytes <= MEMORY_BYTES_MAX;
  if (isSize && memoryBytes % blockBytes === 0) return undefined;
  return badValue('memoryBytes', `must be a multiple of ${blockBytes}, up to ${MEMORY_BYTES_MAX}`);
}

function checkContent({ itemId, part, parts, usage }: NewContent): Result<never, EncodeError> | undefined {
  if (itemId === '') return badValue('itemId', 'must be the barcode of the item');
  if ((part === undefined) !== (parts === undefined)) return badValue('part', 'goes with parts: "part 2 of 3"');
  const isByte = (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= 255;
  if (parts !== undefined && !isByte(parts)) return badValue('parts', 'must be 1 to 255');
  if (part !== undefined && parts !== undefined && !(isByte(part) && part <= parts)) {
    return badValue('part', `must be 1 to ${parts}`);
  }
  const isUsage = usage === undefined || (Number.isInteger(usage) && usage >= 0 && usage <= 15);
  return isUsage ? undefined : badValue('usage', 'must be 0 to 15');
}

function fixedLength(content: NewContent, { memoryBytes }: ChipSize): Result<Uint8Array, EncodeError> {
  if (memoryBytes < FIXED_BYTES_MIN)
    return badValue('memoryBytes', `must be ${FIXED_BYTES_MIN} or more in this format`);
  const { itemId, isil = '', part = 1, parts = 1, usage = CIRCULATION } = content;
  const built = buildTagBytes({ itemId, isil, part, parts, usage }, memoryBytes);
  return 'problem' in built ? badValue(built.problem, built.detail) : ok(built);
}

function objects(content: NewContent, { blockBytes }: ChipSize): Result<Uint8Array, EncodeError> {
  const { itemId, isil, part = 1, parts = 1, usage = CIRCULATION } = content;
  const built = buildObjects(
    {
      primaryItemId: itemId,
      ...(isil !== undefined && isil !== '' && { ownerIsil: isil }),
      ...(parts > 1 && { setInformation: { parts, partNumber: part } }),
      typeOfUsage: usage,
    },
    blockBytes,
  );
  if (built === 'ownerIsil') return badValue('isil', 'must be an ISIL: letters, digits, - / :');
  if (typeof built === 'string') return badValue('itemId', 'must be text');
  return ok(encodeObjects({ objects: built, rest: new Uint8Array(0) }));
}

function threeM(content: NewContent): Result<Uint8Array, EncodeError> {
  const { itemId, isil = '', part = 1, parts = 1, usage = CIRCULATION } = content;
  if (!isItemId(itemId)) return badValue('itemId', 'must be at most 16 printable ASCII characters in this format');
  if (isil !== '') return badValue('isil', 'must be left out: this format has no place for the owner');
  if (usage !== CIRCULATION) return badValue('usage', 'must be 1 or left out: this format has no type of usage');
  if (parts > 15) return badValue('parts', 'must be 1 to 15 in this format');
  const rest = new Uint8Array(4);
  const tag = { setIndex: part, setTotal: parts, itemType: BOOK, primaryItemId: itemId };
  const bytes = encodeLayout({ ...tag, branch: 0, library: 0, custom: 0, rest });
  return ok(bytes.subarray(0, THREE_M_BYTES_MIN));
}
