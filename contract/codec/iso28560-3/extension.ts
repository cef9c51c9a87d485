/**
 * Extension blocks, which may follow the basic block. Their data stays raw.
 *
 *     | length u8, counts itself; 0 = end, 1 = one filler byte | id u16, least significant byte first |
 *     | 2 more bytes of id if its high byte is FF | XOR u8 | data |
 *
 * All bytes of a block XOR to 0. Ids 1 to 5 are structured blocks of the standard, the others are its unstructured ones.
 *
 * Source: DS/INF 163-1 (Danish data model), pages 30 to 35; ISO 28560-3, 7.4 to 7.10; the order of ids 3 to 5 as in the
 * decoders of TH Wildau.
 */
import { assert } from '#contract/assert.ts';
import type { CodecError } from '#contract/codec/codec-error.ts';

const HEAD_BYTES = 4;
const LONG_ID_BYTES = 2;
const LONG_ID = 0xff00;

/** Block ids whose meaning the standard fixes. */
export const EXTENSION = { library: 1, acquisition: 2, librarySupplement: 3, title: 4, ill: 5 } as const;

/** Their names, by id. */
export const EXTENSION_NAMES: Readonly<Record<number, string>> = {
  1: 'Library extension block',
  2: 'Acquisition extension block',
  3: 'Library supplement block',
  4: 'Title block',
  5: 'ILL block',
};

export interface ExtensionBlock {
  readonly id: number;
  /** Only where the high byte of `id` is FF. */
  readonly longId?: number;
  readonly data: Uint8Array;
}

/** Extension blocks and fillers in their order, and where reading stopped: at the end mark, a fault or the end. */
export interface ExtensionWalk {
  readonly pieces: readonly (ExtensionBlock | 'filler')[];
  readonly end: number;
  readonly fault?: CodecError;
}

/** Reads extension blocks from `at` on and loses nothing. */
export function walkExtensions(memory: Uint8Array, at: number): ExtensionWalk {
  const pieces: (ExtensionBlock | 'filler')[] = [];
  let start = at;
  while (start < memory.length) {
    const length = memory[start] ?? 0;
    if (length === 0) break;
    const block = length === 1 ? 'filler' : readBlock(memory.subarray(start, start + length), length);
    if (block === undefined) {
      const detail = `extension block of ${length} bytes is damaged`;
      return { pieces, end: start, fault: { code: 'bad-checksum', offsetBytes: start, detail } };
    }
    pieces.push(block);
    start += length;
  }
  return { pieces, end: start };
}

function readBlock(bytes: Uint8Array, length: number): ExtensionBlock | undefined {
  if (bytes.length < length || length < HEAD_BYTES) return undefined;
  if (bytes.reduce((sum, byte) => sum ^ byte, 0) !== 0) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const id = view.getUint16(1, true);
  if (id < LONG_ID) return { id, data: bytes.slice(HEAD_BYTES) };
  if (length < HEAD_BYTES + LONG_ID_BYTES) return undefined;
  return { id, longId: view.getUint16(3, true), data: bytes.slice(HEAD_BYTES + LONG_ID_BYTES) };
}

/** Bytes of blocks and fillers, without an end mark. */
export function encodePieces(pieces: readonly (ExtensionBlock | 'filler')[]): Uint8Array {
  return Uint8Array.from(pieces.flatMap((piece) => (piece === 'filler' ? [1] : writeBlock(piece))));
}

function writeBlock({ id, longId, data }: ExtensionBlock): number[] {
  assert(id >= LONG_ID === (longId !== undefined), 'a long id goes with a high byte of FF');
  const ids = [id & 0xff, id >> 8, ...(longId === undefined ? [] : [longId & 0xff, longId >> 8])];
  const length = ids.length + 2 + data.length;
  assert(length <= 0xff, 'extension block fits in 255 bytes');
  const xor = [length, ...ids, ...data].reduce((sum, byte) => sum ^ byte, 0);
  return [length, ...ids, xor, ...data];
}
