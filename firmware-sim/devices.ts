/** The devices of the building: readers of every family that the site has, people counters, and what befalls them. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RadioField } from '#sim/radio/field.ts';
import { nearField } from '#sim/radio/near-field.ts';
import { createRandom } from '#sim/random/random.ts';
import type { Gen2Air } from '#sim/readers/gen2-air.ts';
import type { DeviceLine } from '#sim/readers/line-device.ts';
import { openSerialPair } from '#sim/readers/serial-line.ts';
import type { PeopleCounter } from '#sim/sensors/people-counter.ts';
import { openSensorUplink, type SensorUplink } from '#sim/sensors/sensor-uplink.ts';
import type { SiteReader } from '#sim/world/site.ts';
import type { Stock } from '#sim/world/stock.ts';
import type { Tags } from './tags.ts';
import { familyOf, type SimulatedReader, type Surroundings } from './families.ts';
import { startOthersBroker } from './others-broker.ts';
import { OTHERS_BROKER, type ReaderConfig, type SimulationOptions } from './simulation-options.ts';

/** Antennas times this is one scan cycle: 15 x 540 ms = 8.1 s. */
const DWELL_MS = 540;
const SENSOR_PERIOD_MS = 10_000;
const PAD_GLITCH_SHARE = 0.02;
const LOOPBACK = '127.0.0.1';

/** What the readers hear and see. */
export interface Surfaces {
  readonly field: RadioField;
  readonly stock: Stock;
  readonly tags: Tags;
}

export interface RunningReaders {
  /** By id, in the order of the site. */
  readonly readers: ReadonlyMap<string, SimulatedReader>;
  /** As the gateway's configuration names them. */
  readonly configs: readonly ReaderConfig[];
  close(): Promise<void>;
}

/** Starts all readers of the site, and the broker that some of them publish to. */
export async function startReaders(options: SimulationOptions, surfaces: Surfaces): Promise<RunningReaders> {
  const { demo, host = LOOPBACK, ports = {} } = options;
  const closers: (() => Promise<void>)[] = [];
  const needsBroker = demo.site.readers.some(({ driver }) => familyOf(driver).wire === 'mqtt');
  const broker = needsBroker ? await startOthersBroker({ host, port: ports[OTHERS_BROKER] ?? 0 }) : undefined;
  const readers = await Promise.all(
    demo.site.readers.map(async (one) => {
      const on = await lineOf(one, options, closers);
      const wires = { broker: broker?.url ?? '', on };
      const reader = await familyOf(one.driver).start(surroundingsOf(one, options, surfaces, wires));
      closers.push(() => reader.close());
      return reader;
    }),
  );
  return {
    readers: new Map(readers.map((reader) => [reader.id, reader])),
    configs: demo.site.readers.flatMap((one, n) => configOf(one, readers[n]?.link ?? '', options)),
    async close() {
      // Readers before the lines and the broker they hang on.
      for (const close of closers.reverse()) await close();
      await broker?.close();
    },
  };
}

function surroundingsOf(
  { id }: SiteReader,
  options: SimulationOptions,
  { field, stock, tags }: Surfaces,
  wires: Pick<Surroundings, 'broker' | 'on'>,
): Surroundings {
  const { demo, seed, clock, host = LOOPBACK, ports = {} } = options;
  const antennas = antennasOf(id, options);
  const random = createRandom(seed, demo.site.isShielded ? `pad/${id}` : 'pad');
  const spot = demo.site.spots.find(({ readPoint }) => readPoint.reader === id)?.readPoint.places[0];
  const epcOf = (item: number): string | undefined => tags.epcOf(item);
  const isTagged = (item: number): boolean => epcOf(item) !== undefined;
  const near = spot === undefined ? undefined : nearField({ place: spot, stock, random, isTagged });
  const ear: Gen2Air['ear'] = (antenna) => (near !== undefined && antenna === 1 ? near : field.ear(id, antenna));
  return {
    id,
    clock,
    antennas: antennas.map(({ antenna }) => antenna),
    host,
    port: ports[id] ?? 0,
    air: { ear, tagOf: (item) => tags.gen2TagOf(item) },
    epcOf,
    hasTagMemory: demo.site.hasTagMemory,
    pad: {
      tags: () => (spot === undefined ? [] : tags.hfTagsAt(spot)),
      isGlitch: () => random.next() < PAD_GLITCH_SHARE,
    },
    ...wires,
  };
}

async function lineOf(
  { id, driver }: SiteReader,
  { host = LOOPBACK, ports = {}, serialFolder }: SimulationOptions,
  closers: (() => Promise<void>)[],
): Promise<DeviceLine> {
  if (serialFolder === undefined || familyOf(driver).wire !== 'serial')
    return { kind: 'tcp', host, port: ports[id] ?? 0 };
  const folder = join(serialFolder, id);
  await mkdir(folder, { recursive: true });
  const pair = await openSerialPair(folder);
  closers.push(() => pair.close());
  return { kind: 'serial', path: pair.device, linkPath: pair.gateway };
}

function antennasOf(id: string, { demo }: SimulationOptions): ReaderConfig['antennas'] {
  return demo.plan.readPoints
    .filter(({ reader }) => reader === id)
    .map(({ antenna, id: readPoint }) => ({ antenna, readPoint }))
    .sort((a, b) => a.antenna - b.antenna);
}

function configOf({ id, driver }: SiteReader, link: string, options: SimulationOptions): ReaderConfig {
  const { settings } = familyOf(driver);
  const dwell = driver === 'llrp' ? { dwellMs: options.dwellMs ?? DWELL_MS } : {};
  return { id, driver, link, antennas: antennasOf(id, options), settings: { ...settings, ...dwell } };
}

export function startSensors(
  options: SimulationOptions,
  counters: readonly PeopleCounter[],
): { close(): Promise<void> } {
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

/** Power cuts by chance, of readers that hang on the network; whoever is off comes back after its time. */
export function startFaults(
  options: SimulationOptions,
  readers: ReadonlyMap<string, SimulatedReader>,
): { close(): void } {
  const { faults, log, seed, demo } = options;
  if (faults === undefined) return { close: () => undefined };
  const random = createRandom(seed, 'faults');
  const returns = new Set<NodeJS.Timeout>();
  const networked = demo.site.readers.filter(({ driver }) => familyOf(driver).wire !== 'serial');
  const timer = setInterval(() => {
    const reader = readers.get(random.pick(networked).id);
    log.info({ reader: reader?.id }, 'simulated power cut');
    void reader?.unplug();
    const back = setTimeout(() => {
      returns.delete(back);
      void reader?.plug();
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
