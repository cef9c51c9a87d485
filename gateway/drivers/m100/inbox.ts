/** What a polling module says on its own: tags, and polls that heard none. */
import type { Clock } from '#contract/clock.ts';
import { readLayout } from '#contract/codec/layout.ts';
import { TYPE, type M100Frame } from '#contract/codec/m100/frame.ts';
import { COMMAND, ERROR, NOTICE } from '#contract/codec/m100/messages.table.ts';
import { errorOf } from '#gateway/drivers/m100/line.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';
import { EventBuffer } from '#gateway/drivers/streaming.ts';

/** Firmware differs in which code the notices of a multiple poll carry. */
const POLLS: ReadonlySet<number> = new Set([COMMAND.singlePoll, COMMAND.multiplePoll]);

export class M100Inbox {
  readonly #clock: Clock;
  readonly #antenna: number;
  readonly #buffer = new EventBuffer();
  #heardUptimeMs = -Infinity;
  #polls = 0;
  #hasHopFailed = false;

  constructor(clock: Clock, antenna: number) {
    this.#clock = clock;
    this.#antenna = antenna;
  }

  /** When a poll last said something. */
  get heardUptimeMs(): number {
    return this.#heardUptimeMs;
  }

  /** Polls that were completed since the last call; where a poll heard several tags, it counts several times. */
  takePolls(): number {
    const polls = this.#polls;
    this.#polls = 0;
    return polls;
  }

  takeEvents(): readonly ReaderEvent[] {
    return this.#buffer.take(this.#clock.nowMs());
  }

  /** Counts as if nothing had been said for ever. */
  forget(): void {
    this.#heardUptimeMs = -Infinity;
    this.#polls = 0;
  }

  /** False when the frame belongs to no poll. */
  take(frame: M100Frame): boolean {
    if (frame.type === TYPE.notice && POLLS.has(frame.command)) return this.#takeNotice(frame.parameters);
    const error = errorOf(frame);
    if (error === ERROR.noTag) this.#count();
    else if (error === ERROR.hopping) this.#tellHopping();
    else return false;
    this.#heardUptimeMs = this.#clock.uptimeMs();
    return true;
  }

  #takeNotice(parameters: Uint8Array): boolean {
    const notice = readLayout(NOTICE, parameters);
    if (notice === undefined || notice.epc === '') return false;
    const atMs = this.#clock.nowMs();
    const { rssiDbm, epc, pc } = notice;
    this.#count();
    this.#heardUptimeMs = this.#clock.uptimeMs();
    this.#buffer.add({
      kind: 'read',
      antenna: this.#antenna,
      count: 1,
      firstMs: atMs,
      lastMs: atMs,
      rssiDbm,
      ids: { epc, pc },
    });
    return true;
  }

  #count(): void {
    this.#polls += 1;
    this.#hasHopFailed = false;
  }

  /** All channels were busy: no poll took place. Told once, until one does. */
  #tellHopping(): void {
    if (this.#hasHopFailed) return;
    this.#hasHopFailed = true;
    const atMs = this.#clock.nowMs();
    this.#buffer.add({ kind: 'vendor', name: 'no-free-channel', detail: 'error 20: all channels are busy', atMs });
  }
}
