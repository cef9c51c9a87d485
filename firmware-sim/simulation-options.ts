/** What a simulation is started with, and how it names its readers. */
import type { Logger } from 'pino';
import type { Clock } from '#contract/clock.ts';
import type { Rates } from '#sim/people/rates.ts';
import type { DemoLibrary } from '#sim/world/demo-library.ts';

/** One reader as the gateway's configuration names it. */
export interface ReaderConfig {
  readonly id: string;
  readonly driver: string;
  readonly link: string;
  readonly antennas: readonly { readonly antenna: number; readonly readPoint: string }[];
  readonly settings: Readonly<Record<string, unknown>>;
  /** A handheld that is carried along shelves. */
  readonly wand?: { readonly shelfTags: readonly string[] };
}

/** The broker that readers of some families publish to, as their owner runs one beside ours. */
export const OTHERS_BROKER = 'broker-of-others';

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
  /** Somebody with a wand is there, and sweeps shelves when told to. */
  readonly hasWand?: boolean;
  readonly rates?: Partial<Rates>;
  readonly dwellMs?: number;
  readonly sensorPeriodMs?: number;
  readonly host?: string;
  /** Port of each reader, and of {@link OTHERS_BROKER}; any free one where nothing is said. */
  readonly ports?: Readonly<Record<string, number>>;
  /** Puts readers that hang on serial lines on such lines in this folder, where socat is installed. */
  readonly serialFolder?: string;
}
