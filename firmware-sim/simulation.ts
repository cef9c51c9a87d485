/**
 * The whole virtual library: items in a radio field, readers of the families that the site has, people counters that
 * publish over MQTT, and people who keep moving things. The platform meets it only over the wires.
 */
import { assert } from '#contract/assert.ts';
import { Life } from '#sim/people/life.ts';
import { DEMO_RATES } from '#sim/people/rates.ts';
import { RadioField } from '#sim/radio/field.ts';
import type { HfTag } from '#sim/readers/hf-tag.ts';
import { PeopleCounter } from '#sim/sensors/people-counter.ts';
import { DESK } from '#sim/world/building.ts';
import type { DemoLibrary } from '#sim/world/demo-library.ts';
import { Stock } from '#sim/world/stock.ts';
import { LINES } from '#sim/world/zones.ts';
import { startFaults, startReaders, startSensors } from './devices.ts';
import type { SimulatedReader } from './families.ts';
import type { ReaderConfig, SimulationOptions } from './simulation-options.ts';
import { readSnapshot, writeSnapshot, type Snapshot } from './snapshot.ts';
import { Tags } from './tags.ts';
import { truthOf, type Truth } from './truth.ts';
import { startWand } from './wand.ts';

export interface Simulation {
  readonly readers: readonly ReaderConfig[];
  truth(): Truth;
  /** Moves an item by hand; false for an unknown item or place. */
  moveItem(barcode: string, place: string): boolean;
  /** Barcodes of a shelf as they stand there. */
  orderOn(place: string): readonly string[];
  /** The one with the wand goes along a shelf, bay or range, or along any bay; false where nobody has one or no shelf is meant. */
  sweep(place?: string): boolean;
  endSweep(): void;
  /** Tags on the pad of the return desk, as they are. */
  padTags(): readonly HfTag[];
  /** Lays a blank tag on that pad, or one that was lifted; false where it lies there already. */
  layTag(uid: string): boolean;
  liftTag(uid: string): boolean;
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

const LIFE_STEP_MS = 200;

/** Starts everything and waits until every reader takes connections. */
export async function startSimulation(options: SimulationOptions): Promise<Simulation> {
  const { demo, seed, clock, log } = options;
  const { key } = demo.library;
  const restored =
    options.restore === undefined
      ? undefined
      : readSnapshot(options.restore, { seed, library: key, fingerprint: demo.fingerprint });
  if (options.restore !== undefined && restored === undefined) log.warn('snapshot of another world, starting anew');

  const stock = stockOf(demo, restored);
  const tags = new Tags(demo, stock);
  const shelves = demo.site.isShielded ? demo.shelves.filter(({ antenna }) => antenna !== undefined) : demo.shelves;
  const field = new RadioField({ shelves, stock, isTagged: (item) => tags.epcOf(item) !== undefined, seed });
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

  const running = await startReaders(options, { field, stock, tags });
  const wand = await startWand(options, { stock, tags });
  const sensors = startSensors(options, [...counters.values()]);
  const lifeTimer = setInterval(() => {
    life.advance(clock.nowMs());
  }, LIFE_STEP_MS);
  const faults = startFaults(options, running.readers);

  const reader = (id: string): SimulatedReader => {
    const found = id === wand.config?.id ? wand.reader : running.readers.get(id);
    assert(found !== undefined, 'a reader of this simulation');
    return found;
  };
  const items = new Map(demo.items.map(({ barcode }, item) => [barcode, item]));
  const places = new Set(demo.plan.places.map(({ id }) => id));
  return {
    readers: [...running.configs, ...(wand.config === undefined ? [] : [wand.config])],
    truth: () => truthOf(demo, stock, { items, life }),
    moveItem(barcode, place) {
      const item = items.get(barcode);
      if (item === undefined || !places.has(place)) return false;
      stock.move(item, place, clock.nowMs());
      return true;
    },
    orderOn: (place) => wand.orderOn(place).map((item) => stock.barcodeOf(item)),
    sweep: (place) => wand.sweep(place),
    endSweep: () => {
      wand.end();
    },
    padTags: () => tags.hfTagsAt(DESK),
    layTag: (uid) => tags.layTag(uid),
    liftTag: (uid) => tags.liftTag(uid),
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
      reader(id).loseAntenna?.(antenna);
    },
    regainAntenna: (id, antenna) => {
      reader(id).regainAntenna?.(antenna);
    },
    snapshot: () =>
      snapshotOf(demo, stock, { seed, life: life.state(clock.nowMs()), counters: [...counters.values()] }),
    async close() {
      clearInterval(lifeTimer);
      faults.close();
      await Promise.all([sensors.close(), running.close(), wand.close()]);
    },
  };
}

function stockOf(demo: DemoLibrary, restored: Snapshot | undefined): Stock {
  const homes = demo.homes.map((home) => demo.shelves[home]?.id ?? '');
  for (const [item, place] of restored?.places ?? demo.laid) homes[item] = place;
  return new Stock(
    demo.items.map(({ barcode }) => barcode),
    homes,
    restored?.moved,
  );
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
  return writeSnapshot({
    seed,
    library: demo.library.key,
    fingerprint: demo.fingerprint,
    places,
    moved: stock.touched(),
    life,
    counters,
  });
}
