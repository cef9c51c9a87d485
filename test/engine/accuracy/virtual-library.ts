/**
 * The simulated library in virtual time: the same radio field, stock, people and report buffers as behind the sockets, and
 * the real edge presence, step by step and as fast as the machine can.
 */
import type { Observation } from '#contract/wire/observation.ts';
import type { ReadEvent, ReaderEvent } from '#gateway/drivers/reader-event.ts';
import { ReaderPresence } from '#gateway/presence/reader-presence.ts';
import { Life } from '#sim/people/life.ts';
import { DEMO_RATES, type Rates } from '#sim/people/rates.ts';
import { RadioField, type AntennaEar } from '#sim/radio/field.ts';
import { extraContent } from '#sim/readers/llrp/extensions.ts';
import { DEFAULT_REPORT, ReportBuffer, type ReportForm } from '#sim/readers/llrp/report-buffer.ts';
import { DESK, DESK_READER, DESK_READ_POINT } from '#sim/world/building.ts';
import { buildDemoLibrary, type DemoLibrary } from '#sim/world/demo-library.ts';
import type { Shelf } from '#sim/world/ranges.ts';
import { Stock } from '#sim/world/stock.ts';

/** What a reader without extensions and with a clock that knows the time reports. */
const PLAIN_REPORT: ReportForm = {
  content: DEFAULT_REPORT.content,
  rospecId: 1,
  extra: extraContent([]),
  bootMs: undefined,
};

export interface RawRead {
  readonly item: number;
  readonly shelf: string;
  readonly rssiDbm: number;
  readonly atMs: number;
  readonly nowMs: number;
}

export interface VirtualLibraryOptions {
  readonly seed: number;
  readonly rates?: Partial<Rates>;
  /** The readers of this floor only: half the work. */
  readonly floor?: 1 | 2;
  readonly onRead?: (read: RawRead) => void;
}

/** As the inventory of the simulated reader goes: slices short enough that reports leave while the antenna listens. */
const SLICES_MS = [140, 140, 140, 120] as const;
const REPORT_TAGS = 16;
const ANTENNAS = 15;
const START_MS = Date.UTC(2026, 0, 5, 10);

interface SimulatedReader {
  readonly presence: ReaderPresence;
  readonly buffer: ReportBuffer;
  readonly ears: readonly { readonly port: number; readonly ear: AntennaEar | undefined }[];
  phase: number;
}

export class VirtualLibrary {
  readonly demo: DemoLibrary;
  readonly stock: Stock;
  /** Those whose readers run. */
  readonly smartShelves: readonly Shelf[];
  readonly startMs = START_MS;
  nowMs = START_MS;
  readonly #options: VirtualLibraryOptions;
  readonly #life: Life;
  readonly #readers: readonly SimulatedReader[];
  readonly #desk: ReaderPresence;
  readonly #epcs: readonly (string | undefined)[];
  readonly #uids: readonly (string | undefined)[];
  readonly #itemOfEpc: ReadonlyMap<string, number>;

  constructor(options: VirtualLibraryOptions) {
    const { seed } = options;
    this.#options = options;
    const demo = (this.demo = buildDemoLibrary({ library: 'demo', seed }));
    const homes = demo.homes.map((home) => demo.shelves[home]?.id ?? '');
    const stock = (this.stock = new Stock(
      demo.items.map(({ barcode }) => barcode),
      homes,
    ));
    const tagsOf = (prefix: string) =>
      demo.items.map(({ tags }) => tags.find((tag) => tag.startsWith(prefix))?.slice(prefix.length));
    this.#epcs = tagsOf('epc:');
    this.#uids = tagsOf('uid:');
    this.#itemOfEpc = new Map(this.#epcs.flatMap((epc, item) => (epc === undefined ? [] : [[epc, item] as const])));
    const field = new RadioField({
      shelves: demo.shelves,
      stock,
      isTagged: (item) => this.#epcs[item] !== undefined,
      seed,
    });
    this.#life = new Life({
      demo,
      stock,
      seed,
      rates: { ...DEMO_RATES, ...options.rates },
      startMs: START_MS,
      crossed: () => undefined,
      reached: (place, untilMs) => {
        field.cover(place, untilMs);
      },
    });
    const now = this.#now();
    this.smartShelves = demo.shelves.filter(
      ({ floor, antenna }) => antenna !== undefined && floor === (options.floor ?? floor),
    );
    const ids = [...new Set(this.smartShelves.flatMap(({ antenna }) => antenna?.reader ?? []))].sort();
    this.#readers = ids.map((reader, i) => {
      const points = demo.plan.readPoints.filter((point) => point.reader === reader);
      return {
        presence: new ReaderPresence({
          reader,
          antennas: points.map(({ antenna, id }) => ({ antenna, readPoint: id })),
          now,
        }),
        buffer: new ReportBuffer(),
        ears: Array.from({ length: ANTENNAS }, (_, port) => ({ port: port + 1, ear: field.ear(reader, port + 1) })),
        phase: (i * 4) % ANTENNAS,
      };
    });
    const antennas = [{ antenna: 1, readPoint: DESK_READ_POINT }];
    this.#desk = new ReaderPresence({ reader: DESK_READER, antennas, now });
  }

  /** One antenna of each reader; the observations of all gateways. */
  step(): Observation[] {
    const out: Observation[] = [];
    for (const reader of this.#readers) reader.phase = (reader.phase + 1) % ANTENNAS;
    for (const sliceMs of SLICES_MS) {
      const fromMs = this.nowMs;
      this.nowMs += sliceMs;
      this.#life.advance(fromMs);
      for (const reader of this.#readers) out.push(...this.#listen(reader, fromMs, sliceMs));
    }
    for (const reader of this.#readers) {
      const { port } = reader.ears[reader.phase] ?? { port: 1 };
      const events = [...this.#drain(reader), { kind: 'cycle' as const, antennas: [port], atMs: this.nowMs }];
      out.push(...reader.presence.take(events, this.#now()), ...reader.presence.tick(this.#now()));
    }
    out.push(...this.#desk.take(this.#atDesk(), this.#now()), ...this.#desk.tick(this.#now()));
    return out;
  }

  #now(): { wallMs: number; uptimeMs: number } {
    return { wallMs: this.nowMs, uptimeMs: this.nowMs - START_MS };
  }

  #listen(reader: SimulatedReader, fromMs: number, sliceMs: number): Observation[] {
    const { port, ear } = reader.ears[reader.phase] ?? { port: 1, ear: undefined };
    const out: Observation[] = [];
    ear?.listen(fromMs, sliceMs, (item, rssiDbm, atMs) => {
      const epc = this.#epcs[item];
      if (epc === undefined) return;
      reader.buffer.add({ epc, antennaId: port, specIndex: port, rssiDbm, atMs });
      if (reader.buffer.size >= REPORT_TAGS) out.push(...reader.presence.take(this.#drain(reader), this.#now()));
    });
    return out;
  }

  #drain(reader: SimulatedReader): ReaderEvent[] {
    const shelf = reader.ears[reader.phase]?.ear?.shelf.id ?? '';
    return reader.buffer.drain(PLAIN_REPORT).map((report): ReadEvent => {
      const firstMs = (report.firstSeenUtcUs ?? 0) / 1000;
      const lastMs = (report.lastSeenUtcUs ?? 0) / 1000;
      const rssiDbm = report.peakRssiDbm ?? 0;
      const item = this.#itemOfEpc.get(report.epc) ?? -1;
      this.#options.onRead?.({ item, shelf, rssiDbm, atMs: lastMs, nowMs: this.nowMs });
      const ids = { epc: report.epc };
      return {
        kind: 'read',
        antenna: report.antennaId ?? 1,
        count: report.seenCount ?? 1,
        firstMs,
        lastMs,
        rssiDbm,
        ids,
      };
    });
  }

  #atDesk(): ReaderEvent[] {
    const reads = [...this.stock.itemsAt(DESK)].flatMap((item): ReadEvent[] => {
      const uid = this.#uids[item];
      const at = { firstMs: this.nowMs, lastMs: this.nowMs };
      return uid === undefined ? [] : [{ kind: 'read', antenna: 1, count: 1, ...at, ids: { uid } }];
    });
    return [...reads, { kind: 'cycle', antennas: [1], atMs: this.nowMs }];
  }
}
