/** The memory and marks of one ISO 15693 tag: read, written in changed blocks only, and read back. */
import { err, ok, type Result } from '#contract/result.ts';
import type { HfTagAccess } from '#gateway/drivers/tag-access.ts';
import { isSame } from './torn-writes.ts';
import { isFinal, TRIES, trying, type Fault, type Field } from './tries.ts';

export interface HfField extends Field<HfTagAccess> {
  readonly uid: string;
}

export interface HfMemory {
  readonly data: Uint8Array;
  readonly blockBytes: number;
  /** By block; empty where the reader does not tell. */
  readonly locked: readonly boolean[];
  readonly isWhole: boolean;
  readonly dsfid: number | undefined;
}

/** Enough for most formats to be told by: 36 bytes. */
export const START_BLOCKS = 9;
/** 40 ms of a serial line at 19200 baud. */
const CHUNK_BLOCKS = 8;
/** ISO 15693 counts blocks in a byte. */
const BLOCKS_MAX = 256;
/** No library tag is smaller: a failure before it is a failure, behind it perhaps the end. */
const BLOCKS_MIN = 8;
const USUAL_BLOCK_BYTES = 4;
/** The last of the 80 blocks of a SLIX2 is its counter and no memory. Source: NXP SL2S2602, memory organization. */
const SLIX2_BLOCKS = 80;

/** Reads from the first block to the end of the tag, or `blocksMax` of them. */
export async function readHfMemory(field: HfField, blocksMax = BLOCKS_MAX): Promise<Result<HfMemory, Fault>> {
  const { access, uid, signal } = field;
  const isStartOnly = blocksMax < BLOCKS_MAX;
  const told = isStartOnly
    ? undefined
    : await trying(signal, TRIES.read, async () => access.systemInformation?.(uid) ?? NOT_THERE);
  if (told?.ok === false && told.error.code !== 'not-supported' && told.error.code !== 'read-failed') return told;
  const info = told?.ok === true ? told.value : undefined;
  const end = Math.min(blocksMax, usableBlocks(info?.blockCount));
  const pieces: Uint8Array[] = [];
  const locked: boolean[] = [];
  let { blockBytes = USUAL_BLOCK_BYTES } = info ?? {};
  let next = 0;
  let chunk = CHUNK_BLOCKS;
  let isWhole = info !== undefined && end < blocksMax;
  while (next < end) {
    const where = { uid, firstBlock: next, blockCount: Math.min(chunk, end - next) };
    const got = await trying(signal, TRIES.read, () => access.readBlocks(where));
    if (got.ok) {
      pieces.push(got.value.data);
      locked.push(...got.value.locked);
      blockBytes = got.value.blockBytes;
      next += where.blockCount;
    } else if (!mayBeEnd(got.error)) return got;
    else if (where.blockCount > 1) chunk = 1;
    else if (next >= BLOCKS_MIN) {
      isWhole = got.error.code === 'no-such-block';
      break;
    } else return got;
  }
  const data = Uint8Array.from(pieces.flatMap((piece) => [...piece]));
  return ok({ data, blockBytes, locked, isWhole, dsfid: info?.dsfid });
}

const NOT_THERE = err({ code: 'not-supported', detail: 'the reader tells no size' } as const);

function usableBlocks(blockCount: number | undefined): number {
  if (blockCount === undefined) return BLOCKS_MAX;
  return blockCount === SLIX2_BLOCKS ? SLIX2_BLOCKS - 1 : blockCount;
}

function mayBeEnd({ code }: Fault): boolean {
  return code === 'no-such-block' || code === 'read-failed' || code === 'not-supported';
}

export interface HfWrite {
  /** Blocks that had to change. */
  readonly changed: readonly number[];
  /** Blocks that were written, perhaps: of a failed write the tag may have kept a part. */
  readonly tried: number;
  readonly outcome: Result<void, Fault>;
}

/**
 * Brings the first blocks to `image`; whole blocks. Every block is read back, and the whole once more at the end.
 *
 * The first block is cleared before the others and written after them: a tag that leaves half-way must not be taken for
 * another item, and formats without a checksum would let it.
 */
export async function writeHfBlocks(field: HfField, before: HfMemory, image: Uint8Array): Promise<HfWrite> {
  const { blockBytes } = before;
  const changed = changedBlocks(before.data, image, blockBytes);
  const locked = changed.filter((block) => before.locked[block] === true);
  if (locked.length > 0) {
    return { changed, tried: 0, outcome: err({ code: 'locked', detail: `blocks ${locked.join(', ')}` }) };
  }
  let tried = 0;
  for (const { block, data } of writesOf(before, image, changed)) {
    tried += 1;
    const outcome = await writeBlock(field, block, data);
    if (!outcome.ok) return { changed, tried, outcome };
  }
  if (changed.length === 0) return { changed, tried, outcome: ok(undefined) };
  const after = await readHfMemory(field, Math.max(START_BLOCKS, image.length / blockBytes));
  if (!after.ok) return { changed, tried, outcome: after };
  const isRight = isSame(after.value.data.subarray(0, image.length), image);
  return { changed, tried, outcome: isRight ? ok(undefined) : err({ code: 'not-verified', detail: 'read back' }) };
}

interface BlockWrite {
  readonly block: number;
  readonly data: Uint8Array;
}

function writesOf(before: HfMemory, image: Uint8Array, changed: readonly number[]): BlockWrite[] {
  const { blockBytes, locked } = before;
  const write = (block: number): BlockWrite => ({
    block,
    data: image.subarray(block * blockBytes, (block + 1) * blockBytes),
  });
  // One block is written whole or not at all.
  if (changed.length <= 1 || locked[0] === true) return changed.map(write);
  const isClear = before.data.subarray(0, blockBytes).every((byte) => byte === 0);
  const clear = isClear ? [] : [{ block: 0, data: new Uint8Array(blockBytes) }];
  return [...clear, ...changed.filter((block) => block !== 0).map(write), write(0)];
}

export function changedBlocks(before: Uint8Array, image: Uint8Array, blockBytes: number): number[] {
  const blocks = Array.from({ length: image.length / blockBytes }, (_, block) => block);
  return blocks.filter((block) => {
    const [from, to] = [block * blockBytes, (block + 1) * blockBytes];
    return !isSame(before.subarray(from, to), image.subarray(from, to));
  });
}

async function writeBlock(
  { access, uid, signal }: HfField,
  block: number,
  data: Uint8Array,
): Promise<Result<void, Fault>> {
  return trying(signal, TRIES.write, async () => {
    const written = await access.writeBlocks({ uid, firstBlock: block, data });
    if (!written.ok && isFinal(written.error)) return written;
    // A lost answer may have been a good one, and a good one may have been cut short.
    const got = await access.readBlocks({ uid, firstBlock: block, blockCount: 1 });
    if (got.ok && isSame(got.value.data, data)) return ok(undefined);
    if (!written.ok) return written;
    return got.ok ? err({ code: 'not-verified', detail: `block ${block}` }) : got;
  });
}

/** Writes one mark and reads it back, as often as it takes. */
export async function writeMark<T>(
  { signal }: HfField,
  wanted: T,
  {
    write,
    read,
  }: { readonly write: () => Promise<Result<void, Fault>>; readonly read: () => Promise<Result<T, Fault>> },
): Promise<Result<void, Fault>> {
  return trying(signal, TRIES.security, async () => {
    const written = await write();
    if (!written.ok && isFinal(written.error)) return written;
    const got = await read();
    if (got.ok && got.value === wanted) return ok(undefined);
    if (!written.ok) return written;
    return got.ok ? err({ code: 'not-verified', detail: `reads ${String(got.value)}` }) : got;
  });
}
