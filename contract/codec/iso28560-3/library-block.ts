/**
 * The library extension block, which also holds an item id or an owner that is too long for the basic block.
 *
 *     | media format u8, 0 = not given | item id, 00 | ISIL of the owner, 00 |     a zero at the very end may be left out
 *
 * Source: ISO 28560-3, 7.5 (library extension block); its clarification by TC46/SC4/WG11 of 2011; field order as in the
 * decoders of TH Wildau.
 */
import { EXTENSION, type ExtensionBlock } from '#contract/codec/iso28560-3/extension.ts';
import { readText } from '#contract/codec/iso28560-3/text.ts';

export interface LibraryBlock {
  readonly mediaFormat: number;
  /** Primary or alternative item id; absent or empty if not given. */
  readonly itemId?: string;
  /** Complete ISIL of the owner, or another name of it. */
  readonly isil?: string;
}

const ENCODER = new TextEncoder();

/** What the first library extension block says; undefined if there is none or it is no text. */
export function findLibraryBlock(blocks: readonly ExtensionBlock[]): LibraryBlock | undefined {
  const block = blocks.find(({ id }) => id === EXTENSION.library);
  return block && readLibraryBlock(block.data);
}

/** Reads the data of a library extension block; undefined if its fields are no texts. */
export function readLibraryBlock(data: Uint8Array): LibraryBlock | undefined {
  const fields: string[] = [];
  let start = 1;
  while (start < data.length && fields.length < 2) {
    const zero = data.indexOf(0, start);
    const end = zero === -1 ? data.length : zero;
    const text = readText(data.subarray(start, end));
    if (text === undefined) return undefined;
    fields.push(text);
    start = end + 1;
  }
  const [itemId, isil] = fields;
  return { mediaFormat: data[0] ?? 0, ...(itemId !== undefined && { itemId }), ...(isil !== undefined && { isil }) };
}

/** The data of a library extension block. */
export function writeLibraryBlock({ mediaFormat, itemId = '', isil = '' }: LibraryBlock): Uint8Array {
  const item = ENCODER.encode(itemId);
  const owner = ENCODER.encode(isil);
  return Uint8Array.from([mediaFormat, ...item, ...(owner.length > 0 ? [0, ...owner] : [])]);
}
