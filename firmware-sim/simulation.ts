/**
 * The whole virtual library: items in a radio field, readers that speak LLRP and the 3M protocol, people counters that
 * publish over MQTT, and people who keep moving things. The platform meets it only over the wires.
 */
import type { Logger } from 'pino';
import { assert } from '#contract/assert.ts';
import type { Clock } from '#contract/clock.ts';
import { Life } from '#sim/people/life.ts';
import { DEMO_RATES, type Rates } from '#sim/people/rates.ts';
import { RadioField } from '#sim/radio/field.ts';
import { createRandom } from '#sim/random/random.ts';
import { startLlrpReader, type LlrpReader } from '#sim/readers/llrp/reader.ts';
import { programTag, type HfTag } from '#sim/readers/threem/hf-tag.ts';
import { startThreemReader, type ThreemReader } from '#sim/readers/threem/reader.ts';
import { openSerialPair } from '#sim/readers/threem/serial-line.ts';
import { PeopleCounter } from '#sim/sensors/people-counter.ts';
import { openSensorUplink, type SensorUplink } from '#sim/sensors/sensor-uplink.ts';
import { DESK, DESK_READER, LINES, type ZoneId } from '#sim/world/building.ts';
import type { DemoLibrary } from '#sim/world/demo-library.ts';
import { Stock, type Move } from '#sim/world/stock.ts';
import { readSnapshot, writeSnapshot, type Snapshot } from './snapshot.ts';

/** One reader as the gateway's configuration names it. */
export interface ReaderConfig {
  readonly id: string;
  readonly driver: 'llrp' | '3m';
  readonly link: string;
  readonly antennas: readonly { readonly antenna: number; readonly readPoint: string }[];
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface SimulationOptions {
  readonly demo: DemoLibrary;
  readonly seed: number;
  readonly clock: Clock;
  readonly log: Logger;
  /** Where the people counters publish; without it they count and say nothing. */
  readonly brokerUrl?: string;
  /** By device id; a counter without a secret stays silent. */
  readonly deviceSecrets?: Readonly<Record<string, string>>;
  /** A text of {@link Simulation.snapshot}. */
  readonly restore?: string;
  /** From time to time a reader loses its power for a while. */
  readonly faults?: { readonly everyMs: number; readonly forMs: number };
  readonly rates?: Partial<Rates>;
  readonly dwellMs?: number;
  readonly sensorPeriodMs?: number;
  readonly host?: string;
  /** Port of each reader; any free one where nothing is said. */
  readonly ports?: Readonly<Record<string, number>>;
  /** Puts the desk reader on a serial line in this folder, where socat is installed. */
  readonly serialFolder?: string;
}

/** What is really so; what the platform believes is measured against it. */
export interface Truth {
  /** Place id of the plan, `hands` or `away`. */
  placeOf(barcode: string): string | undefined;
  /** Moves at or after that moment, oldest first. */
  movesSince(atMs: number): readonly Move[];
  /** Barcodes of items that nothing ever moved. */
  untouched(): readonly string[];
  /** Items on a shelf that is not their home. */
  misplaced(): readonly { readonly barcode: string; readonly place: string }[];
  peoplePerZone(): Readonly<Record<ZoneId, number>>;
}

export interface Simulation {
  readonly readers: readonly ReaderConfig[];
  truth(): Truth;
  /** Moves an item by hand; false for an unknown item or place. */
  moveItem(barcode: string, place: string): boolean;
  unplug(readerId: string): Promise<void>;
  plug(readerId: string): Promise<void>;
  hang(readerId: string): void;
  resume(readerId: string): void;
  reboot(readerId: string): Promise<void>;
  loseAntenna(readerId: string, antenna: number): void;
  regainAntenna(readerId: string, antenna: number): void;
  snapshot(): string;
  close(): Promise<void>;
}

/** Antennas times this is one scan cycle: 15 x 540 ms = 8.1 s. */
const DWELL_MS = 540;
const SENSOR_PERIOD_MS = 10_000;
const LIFE_STEP_MS = 200;
const PORTS_PER_READER = 16;
const PAD_GLITCH_SHARE = 0.02;

/** Starts everything and waits until every reader takes connections. */
export async function startSimulation(options: SimulationOptions): Promise<Simulation> {
  const { demo, seed, clock, log } = options;
  const { key } = demo.library;
  const restored =
    options.restore === undefined
      ? undefined
      : readSnapshot(options.restore, { seed, library: key, items: demo.items.length });
  if (options.restore !== undefined && restored === undefined) log.warn('snapshot of another world, starting anew');

  const stock = stockOf(demo, restored);
  const epcs = demo.items.map(({ tags }) => tagOf(tags, 'epc:'));
  const field = new RadioField({ shelves: demo.shelves, stock, isTagged: (item) => epcs[item] !== undefined, seed });
  const counters = new Map(
    LINES.map(({ id, sensor }) => [id, new PeopleCounter(sensor, seed, restored?.counters[sensor])]),
  );
  const life = new Life(
    {
      demo,
      stock,
      seed,
      rates: { ...DEMO_RATES, ...options.rates },
      startMs: clock.nowMs(),
      crossed: ({ line, direction }) => counters.get(line)?.cross(direction),
      reached: (place, untilMs) => {
        field.cover(place, untilMs);
      },
    },
    restored?.life,
  );

  const llrp = await startUhfReaders(options, field, (item) => epcs[item]);
  const desk = await startDesk(options, stock);
  const sensors = startSensors(options, [...counters.values()]);
  const lifeTimer = setInterval(() => {
    life.advance(clock.nowMs());
  }, LIFE_STEP_MS);
  const faults = startFaults(options, llrp);

  const reader = (id: string): LlrpReader | ThreemReader => {
    const found = llrp.get(id) ?? (id === desk.reader.id ? desk.reader : undefined);
    assert(found !== undefined, 'a reader of this simulation');
    return found;
  };
  const uhf = (id: string): LlrpReader => {
    const found = llrp.get(id);
    assert(found !== undefined, 'a UHF reader of this simulation');
    return found;
  };
  const items = new Map(demo.items.map(({ barcode }, item) => [barcode, item]));
  const places = new Set(demo.plan.places.map(({ id }) => id));
  return {
    readers: readerConfigs(options, llrp, desk.reader),
    truth: () => truthOf(demo, stock, { items, life }),
    moveItem(barcode, place) {
      const item = items.get(barcode);
      if (item === undefined || !places.has(place)) return false;
      stock.move(item, place, clock.nowMs());
      return true;
    },
    unplug: (id) => reader(id).unplug(),
    plug: (id) => reader(id).plug(),
    hang: (id) => {
      reader(id).hang();
    },
    resume: (id) => {
      reader(id).resume();
    },
    async reboot(id) {
      await reader(id).unplug();
      await reader(id).plug();
    },
    loseAntenna: (id, antenna) => {
      uhf(id).loseAntenna(antenna);
    },
    regainAntenna: (id, antenna) => {
      uhf(id).regainAntenna(antenna);
    },
    snapshot: () =>
      snapshotOf(demo, stock, { seed, life: life.state(clock.nowMs()), counters: [...counters.values()] }),
    async close() {
      clearInterval(lifeTimer);
      faults.close();
      await Promise.all([sensors.close(), desk.close(), ...[...llrp.values()].map((one) => one.close())]);
    },
  };
}

function stockOf(demo: DemoLibrary, restored: Snapshot | undefined): Stock {
  const homes = demo.homes.map((home) => demo.shelves[home]?.id ?? '');
  for (const [item, place] of restored?.places ?? []) homes[item] = place;
  return new Stock(
    demo.items.map(({ barcode }) => barcode),
    homes,
    restored?.moved,
  );
}

function tagOf(tags: readonly string[], prefix: 'epc:' | 'uid:'): string | undefined {
  return tags.find((tag) => tag.startsWith(prefix))?.slice(prefix.length);
}

async function startUhfReaders(
  options: SimulationOptions,
  field: RadioField,
  epcOf: (item: number) => string | undefined,
): Promise<ReadonlyMap<string, LlrpReader>> {
  const { demo, clock, host = '127.0.0.1', ports = {} } = options;
  const ids = new Set(demo.shelves.flatMap(({ antenna }) => (antenna === undefined ? [] : [antenna.reader])));
  const readers = await Promise.all(
    [...ids].sort().map(async (id) => {
      const ear = (port: number): ReturnType<RadioField['ear']> => field.ear(id, port);
      const port = ports[id] ?? 0;
      return startLlrpReader({ id, antennas: PORTS_PER_READER, clock, ear, epcOf, host, port });
    }),
  );
  return new Map(readers.map((reader) => [reader.id, reader]));
}

async function startDesk(
  options: SimulationOptions,
  stock: Stock,
): Promise<{ readonly reader: ThreemReader; close(): Promise<void> }> {
  const { demo, seed, host = '127.0.0.1', ports = {}, serialFolder } = options;
  const random = createRandom(seed, 'pad');
  const programmed = new Map<number, HfTag | undefined>();
  const tagFor = (item: number): HfTag | undefined => {
    if (!programmed.has(item)) {
      const uid = tagOf(demo.items[item]?.tags ?? [], 'uid:');
      const own = { barcode: stock.barcodeOf(item), isil: demo.library.isil };
      programmed.set(item, uid === undefined ? undefined : programTag({ uid, ...own }));
    }
    return programmed.get(item);
  };
  const pad = {
    tags: () => [...stock.itemsAt(DESK)].flatMap((item) => tagFor(item) ?? []),
    isGlitch: () => random.next() < PAD_GLITCH_SHARE,
  };
  if (serialFolder === undefined) {
    const on = { kind: 'tcp' as const, host, port: ports[DESK_READER] ?? 0 };
    const reader = await startThreemReader({ id: DESK_READER, pad, on });
    return { reader, close: () => reader.close() };
  }
  const pair = await openSerialPair(serialFolder);
  const on = { kind: 'serial' as const, path: pair.device, linkPath: pair.gateway };
  const reader = await startThreemReader({ id: DESK_READER, pad, on });
  return {
    reader,
    async close() {
      await reader.close();
      await pair.close();
    },
  };
}

function startSensors(options: SimulationOptions, counters: readonly PeopleCounter[]): { close(): Promise<void> } {
  const { brokerUrl, deviceSecrets = {}, demo, clock, log, sensorPeriodMs = SENSOR_PERIOD_MS } = options;
  const timers: NodeJS.Timeout[] = [];
  const uplinks: SensorUplink[] = [];
  for (const counter of counters) {
    const secret = deviceSecrets[counter.device];
    if (brokerUrl === undefined || secret === undefined) continue;
    const uplink = openSensorUplink({ brokerUrl, library: demo.library.key, device: counter.device, secret, log });
    uplinks.push(uplink);
    timers.push(
      setInterval(() => {
        uplink.send(counter.report(clock.nowMs()));
      }, sensorPeriodMs),
    );
  }
  return {
    async close() {
      for (const timer of timers) clearInterval(timer);
      await Promise.all(uplinks.map((uplink) => uplink.close()));
    },
  };
}

/** Power cuts by chance; whoever is off comes back after its time. */
function startFaults(options: SimulationOptions, llrp: ReadonlyMap<string, LlrpReader>): { close(): void } {
  const { faults, log, seed } = options;
  if (faults === undefined) return { close: () => undefined };
  const random = createRandom(seed, 'faults');
  const returns = new Set<NodeJS.Timeout>();
  const timer = setInterval(() => {
    const reader = random.pick([...llrp.values()]);
    log.info({ reader: reader.id }, 'simulated power cut');
    void reader.unplug();
    const back = setTimeout(() => {
      returns.delete(back);
      void reader.plug();
    }, faults.forMs);
    returns.add(back);
  }, faults.everyMs);
  return {
    close() {
      clearInterval(timer);
      for (const back of returns) clearTimeout(back);
    },
  };
}

function readerConfigs(
  options: SimulationOptions,
  llrp: ReadonlyMap<string, LlrpReader>,
  desk: ThreemReader,
): readonly ReaderConfig[] {
  const { demo, host = '127.0.0.1', dwellMs = DWELL_MS } = options;
  const antennasOf = (id: string): ReaderConfig['antennas'] =>
    demo.plan.readPoints
      .filter(({ reader }) => reader === id)
      .map(({ antenna, id: readPoint }) => ({ antenna, readPoint }))
      .sort((a, b) => a.antenna - b.antenna);
  const uhf = [...llrp.values()].map(({ id, port }) => ({
    id,
    driver: 'llrp' as const,
    link: `tcp://${host}:${port}`,
    antennas: antennasOf(id),
    settings: { dwellMs },
  }));
  return [...uhf, { id: desk.id, driver: '3m', link: desk.link, antennas: antennasOf(desk.id), settings: {} }];
}

function truthOf(
  demo: DemoLibrary,
  stock: Stock,
  { items, life }: { items: ReadonlyMap<string, number>; life: Life },
): Truth {
  const shelves = new Set(demo.shelves.map(({ id }) => id));
  return {
    placeOf(barcode) {
      const item = items.get(barcode);
      return item === undefined ? undefined : stock.placeOf(item);
    },
    movesSince: (atMs) => stock.movesSince(atMs),
    untouched: () => stock.untouched().map((item) => stock.barcodeOf(item)),
    misplaced: () =>
      stock.touched().flatMap((item) => {
        const place = stock.placeOf(item);
        return shelves.has(place) && !demo.isHome(item, place) ? [{ barcode: stock.barcodeOf(item), place }] : [];
      }),
    peoplePerZone: () => life.peoplePerZone(),
  };
}

function snapshotOf(
  demo: DemoLibrary,
  stock: Stock,
  run: { seed: number; life: Snapshot['life']; counters: readonly PeopleCounter[] },
): string {
  const places = stock.places().flatMap((place, item): [number, string][] => {
    const home = demo.shelves[demo.homes[item] ?? -1]?.id;
    return place === home ? [] : [[item, place]];
  });
  const counters = Object.fromEntries(run.counters.map((counter) => [counter.device, counter.state()]));
  const { seed, life } = run;
  return writeSnapshot({ seed, library: demo.library.key, places, moved: stock.touched(), life, counters });
}
