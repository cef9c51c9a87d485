/**
 * What the broker has not acknowledged yet, on disk. Nothing leaves the gateway that did not stand here first.
 *
 *     add -> (at most 50 ms or 200 observations) -> compose -> commit with fsync -> read by the uplink -> deleted after PUBACK
 *
 * Bounded by bytes and age. When it is full, the oldest routine batches (`still`, `update`) go first, then the oldest of
 * all; every drop is counted, kept over restarts, and told in a health observation.
 */
import type { Logger } from 'pino';
import { assert } from '#contract/assert.ts';
import type { Clock } from '#contract/clock.ts';
import type { Observation } from '#contract/wire/observation.ts';
import { compose, isRoutine, type Batch } from '#gateway/outbox/compose.ts';
import { isDamage, openOutboxFile, putAside, type OutboxFile } from '#gateway/outbox/file.ts';
import type { Database } from '#store/sqlite/database.ts';
import type { SqlRow } from '#store/sqlite/values.ts';

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

export interface StoredBatch {
  readonly seq: number;
  readonly observations: number;
  readonly bytes: Uint8Array;
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
  #pending: Observation[] = [];
  #timer: NodeJS.Timeout | undefined;
  #nextSeq = 1;
  #depth = 0;
  #bytes = 0;
  #dropped = 0;
  /** Given to the uplink and perhaps with the broker already: dropping it would count what was not lost. */
  #handedSeq = 0;
  #ackedSeq = 0;
  #toldDropped = 0;
  #toldAtMs = Number.NEGATIVE_INFINITY;
  #checkedAgeMs = Number.NEGATIVE_INFINITY;
  #onCommit: () => void = () => undefined;
  #isClosed = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#file = openOutboxFile(options.path, options.clock.nowMs());
    this.#readCounts();
    this.#toldDropped = this.#dropped;
    if (this.#file.damagedPath !== undefined) this.#tellDamage(this.#file.damagedPath);
  }

  get epoch(): string {
    return this.#file.epoch;
  }

  /** For those who keep something in the same transaction. */
  get database(): Database {
    return this.#file.database;
  }

  get stats(): OutboxStats {
    const row =
      this.#depth === 0 ? undefined : this.database.prepare('SELECT at FROM outbox ORDER BY seq LIMIT 1').get();
    const oldestAt = typeof row?.['at'] === 'number' ? row['at'] : undefined;
    return { depth: this.#depth, bytes: this.#bytes, dropped: this.#dropped, oldestAt };
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
    if (this.#pending.length === 0 && alongside === undefined && this.#ackedSeq === 0) return true;
    try {
      this.#commit(alongside);
      return true;
    } catch (error: unknown) {
      this.#failed(error);
      return false;
    }
  }

  /** The next batches in order, as bytes to send; none while the disk cannot be read. */
  take(limit: number): StoredBatch[] {
    try {
      const rows = this.database
        .prepare('SELECT seq, observations, bytes FROM outbox WHERE seq > ? ORDER BY seq LIMIT ?')
        .all([this.#handedSeq, limit]);
      return rows.map((row) => this.#handOut(row));
    } catch (error: unknown) {
      this.#failed(error);
      return [];
    }
  }

  /** The connection was lost: all that was not acknowledged will be taken again. */
  rewind(): void {
    this.#handedSeq = 0;
  }

  /**
   * The broker has everything up to `seq`. The deletion travels with the next commit: were it lost, the broker would
   * recognise what comes twice.
   */
  ackThrough(seq: number): void {
    this.#ackedSeq = Math.max(this.#ackedSeq, seq);
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

  #handOut({ seq, observations, bytes }: SqlRow): StoredBatch {
    assert(typeof seq === 'number' && typeof observations === 'number' && bytes instanceof Uint8Array, 'outbox row');
    this.#handedSeq = seq;
    return { seq, observations, bytes };
  }

  #commit(alongside: ((database: Database) => void) | undefined): void {
    const { clock } = this.#options;
    const nowMs = clock.nowMs();
    const observations = this.#pending;
    const { batches, oversized } = compose(observations, {
      epoch: this.epoch,
      seq: this.#nextSeq,
      sentAt: new Date(nowMs).toISOString(),
      uptimeMs: Math.round(clock.uptimeMs()),
      clock: this.#options.isClockSynced() ? 'synced' : 'unsynced',
    });
    const before = { depth: this.#depth, bytes: this.#bytes, dropped: this.#dropped };
    try {
      this.database.transaction(() => {
        this.#deleteAcked();
        batches.forEach((batch, index) => {
          this.#insert(this.#nextSeq + index, nowMs, batch);
        });
        this.#count(oversized);
        this.#makeRoom(nowMs);
        alongside?.(this.database);
      });
    } catch (error: unknown) {
      this.#depth = before.depth;
      this.#bytes = before.bytes;
      this.#dropped = before.dropped;
      throw error;
    }
    this.#nextSeq += batches.length;
    this.#ackedSeq = 0;
    this.#pending = [];
    this.#tellDrops();
    if (batches.length > 0) this.#onCommit();
  }

  #deleteAcked(): void {
    if (this.#ackedSeq === 0) return;
    this.#delete('SELECT seq FROM outbox WHERE seq <= ?', [this.#ackedSeq]);
  }

  #insert(seq: number, atMs: number, batch: Batch): void {
    this.database
      .prepare('INSERT INTO outbox (seq, at, routine, observations, size, bytes) VALUES (?, ?, ?, ?, ?, ?)')
      .run([seq, atMs, batch.isRoutine ? 1 : 0, batch.observations, batch.bytes.length, batch.bytes]);
    this.#depth += 1;
    this.#bytes += batch.bytes.length;
  }

  /** Deletes the rows a query names; gives the observations in them. */
  #delete(query: string, parameters: readonly number[]): number {
    const sums = this.database
      .prepare(
        `SELECT count(*) AS rows, coalesce(sum(size), 0) AS bytes, coalesce(sum(observations), 0) AS observations
         FROM outbox WHERE seq IN (${query})`,
      )
      .get(parameters);
    this.database.prepare(`DELETE FROM outbox WHERE seq IN (${query})`).run(parameters);
    this.#depth -= Number(sums?.['rows'] ?? 0);
    this.#bytes -= Number(sums?.['bytes'] ?? 0);
    return Number(sums?.['observations'] ?? 0);
  }

  #makeRoom(nowMs: number): void {
    if (nowMs - this.#checkedAgeMs >= CHECK_AGE_MS || nowMs < this.#checkedAgeMs) {
      this.#checkedAgeMs = nowMs;
      const oldestMs = nowMs - this.#options.ageMsMax;
      this.#count(this.#delete('SELECT seq FROM outbox WHERE at < ? AND seq > ?', [oldestMs, this.#handedSeq]));
    }
    if (this.#bytes <= this.#options.bytesMax) return;
    const wantedBytes = this.#options.bytesMax * (1 - ROOM_SHARE);
    for (const routineOnly of ['AND routine = 1', '']) {
      const query = `SELECT seq FROM outbox WHERE seq > ? ${routineOnly} ORDER BY seq LIMIT ${DROP_ROWS}`;
      while (this.#bytes > wantedBytes) {
        const dropped = this.#delete(query, [this.#handedSeq]);
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
    this.#options.log.error({ damagedPath, epoch: this.epoch }, 'outbox was damaged, put aside, a new one is begun');
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
      this.#readCounts();
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

  #readCounts(): void {
    const { database } = this.#file;
    const sums = database.prepare('SELECT count(*) AS rows, coalesce(sum(size), 0) AS bytes FROM outbox').get();
    const last = database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'").get();
    const dropped = database.prepare("SELECT value FROM meta WHERE key = 'dropped'").get();
    this.#depth = Number(sums?.['rows'] ?? 0);
    this.#bytes = Number(sums?.['bytes'] ?? 0);
    this.#nextSeq = Number(last?.['seq'] ?? 0) + 1;
    this.#dropped = Number(dropped?.['value'] ?? 0);
    this.#handedSeq = 0;
    this.#ackedSeq = 0;
  }
}
