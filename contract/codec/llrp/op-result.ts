/**
 * Results of operations on one tag, at the end of its report.
 *
 *     349 read           | result u8 | op u16 | n words u16 | words |
 *     350 / 354 write    | result u8 | op u16 | words written u16 |
 *
 * Other results (kill, lock, ...) belong to operations that we never ask for; they are skipped like unknown parameters.
 *
 * Source: EPCglobal Low Level Reader Protocol 1.1, section 17.3.1.5.
 */
import { toHex } from '#contract/hex.ts';
import type { FieldWriter } from '#contract/codec/llrp/field-writer.ts';
import { fromHex } from '#contract/hex.ts';

const READ_RESULT = 349;
const WRITE_RESULT = 350;
const BLOCK_WRITE_RESULT = 354;

/** `result` 0 is success; the others are the standard's numbers for this operation (1 and up: tag or reader failed). */
export type OpResult =
  | { readonly kind: 'read'; readonly result: number; readonly opSpecId: number; readonly words: string }
  | {
      readonly kind: 'write' | 'block-write';
      readonly result: number;
      readonly opSpecId: number;
      readonly wordsWritten: number;
    };

/** True for the parameters that {@link readOpResult} reads. */
export function isOpResult(type: number): boolean {
  return type === READ_RESULT || type === WRITE_RESULT || type === BLOCK_WRITE_RESULT;
}

/** Reads the value of a result parameter; undefined when it is shorter than it says. */
export function readOpResult(type: number, value: Uint8Array): OpResult | undefined {
  if (value.length < 5) return undefined;
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  const result = view.getUint8(0);
  const opSpecId = view.getUint16(1);
  const wordCount = view.getUint16(3);
  if (type !== READ_RESULT) {
    return { kind: type === WRITE_RESULT ? 'write' : 'block-write', result, opSpecId, wordsWritten: wordCount };
  }
  if (value.length < 5 + 2 * wordCount) return undefined;
  return { kind: 'read', result, opSpecId, words: toHex(value.subarray(5, 5 + 2 * wordCount)) };
}

/** Writes one result parameter. */
export function writeOpResult(out: FieldWriter, result: OpResult): void {
  const type = { read: READ_RESULT, write: WRITE_RESULT, 'block-write': BLOCK_WRITE_RESULT }[result.kind];
  out.tlv(type, () => {
    out.u8(result.result);
    out.u16(result.opSpecId);
    if (result.kind !== 'read') {
      out.u16(result.wordsWritten);
      return;
    }
    const words = fromHex(result.words) ?? new Uint8Array(0);
    out.u16(words.length / 2);
    out.put(words);
  });
}
