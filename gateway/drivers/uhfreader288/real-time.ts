/**
 * Real-time mode: the reader goes round its antennas on its own and tells each tag at once (EE frames). It says nothing of
 * where one round ends and the next begins, so a cycle of all antennas is counted each time the reader has answered that
 * it is still in this mode.
 */
import { AppError } from '#contract/errors.ts';
import type { Clock } from '#contract/clock.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';
import { EventBuffer, StreamHold } from '#gateway/drivers/streaming.ts';
import { setting, statusOf } from '#gateway/drivers/uhfreader-line.ts';
import { readOf, type Answer288, type AntennasOf, type Line288 } from './line.ts';
import type { Uhfreader288Settings } from './settings.ts';

export const READ_MODE = { answer: 0, realTime: 1 } as const;

const SET_REAL_TIME = 0x75;
const SET_READ_MODE = 0x76;
const REAL_TIME = 0x77;
/** EPC Gen2; 1 would be ISO 18000-6B. */
const GEN2 = 0;
/** The shortest pause between two inventories, 10 ms. */
const PAUSE_SHORTEST = 0;

export interface RealTimeOptions {
  readonly line: Line288;
  readonly settings: Uhfreader288Settings;
  readonly antennas: readonly number[];
  readonly antennasOf: AntennasOf;
  readonly clock: Clock;
}

export class RealTime {
  readonly #options: RealTimeOptions;
  readonly #events = new EventBuffer();
  readonly #hold: StreamHold;

  constructor(options: RealTimeOptions) {
    this.#options = options;
    this.#hold = new StreamHold({
      stop: () => this.#setMode(READ_MODE.answer),
      resume: () => {
        // A reader that is gone by then shows at the next question.
        this.#setMode(READ_MODE.realTime).catch(() => undefined);
      },
    });
  }

  /** Errors: those of asking; DRV_READER_REFUSED when the reader has no such mode. */
  async start(): Promise<void> {
    const { filterSeconds, qValue, session } = this.#options.settings;
    const parameters = { tagProtocol: GEN2, readPauseTime: PAUSE_SHORTEST, fltTime: filterSeconds, qValue, session };
    await setting(this.#options.line, SET_REAL_TIME, { kind: 'set-real-time', ...parameters });
    await this.#setMode(READ_MODE.realTime);
  }

  async stop(): Promise<void> {
    await this.#setMode(READ_MODE.answer);
  }

  /** In this mode the reader does nothing to single tags: it is taken out of it for that. */
  hold<T>(work: () => Promise<T>): Promise<T> {
    return this.#hold.hold(work);
  }

  /** What the reader pushes. */
  takeUnasked(answer: Answer288): boolean {
    const { antennasOf, clock, settings } = this.#options;
    if (answer.kind === 'heartbeat') return true;
    if (answer.kind !== 'tag') return false;
    const atMs = clock.nowMs();
    for (const antenna of answer.tag.epc === '' ? [] : antennasOf(answer.ant)) {
      this.#events.add(readOf(answer.tag, { antenna, atMs, rssiOffsetDb: settings.rssiOffsetDb }));
    }
    return true;
  }

  /** Errors: those of asking; DRV_READER_SILENT when the reader has left the mode, as after a reset to factory settings. */
  async poll(): Promise<readonly ReaderEvent[]> {
    const { antennas, clock } = this.#options;
    const isThere = !this.#isHeld() && (await this.#isThere());
    const atMs = clock.nowMs();
    const pushed = this.#events.take(atMs);
    return isThere && !this.#isHeld() ? [...pushed, { kind: 'cycle', antennas, atMs }] : pushed;
  }

  /** Single tags are being worked on. */
  #isHeld(): boolean {
    return this.#hold.isHeld;
  }

  async #isThere(): Promise<boolean> {
    const { line } = this.#options;
    const isAnswer = (answer: Answer288): boolean =>
      answer.kind === 'real-time' || statusOf(answer, REAL_TIME) !== undefined;
    const answer = await line.ask({ kind: 'real-time' }, isAnswer);
    if (answer?.kind === 'real-time' && answer.readMode !== READ_MODE.realTime && !this.#isHeld()) {
      const sentence = `${line.name} left real-time mode by itself (mode ${answer.readMode}); it will be set again`;
      throw new AppError('DRV_READER_SILENT', sentence, { link: line.name });
    }
    return answer !== undefined;
  }

  async #setMode(readMode: number): Promise<void> {
    await setting(this.#options.line, SET_READ_MODE, { kind: 'set-read-mode', readMode });
  }
}
