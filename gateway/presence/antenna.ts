/** One antenna of a reader: the tags it hears, its scan cycles, and its scan observations. */
import type { ScanObservation } from '#contract/wire/observation.ts';
import { isoTime, type Pair } from '#gateway/presence/pair.ts';

export type AntennaState = ScanObservation['state'];

/** Two clocks: wall time stamps, uptime measures. */
export interface Moment {
  readonly wallMs: number;
  readonly uptimeMs: number;
}

export interface Antenna {
  readonly antenna: number;
  readonly readPoint: string;
  readonly pairs: Pair[];
  /** Undefined until the first cycle or the first failure: nothing is known yet. */
  state: AntennaState | undefined;
  /** The reader said that nothing is plugged in: cycles over it are no opportunities. */
  isUnplugged: boolean;
  /** Cycles closed so far; the open one has the next number. */
  closedCycles: number;
  previousCycleEndMs: number;
  cycleEndMs: number;
  cycleUptimeMs: number;
  /** The open scan window. */
  windowNumber: number;
  windowFrom: Moment;
  windowCycles: number;
  windowReads: number;
  windowTags: number;
}

export function createAntenna(antenna: number, readPoint: string, now: Moment): Antenna {
  return {
    antenna,
    readPoint,
    pairs: [],
    state: undefined,
    isUnplugged: false,
    closedCycles: 0,
    previousCycleEndMs: 0,
    cycleEndMs: 0,
    cycleUptimeMs: now.uptimeMs,
    windowNumber: 1,
    windowFrom: now,
    windowCycles: 0,
    windowReads: 0,
    windowTags: 0,
  };
}

/** No cycle: a read so old that nothing can be concluded from when it was made. */
const NO_CYCLE = { number: 0, isLate: true } as const;

/** Which cycle a read belongs to: the open one, or the last closed one when its time says so. */
export function cycleOfRead(antenna: Antenna, lastMs: number): { readonly number: number; readonly isLate: boolean } {
  if (lastMs >= antenna.cycleEndMs) return { number: antenna.closedCycles + 1, isLate: false };
  return lastMs >= antenna.previousCycleEndMs ? { number: antenna.closedCycles, isLate: true } : NO_CYCLE;
}

export function addPair(antenna: Antenna, pair: Pair): void {
  pair.slot = antenna.pairs.length;
  antenna.pairs.push(pair);
}

export function removePair(antenna: Antenna, pair: Pair): void {
  const last = antenna.pairs.pop();
  if (last === undefined || last === pair) return;
  last.slot = pair.slot;
  antenna.pairs[pair.slot] = last;
}

/** Ends the open window and reports it under the state the antenna had during it. */
export function closeWindow(antenna: Antenna, reader: string, now: Moment): ScanObservation {
  const observation: ScanObservation = {
    kind: 'scan',
    reader,
    antenna: antenna.antenna,
    readPoint: antenna.readPoint,
    from: isoTime(Math.min(antenna.windowFrom.wallMs, now.wallMs)),
    to: isoTime(now.wallMs),
    cycles: antenna.windowCycles,
    reads: antenna.windowReads,
    tags: antenna.windowTags,
    state: antenna.state ?? 'unscheduled',
  };
  antenna.windowNumber += 1;
  antenna.windowFrom = now;
  antenna.windowCycles = 0;
  antenna.windowReads = 0;
  antenna.windowTags = 0;
  return observation;
}

/** Changes the state. Gives what the old state saw, if anything, and the new state at once. */
export function changeState(
  antenna: Antenna,
  state: AntennaState,
  { reader, now }: { readonly reader: string; readonly now: Moment },
): ScanObservation[] {
  if (antenna.state === state) return [];
  const hasSeen = antenna.windowCycles > 0 || antenna.windowReads > 0;
  const observations = antenna.state !== undefined && hasSeen ? [closeWindow(antenna, reader, now)] : [];
  antenna.state = state;
  if (antenna.windowReads === 0) antenna.windowFrom = now;
  observations.push(closeWindow(antenna, reader, now));
  return observations;
}
