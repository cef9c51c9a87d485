/**
 * The memory of a new tag in the fixed-length model. An item id or an owner that the basic block cannot hold goes into
 * the library extension block, if the tag has room for one.
 *
 * Source: ISO 28560-3, 7.2 and 7.5; its clarification by TC46/SC4/WG11 of 2011.
 */
import {
  basicBlockProblem,
  layBlock,
  setCrc,
  splitIsil,
  type Iso28560Content,
} from '#contract/codec/iso28560-3/basic-block.ts';
import { encodePieces, EXTENSION } from '#contract/codec/iso28560-3/extension.ts';
import { writeLibraryBlock } from '#contract/codec/iso28560-3/library-block.ts';
import { writeText } from '#contract/codec/iso28560-3/text.ts';

/** What is written on a new tag. */
export interface NewTag extends Pick<Iso28560Content, 'usage' | 'parts' | 'part' | 'itemId'> {
  /** Owner as people write it, or empty. */
  readonly isil: string;
}

const BASIC_BLOCK_BYTES = 34;
const ITEM_ID_BYTES = 16;
const COUNTRY_AND_CRC_END = 23;
const EXTENDED_BYTES_MAX = 240;

/** Bytes of a new tag, without filling, or the field that cannot be written. */
export function buildTagBytes(
  tag: NewTag,
  memoryBytes: number,
): Uint8Array | { problem: keyof NewTag; detail: string } {
  const { itemId, isil } = tag;
  if (itemId === '') return { problem: 'itemId', detail: 'must be a text of one character or more' };
  if (writeText(itemId, EXTENDED_BYTES_MAX) === undefined) {
    return { problem: 'itemId', detail: 'must be text without control characters, at most 240 bytes' };
  }
  if (writeText(isil, EXTENDED_BYTES_MAX) === undefined) return { problem: 'isil', detail: 'must be an ISIL' };
  const owner = isil === '' ? { country: '', institution: '' } : splitIsil(isil);
  const institutionBytes = Math.min(memoryBytes, BASIC_BLOCK_BYTES) - COUNTRY_AND_CRC_END;
  const isOwnerElsewhere = owner === undefined || writeText(owner.institution, institutionBytes) === undefined;
  const isItemIdElsewhere = writeText(itemId, ITEM_ID_BYTES) === undefined;
  const content: Iso28560Content = {
    ...tag,
    itemId: isItemIdElsewhere ? '1' : itemId,
    ...(isOwnerElsewhere ? { country: '', institution: '' } : owner),
  };
  const problem = basicBlockProblem(content);
  if (problem === 'usage') return { problem, detail: 'must be 0 to 15' };
  if (problem !== undefined)
    return { problem: 'parts', detail: 'must be 0 to 255, and so must the number of the part' };

  const memory = layBlock(content, { nibbles: 'standard', isItemIdElsewhere, isOwnerElsewhere });
  setCrc(memory);
  if (!isItemIdElsewhere && !isOwnerElsewhere) return memory.subarray(0, Math.min(memoryBytes, BASIC_BLOCK_BYTES));
  const data = writeLibraryBlock({
    mediaFormat: 0,
    ...(isItemIdElsewhere && { itemId }),
    ...(isOwnerElsewhere && { isil }),
  });
  const bytes = Uint8Array.from([...memory, ...encodePieces([{ id: EXTENSION.library, data }])]);
  if (bytes.length <= memoryBytes) return bytes;
  const needed = `needs an extension block, and the tag ${bytes.length} bytes`;
  return { problem: isItemIdElsewhere ? 'itemId' : 'isil', detail: `is too long for the basic block: it ${needed}` };
}
