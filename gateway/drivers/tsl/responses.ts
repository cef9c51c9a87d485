/**
 * Which response a line belongs to. The reader answers our questions and those of its own trigger on one line, so each
 * response is told by the command it began with.
 *
 *     CS: .iv …    EP: …    RI: …    EP: …    OK:    (blank)
 */
import { TSL_ERROR } from '#contract/codec/tsl/headers.table.ts';
import type { TslLine } from '#contract/codec/tsl/line.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';

/** A line that means something. `done` ends the response to `command`. */
export type TslAnswer =
  { readonly kind: 'done'; readonly command: string; readonly error?: string } | { readonly kind: 'other' };

interface Heard {
  readonly epc: string;
  rssiDbm?: number;
}

export class TslResponses {
  readonly #antenna: number;
  #command = '';
  /** False for a command that only sets parameters. */
  #isAction = true;
  #error: string | undefined;
  #heard: Heard[] = [];
  #events: ReaderEvent[] = [];

  constructor(antenna: number) {
    this.#antenna = antenna;
  }

  /** What the lines since the last call told. */
  takeEvents(): readonly ReaderEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  hear(line: TslLine, atMs: number): TslAnswer {
    if (line.kind !== 'field') return { kind: 'other' };
    const { header, value } = line;
    const text = 'text' in value ? value.text : '';
    if (header === 'CS') {
      this.#command = /^\.([a-z]{2})/.exec(text)?.[1] ?? '';
      this.#isAction = !/ -n(?: |$)/.test(text);
      this.#error = undefined;
      this.#heard = [];
    } else if ('epc' in value) this.#heard.push({ epc: value.epc });
    else if ('rssiDbm' in value) {
      const last = this.#heard.at(-1);
      if (last !== undefined) last.rssiDbm = value.rssiDbm;
    } else if (header === 'SW') this.#vendor('trigger', text, atMs);
    else if (header === 'BC') this.#tellBarcode('barcode' in value ? value.barcode : '', atMs);
    else if (header === 'ER') {
      this.#error = text.trim();
      return this.#finish(atMs);
    } else if (header === 'OK') return this.#finish(atMs);
    return { kind: 'other' };
  }

  #finish(atMs: number): TslAnswer {
    const command = this.#command;
    const error = this.#error;
    const heard = this.#heard;
    this.#heard = [];
    this.#command = '';
    this.#error = undefined;
    const isEmpty = error === TSL_ERROR.noTransponder;
    if (command === 'iv' && this.#isAction) {
      for (const { epc, rssiDbm } of heard) {
        const rssi = rssiDbm === undefined ? {} : { rssiDbm };
        this.#events.push({
          kind: 'read',
          antenna: this.#antenna,
          count: 1,
          firstMs: atMs,
          lastMs: atMs,
          ...rssi,
          ids: { epc },
        });
      }
      // Each inventory that ran to its end was one opportunity to be read, also when nothing answered.
      if (error === undefined || isEmpty) this.#events.push({ kind: 'cycle', antennas: [this.#antenna], atMs });
    }
    if (error !== undefined && !isEmpty) this.#vendor('reader-error', `${command}: ${error}`, atMs);
    return { kind: 'done', command, ...(error !== undefined && { error }) };
  }

  /** It may be a patron's card: what it says goes into no log. */
  #tellBarcode(barcode: string, atMs: number): void {
    this.#vendor('barcode', `${barcode.length} characters`, atMs);
  }

  #vendor(name: string, detail: string, atMs: number): void {
    this.#events.push({ kind: 'vendor', name, detail: detail.slice(0, DETAIL_CHARS_MAX), atMs });
  }
}

const DETAIL_CHARS_MAX = 300;
