/**
 * The books of the branch: what was lent and returned here and is not settled with the ILS, the cached holds, the newest
 * word on each copy, and the inputs that wait for the gateway. One file, one writer, every step one transaction on disk.
 *
 * The card's number stands here encrypted, from the first step to the acknowledgement, and is then deleted.
 */
import { randomUUID } from 'node:crypto';
import type { IlsStatus } from '#contract/domain/ils-status.ts';
import { AppError } from '#contract/errors.ts';
import type { Clock } from '#contract/clock.ts';
import { openDatabase, type Database } from '#store/sqlite/database.ts';
import { number, type SqlRow } from '#store/sqlite/values.ts';
import { entryKind, entryState, securityState, type Entry, type EntryKind, type TaskCode } from './entry.ts';
import { LENDING_MIGRATIONS } from './ledger-schema.ts';
import type { PatronCipher } from './patron-cipher.ts';

/** What waits for the ILS: a day of the busiest branch. Beyond it nothing is lent without the ILS. */
export const OPEN_ENTRIES_MAX = 20_000;
/** What waits for the gateway: 200 bytes each. The oldest goes first: a newer word on a copy replaces it anyway. */
const INPUTS_MAX = 200_000;
/** Settled entries are kept so long for the counts of the day; they name no reader any more. */
const SETTLED_KEEP_MS = 86_400_000;

export interface Beginning {
  readonly kind: EntryKind;
  readonly item: string;
  readonly station: string;
  readonly atMs: number;
  readonly card?: string | undefined;
  readonly pad?: string | undefined;
  readonly tag?: string | undefined;
}

export interface WaitingInput {
  readonly n: number;
  readonly atMs: number;
  readonly body: string;
}

export interface LedgerOptions {
  readonly path: string;
  readonly cipher: PatronCipher;
  readonly clock: Clock;
}

type IlsWord = Pick<IlsStatus, 'barcode' | 'status'> & { readonly atMs: number; readonly dueAtMs: number | null };

export class Ledger {
  readonly #database: Database;
  readonly #cipher: PatronCipher;
  readonly #clock: Clock;
  /** Cards of open entries: the limits of a patron need no mark on disk. */
  readonly #cards = new Map<string, string>();
  #onInput: () => void = () => undefined;

  /** Errors: STO_UNAVAILABLE (another process has the file), STO_CORRUPT, STO_MIGRATION. */
  constructor({ path, cipher, clock }: LedgerOptions) {
    this.#database = openDatabase(path, { mode: 'write', synchronous: 'FULL', migrations: LENDING_MIGRATIONS });
    this.#cipher = cipher;
    this.#clock = clock;
    for (const { id, card } of this.open()) if (card !== undefined) this.#cards.set(id, card);
  }

  /** The one listener for new inputs. */
  onInput(listener: () => void): void {
    this.#onInput = listener;
  }

  /** Notes what is about to be done. Errors: OUT_FULL. */
  begin(beginning: Beginning): string {
    if (this.openCount() >= OPEN_ENTRIES_MAX) {
      throw new AppError('OUT_FULL', `${OPEN_ENTRIES_MAX} entries wait for the library system`, {});
    }
    const id = randomUUID();
    const { kind, item, station, atMs, card, pad = null, tag = null } = beginning;
    this.#database
      .prepare(
        `INSERT INTO entry (id, kind, item, station, at, state, happened, patron, pad, tag)
         VALUES (?, ?, ?, ?, ?, 'intended', ?, ?, ?, ?)`,
      )
      // A book in the slot is back, whatever becomes of us; a loan or renewal is one when somebody was told so.
      .run([
        id,
        kind,
        item,
        station,
        atMs,
        kind === 'return' ? 1 : 0,
        card === undefined ? null : this.#cipher.seal(card, id),
        pad,
        tag,
      ]);
    if (card !== undefined) this.#cards.set(id, card);
    return id;
  }

  markSent(id: string): void {
    this.#database.prepare(`UPDATE entry SET state = 'sent' WHERE id = ?`).run([id]);
  }

  markUnclear(id: string): void {
    this.#database.prepare(`UPDATE entry SET state = 'unclear' WHERE id = ?`).run([id]);
  }

  /** It has happened at the branch; the ILS is told later. */
  queue(id: string, { dueAtMs, secure }: { readonly dueAtMs: number | null; readonly secure: boolean }): void {
    this.#database.transaction(() => {
      this.#database
        .prepare(`UPDATE entry SET state = 'queued', happened = 1, due_at = ?, security = ? WHERE id = ?`)
        .run([dueAtMs, secure ? 'pending' : 'none', id]);
      const entry = this.get(id);
      if (entry !== undefined && entry.kind !== 'renew') this.#learn(wordOf(entry, dueAtMs), 'branch');
    });
    this.#onInput();
  }

  /** The ILS has it. `secure`: the tag is to be set now. */
  confirm(id: string, { dueAtMs, secure }: { readonly dueAtMs: number | null; readonly secure: boolean }): void {
    this.#database.transaction(() => {
      const entry = this.get(id);
      this.#settle(id, 'confirmed', null);
      if (secure) this.#database.prepare(`UPDATE entry SET security = 'pending' WHERE id = ?`).run([id]);
      if (entry !== undefined) this.#learn(wordOf(entry, dueAtMs), 'ils');
    });
    this.#onInput();
  }

  refuse(id: string, code: string): void {
    this.#database.transaction(() => {
      this.#settle(id, 'refused', code);
    });
  }

  undo(id: string): void {
    this.#database.transaction(() => {
      this.#settle(id, 'undone', null);
    });
  }

  /** Nobody here can settle it: a person must. Names the copy and the place, never the reader. */
  hand(id: string, code: TaskCode): void {
    this.#database.transaction(() => {
      const entry = this.get(id);
      this.#settle(id, 'task', code);
      if (entry !== undefined) this.#raise(entry, code);
    });
    this.#onInput();
  }

  /** Tried without a clear end: again later. */
  postpone(id: string, nextAtMs: number): void {
    this.#database
      .prepare(
        `UPDATE entry SET tries = tries + 1, next_at = ?, state = CASE happened WHEN 1 THEN 'queued' ELSE 'unclear' END
         WHERE id = ?`,
      )
      .run([nextAtMs, id]);
  }

  /** A newer step of the same copy decides what its tag must be. */
  dropSecurity(id: string): void {
    this.#database.prepare(`UPDATE entry SET security = 'none' WHERE id = ?`).run([id]);
  }

  verifySecurity(id: string): void {
    this.#database.prepare(`UPDATE entry SET security = 'verified' WHERE id = ?`).run([id]);
  }

  /** The loan stands; the tag does not fit it. */
  failSecurity(id: string): void {
    this.#database.transaction(() => {
      this.#database.prepare(`UPDATE entry SET security = 'task' WHERE id = ?`).run([id]);
      const entry = this.get(id);
      if (entry !== undefined) this.#raise(entry, 'security-not-set');
    });
    this.#onInput();
  }

  get(id: string): Entry | undefined {
    const row = this.#database.prepare('SELECT * FROM entry WHERE id = ?').get([id]);
    return row === undefined ? undefined : this.#entryOf(row);
  }

  /** All that is not settled, in the order in which it happened, across all stations. */
  open(): Entry[] {
    const rows = this.#database.prepare('SELECT * FROM entry WHERE settled_at IS NULL ORDER BY at, n').all();
    return rows.map((row) => this.#entryOf(row));
  }

  /** Undefined once it is settled. */
  getOpen(id: string): Entry | undefined {
    const row = this.#database.prepare('SELECT * FROM entry WHERE id = ? AND settled_at IS NULL').get([id]);
    return row === undefined ? undefined : this.#entryOf(row);
  }

  /** What has happened to this copy and waits for the ILS, in its order. */
  queuedOf(item: string): Entry[] {
    const sql = `SELECT * FROM entry WHERE settled_at IS NULL AND item = ? AND state = 'queued' ORDER BY at, n`;
    return this.#database
      .prepare(sql)
      .all([item])
      .map((row) => this.#entryOf(row));
  }

  openCount(): number {
    const row = this.#database.prepare('SELECT count(*) AS rows FROM entry WHERE settled_at IS NULL').get();
    return row === undefined ? 0 : number(row, 'rows');
  }

  pendingSecurity(): Entry[] {
    const rows = this.#database.prepare(`SELECT * FROM entry WHERE security = 'pending' ORDER BY n`).all();
    return rows.map((row) => this.#entryOf(row));
  }

  /** Loans of this card that wait for the ILS. */
  queuedLoansOf(card: string): readonly Entry[] {
    const ids = [...this.#cards].flatMap(([id, known]) => (known === card ? [id] : []));
    return ids.flatMap((id) => {
      const entry = this.get(id);
      return entry?.kind === 'loan' && entry.state === 'queued' ? [entry] : [];
    });
  }

  /** True where a later loan or return of the copy stands. */
  isSuperseded({ item, n }: Entry): boolean {
    const later = `SELECT n FROM entry WHERE item = ? AND n > ? AND kind <> 'renew' AND state IN ('queued', 'confirmed', 'task')`;
    return this.#database.prepare(`${later} LIMIT 1`).get([item, n]) !== undefined;
  }

  /** The time of the newest loan or return of the copy that the ILS confirmed, to anybody here; 0 if there was none. */
  ilsWordAtMs(item: string): number {
    const row = this.#database.prepare('SELECT ils_at FROM item_word WHERE item = ?').get([item]);
    return row === undefined ? 0 : number(row, 'ils_at');
  }

  /** Somebody else's loan or return, learnt from its answer. */
  learn(words: readonly IlsWord[]): void {
    if (words.length === 0) return;
    this.#database.transaction(() => {
      for (const word of words) this.#learn(word, 'ils');
    });
    this.#onInput();
  }

  setHolds(items: readonly string[], atMs: number): void {
    this.#database.transaction(() => {
      this.#database.prepare('DELETE FROM hold').run();
      for (const item of items) this.#database.prepare('INSERT OR IGNORE INTO hold (item) VALUES (?)').run([item]);
      this.setMeta('holds-at', String(atMs));
    });
  }

  isHeld(item: string): boolean {
    return this.#database.prepare('SELECT item FROM hold WHERE item = ?').get([item]) !== undefined;
  }

  /** When the list of holds was fetched; undefined if never. */
  get holdsAtMs(): number | undefined {
    const value = this.meta('holds-at');
    return value === undefined ? undefined : Number(value);
  }

  meta(key: string): string | undefined {
    const value = this.#database.prepare('SELECT value FROM meta WHERE key = ?').get([key])?.['value'];
    return typeof value === 'string' ? value : undefined;
  }

  setMeta(key: string, value: string): void {
    this.#database
      .prepare('INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value')
      .run([key, value]);
  }

  inputs(limit: number): WaitingInput[] {
    const rows = this.#database.prepare('SELECT n, at, body FROM input ORDER BY n LIMIT ?').all([limit]);
    return rows.map((row) => ({ n: number(row, 'n'), atMs: number(row, 'at'), body: String(row['body']) }));
  }

  inputCount(): number {
    const row = this.#database.prepare('SELECT count(*) AS rows FROM input').get();
    return row === undefined ? 0 : number(row, 'rows');
  }

  forgetInput(n: number): void {
    this.#database.prepare('DELETE FROM input WHERE n = ?').run([n]);
  }

  /** Drops what is settled long ago and inputs beyond their bound. */
  tidy(): void {
    const nowMs = this.#clock.nowMs();
    this.#database
      .prepare(`DELETE FROM entry WHERE settled_at < ? AND security <> 'pending'`)
      .run([nowMs - SETTLED_KEEP_MS]);
    this.#database
      .prepare('DELETE FROM input WHERE n <= (SELECT coalesce(max(n), 0) - ? FROM input)')
      .run([INPUTS_MAX]);
  }

  close(): void {
    this.#database.close();
  }

  #settle(id: string, state: Entry['state'], code: string | null): void {
    this.#database
      .prepare('UPDATE entry SET state = ?, code = ?, settled_at = ?, patron = NULL WHERE id = ?')
      .run([state, code, this.#clock.nowMs(), id]);
    this.#cards.delete(id);
  }

  #learn({ barcode, status, atMs, dueAtMs }: IlsWord, from: 'ils' | 'branch'): void {
    const ilsAtMs = from === 'ils' ? atMs : 0;
    const before = this.#database.prepare('SELECT at FROM item_word WHERE item = ?').get([barcode]);
    this.#database
      .prepare(
        `INSERT INTO item_word (item, status, at, ils_at) VALUES (?, ?, ?, ?)
         ON CONFLICT (item) DO UPDATE SET status = CASE WHEN excluded.at >= at THEN excluded.status ELSE status END,
           at = max(at, excluded.at), ils_at = max(ils_at, excluded.ils_at)`,
      )
      .run([barcode, status, atMs, ilsAtMs]);
    if (before !== undefined && number(before, 'at') > atMs) return;
    const dueAt = dueAtMs === null ? null : isoTime(dueAtMs);
    this.#addInput(atMs, { kind: 'ils', items: [{ barcode, status, at: isoTime(atMs), dueAt }] });
  }

  #raise({ id, kind, item, station, atMs }: Entry, code: TaskCode): void {
    const task = { kind: 'lending-task', id, item, code, step: kind, station, at: isoTime(atMs) };
    this.#addInput(this.#clock.nowMs(), task);
  }

  #addInput(atMs: number, body: object): void {
    this.#database.prepare('INSERT INTO input (at, body) VALUES (?, ?)').run([atMs, JSON.stringify(body)]);
  }

  #entryOf(row: SqlRow): Entry {
    const id = String(row['id']);
    const sealed = row['patron'];
    const text = (name: string): string | null => (typeof row[name] === 'string' ? row[name] : null);
    return {
      n: number(row, 'n'),
      id,
      kind: entryKind.parse(row['kind']),
      item: String(row['item']),
      station: String(row['station']),
      atMs: number(row, 'at'),
      dueAtMs: row['due_at'] === null ? null : number(row, 'due_at'),
      state: entryState.parse(row['state']),
      hasHappened: number(row, 'happened') === 1,
      tries: number(row, 'tries'),
      nextAtMs: number(row, 'next_at'),
      card: this.#cards.get(id) ?? (sealed instanceof Uint8Array ? this.#cipher.open(sealed, id) : undefined),
      security: securityState.parse(row['security']),
      pad: text('pad'),
      tag: text('tag'),
    };
  }
}

function wordOf(entry: Entry, dueAtMs: number | null): IlsWord {
  const status = entry.kind === 'return' ? 'available' : 'on-loan';
  return { barcode: entry.item, status, atMs: entry.atMs, dueAtMs: status === 'on-loan' ? dueAtMs : null };
}

function isoTime(atMs: number): string {
  return new Date(atMs).toISOString();
}
