/**
 * Extension blocks, which may follow the basic block. Their data stays raw.
 *
 *     | length u8, counts itself; 0 = end, 1 = one filler byte | id u16, least significant byte first |
 *     | 2 more bytes of id if its high byte is FF | XOR u8 | data |
 *
 * All bytes of a block XOR to 0.
 *
 * Source: DS/INF 163-1 (Danish data model), extension blocks; ISO 28560-3.
 */
import { assert } from '#contract/assert.ts';
import type { CodecError } from '#contract/codec/codec-error.ts';

const HEAD_BYTES = 4;
const LONG_ID_BYTES = 2;
const LONG_ID = 0xff00;

/** Block ids whose meaning the standard fixes. */
export const EXTENSION = { library: 1, acquisition: 2 } as const;

export interface ExtensionBlock {
  readonly id: number;
  /** Only where the high byte of `id` is FF. */
  readonly longId?: number;
  readonly data: Uint8Array;
}

export interface Extensions {
  readonly blocks: readonly ExtensionBlock[];
  /** Why reading stopped before the end mark; the blocks before are good. */
  readonly fault?: CodecError;
}

/** Reads extension blocks from `at` to the end mark or the end of the memory. */
export function decodeExtensions(memory: Uint8Array, at: number): Extensions {
  const view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
  const blocks: ExtensionBlock[] = [];
  let start = at;
  while (start < memory.length) {
    const length = view.getUint8(start);
    if (length === 0) break;
    if (length > 1) {
      const block = readBlock(memory.subarray(start, start + length), length);
      if (block === undefined) {
        const detail = `extension block of ${length} bytes is damaged`;
        return { blocks, fault: { code: 'bad-checksum', offsetBytes: start, detail } };
      }
      blocks.push(block);
    }
    start += length;
  }
  return { blocks };
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

/** Bytes of `blocks` with the end mark. */
export function encodeExtensions(blocks: readonly ExtensionBlock[]): Uint8Array {
  const bytes = blocks.flatMap(({ id, longId, data }) => {
    assert(id >= LONG_ID === (longId !== undefined), 'a long id goes with a high byte of FF');
    const ids = [id & 0xff, id >> 8, ...(longId === undefined ? [] : [longId & 0xff, longId >> 8])];
    const length = ids.length + 2 + data.length;
    assert(length <= 0xff, 'extension block fits in 255 bytes');
    const xor = [length, ...ids, ...data].reduce((sum, byte) => sum ^ byte, 0);
    return [length, ...ids, xor, ...data];
  });
  return Uint8Array.from([...bytes, 0]);
}
