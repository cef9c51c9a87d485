/**
 * Reading and writing the chosen tag's memory as an M100 module answers it.
 *
 * Source: M100/QM100 firmware manual V2.1, 2.8, 2.9 and the error codes of chapter 4.
 */
import { bytesOfLayout, readLayout } from '#contract/codec/layout.ts';
import {
  ERROR,
  FAILURES,
  READ_ANSWER,
  READ_MEMORY,
  TAG_DONE,
  TAG_REASON,
  WRITE_MEMORY,
} from '#contract/codec/m100/messages.table.ts';
import { fromHex, toHex } from '#contract/hex.ts';
import { accessOf, inventoryAnswer, readTag, writeTag, type Gen2Refusal, type Gen2Tag } from '#sim/readers/gen2-tag.ts';

export type Chosen = Gen2Tag;

export interface MemoryAnswer {
  readonly parameters: Uint8Array;
  /** The parameters are those of a failure. */
  readonly failed?: true;
}

/** Answers a read of `chosen`, the tag that the Select found. */
export function readMemory(parameters: Uint8Array, chosen: Chosen | undefined): MemoryAnswer {
  const asked = readLayout(READ_MEMORY, parameters);
  if (asked === undefined) return failure(ERROR.parameter);
  if (chosen === undefined) return failure(ERROR.readNoTag);
  const data = readTag(chosen, accessOf(asked), asked.words);
  if (!data.ok) return refusal(ERROR.readTag, data.error, chosen);
  return { parameters: bytesOfLayout(READ_ANSWER, { tag: nameOf(chosen), data: toHex(data.value) }) };
}

/** Answers a write. */
export function writeMemory(parameters: Uint8Array, chosen: Chosen | undefined): MemoryAnswer {
  const asked = readLayout(WRITE_MEMORY, parameters);
  if (asked?.data.length !== (asked?.words ?? 0) * 4) return failure(ERROR.parameter);
  if (chosen === undefined) return failure(ERROR.writeNoTag);
  // The answer names the tag as it was found.
  const tag = nameOf(chosen);
  const written = writeTag(chosen, accessOf(asked), fromHex(asked.data) ?? new Uint8Array(0));
  if (!written.ok) return refusal(ERROR.writeTag, written.error, chosen);
  return { parameters: bytesOfLayout(TAG_DONE, { tag, status: 0 }) };
}

function nameOf(tag: Gen2Tag): { readonly pc: string; readonly epc: string } {
  const { pc, epc } = inventoryAnswer(tag);
  return { pc, epc };
}

function failure(error: number): MemoryAnswer {
  return { failed: true, parameters: Uint8Array.of(error) };
}

function refusal(base: number, reason: Gen2Refusal, tag: Gen2Tag): MemoryAnswer {
  const error = {
    'wrong-password': ERROR.accessPassword,
    'memory-overrun': base | TAG_REASON.memoryOverrun,
    'memory-locked': base | TAG_REASON.memoryLocked,
  }[reason];
  return { failed: true, parameters: bytesOfLayout(FAILURES[1], { error, tag: nameOf(tag) }) };
}
