/**
 * Every reader family that can be simulated: how its reader is started, where it stands in the multi-vendor site, on what
 * it hangs, and what the gateway's configuration says for it. A new family is one line in {@link FAMILIES}.
 */
import type { Clock } from '#contract/clock.ts';
import { startChafonCf } from '#sim/readers/chafon-cf/reader.ts';
import { startFeigReader } from '#sim/readers/feig/reader.ts';
import { hearTags, type Gen2Air } from '#sim/readers/gen2-air.ts';
import { inventoryAnswer } from '#sim/readers/gen2-tag.ts';
import { startKeyboardWedge } from '#sim/readers/keyboard-wedge/reader.ts';
import type { DeviceLine, LineDevice } from '#sim/readers/line-device.ts';
import { startLlrpReader } from '#sim/readers/llrp/reader.ts';
import { startM100Reader } from '#sim/readers/m100/reader.ts';
import { startM6eReader } from '#sim/readers/m6e/reader.ts';
import { startR700 } from '#sim/readers/r700/reader.ts';
import type { Pad } from '#sim/readers/threem/answer-command.ts';
import { startThreemReader } from '#sim/readers/threem/reader.ts';
import { startRfd40 } from '#sim/readers/rfd40/reader.ts';
import { startTslReader } from '#sim/readers/tsl/reader.ts';
import { startUhfreader18, startUhfreader288 } from '#sim/readers/uhfreader/reader.ts';
import { startZebraReader } from '#sim/readers/zebra/reader.ts';

/** A running reader of any family, and what can befall it. */
export interface SimulatedReader extends LineDevice {
  loseAntenna?(antenna: number): void;
  regainAntenna?(antenna: number): void;
}

/** What a reader finds where it stands. */
export interface Surroundings {
  readonly id: string;
  readonly clock: Clock;
  /** Ports with something plugged in. */
  readonly antennas: readonly number[];
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  /** Its end of a byte line: a serial one where the family hangs on one and one can be made, else TCP. */
  readonly on: DeviceLine;
  /** UHF: what its antennas hear. */
  readonly air: Gen2Air;
  /** UHF: EPCs, for readers whose tags need no memory. */
  readonly epcOf: (item: number) => string | undefined;
  readonly hasTagMemory: boolean;
  /** HF: what lies on it. */
  readonly pad: Pad;
  /** Address of the broker that readers of others publish to. */
  readonly broker: string;
}

export interface Family {
  /** As the gateway names it. */
  readonly driver: string;
  /** In the multi-vendor site: a bay of shelves, one for each antenna, or a place of this kind before its one antenna. */
  readonly stands: 'shelves' | 'desk' | 'trolley' | 'return-slot' | 'hold-shelf' | 'crate' | 'kiosk';
  readonly antennas: number;
  /** `serial` where pairs of ports can be made, else TCP. `mqtt` needs the broker of others. */
  readonly wire: 'tcp' | 'serial' | 'http' | 'mqtt';
  /** Of the gateway's configuration, where its defaults are not what is wanted. */
  readonly settings: Readonly<Record<string, unknown>>;
  start(own: Surroundings): Promise<SimulatedReader>;
}

/** Ports of the simulated LLRP reader, whatever is plugged in. */
const LLRP_PORTS = 16;
const ROUND_MS = 500;
/** Readers that only publish are dead when they are silent: well within ten seconds. */
const PUBLISHED = { silenceMs: 5000 } as const;

// prettier-ignore
export const FAMILIES: readonly Family[] = [
  { driver: 'llrp', stands: 'shelves', antennas: 4, wire: 'tcp', settings: {}, start: llrp },
  { driver: '3m', stands: 'desk', antennas: 1, wire: 'serial', settings: {}, start: startThreemReader },
  { driver: 'feig', stands: 'return-slot', antennas: 1, wire: 'tcp', settings: {}, start: startFeigReader },
  { driver: 'uhfreader288', stands: 'shelves', antennas: 4, wire: 'tcp', settings: {}, start: (own) => startUhfreader288({ ...own, antennas: own.antennas.length }) },
  { driver: 'm100', stands: 'trolley', antennas: 1, wire: 'serial', settings: {}, start: startM100Reader },
  { driver: 'm6e', stands: 'hold-shelf', antennas: 1, wire: 'serial', settings: { region: 'europe' }, start: startM6eReader },
  { driver: 'uhfreader18', stands: 'trolley', antennas: 1, wire: 'serial', settings: {}, start: startUhfreader18 },
  { driver: 'chafon-cf', stands: 'desk', antennas: 1, wire: 'serial', settings: {}, start: (own) => startChafonCf({ ...own, antennas: own.antennas.length }) },
  { driver: 'r700', stands: 'shelves', antennas: 4, wire: 'http', settings: { preset: 'default', cycleMs: 1000 }, start: (own) => startR700({ ...own, tags: heardBy(own), roundMs: ROUND_MS, on: { kind: 'http', host: own.host, port: own.port } }) },
  { driver: 'zebra', stands: 'shelves', antennas: 4, wire: 'mqtt', settings: { ...PUBLISHED, cycleMs: 1000 }, start: (own) => startZebraReader({ ...own, tags: heardBy(own), roundMs: ROUND_MS, on: published(own) }) },
  { driver: 'rfd40', stands: 'crate', antennas: 1, wire: 'mqtt', settings: PUBLISHED, start: (own) => startRfd40({ ...own, tags: heardBy(own), roundMs: ROUND_MS, isHeld: true, on: published(own) }) },
  { driver: 'tsl', stands: 'crate', antennas: 1, wire: 'serial', settings: { inventory: 'continuous', answerTimeoutMs: 1500 }, start: (own) => startTslReader({ ...own, tags: heardBy(own) }) },
  { driver: 'keyboard-wedge', stands: 'kiosk', antennas: 1, wire: 'tcp', settings: {}, start: (own) => startKeyboardWedge({ ...own, tags: heardBy(own), roundMs: ROUND_MS }) },
];

/** Errors: no such family. */
export function familyOf(driver: string): Family {
  const family = FAMILIES.find((one) => one.driver === driver);
  if (family === undefined) throw new RangeError(`readers of the family ${driver} cannot be simulated`);
  return family;
}

async function llrp({ id, clock, host, port, air, epcOf, hasTagMemory }: Surroundings): Promise<SimulatedReader> {
  const tagOf = hasTagMemory ? { tagOf: (item: number) => air.tagOf(item) } : {};
  const reader = await startLlrpReader({
    id,
    antennas: LLRP_PORTS,
    clock,
    ear: (port) => air.ear(port),
    epcOf,
    host,
    port,
    ...tagOf,
  });
  return {
    id,
    link: `tcp://${host}:${reader.port}`,
    unplug: () => reader.unplug(),
    plug: () => reader.plug(),
    hang: () => {
      reader.hang();
    },
    resume: () => {
      reader.resume();
    },
    loseAntenna: (antenna) => {
      reader.loseAntenna(antenna);
    },
    regainAntenna: (antenna) => {
      reader.regainAntenna(antenna);
    },
    close: () => reader.close(),
  };
}

interface HeardTag {
  readonly epc: string;
  readonly antenna: number;
  readonly rssiDbm: number;
}

/** For readers that tell EPCs round by round. Whoever asks twice in a round gets the same answer. */
function heardBy({ air, antennas, clock }: Surroundings): () => readonly HeardTag[] {
  let heardMs = -Infinity;
  let tags: readonly HeardTag[] = [];
  return () => {
    const nowMs = clock.nowMs();
    if (nowMs - heardMs < ROUND_MS / 2) return tags;
    heardMs = nowMs;
    tags = antennas.flatMap((antenna) =>
      hearTags(air, antenna, { nowMs, lengthMs: ROUND_MS }).map(({ tag, rssiDbm }) => {
        return { epc: inventoryAnswer(tag).epc, antenna, rssiDbm };
      }),
    );
    return tags;
  };
}

function published({ id, broker }: Surroundings): { readonly kind: 'mqtt'; broker: string; topic: string } {
  return { kind: 'mqtt', broker, topic: `readers/${id}` };
}
