/**
 * What a reader found on a tag, and what we make of it. The words are those of the observations a gateway sends.
 *
 * Source: none; a matter of this project.
 */

/** A tag as a reader gives it: the parts that were read. */
export interface TagMemory {
  readonly hf?: {
    /** User memory from the first block on; need not reach the end. */
    readonly memory: Uint8Array;
    readonly afi?: number | undefined;
    readonly dsfid?: number | undefined;
    readonly uid?: string | undefined;
  };
  readonly uhf?: {
    readonly epc: Uint8Array;
    /** Protocol control word. */
    readonly pc?: number | undefined;
    readonly tid?: Uint8Array | undefined;
    readonly user?: Uint8Array | undefined;
  };
}

/** Content of a library tag. */
export interface TagContent {
  readonly format: string;
  readonly itemId: string;
  readonly isil?: string;
  readonly part?: number;
  readonly parts?: number;
  readonly usage?: number;
  readonly crc?: 'ok' | 'absent';
  readonly confidence: number;
}

export type CodecName = 'iso28560-3' | 'iso28560-2' | '3m-tag' | 'uhf-library' | 'epc';

export interface TagReading {
  /** The format, or what the tag is where it is no item; `unknown` where the evidence is too weak for either. */
  readonly format: CodecName | 'blank' | 'patron-card' | 'unknown';
  /** Which codec reads the bytes; absent where none does, or they are damaged. */
  readonly codec?: CodecName;
  /** Only of items, and only with a confidence of {@link CONFIDENCE_MIN} or more. */
  readonly content?: TagContent;
  /** 0..1: how sure the format is. */
  readonly confidence: number;
  /** What speaks for it, and against. */
  readonly evidence: readonly string[];
  /** The memory ends inside a data element: read more blocks and ask again. */
  readonly wantsMore?: true;
}

/** With less, no item id is given: a made-up barcode lends somebody else's book. */
export const CONFIDENCE_MIN = 0.6;
/** Nothing without a checksum is surer than this: a wrong bit in the item id itself would not be noticed. */
export const UNCHECKED_CONFIDENCE_MAX = 0.9;

const ITEM_ID_MAX = 64;
const ISIL_MAX = 32;
const PART_MAX = 255;

/** The content without what an observation cannot carry; undefined if that is the item id itself. */
export function withinBounds(content: TagContent): TagContent | undefined {
  const { isil, part, parts, ...others } = content;
  if (content.itemId.length > ITEM_ID_MAX) return undefined;
  return {
    ...others,
    ...(isil !== undefined && isil.length <= ISIL_MAX && { isil }),
    ...(part !== undefined && parts !== undefined && Math.max(part, parts) <= PART_MAX && { part, parts }),
  };
}
