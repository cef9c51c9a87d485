/**
 * The memory of a tag in the variable-length model: data elements one behind the other, up to a zero byte or the end.
 *
 * On an HF tag the data format (DSFID 06: format 6, no directory) stands in a register of the chip, on a UHF tag it is
 * the first byte of the user bank. A leading 06 is therefore taken as the DSFID if elements follow it to the end;
 * as a precursor it would be a shelf location in a compaction that shelf locations do not have.
 *
 * Source: ISO 28560-2, 7; ISO/TS 28560-4, user bank (`06 02 01 D0 14 02 04B3 ...`); ISO/IEC 15962.
 */
import type { CodecError } from '#contract/codec/codec-error.ts';
import { readObject, writeObject, type TagObject } from '#contract/codec/iso28560-2/object.ts';
import { err, ok, type Result } from '#contract/result.ts';

/** Data format 6 (libraries) without directory. */
export const DSFID_28560_2 = 0x06;

export interface ObjectMemory {
  /** Only where it stands before the elements. */
  readonly dsfid?: number;
  readonly objects: readonly TagObject[];
  /** Everything behind the last element; empty, zeros, or the end mark and something else. */
  readonly rest: Uint8Array;
}

/** Reads all data elements. Errors: those of an element, `bad-value` when there is none. */
export function decodeObjects(memory: Uint8Array): Result<ObjectMemory, CodecError> {
  if (memory[0] === DSFID_28560_2) {
    const behind = decodeFrom(memory, 1);
    if (behind.ok) return ok({ dsfid: DSFID_28560_2, ...behind.value });
  }
  return decodeFrom(memory, 0);
}

function decodeFrom(memory: Uint8Array, from: number): Result<ObjectMemory, CodecError> {
  const objects: TagObject[] = [];
  let at = from;
  while (at < memory.length && memory[at] !== 0) {
    const read = readObject(memory, at);
    if (!read.ok) return read;
    objects.push(read.value.object);
    at = read.value.end;
  }
  if (objects.length === 0) return err({ code: 'bad-value', offsetBytes: from, detail: 'no data element' });
  return ok({ objects, rest: memory.slice(at) });
}

/** Inverse of {@link decodeObjects}. */
export function encodeObjects({ dsfid, objects, rest }: ObjectMemory): Uint8Array {
  return Uint8Array.from([
    ...(dsfid === undefined ? [] : [dsfid]),
    ...objects.flatMap((o) => [...writeObject(o)]),
    ...rest,
  ]);
}
