/** The devices of the building: UHF readers, the pad at the return desk, people counters, and what befalls them. */
import type { RadioField } from '#sim/radio/field.ts';
import { createRandom } from '#sim/random/random.ts';
import { startLlrpReader, type LlrpReader } from '#sim/readers/llrp/reader.ts';
import { blankTag, programTag, type HfTag } from '#sim/readers/hf-tag.ts';
import type { LineDevice } from '#sim/readers/line-device.ts';
import { startThreemReader } from '#sim/readers/threem/reader.ts';
import { openSerialPair } from '#sim/readers/serial-line.ts';
import type { PeopleCounter } from '#sim/sensors/people-counter.ts';
import { openSensorUplink, type SensorUplink } from '#sim/sensors/sensor-uplink.ts';
import { DESK, DESK_READER } from '#sim/world/building.ts';
import type { Stock } from '#sim/world/stock.ts';
import type { ReaderConfig, SimulationOptions } from './simulation-options.ts';

/** Antennas times this is one scan cycle: 15 x 540 ms = 8.1 s. */
const DWELL_MS = 540;
const SENSOR_PERIOD_MS = 10_000;
const PORTS_PER_READER = 16;
const PAD_GLITCH_SHARE = 0.02;

/** The id in the tag of that kind: EPC for UHF, UID for HF. */
export function tagOf(tags: readonly string[], prefix: 'epc:' | 'uid:'): string | undefined {
  return tags.find((tag) => tag.startsWith(prefix))?.slice(prefix.length);
}

export async function startUhfReaders(
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

/** The pad at the return desk: returned items pass over it, and tags are laid on it by hand to be written. */
export interface Desk {
  readonly reader: LineDevice;
  tags(): readonly HfTag[];
  /** Lays a tag on the pad: a new one, or the one that was lifted. False where it lies there already. */
  layTag(uid: string): boolean;
  /** False where no tag of that name was laid. */
  liftTag(uid: string): boolean;
  close(): Promise<void>;
}

export async function startDesk(options: SimulationOptions, stock: Stock): Promise<Desk> {
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
  /** Every tag that was ever laid there keeps what was written on it. */
  const loose = new Map<string, HfTag>();
  const laid = new Set<string>();
  const pad = {
    tags: () => [
      ...[...stock.itemsAt(DESK)].flatMap((item) => tagFor(item) ?? []),
      ...[...laid].flatMap((uid) => loose.get(uid) ?? []),
    ],
    isGlitch: () => random.next() < PAD_GLITCH_SHARE,
  };
  const hand = {
    tags: pad.tags,
    layTag(uid: string) {
      if (pad.tags().some((tag) => tag.uid === uid)) return false;
      if (!loose.has(uid)) loose.set(uid, blankTag(uid));
      laid.add(uid);
      return true;
    },
    liftTag: (uid: string) => laid.delete(uid),
  };
  if (serialFolder === undefined) {
    const on = { kind: 'tcp' as const, host, port: ports[DESK_READER] ?? 0 };
    const reader = await startThreemReader({ id: DESK_READER, pad, on });
    return { ...hand, reader, close: () => reader.close() };
  }
  const pair = await openSerialPair(serialFolder);
  const on = { kind: 'serial' as const, path: pair.device, linkPath: pair.gateway };
  const reader = await startThreemReader({ id: DESK_READER, pad, on });
  return {
    ...hand,
    reader,
    async close() {
      await reader.close();
      await pair.close();
    },
  };
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

/** Power cuts by chance; whoever is off comes back after its time. */
export function startFaults(options: SimulationOptions, llrp: ReadonlyMap<string, LlrpReader>): { close(): void } {
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

export function readerConfigs(
  options: SimulationOptions,
  llrp: ReadonlyMap<string, LlrpReader>,
  desk: LineDevice,
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
