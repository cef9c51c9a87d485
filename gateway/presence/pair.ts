/**
 * One tag at one antenna, over time.
 *
 *     (unknown) --read: new--> heard --N live cycles without a read: lost--> (unknown)
 *                                \--evidence matured, power moved, other antennas changed: update
 *                                 \--nothing said for 300 s: still
 *
 * A pair is changed in place: at 50,000 reads a second a copy for each would be most of the work.
 */
import type { TagObservation } from '#contract/wire/observation.ts';
import type { ReadEvent, TagContent, TagIds } from '#gateway/drivers/reader-event.ts';
import {
  HEARD_SHARE_CYCLES,
  HEARD_SHARE_START,
  HEARD_SHARE_START_CYCLES,
  MATURE_CYCLES,
  isPower,
  POWER_CYCLES,
  RSSI_DBM_MIN,
} from '#gateway/presence/limits.ts';

/** A tag with all antennas of this reader that hear it. */
export interface Tag {
  readonly key: string;
  ids: TagIds;
  content: TagContent | undefined;
  readonly pairs: Pair[];
}

/** What gathers between two reports. */
interface Evidence {
  firstMs: number;
  lastMs: number;
  reads: number;
  cyclesSeen: number;
  cyclesLive: number;
  rssiCount: number;
  rssiSumMw: number;
  rssiSumDbm: number;
  rssiMaxDbm: number;
  rssiLastDbm: number;
}

export interface Pair {
  readonly tag: Tag;
  readonly antenna: number;
  /** Its place in the antenna's list, for removal without a search. */
  slot: number;
  evidence: Evidence;
  lastHeardMs: number;
  /** Number of the latest scan cycle with a read. */
  heardCycle: number;
  /** Number of the cycle that the first report already counted. */
  bornCycle: number;
  /** Number of the scan window with the latest read. */
  heardWindow: number;
  missedCycles: number;
  heardShare: number;
  shareCycles: number;
  /** Live cycles since the first report, and how many of the maturity steps are behind. */
  age: number;
  matureSteps: number;
  /** Reads of the open cycle, then the smoothed power and that of the last report. */
  cycleRssiSumDbm: number;
  cycleRssiCount: number;
  powerDbm: number | undefined;
  powerCycles: number;
  reportedPowerDbm: number | undefined;
  reportedUptimeMs: number;
  isUpdateDue: boolean;
}

/** Everything about one closed cycle that a pair needs. */
export interface ClosedCycle {
  readonly number: number;
  readonly powerStepDb: number;
}

function noEvidence(): Evidence {
  return {
    firstMs: 0,
    lastMs: 0,
    reads: 0,
    cyclesSeen: 0,
    cyclesLive: 0,
    rssiCount: 0,
    rssiSumMw: 0,
    rssiSumDbm: 0,
    rssiMaxDbm: RSSI_DBM_MIN,
    rssiLastDbm: RSSI_DBM_MIN,
  };
}

/** A pair before its first read; `openCycle` is the number of the cycle that read falls into. */
export function createPair(tag: Tag, antenna: number, openCycle: number): Pair {
  return {
    tag,
    antenna,
    slot: 0,
    evidence: { ...noEvidence(), cyclesSeen: 1, cyclesLive: 1 },
    lastHeardMs: 0,
    heardCycle: openCycle,
    bornCycle: openCycle,
    heardWindow: 0,
    missedCycles: 0,
    heardShare: HEARD_SHARE_START,
    shareCycles: HEARD_SHARE_START_CYCLES,
    age: 0,
    matureSteps: 0,
    cycleRssiSumDbm: 0,
    cycleRssiCount: 0,
    powerDbm: undefined,
    powerCycles: 0,
    reportedPowerDbm: undefined,
    reportedUptimeMs: 0,
    isUpdateDue: false,
  };
}

/** Adds one read, of the open cycle or (`isLate`) of the one that was just closed. */
export function addRead(
  pair: Pair,
  read: ReadEvent,
  cycle: { readonly number: number; readonly isLate: boolean },
): void {
  const { evidence } = pair;
  evidence.firstMs = evidence.reads === 0 ? read.firstMs : Math.min(evidence.firstMs, read.firstMs);
  evidence.lastMs = evidence.reads === 0 ? read.lastMs : Math.max(evidence.lastMs, read.lastMs);
  evidence.reads += read.count;
  pair.lastHeardMs = Math.max(pair.lastHeardMs, read.lastMs);
  addRssi(pair, read.rssiDbm);
  if (cycle.number <= pair.heardCycle) return;
  pair.heardCycle = cycle.number;
  if (!cycle.isLate) return;
  // The cycle was closed as a miss while its reads were still on the way.
  learnShare(pair, Math.max(0, pair.missedCycles - 1));
  pair.missedCycles = 0;
  if (evidence.cyclesSeen < evidence.cyclesLive) evidence.cyclesSeen += 1;
}

/**
 * Learns from a hit and the misses before it. Misses count only once the tag is heard again: while it is silent they may
 * mean that it has left, and must not make us wait longer for it.
 */
function learnShare(pair: Pair, missedCycles: number): void {
  for (let miss = 0; miss <= missedCycles; miss += 1) {
    pair.shareCycles = Math.min(HEARD_SHARE_CYCLES, pair.shareCycles + 1);
    pair.heardShare += ((miss === missedCycles ? 1 : 0) - pair.heardShare) / pair.shareCycles;
  }
}

function addRssi(pair: Pair, rssiDbm: number | undefined): void {
  if (!isPower(rssiDbm)) return;
  const { evidence } = pair;
  evidence.rssiMaxDbm = evidence.rssiCount === 0 ? rssiDbm : Math.max(evidence.rssiMaxDbm, rssiDbm);
  evidence.rssiLastDbm = rssiDbm;
  evidence.rssiCount += 1;
  evidence.rssiSumMw += 10 ** (rssiDbm / 10);
  evidence.rssiSumDbm += rssiDbm;
  pair.cycleRssiSumDbm += rssiDbm;
  pair.cycleRssiCount += 1;
}

/** Counts one closed live cycle and notes whether an update is due. */
export function closeCycle(pair: Pair, cycle: ClosedCycle): void {
  const isHeard = pair.heardCycle >= cycle.number;
  smoothPower(pair);
  if (isHeard) learnShare(pair, pair.missedCycles);
  pair.missedCycles = isHeard ? 0 : pair.missedCycles + 1;
  if (cycle.number > pair.bornCycle) {
    pair.evidence.cyclesLive += 1;
    if (isHeard) pair.evidence.cyclesSeen += 1;
    pair.age += 1;
    if (pair.age === MATURE_CYCLES[pair.matureSteps]) {
      pair.matureSteps += 1;
      pair.isUpdateDue = true;
    }
  }
  if (hasPowerMoved(pair, cycle.powerStepDb)) pair.isUpdateDue = true;
}

/** Smooths in dB: one strong reflection would rule a linear mean for many cycles. */
function smoothPower(pair: Pair): void {
  if (pair.cycleRssiCount === 0) return;
  const meanDbm = pair.cycleRssiSumDbm / pair.cycleRssiCount;
  pair.cycleRssiSumDbm = 0;
  pair.cycleRssiCount = 0;
  pair.powerCycles = Math.min(POWER_CYCLES, pair.powerCycles + 1);
  pair.powerDbm = pair.powerDbm === undefined ? meanDbm : pair.powerDbm + (meanDbm - pair.powerDbm) / pair.powerCycles;
}

function hasPowerMoved(pair: Pair, powerStepDb: number): boolean {
  if (pair.powerDbm === undefined || pair.reportedPowerDbm === undefined) return false;
  return Math.abs(pair.powerDbm - pair.reportedPowerDbm) > powerStepDb;
}

/** True when a report would say anything: without a cycle and without a read it would not. */
export function hasEvidence(pair: Pair): boolean {
  return pair.evidence.reads > 0 || pair.evidence.cyclesLive > 0;
}

export interface ReportPlace {
  readonly reader: string;
  readonly readPoint: string;
  readonly uptimeMs: number;
}

/** Makes the observation of this pair since the previous one, and starts the next. */
export function report(pair: Pair, phase: TagObservation['phase'], place: ReportPlace): TagObservation {
  const { evidence, tag } = pair;
  const observation: TagObservation = {
    kind: 'tag',
    reader: place.reader,
    antenna: pair.antenna,
    readPoint: place.readPoint,
    phase,
    // Without a read in between, the last one known stands for both ends.
    first: isoTime(evidence.reads > 0 ? evidence.firstMs : pair.lastHeardMs),
    last: isoTime(pair.lastHeardMs),
    reads: evidence.reads,
    cyclesSeen: evidence.cyclesSeen,
    cyclesLive: evidence.cyclesLive,
    ...(evidence.rssiCount > 0 && {
      rssi: {
        n: evidence.rssiCount,
        meanMw: evidence.rssiSumMw / evidence.rssiCount,
        meanDbm: Math.round((100 * evidence.rssiSumDbm) / evidence.rssiCount) / 100,
        maxDbm: evidence.rssiMaxDbm,
        lastDbm: evidence.rssiLastDbm,
      },
    }),
    id: { ...tag.ids },
    ...(tag.content !== undefined && { content: tag.content }),
  };
  pair.evidence = noEvidence();
  pair.isUpdateDue = false;
  pair.reportedUptimeMs = place.uptimeMs;
  pair.reportedPowerDbm = pair.powerDbm ?? (evidence.rssiCount > 0 ? evidence.rssiLastDbm : pair.reportedPowerDbm);
  return observation;
}

export function isoTime(atMs: number): string {
  return new Date(atMs).toISOString();
}
