/** From the messages of a Zebra fixed reader to the gateway's words. */
import type { JsonObject } from '#contract/codec/format.ts';
import { isJsonObject, textOf } from '#contract/codec/json-values.ts';
import { EventNumbers } from '#contract/codec/zebra/event-numbers.ts';
import { refusalIn } from '#gateway/drivers/zebra/control.ts';
import { ClockOffset } from '#gateway/drivers/clock-offset.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';

/** What the management interface tells besides heartbeats and pins. */
const TOLD: ReadonlySet<string> = new Set(['error', 'warning', 'firmwareUpdateProgress', 'userapp']);
const DETAIL_CHARS_MAX = 300;

export class ZebraTranslator {
  readonly #antennas: readonly number[];
  readonly #numbers = new EventNumbers();
  readonly #offset = new ClockOffset();
  readonly #plugs = new Map<number, boolean>();
  #isActive: boolean | undefined;

  constructor(antennas: readonly number[]) {
    this.#antennas = antennas;
  }

  /** Whether the radio was active at the last heartbeat. */
  get isActive(): boolean {
    return this.#isActive === true;
  }

  /** Whether the last heartbeat said that it is not; one that says nothing of it says nothing. */
  get isIdle(): boolean {
    return this.#isActive === false;
  }

  translate(event: JsonObject, atMs: number): readonly ReaderEvent[] {
    const lost = this.#numbers.take(event).map(({ behind, count }): ReaderEvent => ({
      kind: 'vendor',
      name: 'events-lost',
      detail: `${count} messages behind number ${behind} never came`,
      atMs,
    }));
    return [...lost, ...this.#one(event, atMs)];
  }

  #one(event: JsonObject, atMs: number): readonly ReaderEvent[] {
    const { pin, state } = event;
    switch (event['event']) {
      case 'tag':
        return this.#read(event, atMs);
      case 'heartbeat':
        return this.#heartbeat(event['data'], atMs);
      case 'gpi':
        return typeof pin === 'number' ? [{ kind: 'gpi', port: pin, high: state === 'HIGH', atMs }] : [];
      case 'gpo':
        return [];
      default: {
        const refusal = refusalIn(event['raw']);
        if (refusal === null) return [];
        if (refusal !== undefined)
          return [{ kind: 'vendor', name: 'command-refused', detail: refusal.slice(0, DETAIL_CHARS_MAX), atMs }];
        const kind = textOf(event['event']);
        const detail = JSON.stringify(event).slice(0, DETAIL_CHARS_MAX);
        return [{ kind: 'vendor', name: TOLD.has(kind) ? kind : 'unknown-event', detail, atMs }];
      }
    }
  }

  #read(event: JsonObject, atMs: number): readonly ReaderEvent[] {
    const { epc, tid, pc, antenna, rssiDbm, reads, format } = event;
    if (typeof epc !== 'string')
      return [{ kind: 'vendor', name: 'unknown-event', detail: 'a tag without idHex', atMs }];
    const [only] = this.#antennas;
    // SIMPLE and CUSTOM leave the antenna out unless it is asked for.
    const port = typeof antenna === 'number' ? antenna : this.#antennas.length === 1 ? only : undefined;
    if (port === undefined) {
      const detail = 'the reader leaves the antenna out; add ANTENNA and RSSI to the tagMetaData of its operating mode';
      return [{ kind: 'vendor', name: 'no-antenna', detail, atMs }];
    }
    const readMs = this.#timeOf(event, atMs);
    const ids = {
      ...(format === 'tid' ? { tid: epc } : { epc }),
      ...(typeof tid === 'string' && { tid }),
      ...(typeof pc === 'string' && { pc }),
    };
    const count = typeof reads === 'number' && Number.isInteger(reads) && reads >= 1 ? reads : 1;
    const rssi = typeof rssiDbm === 'number' ? { rssiDbm } : {};
    return [{ kind: 'read', antenna: port, count, firstMs: readMs, lastMs: readMs, ...rssi, ids }];
  }

  /** A reader ahead of us is put right; one behind us cannot be told from a message that took long. */
  #timeOf(event: JsonObject, atMs: number): number {
    const readerMs = Date.parse(textOf(event['at']));
    if (Number.isNaN(readerMs)) return atMs;
    this.#offset.addSample(readerMs, atMs);
    return readerMs - Math.max(0, this.#offset.offsetMs ?? 0);
  }

  #heartbeat(data: unknown, atMs: number): readonly ReaderEvent[] {
    const radio = isJsonObject(data) ? data['radio_control'] : undefined;
    if (!isJsonObject(radio)) return [];
    const { radioActivity } = radio;
    this.#isActive = typeof radioActivity === 'string' ? radioActivity === 'active' : undefined;
    const { antennas } = radio;
    if (!isJsonObject(antennas)) return [];
    return Object.entries(antennas).flatMap(([port, state]): readonly ReaderEvent[] => {
      const antenna = Number(port);
      const up = state === 'connected';
      if (!this.#antennas.includes(antenna) || (this.#plugs.get(antenna) ?? true) === up) return [];
      this.#plugs.set(antenna, up);
      return [{ kind: 'antenna', antenna, up, atMs }];
    });
  }
}
