/**
 * One numbered row of batches in the outbox file. It has an epoch of its own, so that what stands in one lane never waits
 * for what stands in another: the broker asks for order within an epoch only.
 */
import { randomUUID } from 'node:crypto';
import { assert } from '#contract/assert.ts';
import type { Batch } from '#gateway/outbox/compose.ts';
import type { Database } from '#store/sqlite/database.ts';
import { number, type SqlRow } from '#store/sqlite/values.ts';

/** Answers to commands go before everything else. */
export const LANES = ['replies', 'observations'] as const;
export type LaneName = (typeof LANES)[number];

export interface StoredBatch {
  readonly lane: LaneName;
  readonly seq: number;
  readonly observations: number;
  readonly bytes: Uint8Array;
}

interface LaneCounts {
  readonly depth: number;
  readonly bytes: number;
  readonly nextSeq: number;
}

/** Of files from before there were two lanes, the table and the epoch of observations keep their names. */
const STORED = {
  observations: { table: 'outbox', epochKey: 'epoch' },
  replies: { table: 'reply_batch', epochKey: 'reply-epoch' },
} as const satisfies Record<LaneName, object>;

export class Lane {
  readonly epoch: string;
  readonly #name: LaneName;
  readonly #table: string;
  readonly #database: Database;
  #counts: LaneCounts;
  /** Given to the uplink and perhaps with the broker already: dropping it would count what was not lost. */
  #handedSeq = 0;
  #ackedSeq = 0;

  constructor(name: LaneName, database: Database) {
    const { table, epochKey } = STORED[name];
    this.#name = name;
    this.#table = table;
    this.#database = database;
    this.epoch = readEpoch(database, epochKey);
    const sums = database.prepare(`SELECT count(*) AS rows, coalesce(sum(size), 0) AS bytes FROM ${table}`).get() ?? {};
    const last = database.prepare('SELECT seq FROM sqlite_sequence WHERE name = ?').get([table]);
    this.#counts = {
      depth: number(sums, 'rows'),
      bytes: number(sums, 'bytes'),
      nextSeq: last === undefined ? 1 : number(last, 'seq') + 1,
    };
  }

  get counts(): LaneCounts {
    return this.#counts;
  }

  get isAckPending(): boolean {
    return this.#ackedSeq > 0;
  }

  /** When the oldest batch was composed. */
  get oldestAt(): number | undefined {
    if (this.#counts.depth === 0) return undefined;
    const row = this.#database.prepare(`SELECT at FROM ${this.#table} ORDER BY seq LIMIT 1`).get();
    return row === undefined ? undefined : number(row, 'at');
  }

  /** Belongs into a transaction; after one that failed, the counts from before are given to {@link restore}. */
  insert(batches: readonly Batch[], atMs: number): void {
    for (const { isRoutine, observations, bytes } of batches) {
      const { nextSeq, depth, bytes: before } = this.#counts;
      this.#database
        .prepare(`INSERT INTO ${this.#table} (seq, at, routine, observations, size, bytes) VALUES (?, ?, ?, ?, ?, ?)`)
        .run([nextSeq, atMs, isRoutine ? 1 : 0, observations, bytes.length, bytes]);
      this.#counts = { nextSeq: nextSeq + 1, depth: depth + 1, bytes: before + bytes.length };
    }
  }

  restore(counts: LaneCounts): void {
    this.#counts = counts;
  }

  /** The next batches in order, each once until {@link rewind}. */
  take(limit: number): StoredBatch[] {
    const rows = this.#database
      .prepare(`SELECT seq, observations, bytes FROM ${this.#table} WHERE seq > ? ORDER BY seq LIMIT ?`)
      .all([this.#handedSeq, limit]);
    return rows.map((row) => this.#handOut(row));
  }

  rewind(): void {
    this.#handedSeq = 0;
  }

  ackThrough(seq: number): void {
    this.#ackedSeq = Math.max(this.#ackedSeq, seq);
  }

  /** In a transaction; {@link forgetAcked} when it is over. */
  deleteAcked(): void {
    if (this.#ackedSeq > 0) this.#delete('seq <= ?', [this.#ackedSeq]);
  }

  forgetAcked(): void {
    this.#ackedSeq = 0;
  }

  /** Gives up what is older; gives the observations in it, as does {@link dropOldest}. */
  dropOlder(thanMs: number): number {
    return this.#delete('at < ? AND seq > ?', [thanMs, this.#handedSeq]);
  }

  dropOldest(rows: number, { routineOnly }: { readonly routineOnly: boolean }): number {
    const oldest = `SELECT seq FROM ${this.#table} WHERE seq > ? ${routineOnly ? 'AND routine = 1' : ''} ORDER BY seq`;
    return this.#delete(`seq IN (${oldest} LIMIT ${rows})`, [this.#handedSeq]);
  }

  #delete(condition: string, parameters: readonly number[]): number {
    const sums = this.#database
      .prepare(
        `SELECT count(*) AS rows, coalesce(sum(size), 0) AS bytes, coalesce(sum(observations), 0) AS observations
         FROM ${this.#table} WHERE ${condition}`,
      )
      .get(parameters);
    assert(sums !== undefined, 'a sum is one row');
    this.#database.prepare(`DELETE FROM ${this.#table} WHERE ${condition}`).run(parameters);
    const { nextSeq, depth, bytes } = this.#counts;
    this.#counts = { nextSeq, depth: depth - number(sums, 'rows'), bytes: bytes - number(sums, 'bytes') };
    return number(sums, 'observations');
  }

  #handOut(row: SqlRow): StoredBatch {
    const { bytes } = row;
    assert(bytes instanceof Uint8Array, 'a batch is bytes');
    const seq = number(row, 'seq');
    this.#handedSeq = seq;
    return { lane: this.#name, seq, observations: number(row, 'observations'), bytes };
  }
}

function readEpoch(database: Database, key: string): string {
  const row = database.prepare('SELECT value FROM meta WHERE key = ?').get([key]);
  if (typeof row?.['value'] === 'string') return row['value'];
  const epoch = randomUUID();
  database.prepare('INSERT INTO meta (key, value) VALUES (?, ?)').run([key, epoch]);
  return epoch;
}
