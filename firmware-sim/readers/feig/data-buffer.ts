/**
 * The data sets a FEIG reader has collected: each passing tag once, oldest first, kept until they are cleared. As many as
 * fit; those that come when it is full are lost, and the next answer says so.
 *
 * Source: FEIG ID ISC.LR1002 manual H20411-0e-ID-B, 10.1 to 10.5; ID ISC.LRU3000 H90202-7e-ID-B, chapter 11.
 */
import { TR_DATA1, TR_DATA2, writeBuffer, type BufferContent, type DataSet } from '#contract/codec/feig/buffer.ts';
import { STATUS, TR_TYPE } from '#contract/codec/feig/codes.ts';
import { wordBytes } from '#contract/codec/feig/cursor.ts';
import { fromHex } from '#contract/hex.ts';
import { plain, type Answer } from '#sim/readers/feig/answer-tag.ts';
import { BLOCK_BYTES, type HfTag } from '#sim/readers/hf-tag.ts';

export interface DataBufferOptions {
  /** Data sets that it holds. */
  readonly sizeMax: number;
  /** Blocks of memory in each; 0: none. */
  readonly blockCount: number;
  /** Whether each data set says which inputs are on and which way the tag went. */
  readonly isGate: boolean;
}

export interface Passage {
  readonly tag: HfTag;
  /** When, in milliseconds since the epoch, on the reader's clock. */
  readonly atMs: number;
  readonly antenna?: number;
  readonly inputs?: number;
  readonly direction?: number;
}

const MINUTE_MS = 60_000;
const OVERLONG_SETS = 0xff;
const CENTURY = 100;

export class DataBuffer {
  readonly #options: DataBufferOptions;
  readonly #sets: DataSet[] = [];
  #isOverflown = false;
  /** How many the last read took. */
  #taken = 0;

  constructor(options: DataBufferOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#sets.length;
  }

  add(passage: Passage): void {
    if (this.#sets.length >= this.#options.sizeMax) this.#isOverflown = true;
    else this.#sets.push(this.#dataSet(passage));
  }

  /** The oldest, as an answer; the same again until they are cleared. */
  read(form: 'standard' | 'advanced', countMax: number): Answer {
    const sets = this.#sets.slice(0, form === 'advanced' ? countMax : Math.min(countMax, OVERLONG_SETS));
    this.#taken = sets.length;
    if (sets.length === 0) return plain(STATUS.noValidData);
    const isMore = this.#sets.length > sets.length;
    const status = this.#isOverflown ? STATUS.bufferOverflow : isMore ? STATUS.moreData : STATUS.ok;
    return { status, data: writeBuffer(form, this.#content(form, sets)) };
  }

  /** Removes what was read last. */
  clear(): void {
    this.#sets.splice(0, this.#taken);
    if (this.#taken > 0) this.#isOverflown = false;
    this.#taken = 0;
  }

  /** Removes everything. */
  initialize(): void {
    this.#sets.length = 0;
    this.clear();
    this.#isOverflown = false;
  }

  info(): Answer {
    const { sizeMax } = this.#options;
    const words = [sizeMax, 0, this.#sets.length];
    return { status: STATUS.ok, data: Uint8Array.from(words.flatMap((word) => wordBytes(word))) };
  }

  #content(form: 'standard' | 'advanced', sets: readonly DataSet[]): BufferContent {
    const { blockCount, isGate } = this.#options;
    const blocks = blockCount > 0 ? TR_DATA1.blocks : 0;
    const trData1 = TR_DATA1.identifier | blocks | TR_DATA1.time | TR_DATA1.date | TR_DATA1.antenna;
    if (form === 'standard') return { trData1, dataSets: sets.map(standardSet) };
    if (!isGate) return { trData1, dataSets: sets };
    return {
      trData1: trData1 | TR_DATA1.extension,
      trData2: TR_DATA2.inputs | TR_DATA2.afi | TR_DATA2.direction,
      dataSets: sets,
    };
  }

  #dataSet({ tag, atMs, antenna = 1, inputs = 0, direction = 1 }: Passage): DataSet {
    const { blockCount, isGate } = this.#options;
    const at = new Date(atMs);
    const year = at.getUTCFullYear();
    return {
      trType: TR_TYPE.iso15693,
      iddt: 0,
      id: fromHex(tag.uid),
      ...(blockCount > 0 && { blockBytes: BLOCK_BYTES, blocks: reversedBlocks(tag.memory, blockCount) }),
      time: { hour: at.getUTCHours(), minute: at.getUTCMinutes(), milliseconds: atMs % MINUTE_MS },
      date: {
        century: Math.floor(year / CENTURY),
        year: year % CENTURY,
        month: at.getUTCMonth() + 1,
        day: at.getUTCDate(),
        timeZone: 0,
      },
      antenna,
      ...(isGate && { afi: tag.afi, dsfid: tag.dsfid, inputs, state: 0, direction }),
    };
  }
}

/** The older command knows no lengths, and of the gate nothing. */
function standardSet({ trType, id, blocks, time, date, antenna }: DataSet): DataSet {
  return { trType, id, ...(blocks && { firstBlock: 0, blocks }), time, date, antenna };
}

function reversedBlocks(memory: Uint8Array, blockCount: number): Uint8Array {
  const blocks = memory.slice(0, blockCount * BLOCK_BYTES);
  for (let at = 0; at < blocks.length; at += BLOCK_BYTES) blocks.subarray(at, at + BLOCK_BYTES).reverse();
  return blocks;
}
