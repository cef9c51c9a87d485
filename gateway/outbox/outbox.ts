/**
 * What the broker has not acknowledged yet, on disk. Nothing leaves the gateway that did not stand here first.
 *
 *     add -> (at most 50 ms or 200 observations) -> compose -> commit with fsync -> read by the uplink -> deleted after PUBACK
 *
 * Answers to commands stand in a lane of their own (lane.ts) and leave first: a person waits for them, perhaps behind the
 * observations of an hour without the broker.
 *
 * Bounded by bytes and age. When it is full, the oldest routine batches (`still`, `update`) go first, then the oldest of
 * all; every drop is counted, kept over restarts, and told in a health observation.
 */
import type { Logger } from 'pino';
import type { Clock } from '#contract/clock.ts';
import type { Observation } from '#contract/wire/observation.ts';
import { compose, isRoutine } from '#gateway/outbox/compose.ts';
import { isDamage, openOutboxFile, putAside, type OutboxFile } from '#gateway/outbox/file.ts';
import { Lane, LANES, type LaneName, type StoredBatch } from '#gateway/outbox/lane.ts';
import type { Database } from '#store/sqlite/database.ts';

const COMMIT_MS = 50;
const COMMIT_OBSERVATIONS = 200;
/** While the disk refuses; about 400 bytes each. */
const PENDING_MAX = 20_000;
const RETRY_MS = 1000;
/** Makes room for a while, so that a full outbox does not delete at every commit. */
const ROOM_SHARE = 0.05;
const DROP_ROWS = 50;
const TELL_MS = 30_000;
const CHECK_AGE_MS = 60_000;

export interface OutboxOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly bytesMax: number;
  readonly ageMsMax: number;
  isClockSynced(): boolean;
}

export interface OutboxStats {
  /** Batches waiting. */
  readonly depth: number;
  readonly bytes: number;
  /** Observations given up since the file began. */
  readonly dropped: number;
  readonly oldestAt: number | undefined;
}

export class Outbox {
  readonly #options: OutboxOptions;
  #file: OutboxFile;
  #lanes: Readonly<Record<LaneName, Lane>>;
  #pending: Observation[] = [];
  #timer: NodeJS.Timeout | undefined;
  #dropped = 0;
  #toldDropped = 0;
  #toldAtMs = Number.NEGATIVE_INFINITY;
  #checkedAgeMs = Number.NEGATIVE_INFINITY;
  #onCommit: () => void = () => undefined;
  #isClosed = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#file = openOutboxFile(options.path, options.clock.nowMs());
    this.#lanes = openLanes(this.#file.database);
    this.#dropped = readDropped(this.#file.database);
    this.#toldDropped = this.#dropped;
    if (this.#file.damagedPath !== undefined) this.#tellDamage(this.#file.damagedPath);
  }

  /** Names a lane of this file for ever: a new file has new ones. */
  epochOf(lane: LaneName): string {
    return this.#lanes[lane].epoch;
  }

  /** For those who keep something in the same transaction. */
  get database(): Database {
    return this.#file.database;
  }

  get stats(): OutboxStats {
    const lanes = Object.values(this.#lanes);
    const oldest = lanes.flatMap(({ oldestAt }) => (oldestAt === undefined ? [] : [oldestAt]));
    return {
      depth: lanes.reduce((sum, { counts }) => sum + counts.depth, 0),
      bytes: lanes.reduce((sum, { counts }) => sum + counts.bytes, 0),
      dropped: this.#dropped,
      oldestAt: oldest.length === 0 ? undefined : Math.min(...oldest),
    };
  }

  /** The one listener for new batches. */
  onCommit(listener: () => void): void {
    this.#onCommit = listener;
  }

  /** Takes observations in; they are durable within 50 ms. */
  add(observations: readonly Observation[]): void {
    if (this.#isClosed || observations.length === 0) return;
    for (const observation of observations) this.#pending.push(observation);
    if (this.#pending.length >= COMMIT_OBSERVATIONS && this.#timer === undefined) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), COMMIT_MS);
  }

  /** Makes all that was added durable now, with whatever `alongside` writes, all or nothing. True when it is. */
  flush(alongside?: (database: Database) => void): boolean {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const isIdle = this.#pending.length === 0 && !LANES.some((lane) => this.#lanes[lane].isAckPending);
    if (isIdle && alongside === undefined) return true;
    try {
      this.#commit(alongside);
      return true;
    } catch (error: unknown) {
      this.#failed(error);
      return false;
    }
  }

  /** The next batches, lane by lane, each in order; none while the disk cannot be read. */
  take(limit: number): StoredBatch[] {
    const taken: StoredBatch[] = [];
    try {
      for (const lane of LANES) {
        if (taken.length < limit) taken.push(...this.#lanes[lane].take(limit - taken.length));
      }
    } catch (error: unknown) {
      this.#failed(error);
    }
    return taken;
  }

  /** The connection was lost: all that was not acknowledged will be taken again. */
  rewind(): void {
    for (const lane of LANES) this.#lanes[lane].rewind();
  }

  /**
   * The broker has everything of the lane up to `seq`. The deletion travels with the next commit: were it lost, the broker
   * would recognise what comes twice.
   */
  ackThrough(lane: LaneName, seq: number): void {
    this.#lanes[lane].ackThrough(seq);
    if (!this.#isClosed) this.#timer ??= setTimeout(() => this.flush(), COMMIT_MS);
  }

  /** Commits what is pending and gives the file back. Safe to call twice. */
  close(): void {
    if (this.#isClosed) return;
    this.flush();
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#file.database.close();
  }

  #commit(alongside: ((database: Database) => void) | undefined): void {
    const nowMs = this.#options.clock.nowMs();
    const waiting: Record<LaneName, Observation[]> = { replies: [], observations: [] };
    for (const observation of this.#pending) waiting[laneOf(observation)].push(observation);
    const composed = LANES.map((name) => ({ name, ...this.#compose(name, waiting[name], nowMs) }));
    const before = { dropped: this.#dropped, counts: LANES.map((name) => this.#lanes[name].counts) };
    try {
      this.database.transaction(() => {
        for (const { name, batches, oversized } of composed) {
          this.#lanes[name].deleteAcked();
          this.#lanes[name].insert(batches, nowMs);
          this.#count(oversized);
        }
        this.#makeRoom(nowMs);
        alongside?.(this.database);
      });
    } catch (error: unknown) {
      this.#dropped = before.dropped;
      LANES.forEach((name, index) => {
        const counts = before.counts[index];
        if (counts !== undefined) this.#lanes[name].restore(counts);
      });
      throw error;
    }
    for (const name of LANES) this.#lanes[name].forgetAcked();
    this.#pending = [];
    this.#tellDrops();
    if (composed.some(({ batches }) => batches.length > 0)) this.#onCommit();
  }

  #compose(name: LaneName, observations: readonly Observation[], nowMs: number): ReturnType<typeof compose> {
    const { clock } = this.#options;
    return compose(observations, {
      epoch: this.epochOf(name),
      seq: this.#lanes[name].counts.nextSeq,
      sentAt: new Date(nowMs).toISOString(),
      uptimeMs: Math.round(clock.uptimeMs()),
      clock: this.#options.isClockSynced() ? 'synced' : 'unsynced',
    });
  }

  #makeRoom(nowMs: number): void {
    const { ageMsMax, bytesMax } = this.#options;
    if (nowMs - this.#checkedAgeMs >= CHECK_AGE_MS || nowMs < this.#checkedAgeMs) {
      this.#checkedAgeMs = nowMs;
      for (const name of LANES) this.#count(this.#lanes[name].dropOlder(nowMs - ageMsMax));
    }
    // Answers are few and small: they are no way to make room.
    const lane = this.#lanes.observations;
    if (lane.counts.bytes <= bytesMax) return;
    for (const routineOnly of [true, false]) {
      while (lane.counts.bytes > bytesMax * (1 - ROOM_SHARE)) {
        const dropped = lane.dropOldest(DROP_ROWS, { routineOnly });
        if (dropped === 0) break;
        this.#count(dropped);
      }
    }
  }

  /** Adds to the number of observations given up, in the file as well. */
  #count(lost: number): void {
    if (lost === 0) return;
    this.#dropped += lost;
    this.database
      .prepare(
        "INSERT INTO meta (key, value) VALUES ('dropped', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
      )
      .run([String(this.#dropped)]);
  }

  #tellDrops(): void {
    const { clock, log } = this.#options;
    if (this.#dropped === this.#toldDropped || clock.uptimeMs() - this.#toldAtMs < TELL_MS) return;
    const lost = this.#dropped - this.#toldDropped;
    this.#toldDropped = this.#dropped;
    this.#toldAtMs = clock.uptimeMs();
    log.error({ lost, dropped: this.#dropped }, 'outbox is full, observations are given up');
    this.#tellHealth(['dropping', `dropped-${lost}`]);
  }

  #tellDamage(damagedPath: string): void {
    this.#options.log.error(
      { damagedPath, epoch: this.epochOf('observations') },
      'outbox was damaged, put aside, a new one is begun',
    );
    this.#tellHealth(['outbox-damaged', 'new-epoch']);
  }

  #tellHealth(flags: string[]): void {
    const at = new Date(this.#options.clock.nowMs()).toISOString();
    this.add([{ kind: 'health', subject: 'gateway/outbox', at, state: 'degraded', flags }]);
  }

  /** The disk is full or broken: keep what we can in memory and try again; begin anew if the file itself is damaged. */
  #failed(error: unknown): void {
    const { path, clock, log } = this.#options;
    if (this.#isClosed) return;
    if (isDamage(error)) {
      this.#file.database.close();
      const damagedPath = putAside(path, clock.nowMs());
      this.#file = { ...openOutboxFile(path, clock.nowMs()), damagedPath };
      this.#lanes = openLanes(this.#file.database);
      this.#dropped = readDropped(this.#file.database);
      this.#tellDamage(damagedPath);
    } else log.error({ err: error, pending: this.#pending.length }, 'outbox cannot be used, it is tried again');
    this.#trimPending();
    this.#timer ??= setTimeout(() => this.flush(), RETRY_MS);
  }

  #trimPending(): void {
    if (this.#pending.length <= PENDING_MAX) return;
    const before = this.#pending.length;
    this.#pending = this.#pending.filter((observation) => !isRoutine(observation)).slice(-PENDING_MAX);
    this.#dropped += before - this.#pending.length;
  }
}

function laneOf({ kind }: Observation): LaneName {
  return kind === 'reply' ? 'replies' : 'observations';
}

function openLanes(database: Database): Record<LaneName, Lane> {
  return { replies: new Lane('replies', database), observations: new Lane('observations', database) };
}

function readDropped(database: Database): number {
  return Number(database.prepare("SELECT value FROM meta WHERE key = 'dropped'").get()?.['value'] ?? 0);
}
