/**
 * Edge presence of one reader: reads and scan cycles go in, `tag` and `scan` observations come out.
 *
 * Silence ages a tag only by live cycles at its antenna: where an antenna is dead, blind or unscheduled, nothing is
 * concluded. Time comes in with every call; there is no clock here.
 */
import type { Observation, TagObservation } from '#contract/wire/observation.ts';
import type { CycleEvent, ReadEvent, ReaderEvent, TagIds } from '#gateway/drivers/reader-event.ts';
import {
  addPair,
  changeState,
  closeWindow,
  createAntenna,
  cycleOfRead,
  removePair,
  type Antenna,
  type AntennaState,
  type Moment,
} from '#gateway/presence/antenna.ts';
import { lostAfterCycles, PRESENCE_LIMITS, type PresenceLimits } from '#gateway/presence/limits.ts';
import { addRead, closeCycle, createPair, hasEvidence, report, type Pair, type Tag } from '#gateway/presence/pair.ts';

/** On overflow this share of the pairs goes at once, so that finding the longest unheard costs little for each read. */
const EVICT_SHARE = 0.02;

export interface PresenceOptions {
  readonly reader: string;
  readonly antennas: readonly { readonly antenna: number; readonly readPoint: string }[];
  readonly now: Moment;
  readonly limits?: PresenceLimits;
}

export interface PresenceCounts {
  /** Reads taken in, by report count. */
  readonly reads: number;
  /** Reads of antennas that have no read point. */
  readonly readsElsewhere: number;
  /** Reads that arrived after their cycle was closed. */
  readonly readsLate: number;
  /** Pairs given up because there were too many. */
  readonly pairsEvicted: number;
  /** Pairs of tag and antenna known now. */
  readonly pairs: number;
}

export class ReaderPresence {
  readonly #reader: string;
  readonly #limits: PresenceLimits;
  readonly #antennas: ReadonlyMap<number, Antenna>;
  readonly #tags = new Map<string, Tag>();
  #out: Observation[] = [];
  #now: Moment;
  #reads = 0;
  #readsElsewhere = 0;
  #readsLate = 0;
  #pairsEvicted = 0;
  #pairs = 0;

  constructor({ reader, antennas, now, limits = PRESENCE_LIMITS }: PresenceOptions) {
    this.#reader = reader;
    this.#limits = limits;
    this.#now = now;
    this.#antennas = new Map(
      antennas.map(({ antenna, readPoint }) => [antenna, createAntenna(antenna, readPoint, now)]),
    );
  }

  get counts(): PresenceCounts {
    return {
      reads: this.#reads,
      readsElsewhere: this.#readsElsewhere,
      readsLate: this.#readsLate,
      pairsEvicted: this.#pairsEvicted,
      pairs: this.#pairs,
    };
  }

  /** Takes what the reader said and gives what is worth saying about it. */
  take(events: readonly ReaderEvent[], now: Moment): Observation[] {
    this.#now = now;
    for (const event of events) {
      if (event.kind === 'read') this.#takeRead(event);
      else if (event.kind === 'cycle') this.#takeCycle(event);
      else if (event.kind === 'antenna') this.#plug(event.antenna, event.up);
    }
    return this.#drain();
  }

  /** To be called about once a second: closes scan windows and notices antennas that nobody scans any more. */
  tick(now: Moment): Observation[] {
    this.#now = now;
    for (const antenna of this.#antennas.values()) {
      const isScanned = now.uptimeMs - antenna.cycleUptimeMs <= this.#limits.cycleGapMsMax;
      if (!isScanned && (antenna.state === 'live' || antenna.state === undefined)) this.#change(antenna, 'unscheduled');
      else if (now.uptimeMs - antenna.windowFrom.uptimeMs >= this.#limits.scanMs) {
        this.#out.push(closeWindow(antenna, this.#reader, now));
      }
    }
    return this.#drain();
  }

  /** The reader is gone: every antenna is dead at once, and no tag ages. */
  readerDied(now: Moment): Observation[] {
    this.#now = now;
    for (const antenna of this.#antennas.values()) {
      antenna.isUnplugged = false;
      this.#change(antenna, 'dead');
    }
    return this.#drain();
  }

  /** The antennas were told to rest, or to scan again. */
  setAntenna(antenna: number, state: AntennaState, now: Moment): Observation[] {
    this.#now = now;
    this.#setState(antenna, state);
    return this.#drain();
  }

  #drain(): Observation[] {
    const out = this.#out;
    if (out.length > 0) this.#out = [];
    return out;
  }

  #setState(number: number, state: AntennaState): void {
    const antenna = this.#antennas.get(number);
    if (antenna === undefined) return;
    antenna.cycleUptimeMs = this.#now.uptimeMs;
    this.#change(antenna, state);
  }

  #plug(number: number, up: boolean): void {
    const antenna = this.#antennas.get(number);
    if (antenna !== undefined) antenna.isUnplugged = !up;
    this.#setState(number, up ? 'live' : 'dead');
  }

  #change(antenna: Antenna, state: AntennaState): void {
    this.#out.push(...changeState(antenna, state, { reader: this.#reader, now: this.#now }));
  }

  #takeRead(event: ReadEvent): void {
    this.#reads += event.count;
    const antenna = this.#antennas.get(event.antenna);
    const key = event.ids.uid ?? event.ids.epc ?? event.ids.tid;
    if (antenna === undefined || key === undefined) {
      this.#readsElsewhere += event.count;
      return;
    }
    // A reader that is ahead of us must not put a tag into the future.
    const lastMs = Math.min(event.lastMs, this.#now.wallMs);
    const read = lastMs === event.lastMs ? event : { ...event, lastMs, firstMs: Math.min(event.firstMs, lastMs) };
    const cycle = cycleOfRead(antenna, lastMs);
    if (cycle.isLate) this.#readsLate += event.count;

    const tag = this.#tagOf(key, event);
    let pair = tag.pairs.find((candidate) => candidate.antenna === event.antenna);
    const isNew = pair === undefined;
    pair ??= this.#create(antenna, tag, cycle.number);
    addRead(pair, read, cycle);
    antenna.windowReads += event.count;
    if (pair.heardWindow !== antenna.windowNumber) {
      pair.heardWindow = antenna.windowNumber;
      antenna.windowTags += 1;
    }
    if (isNew) {
      this.#report(pair, 'new', antenna);
      this.#reportOthers(pair);
    } else {
      if (this.#isHeardUnscanned(pair, antenna)) pair.isUpdateDue = true;
      if (pair.isUpdateDue) this.#reportIfDue(pair, antenna);
    }
  }

  /** Where no cycle closes, nothing else would ever say again that the tag is there. */
  #isHeardUnscanned(pair: Pair, antenna: Antenna): boolean {
    const { cycleGapMsMax, unscannedMs } = this.#limits;
    const isScanned = this.#now.uptimeMs - antenna.cycleUptimeMs <= cycleGapMsMax;
    return !isScanned && this.#now.uptimeMs - pair.reportedUptimeMs >= unscannedMs;
  }

  #tagOf(key: string, event: ReadEvent): Tag {
    const known = this.#tags.get(key);
    if (known !== undefined) {
      if (event.content !== undefined) known.content = event.content;
      if (hasNews(known.ids, event.ids)) known.ids = mergeIds(known.ids, event.ids);
      return known;
    }
    return { key, ids: mergeIds({}, event.ids), content: event.content, pairs: [] };
  }

  #create(antenna: Antenna, tag: Tag, cycleNumber: number): Pair {
    if (this.#pairs >= this.#limits.pairsMax) this.#evict();
    const pair = createPair(tag, antenna.antenna, cycleNumber === 0 ? antenna.closedCycles : cycleNumber);
    this.#tags.set(tag.key, tag);
    tag.pairs.push(pair);
    addPair(antenna, pair);
    this.#pairs += 1;
    return pair;
  }

  #forget(pair: Pair, antenna: Antenna): void {
    const { tag } = pair;
    removePair(antenna, pair);
    tag.pairs.splice(tag.pairs.indexOf(pair), 1);
    if (tag.pairs.length === 0) this.#tags.delete(tag.key);
    this.#pairs -= 1;
  }

  #takeCycle(event: CycleEvent): void {
    for (const number of event.antennas) {
      const antenna = this.#antennas.get(number);
      if (antenna === undefined || antenna.isUnplugged) continue;
      this.#change(antenna, 'live');
      antenna.closedCycles += 1;
      antenna.previousCycleEndMs = antenna.cycleEndMs;
      antenna.cycleEndMs = Math.min(event.atMs, this.#now.wallMs);
      antenna.cycleUptimeMs = this.#now.uptimeMs;
      antenna.windowCycles += 1;
      this.#closeCycle(antenna);
    }
  }

  #closeCycle(antenna: Antenna): void {
    const cycle = { number: antenna.closedCycles, powerStepDb: this.#limits.powerStepDb };
    // From the end, since a lost pair's place is taken by the last one.
    for (let index = antenna.pairs.length - 1; index >= 0; index -= 1) {
      const pair = antenna.pairs[index];
      if (pair === undefined) continue;
      closeCycle(pair, cycle);
      if (pair.missedCycles >= lostAfterCycles(pair.heardShare)) this.#lose(pair, antenna);
      else this.#reportIfDue(pair, antenna);
    }
  }

  #lose(pair: Pair, antenna: Antenna): void {
    this.#report(pair, 'lost', antenna);
    this.#forget(pair, antenna);
    this.#reportOthers(pair);
  }

  #reportIfDue(pair: Pair, antenna: Antenna): void {
    const silentMs = this.#now.uptimeMs - pair.reportedUptimeMs;
    if (pair.isUpdateDue) {
      if (silentMs >= this.#limits.reportGapMsMin && hasEvidence(pair)) this.#report(pair, 'update', antenna);
    } else if (silentMs >= this.#limits.stillMs && hasEvidence(pair)) this.#report(pair, 'still', antenna);
  }

  /** Another antenna began or ceased to hear the tag: what the others know of it just now is worth saying. */
  #reportOthers(changed: Pair): void {
    for (const pair of changed.tag.pairs) {
      if (pair === changed) continue;
      pair.isUpdateDue = true;
      const antenna = this.#antennas.get(pair.antenna);
      if (antenna !== undefined) this.#reportIfDue(pair, antenna);
    }
  }

  #report(pair: Pair, phase: TagObservation['phase'], antenna: Antenna): void {
    const place = { reader: this.#reader, readPoint: antenna.readPoint, uptimeMs: this.#now.uptimeMs };
    this.#out.push(report(pair, phase, place));
  }

  #evict(): void {
    const all = [...this.#tags.values()].flatMap((tag) => tag.pairs);
    all.sort((a, b) => a.lastHeardMs - b.lastHeardMs);
    for (const pair of all.slice(0, Math.max(1, Math.ceil(all.length * EVICT_SHARE)))) {
      const antenna = this.#antennas.get(pair.antenna);
      if (antenna === undefined) continue;
      this.#report(pair, 'lost', antenna);
      this.#forget(pair, antenna);
      this.#pairsEvicted += 1;
    }
  }
}

const ID_KEYS = ['epc', 'uid', 'tid', 'pc', 'afi', 'dsfid'] as const;

function hasNews(known: TagIds, ids: TagIds): boolean {
  for (const key of ID_KEYS) if (ids[key] !== undefined && ids[key] !== known[key]) return true;
  return false;
}

/** Only what is set: the observation carries no empty fields. */
function mergeIds(known: TagIds, ids: TagIds): TagIds {
  const merged: Record<string, string | number> = {};
  for (const key of ID_KEYS) {
    const value = ids[key] ?? known[key];
    if (value !== undefined) merged[key] = value;
  }
  return merged;
}
