/**
 * A million damaged LLRP messages through both decoders: the typed one of the drivers and the complete one of the bench
 * tool. Nothing may throw, what is read must be written to the same bytes again, and no memory may stay behind.
 */
import { sameBytes } from '#contract/codec/format-json.ts';
import { llrpFormat } from '#contract/codec/llrp/format.ts';
import { decodeMessage } from '#contract/codec/llrp/message.ts';
import { bytesOf } from '#test/contract/codec/llrp/notation.ts';
import { VECTORS } from '#test/contract/codec/llrp/vectors.table.ts';
import { damaged, heapAfterCollection, numbers } from './damage.ts';
import type { BenchRow } from './row.ts';

const FRAMES = 1_000_000;
const FRAMES_PER_TURN = 5_000;
const HEAP_GROWTH_MIB_MAX = 8;
/** Far above what any line carries; a decoder that grows slow on bad input would fall below. */
const FRAMES_PER_SECOND_MIN = 20_000;
const MIB = 2 ** 20;

interface Count {
  survived: number;
  read: number;
  /** Read, and written to other bytes or not at all. */
  changed: number;
}

/** One run of a million frames; the random numbers are the same each time. */
export async function benchLlrpFaults(): Promise<BenchRow[]> {
  const originals = VECTORS.map(([, notation]) => bytesOf(notation));
  const next = numbers(1);
  const count: Count = { survived: 0, read: 0, changed: 0 };
  // What compiling and first use allocate is not what the frames leave behind.
  for (let frame = 0; frame < FRAMES_PER_TURN; frame += 1) judge(damaged(originals, next), { ...count });
  const heapBefore = heapAfterCollection();
  const startMs = performance.now();
  for (let frame = 0; frame < FRAMES; frame += 1) {
    judge(damaged(originals, next), count);
    if (frame % FRAMES_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  const perSecond = (FRAMES / (performance.now() - startMs)) * 1000;
  const growthMib = (heapAfterCollection() - heapBefore) / MIB;
  return [
    {
      name: 'LLRP damaged messages that did not throw',
      value: count.survived,
      unit: 'messages',
      bar: { value: FRAMES, is: 'at-least' },
      note: `${count.read.toLocaleString('en')} were still messages`,
    },
    {
      name: 'LLRP damaged messages written to the same bytes again',
      value: count.read - count.changed,
      unit: 'messages',
      bar: { value: count.read, is: 'at-least' },
    },
    {
      name: 'LLRP damaged messages, both decoders',
      value: Math.round(perSecond),
      unit: 'messages/s',
      bar: { value: FRAMES_PER_SECOND_MIN, is: 'at-least' },
    },
    {
      name: 'LLRP heap growth over damaged messages',
      value: Math.max(0.01, growthMib),
      unit: 'MiB',
      bar: { value: HEAP_GROWTH_MIB_MAX, is: 'at-most' },
    },
  ];
}

function judge(bytes: Uint8Array, count: Count): void {
  try {
    decodeMessage(bytes);
    const decoded = llrpFormat.decode(bytes);
    if (decoded.ok) {
      count.read += 1;
      const encoded = llrpFormat.encode(decoded.value);
      if (!encoded.ok || !sameBytes(encoded.value, bytes)) count.changed += 1;
    }
    count.survived += 1;
  } catch {
    // Not counted as survived, which is what the row shows.
  }
}
