/**
 * The scan cycles of one reader, where nobody tells of them: from its schedule, or from the reads themselves.
 *
 * An antenna's visit begins with its first read. It is over when the antenna has been quiet while its reader went on, or when it
 * has lasted so long that every tag must have had its turn. Only a visit in which some tag was heard counts as a cycle: an
 * antenna that is silent for all tags may be dead or blind, and its silence proves nothing.
 */
import type { LocateSchedule } from './plan-file.ts';

interface Visits {
  /** First and last read of the open visit; `undefined` between visits. */
  openMs: number | undefined;
  lastMs: number;
  closedMs: number;
  /** Smoothed time from visit to visit. */
  everyMs: number;
  visits: number;
  /** When its reads began that no pause has parted since, how long such a run lasts, and how many were seen to end. */
  runMs: number;
  lastsMs: number;
  runs: number;
  isBlind: boolean;
}

/** Between two reads of one tag by one antenna, before any was seen. */
const GAP_START_MS = 1000;
const VISIT_MS_MIN = 500;
/** While no antenna was seen to rest yet. */
const FIRST_VISIT_MS_MIN = 2000;
const VISIT_MS_MAX = 60_000;
const QUIET_MS_MIN = 200;
const QUIET_MS_MAX = 5000;
/** An antenna that missed this many of its visits, and for this long, is blind. */
const BLIND_VISITS = 3;
const BLIND_MS_MIN = 5000;
/** The gap that three of four gaps stay below is followed in steps of this share. */
const GAP_STEP = 0.1;

export class ScanRounds {
  readonly #antennas: readonly Visits[];
  readonly #schedule: LocateSchedule | undefined;
  readonly #lastReadMs = new Map<string, number>();
  /** Three of four gaps between two reads of one tag by one antenna are shorter. */
  #gapMs = GAP_START_MS;
  #readerMs = -Infinity;

  constructor(antennas: number, schedule: LocateSchedule | undefined) {
    this.#schedule = schedule;
    this.#antennas = Array.from({ length: antennas }, () => ({
      openMs: undefined,
      lastMs: -Infinity,
      closedMs: -Infinity,
      everyMs: 0,
      visits: 0,
      runMs: -Infinity,
      lastsMs: 0,
      runs: 0,
      isBlind: false,
    }));
  }

  /** Ports whose visit is over by now; to be asked before each read and about once a second. */
  close(nowMs: number): number[] {
    const closed: number[] = [];
    this.#antennas.forEach((visits, i) => {
      if (visits.openMs === undefined || !this.#isOver(visits, nowMs)) return;
      const everyMs = nowMs - visits.closedMs;
      if (visits.visits > 0) visits.everyMs += (everyMs - visits.everyMs) * shareOf(visits.visits);
      visits.visits += 1;
      visits.closedMs = nowMs;
      visits.openMs = undefined;
      closed.push(i + 1);
    });
    return closed;
  }

  /** One read by the antenna at that port. */
  read(port: number, tag: string, atMs: number): void {
    const visits = this.#antennas[port - 1];
    if (visits === undefined) return;
    const pair = `${String(port)} ${tag}`;
    const before = this.#lastReadMs.get(pair);
    this.#lastReadMs.set(pair, atMs);
    if (before !== undefined && atMs > before) {
      const isLonger = Math.min(VISIT_MS_MAX, atMs - before) > this.#gapMs;
      this.#gapMs *= isLonger ? 1 + 3 * GAP_STEP : 1 - GAP_STEP;
      this.#gapMs = Math.min(VISIT_MS_MAX, Math.max(50, this.#gapMs));
    }
    if (this.#isQuiet(visits, atMs)) {
      visits.runs += 1;
      visits.lastsMs += (visits.lastMs - visits.runMs - visits.lastsMs) * shareOf(visits.runs);
      visits.runMs = atMs;
    } else if (visits.runMs === -Infinity) visits.runMs = atMs;
    visits.openMs ??= atMs;
    visits.lastMs = Math.max(visits.lastMs, atMs);
    visits.isBlind = false;
    this.#readerMs = Math.max(this.#readerMs, atMs);
  }

  /** Ports that fell silent since the last time this was asked. */
  fallenBlind(nowMs: number): number[] {
    const blind: number[] = [];
    this.#antennas.forEach((visits, i) => {
      if (visits.visits < BLIND_VISITS || visits.isBlind || visits.openMs !== undefined) return;
      const everyMs = Math.max(visits.everyMs, this.#schedule?.cycleMs ?? 0);
      if (nowMs - visits.lastMs < Math.max(BLIND_MS_MIN, BLIND_VISITS * everyMs)) return;
      visits.isBlind = true;
      blind.push(i + 1);
    });
    return blind;
  }

  #isOver(visits: Visits, nowMs: number): boolean {
    const openMs = visits.openMs ?? nowMs;
    if (this.#schedule !== undefined) {
      const { cycleMs, dwellMs } = this.#schedule;
      // Reads that overhang the dwell belong to the visit before.
      const isOverhang = openMs - visits.closedMs < (cycleMs - dwellMs) / 2;
      return nowMs - openMs >= Math.min(dwellMs, cycleMs) + (isOverhang ? cycleMs / 2 : 0);
    }
    const leastMs = visits.runs === 0 ? FIRST_VISIT_MS_MIN : VISIT_MS_MIN;
    const longestMs = Math.max(leastMs, 1.5 * this.#gapMs, 1.5 * visits.lastsMs);
    return this.#isQuiet(visits, nowMs) || nowMs - openMs >= Math.min(VISIT_MS_MAX, longestMs);
  }

  /** Its reader went on and it did not. */
  #isQuiet({ lastMs }: Visits, nowMs: number): boolean {
    const quietMs = Math.min(QUIET_MS_MAX, Math.max(QUIET_MS_MIN, this.#gapMs / 2));
    return lastMs > -Infinity && nowMs - lastMs >= quietMs && this.#readerMs > lastMs;
  }
}

/** Follows quickly at first, then about five of them. */
function shareOf(count: number): number {
  return Math.max(0.2, 1 / count);
}
