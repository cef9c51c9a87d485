/** What a streaming module says: tags, the end of each search, and its complaints. */
import type { Clock } from '#contract/clock.ts';
import { readLayout } from '#contract/codec/layout.ts';
import type { M6eFrame } from '#contract/codec/m6e/frame.ts';
import { OPCODE, STATUS } from '#contract/codec/m6e/messages.table.ts';
import { STREAM_HEAD, STREAM_RECORD } from '#contract/codec/m6e/tag-record.ts';
import { statusText } from '#gateway/drivers/m6e/line.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';
import { EventBuffer } from '#gateway/drivers/streaming.ts';

const RECORD = [...STREAM_HEAD, ...STREAM_RECORD] as const;

const COMPLAINTS: Readonly<Record<number, string>> = {
  [STATUS.antennaMissing]: 'antenna-not-connected',
  [STATUS.temperature]: 'over-temperature',
  [STATUS.returnLoss]: 'high-return-loss',
};

export class M6eInbox {
  readonly #clock: Clock;
  readonly #antennas: readonly number[];
  readonly #buffer = new EventBuffer();
  #heardUptimeMs = -Infinity;
  /** The complaint of the running search, so that each is told once. */
  #complaint: number | undefined;
  #hasComplained = false;

  constructor(clock: Clock, antennas: readonly number[]) {
    this.#clock = clock;
    this.#antennas = antennas;
  }

  /** When the module last said something of its own. */
  get heardUptimeMs(): number {
    return this.#heardUptimeMs;
  }

  takeEvents(): readonly ReaderEvent[] {
    return this.#buffer.take(this.#clock.nowMs());
  }

  /** The stream has just begun: its silence counts from now. */
  begin(): void {
    this.#heardUptimeMs = this.#clock.uptimeMs();
    this.#hasComplained = false;
  }

  /** Counts as if nothing had been said for ever. */
  forget(): void {
    this.#heardUptimeMs = -Infinity;
  }

  /** False when the frame is no part of a stream. */
  take({ opcode, status, data }: M6eFrame): boolean {
    if (opcode !== OPCODE.readMultiple) return false;
    this.#heardUptimeMs = this.#clock.uptimeMs();
    if (status === STATUS.ok) return this.#takeRecord(data);
    if (status === STATUS.noTags) this.#endSearch();
    else this.#complain(status ?? STATUS.ok);
    return true;
  }

  #takeRecord(data: Uint8Array): boolean {
    const record = readLayout(RECORD, data);
    if (record === undefined || record.id.epc === '') return false;
    const atMs = this.#clock.nowMs();
    const { antennaTx, readCount, rssiDbm, id } = record;
    this.#buffer.add({
      kind: 'read',
      antenna: antennaTx,
      count: Math.max(1, readCount),
      firstMs: atMs,
      lastMs: atMs,
      rssiDbm,
      ids: { epc: id.epc, pc: id.pc },
    });
    return true;
  }

  /** Each antenna of the list had its turn, unless the module complained in between. */
  #endSearch(): void {
    if (!this.#hasComplained) {
      this.#complaint = undefined;
      this.#buffer.add({ kind: 'cycle', antennas: this.#antennas, atMs: this.#clock.nowMs() });
    }
    this.#hasComplained = false;
  }

  #complain(status: number): void {
    this.#hasComplained = true;
    if (this.#complaint === status) return;
    this.#complaint = status;
    const name = COMPLAINTS[status] ?? 'reading-failed';
    this.#buffer.add({ kind: 'vendor', name, detail: statusText(status), atMs: this.#clock.nowMs() });
  }
}
