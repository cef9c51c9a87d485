/**
 * One inventory, which comes in any number of frames.
 *
 *     01 inventory ->  status 03 tags …  status 03 tags …  status 01, 02 or 04 with the last tags, or FB: none
 */
import type { Clock } from '#contract/clock.ts';
import { STATUS } from '#contract/codec/uhfreader/status.ts';
import { AppError } from '#contract/errors.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';
import { INVENTORY, INVENTORY_COMPLETE, INVENTORY_REFUSED, statusOf } from '#gateway/drivers/uhfreader-line.ts';
import type { Answer18, Line18 } from './line.ts';
import type { Uhfreader18Settings } from './settings.ts';

/** The only one. */
const ANTENNA = 1;

export interface InventoryOptions {
  readonly line: Line18;
  readonly settings: Uhfreader18Settings;
  readonly clock: Clock;
}

export class Inventory {
  readonly #options: InventoryOptions;
  /** Of the running inventory: takes the frames before the last. */
  #take: ((answer: Answer18) => boolean) | undefined;

  constructor(options: InventoryOptions) {
    this.#options = options;
  }

  /** Frames that no question settles. */
  takeUnasked(answer: Answer18): boolean {
    return this.#take?.(answer) ?? false;
  }

  /** Errors: those of asking; DRV_READER_REFUSED when the reader does not take the command. */
  async run(): Promise<readonly ReaderEvent[]> {
    const { line, settings, clock } = this.#options;
    const heard = new Map<string, Extract<ReaderEvent, { kind: 'read' }>>();
    const take = (answer: Answer18): boolean => {
      if (answer.kind !== 'inventory') return false;
      const atMs = clock.nowMs();
      for (const epc of answer.epcs.filter((one) => one !== '')) {
        const earlier = heard.get(epc);
        const first = { firstMs: earlier?.firstMs ?? atMs, count: (earlier?.count ?? 0) + 1 };
        heard.set(epc, { kind: 'read', antenna: ANTENNA, ...first, lastMs: atMs, ids: { epc } });
      }
      return true;
    };
    this.#take = take;
    try {
      const last = await line.ask(
        { kind: 'inventory', tid: undefined },
        isLast,
        settings.scanMs + settings.answerTimeoutMs,
      );
      if (last !== undefined) take(last);
      const ended = last === undefined ? [] : this.#ended(last, clock.nowMs());
      return [...heard.values(), ...ended];
    } finally {
      this.#take = undefined;
    }
  }

  #ended(last: Answer18, atMs: number): readonly ReaderEvent[] {
    const status = last.kind === 'inventory' ? last.status : (statusOf(last, INVENTORY) ?? STATUS.ok);
    if (INVENTORY_REFUSED.has(status)) {
      const { name } = this.#options.line;
      throw new AppError('DRV_READER_REFUSED', `${name} refused the inventory with status ${status}`, { link: name });
    }
    if (!INVENTORY_COMPLETE.has(status))
      return [{ kind: 'vendor', name: 'inventory-failed', detail: `status ${status}`, atMs }];
    return [{ kind: 'cycle', antennas: [ANTENNA], atMs }];
  }
}

function isLast(answer: Answer18): boolean {
  if (answer.kind === 'inventory') return answer.status !== STATUS.moreFrames;
  return statusOf(answer, INVENTORY) !== undefined;
}
