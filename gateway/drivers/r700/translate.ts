/** From the events of an R700 to the gateway's words. */
import type { JsonObject } from '#contract/codec/format.ts';
import { textOf } from '#contract/codec/json-values.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';

/** Clocks that are nearer than this are taken to agree: the reader tells its time to the second. */
const OFFSET_MS_MIN = 2000;
/** What only needs a name; its content goes into the detail. */
const TOLD: ReadonlySet<string> = new Set(['diagnostic', 'inventoryTerminated']);
const DETAIL_CHARS_MAX = 300;

export class R700Translator {
  readonly #antennas: readonly number[];
  #offsetMs = 0;
  #isRunning = false;
  #active: number | undefined;
  #activatedUptimeMs: number | undefined;

  constructor(antennas: readonly number[]) {
    this.#antennas = antennas;
  }

  /** Whether the inventory is known to run. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** `idle`, `running` or `armed`, from the reader's status. */
  takeStatus(status: unknown): void {
    if (typeof status !== 'string') return;
    this.#isRunning = status === 'running';
    if (!this.#isRunning) this.#active = undefined;
  }

  /** The reader's clock, as it told it; gives the event when it is off. */
  takeClock(readerMs: number, atMs: number): readonly ReaderEvent[] {
    const offsetMs = readerMs - atMs;
    this.#offsetMs = Math.abs(offsetMs) < OFFSET_MS_MIN ? 0 : offsetMs;
    return [{ kind: 'clock-offset', offsetMs, atMs }];
  }

  /** Whether the reader itself tells when it is done with an antenna. */
  tellsActivations(uptimeMs: number, withinMs: number): boolean {
    return this.#activatedUptimeMs !== undefined && uptimeMs - this.#activatedUptimeMs <= withinMs;
  }

  translate(event: JsonObject, atMs: number, uptimeMs: number): readonly ReaderEvent[] {
    const { antenna } = event;
    switch (event['event']) {
      case 'tagInventory':
        return this.#read(event, atMs);
      case 'antennaActivation':
        return typeof antenna === 'number' ? this.#activate(antenna, atMs, uptimeMs) : [];
      case 'antennaConnected':
      case 'antennaDisconnected':
        if (typeof antenna !== 'number') return [];
        return [{ kind: 'antenna', antenna, up: event['event'] === 'antennaConnected', atMs }];
      case 'inventoryStatus':
        this.takeStatus(event['status'] ?? event['inventoryStatus']);
        return [];
      case 'gpiTransition':
        if (typeof event['gpi'] !== 'number') return [];
        return [{ kind: 'gpi', port: event['gpi'], high: event['transition'] === 'low-to-high', atMs }];
      case 'overflow':
        return [
          { kind: 'vendor', name: 'events-lost', detail: `${textOf(event['lost'])} by the reader's buffer`, atMs },
        ];
      default:
        return this.#other(event, atMs);
    }
  }

  #read(event: JsonObject, atMs: number): readonly ReaderEvent[] {
    const { epc, tid, pc, antenna, rssiDbm } = event;
    // An inventory that reads is running, whatever was said before.
    this.#isRunning = true;
    if (typeof epc !== 'string' && typeof tid !== 'string') return [];
    const [only] = this.#antennas;
    // The event configuration of a preset can leave the antenna out.
    const port = typeof antenna === 'number' ? antenna : this.#antennas.length === 1 ? only : undefined;
    if (port === undefined) {
      const detail = 'the reader leaves the antenna out; turn antennaPort on in the event configuration of its preset';
      return [{ kind: 'vendor', name: 'no-antenna', detail, atMs }];
    }
    const readMs = this.#timeOf(event) ?? atMs;
    const ids = {
      ...(typeof epc === 'string' && { epc }),
      ...(typeof tid === 'string' && { tid }),
      ...(typeof pc === 'string' && { pc }),
    };
    const rssi = typeof rssiDbm === 'number' ? { rssiDbm } : {};
    return [{ kind: 'read', antenna: port, count: 1, firstMs: readMs, lastMs: readMs, ...rssi, ids }];
  }

  /** When the tag was read, else when the event was made, on the gateway's clock. */
  #timeOf(event: JsonObject): number | undefined {
    const { lastSeenAt, at } = event;
    const text = typeof lastSeenAt === 'string' ? lastSeenAt : at;
    const readerMs = typeof text === 'string' ? Date.parse(text) : Number.NaN;
    return Number.isNaN(readerMs) ? undefined : readerMs - this.#offsetMs;
  }

  /** One antenna begins, so the one before it has had its turn. */
  #activate(antenna: number, atMs: number, uptimeMs: number): readonly ReaderEvent[] {
    const before = this.#active;
    this.#active = antenna;
    this.#activatedUptimeMs = uptimeMs;
    this.#isRunning = true;
    return before === undefined ? [] : [{ kind: 'cycle', antennas: [before], atMs }];
  }

  #other(event: JsonObject, atMs: number): readonly ReaderEvent[] {
    const kind = textOf(event['event']);
    if (kind === 'inventoryTerminated') this.takeStatus('idle');
    const detail = JSON.stringify(event).slice(0, DETAIL_CHARS_MAX);
    return [{ kind: 'vendor', name: TOLD.has(kind) ? kind : 'unknown-event', detail, atMs }];
  }
}
