/**
 * Reading and writing one tag's memory as a ThingMagic module answers it.
 *
 * Source: MercuryAPI, serial_reader_l3.c, TMR_SR_cmdGEN2ReadTagData and TMR_SR_cmdGEN2WriteTagData; tmr_status.h.
 */
import { readLayout } from '#contract/codec/layout.ts';
import { OPCODE, OPTION, READ_MEMORY_OF_EPC, STATUS, WRITE_MEMORY_OF_EPC } from '#contract/codec/m6e/messages.table.ts';
import { fromHex } from '#contract/hex.ts';
import type { HeardTag } from '#sim/readers/gen2-air.ts';
import { accessOf, isSelected, readTag, writeTag, type Gen2Refusal, type Gen2Tag } from '#sim/readers/gen2-tag.ts';

export interface TagAnswer {
  readonly status: number;
  readonly data: Uint8Array;
}

const NOTHING = new Uint8Array(0);
const EPC_POINTER_BITS = 32;
const REFUSED: Readonly<Record<Gen2Refusal, number>> = {
  'memory-overrun': STATUS.memoryOverrun,
  'memory-locked': STATUS.memoryLocked,
  'wrong-password': STATUS.generalTagError,
};

/** Answers opcode 28 or 24 about the tag, of those heard, that the filter chooses. */
export function executeOnTag(opcode: number, command: Uint8Array, heard: readonly HeardTag[]): TagAnswer {
  return opcode === OPCODE.readMemory ? read(command, heard) : write(command, heard);
}

function read(command: Uint8Array, heard: readonly HeardTag[]): TagAnswer {
  const asked = readLayout(READ_MEMORY_OF_EPC, command);
  if (asked === undefined) return { status: STATUS.invalidParameter, data: NOTHING };
  const tag = chosen(asked.mask, heard);
  if (tag === undefined) return { status: STATUS.noTags, data: NOTHING };
  const memory = readTag(tag, accessOf(asked), asked.words);
  if (!memory.ok) return { status: REFUSED[memory.error], data: NOTHING };
  // Option and metadata flags of the command stand before what was read.
  return { status: STATUS.ok, data: Uint8Array.of(OPTION.epcWithMetadata, 0, 0, ...memory.value) };
}

function write(command: Uint8Array, heard: readonly HeardTag[]): TagAnswer {
  const asked = readLayout(WRITE_MEMORY_OF_EPC, command);
  const data = fromHex(asked?.data ?? '') ?? NOTHING;
  if (asked === undefined || data.length % 2 !== 0) return { status: STATUS.invalidParameter, data: NOTHING };
  const tag = chosen(asked.mask, heard);
  if (tag === undefined) return { status: STATUS.noTags, data: NOTHING };
  const written = writeTag(tag, accessOf(asked), data);
  return { status: written.ok ? STATUS.ok : REFUSED[written.error], data: NOTHING };
}

function chosen(
  { bits, mask }: { readonly bits: number; readonly mask: string },
  heard: readonly HeardTag[],
): Gen2Tag | undefined {
  const select = { bank: 1, pointerBits: EPC_POINTER_BITS, bits, mask: fromHex(mask) ?? NOTHING } as const;
  return heard.map(({ tag }) => tag).find((tag) => isSelected(tag, select));
}
