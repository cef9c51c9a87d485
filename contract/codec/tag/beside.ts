/**
 * What stands on an HF tag beside the item id, owner, set and usage: all that is lost when the tag is written anew from
 * those alone.
 *
 * Named in the words of the standard, so that a support desk finds them there. Lists of what is on the tag (content
 * parameter, end marks, fillers) say nothing of the item and are left out.
 *
 * Source: the formats as in their folders.
 */
import { readTag } from '#contract/codec/iso28560-3/basic-block.ts';
import { EXTENSION, EXTENSION_NAMES, type ExtensionBlock } from '#contract/codec/iso28560-3/extension.ts';
import { readLibraryBlock } from '#contract/codec/iso28560-3/library-block.ts';
import { ELEMENT_NAMES, OID } from '#contract/codec/iso28560-2/elements.ts';
import { decodeObjects } from '#contract/codec/iso28560-2/memory.ts';
import { contentOf } from '#contract/codec/iso28560-2/values.ts';
import type { CodecName } from '#contract/codec/tag/reading.ts';
import { decodeLayout } from '#contract/codec/threem-tag/layout.ts';

const USUAL_OIDS: readonly number[] = [
  OID.primaryItemId,
  OID.contentParameter,
  OID.ownerIsil,
  OID.setInformation,
  OID.typeOfUsage,
];

/** Each thing once, in the order of the tag; empty where nothing else stands there. `codec` is the one that reads it. */
export function elementsBeside(codec: CodecName, memory: Uint8Array): readonly string[] {
  return [...new Set(found(codec, memory))];
}

function found(codec: CodecName, memory: Uint8Array): readonly string[] {
  switch (codec) {
    case 'iso28560-2':
      return besideObjects(memory);
    case 'iso28560-3':
      return besideBasicBlock(memory);
    case '3m-tag':
      return besideThreeM(memory);
    case 'uhf-library':
    case 'epc':
      // All that an EPC says is written again, or refused for want of room; the user bank is not touched.
      return [];
  }
}

function besideObjects(memory: Uint8Array): readonly string[] {
  const decoded = decodeObjects(memory);
  if (!decoded.ok) return [];
  const { objects, rest } = decoded.value;
  const { typeOfUsageSub = 0 } = contentOf(objects);
  return [
    ...objects.filter(({ oid }) => !USUAL_OIDS.includes(oid)).map(({ oid }) => ELEMENT_NAMES[oid] ?? `OID ${oid}`),
    ...(typeOfUsageSub === 0 ? [] : ['Sub-class of usage']),
    ...(rest.some((byte) => byte !== 0) ? ['Data behind the elements'] : []),
  ];
}

function besideBasicBlock(memory: Uint8Array): readonly string[] {
  const read = readTag(memory);
  if (!read.ok) return [];
  const { tag, walk, memory: turned } = read.value;
  const { extensions, itemId, isil } = tag;
  return [
    ...extensions.flatMap((block) => besideBlock(block, { itemId, isil })),
    // A damaged block, or what somebody keeps behind the end mark.
    ...(turned.subarray(walk.end).some((byte) => byte !== 0) ? ['Data behind the blocks'] : []),
  ];
}

/** The library block may hold nothing but an item id or an owner that was too long for the basic block. */
function besideBlock(block: ExtensionBlock, known: { readonly itemId: string; readonly isil: string }): string[] {
  const { id } = block;
  if (id !== EXTENSION.library) return [EXTENSION_NAMES[id] ?? `Extension block ${id}`];
  const library = readLibraryBlock(block.data);
  if (library === undefined) return ['Library extension block'];
  const { mediaFormat, itemId = '', isil = '' } = library;
  return [
    ...(mediaFormat === 0 ? [] : ['Media format']),
    ...(itemId === '' || itemId === known.itemId ? [] : ['Alternative item identifier']),
    ...(isil === '' || isil === known.isil ? [] : ['Alternative owner institution']),
  ];
}

const BOOK = 1;

function besideThreeM(memory: Uint8Array): readonly string[] {
  const decoded = decodeLayout(memory);
  if (!decoded.ok) return [];
  const { itemType, branch, library, custom, rest } = decoded.value;
  return [
    ...(itemType === BOOK ? [] : ['Item type']),
    ...(branch === 0 && library === 0 ? [] : ['Branch and library number']),
    ...(custom === 0 ? [] : ['Custom number']),
    ...(rest.some((byte) => byte !== 0) ? ['Data behind the layout'] : []),
  ];
}
