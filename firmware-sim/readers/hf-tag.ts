/** The memory of one ISO 15693 tag as a library programs it: an ISO 28560-3 basic block, AFI and DSFID. */
import { assert } from '#contract/assert.ts';
import { AFI } from '#contract/codec/iso28560-3/afi.ts';
import { encodeBasicBlock, splitIsil, USAGE } from '#contract/codec/iso28560-3/basic-block.ts';

export const BLOCK_BYTES = 4;
/** User memory of the most common library tag: 28 blocks. */
const BLOCKS = 28;
/** ISO 28560-3. */
const DSFID_28560_3 = 0x3e;

export interface HfTag {
  readonly uid: string;
  readonly memory: Uint8Array;
  readonly dsfid: number;
  afi: number;
  isEasOn: boolean;
}

/** A freshly programmed tag: the library's data model, security on. */
export function programTag(own: { uid: string; barcode: string; isil: string }): HfTag {
  const owner = splitIsil(own.isil);
  assert(owner !== undefined, 'the ISIL fits on a tag');
  const memory = new Uint8Array(BLOCKS * BLOCK_BYTES);
  memory.set(encodeBasicBlock({ usage: USAGE.circulation, parts: 1, part: 1, itemId: own.barcode, ...owner }));
  return { uid: own.uid, memory, dsfid: DSFID_28560_3, afi: AFI.inStock, isEasOn: true };
}

/** As it comes from the factory. */
export function blankTag(uid: string): HfTag {
  return { uid, memory: new Uint8Array(BLOCKS * BLOCK_BYTES), dsfid: 0, afi: 0, isEasOn: false };
}
