/**
 * Buffered mode: the reader collects, we fetch, and clear what we fetched only when its events have been handed on. So a
 * restart between the two fetches the same data sets again, and loses none. Within one connection they are not told twice.
 *
 *     read -> events handed on, rest of the poll -> clear -> read ...
 *
 * Source: FEIG ID ISC.LR1002 manual H20411-0e-ID-B, 10.1: Read Buffer gives the oldest data sets again and again until
 * Clear Data Buffer removes those that were read.
 */
import type { Clock } from '#contract/clock.ts';
import { readBuffer, TR_DATA1 } from '#contract/codec/feig/buffer.ts';
import { COMMAND, DATA_STATUSES, STATUS } from '#contract/codec/feig/codes.ts';
import { wordBytes } from '#contract/codec/feig/cursor.ts';
import type { DataSets } from '#gateway/drivers/feig/data-sets.ts';
import type { FeigAnswer, FeigLine, FeigQuestion } from '#gateway/drivers/feig/line.ts';
import { ReaderTime } from '#gateway/drivers/feig/reader-time.ts';
import type { FeigSettings } from '#gateway/drivers/feig/settings.ts';
import { ToldSets } from '#gateway/drivers/feig/told-sets.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';

export interface BufferPollerOptions {
  readonly line: FeigLine;
  readonly dataSets: DataSets;
  readonly settings: Pick<FeigSettings, 'dataSetsPerRead' | 'bufferCommand'>;
  readonly clock: Clock;
}

const STANDARD_SETS_MAX = 255;
const CLEAR: FeigQuestion = { command: COMMAND.clearBuffer, body: new Uint8Array(0) };
/** Set so, the reader has no buffer to read: nothing we do will change that. */
const WRONG_MODE: ReadonlySet<number> = new Set([STATUS.notAvailable, STATUS.unknownCommand]);

export class BufferPoller {
  readonly #options: BufferPollerOptions;
  readonly #time: ReaderTime;
  readonly #told: ToldSets;
  /** Something was fetched that the reader still has. */
  #isToClear = false;

  constructor(options: BufferPollerOptions) {
    this.#options = options;
    this.#told = new ToldSets(options.settings.bufferCommand);
    this.#time = new ReaderTime(options.line, options.clock);
  }

  /** Errors: those of the line; DRV_READER_REFUSED when the reader is in another mode. */
  async poll(): Promise<readonly ReaderEvent[]> {
    const { line } = this.#options;
    // The batch before was taken, or this poll would not have been asked for.
    if (this.#isToClear && (await line.ask(CLEAR))?.status === STATUS.ok) {
      this.#isToClear = false;
      this.#told.clear();
    }
    const answer = await line.ask(this.#question());
    return answer === undefined ? [] : this.#take(answer);
  }

  #question(): FeigQuestion {
    const { bufferCommand, dataSetsPerRead } = this.#options.settings;
    return bufferCommand === 'advanced'
      ? { command: COMMAND.readBufferAdvanced, body: Uint8Array.from(wordBytes(dataSetsPerRead)) }
      : { command: COMMAND.readBuffer, body: Uint8Array.of(Math.min(dataSetsPerRead, STANDARD_SETS_MAX)) };
  }

  async #take({ status, data }: FeigAnswer): Promise<readonly ReaderEvent[]> {
    const { clock, line, dataSets } = this.#options;
    if (WRONG_MODE.has(status)) throw line.refused('it has no buffer; set it to Buffered Read Mode', status);
    const events: ReaderEvent[] = [];
    const say = (name: string, detail: string): void => {
      events.push({ kind: 'vendor', name, detail, atMs: clock.nowMs() });
    };
    if (status === STATUS.bufferOverflow) say('buffer-overflow', 'the reader lost data sets: poll it more often');
    if (!DATA_STATUSES.has(status)) {
      // What an empty buffer says differs between readers; only a status of its own kind is news.
      if (status !== STATUS.noValidData && status !== STATUS.noTransponder) say('buffer-status', `${status}`);
    } else if (data.length > 0) {
      events.push(...(await this.#events(data)));
    }
    return [...events, ...dataSets.cycle()];
  }

  async #events(data: Uint8Array): Promise<readonly ReaderEvent[]> {
    const { clock, dataSets, settings } = this.#options;
    const content = readBuffer(settings.bufferCommand, data);
    if (content === undefined) {
      // It would stand before everything else for ever.
      this.#isToClear = true;
      return [{ kind: 'vendor', name: 'buffer-unreadable', detail: `${data.length} bytes`, atMs: clock.nowMs() }];
    }
    if (content.dataSets.length === 0) return [];
    const fresh = this.#told.fresh(content);
    const isTimed = fresh.dataSets.length > 0 && (content.trData1 & TR_DATA1.time) !== 0;
    const nowMs = clock.nowMs();
    const timeOf = isTimed ? await this.#time.timeOf() : () => nowMs;
    this.#told.add(content);
    this.#isToClear = true;
    return dataSets.events(fresh, timeOf);
  }
}
