/**
 * What the reader collected by itself, as events. A data set is judged by its own memory alone, as it is the only look at
 * the tag there will be; a patron's card goes no further. What a data set tells beside the tag (inputs, direction of
 * passage) becomes events of its own.
 */
import type { Clock } from '#contract/clock.ts';
import { idText, TR_DATA1, type BufferContent, type DataSet } from '#contract/codec/feig/buffer.ts';
import { TR_TYPE } from '#contract/codec/feig/codes.ts';
import { toHex } from '#contract/hex.ts';
import { reverseBlocks } from '#gateway/drivers/feig/block-order.ts';
import type { FeigSettings } from '#gateway/drivers/feig/settings.ts';
import { isCard, isTold, learnMemory, TagMemory, wantsMemory, type KnownTag } from '#gateway/drivers/hf-memory.ts';
import type { ReaderEvent, TagIds } from '#gateway/drivers/reader-event.ts';

export interface DataSetsOptions {
  readonly clock: Clock;
  /** Those with a read point. */
  readonly antennas: readonly number[];
  readonly settings: Pick<FeigSettings, 'tellWithoutMemory' | 'validTimeMs'>;
}

const PC_BYTES = 2;
const BLOCK_BYTES = 4;
/** The bits a reader has for inputs. */
const INPUTS = 8;

/** What became of one tag. */
type Judged =
  | { readonly kind: 'told'; readonly ids: TagIds; readonly content?: KnownTag['content'] }
  | { readonly kind: 'card' }
  | { readonly kind: 'unknown' };

export class DataSets {
  readonly #options: DataSetsOptions;
  #inputs: number | undefined;
  #cycleUptimeMs: number | undefined;

  constructor(options: DataSetsOptions) {
    this.#options = options;
  }

  /** `timeOf` tells when a data set was recorded, on our clock. */
  events(content: BufferContent, timeOf: (dataSet: DataSet) => number): ReaderEvent[] {
    return content.dataSets.flatMap((dataSet) => this.#one(content.trData1, dataSet, timeOf(dataSet)));
  }

  /** The scan cycles that are due, given that the reader was heard just now. */
  cycle(): ReaderEvent[] {
    const { clock, antennas, settings } = this.#options;
    const uptimeMs = clock.uptimeMs();
    this.#cycleUptimeMs ??= uptimeMs - settings.validTimeMs;
    if (uptimeMs - this.#cycleUptimeMs < settings.validTimeMs) return [];
    this.#cycleUptimeMs = uptimeMs;
    return [{ kind: 'cycle', antennas: antennas.length === 0 ? [1] : antennas, atMs: clock.nowMs() }];
  }

  #one(trData1: number, dataSet: DataSet, atMs: number): ReaderEvent[] {
    const events = this.#inputEvents(dataSet, atMs);
    const judged = idText(dataSet) === undefined ? undefined : this.#judge(trData1, dataSet);
    if (judged?.kind === 'card') events.push({ kind: 'vendor', name: 'patron-card-kept', detail: '', atMs });
    if (judged?.kind === 'unknown') events.push({ kind: 'vendor', name: 'tag-without-memory', detail: '', atMs });
    if (judged?.kind !== 'told') return events;
    const { ids, content } = judged;
    for (const antenna of this.#antennasOf(dataSet)) {
      events.push({ kind: 'read', antenna, count: 1, firstMs: atMs, lastMs: atMs, ids, content });
    }
    const { direction } = dataSet;
    if (direction !== undefined) {
      events.push({ kind: 'vendor', name: 'gate-direction', detail: `${direction}`, atMs });
    }
    return events;
  }

  /** One antenna is that of the data set whatever number it says; of several the data set names one or more. */
  #antennasOf({ antenna, antennas }: DataSet): readonly number[] {
    const { antennas: ours } = this.#options;
    const [first = 1] = ours;
    if (ours.length <= 1) return [first];
    if (antennas !== undefined && antennas.length > 0) return antennas.map((signal) => signal.antenna);
    return [antenna === undefined || antenna === 0 ? first : antenna];
  }

  #judge(trData1: number, dataSet: DataSet): Judged {
    const { trType, id = new Uint8Array(0) } = dataSet;
    if (trType === TR_TYPE.gen2) {
      const [pc, epc] = [id.subarray(0, PC_BYTES), id.subarray(PC_BYTES)];
      return { kind: 'told', ids: { epc: toHex(epc), pc: toHex(pc) } };
    }
    if (trType !== TR_TYPE.iso15693) return { kind: 'unknown' };
    return this.#judgeHf(trData1, dataSet, toHex(id));
  }

  #judgeHf(trData1: number, { afi, dsfid, firstBlock, blocks, blockBytes }: DataSet, uid: string): Judged {
    const ids = { uid, afi, dsfid };
    if (blocks === undefined || blocks.length === 0 || (firstBlock ?? 0) !== 0) {
      return this.#options.settings.tellWithoutMemory ? { kind: 'told', ids } : { kind: 'unknown' };
    }
    const isForward = (trData1 & TR_DATA1.firstByteFirst) !== 0;
    const memory = isForward ? blocks : reverseBlocks(blocks, blockBytes ?? BLOCK_BYTES);
    const [tag] = new TagMemory().update([uid]);
    if (tag === undefined) return { kind: 'unknown' };
    // The reader has checked what it read on the air; the same bytes again are no better, and there are no others.
    tag.afi = afi;
    while (wantsMemory(tag)) learnMemory(tag, memory, { dsfid });
    if (isCard(tag)) return { kind: 'card' };
    return isTold(tag) ? { kind: 'told', ids, content: tag.content } : { kind: 'unknown' };
  }

  /** Inputs that changed; at first those that are active. */
  #inputEvents({ inputs }: DataSet, atMs: number): ReaderEvent[] {
    if (inputs === undefined) return [];
    const changed = inputs ^ (this.#inputs ?? 0);
    this.#inputs = inputs;
    return Array.from({ length: INPUTS }, (_, bit) => bit).flatMap((bit): ReaderEvent[] => {
      const mask = 1 << bit;
      return (changed & mask) === 0 ? [] : [{ kind: 'gpi', port: bit + 1, high: (inputs & mask) !== 0, atMs }];
    });
  }
}
