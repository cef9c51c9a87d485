/**
 * Answer mode: one inventory of one antenna, which comes in any number of frames.
 *
 *     01 inventory, antenna 80 + n - 1 ->  status 03 tags …  status 03 tags …  status 01 or 02: over
 */
import { AppError } from '#contract/errors.ts';
import { STATUS } from '#contract/codec/uhfreader/status.ts';
import type { HeardTag } from '#contract/codec/uhfreader/tag-fields.ts';
import type { Clock } from '#contract/clock.ts';
import type { ReadEvent, ReaderEvent } from '#gateway/drivers/reader-event.ts';
import { INVENTORY, INVENTORY_COMPLETE, INVENTORY_REFUSED, statusOf } from '#gateway/drivers/uhfreader-line.ts';
import { antennaAsked, readOf, type Answer288, type AntennasOf, type Line288 } from './line.ts';
import { scanUnits, type Uhfreader288Settings } from './settings.ts';

export interface InventoryOptions {
  readonly line: Line288;
  readonly settings: Uhfreader288Settings;
  readonly antennasOf: AntennasOf;
  readonly clock: Clock;
}

export class Inventory {
  readonly #options: InventoryOptions;
  /** Of the running inventory: takes the frames before the last. */
  #take: ((answer: Answer288) => boolean) | undefined;
  readonly #down = new Set<number>();

  constructor(options: InventoryOptions) {
    this.#options = options;
  }

  /** Frames that no question settles. */
  takeUnasked(answer: Answer288): boolean {
    return this.#take?.(answer) ?? false;
  }

  /** Errors: those of asking; DRV_READER_REFUSED when the reader does not take the command. */
  async run(antenna: number): Promise<readonly ReaderEvent[]> {
    const { line, settings, clock } = this.#options;
    const heard = new Map<string, ReadEvent>();
    const take = (answer: Answer288): boolean => {
      if (answer.kind !== 'inventory' || !this.#isOf(antenna, answer.ant)) return false;
      for (const tag of answer.tags) this.#add(heard, antenna, tag);
      return true;
    };
    this.#take = (answer) => answer.kind === 'inventory-statistics' || take(answer);
    const { qValue, session, target } = settings;
    const search = { target: target === 'A' ? 0 : 1, ant: antennaAsked(antenna), scanTime: scanUnits(settings) };
    const isLast = (answer: Answer288): boolean => {
      if (answer.kind === 'inventory') return answer.status !== STATUS.moreFrames && this.#isOf(antenna, answer.ant);
      return statusOf(answer, INVENTORY) !== undefined;
    };
    const timeoutMs = settings.scanMs + settings.answerTimeoutMs;
    try {
      const last = await line.ask({ kind: 'inventory', qValue, session, search }, isLast, timeoutMs);
      if (last !== undefined) take(last);
      const ended = last === undefined ? [] : this.#ended(antenna, last, clock.nowMs());
      return [...heard.values(), ...ended];
    } finally {
      this.#take = undefined;
    }
  }

  #isOf(antenna: number, ant: number): boolean {
    return this.#options.antennasOf(ant).includes(antenna);
  }

  #add(heard: Map<string, ReadEvent>, antenna: number, tag: HeardTag): void {
    if (tag.epc === '') return;
    const { clock, settings } = this.#options;
    const read = readOf(tag, { antenna, atMs: clock.nowMs(), rssiOffsetDb: settings.rssiOffsetDb });
    const earlier = heard.get(tag.epc);
    if (earlier === undefined) {
      heard.set(tag.epc, read);
      return;
    }
    const peak = (earlier.rssiDbm ?? -Infinity) >= (read.rssiDbm ?? -Infinity) ? earlier : read;
    heard.set(tag.epc, { ...peak, count: earlier.count + 1, firstMs: earlier.firstMs, lastMs: read.lastMs });
  }

  #ended(antenna: number, last: Answer288, atMs: number): readonly ReaderEvent[] {
    const status = last.kind === 'inventory' ? last.status : (statusOf(last, INVENTORY) ?? STATUS.ok);
    if (INVENTORY_REFUSED.has(status)) {
      const { name } = this.#options.line;
      const sentence = `${name} refused the inventory of antenna ${antenna} with status ${status}; does it have this antenna?`;
      throw new AppError('DRV_READER_REFUSED', sentence, { link: name, antenna, status });
    }
    if (status === STATUS.antennaFault) {
      if (this.#down.has(antenna)) return [];
      this.#down.add(antenna);
      return [{ kind: 'antenna', antenna, up: false, atMs }];
    }
    if (!INVENTORY_COMPLETE.has(status)) {
      return [{ kind: 'vendor', name: 'inventory-failed', detail: `antenna ${antenna}: status ${status}`, atMs }];
    }
    const isBack = this.#down.delete(antenna);
    const back: readonly ReaderEvent[] = isBack ? [{ kind: 'antenna', antenna, up: true, atMs }] : [];
    return [...back, { kind: 'cycle', antennas: [antenna], atMs }];
  }
}
