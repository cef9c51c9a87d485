import type { IlsRow, UseRow } from '#contract/domain/state-rows.ts';
import type { WorkEntryRow, WorkKind } from '#contract/domain/work-entry.ts';
import type { Database } from '#store/sqlite/database.ts';
import { number, numberOrNull, text, textOrNull, type SqlRow } from '#store/sqlite/values.ts';

/** Questions about lines of work, the ILS side and in-house use. */
export interface WorkReader {
  workLine(library: string, kind: WorkKind, subject: string): WorkEntryRow | undefined;
  /** Lines of one kind in the order of their subjects, after the cursor. */
  workLines(
    library: string,
    kind: WorkKind,
    page: { readonly after: string; readonly limit: number },
  ): readonly WorkEntryRow[];
  /** Open lines of each kind; kinds without one are left out. */
  workCounts(library: string): readonly { readonly kind: WorkKind; readonly lines: number }[];
  /** What the ILS says of these items; those it never spoke of are left out. */
  ilsRows(library: string, items: readonly string[]): ReadonlyMap<string, IlsRow>;
  /** Uses that began from the one hour on and before the other. */
  uses(library: string, span: { readonly fromMs: number; readonly toMs: number }): readonly UseRow[];
  /** The first hour with a use. */
  firstUseMs(library: string): number | null;
}

export function readingWork(database: Database): WorkReader {
  const all = (sql: string, parameters: readonly (string | number)[]): readonly SqlRow[] =>
    database.prepare(sql).all(parameters);
  return {
    workLine(library, kind, subject) {
      const sql = 'SELECT * FROM work_entry WHERE library = ? AND kind = ? AND subject = ?';
      const row = database.prepare(sql).get([library, kind, subject]);
      return row === undefined ? undefined : toLine(row);
    },
    workLines: (library, kind, { after, limit }) =>
      all('SELECT * FROM work_entry WHERE library = ? AND kind = ? AND subject > ? ORDER BY subject LIMIT ?', [
        library,
        kind,
        after,
        limit,
      ]).map(toLine),
    workCounts: (library) =>
      all('SELECT kind, lines FROM work_count WHERE library = ? AND lines > 0 ORDER BY kind', [library]).map((row) => ({
        kind: text(row, 'kind') as WorkKind,
        lines: number(row, 'lines'),
      })),
    ilsRows(library, items) {
      const sql = 'SELECT * FROM item_ils WHERE library = ? AND item IN (SELECT value FROM json_each(?))';
      return new Map(all(sql, [library, JSON.stringify(items)]).map((row) => [text(row, 'item'), toIls(row)]));
    },
    uses: (library, { fromMs, toMs }) =>
      all('SELECT * FROM in_house_use WHERE library = ? AND hour_ms >= ? AND hour_ms < ?', [library, fromMs, toMs]).map(
        toUse,
      ),
    firstUseMs(library) {
      const row = database.prepare('SELECT min(hour_ms) AS ms FROM in_house_use WHERE library = ?').get([library]);
      return row === undefined ? null : numberOrNull(row, 'ms');
    },
  };
}

// Words were checked by the type of what was written; only the engine writes.
function toLine(row: SqlRow): WorkEntryRow {
  return {
    library: text(row, 'library'),
    kind: text(row, 'kind') as WorkKind,
    subject: text(row, 'subject'),
    item: textOrNull(row, 'item'),
    place: textOrNull(row, 'place'),
    sinceMs: number(row, 'since_ms'),
    confidence: numberOrNull(row, 'confidence'),
    reason: JSON.parse(text(row, 'reason')) as WorkEntryRow['reason'],
    tickedOffMs: numberOrNull(row, 'ticked_off_ms'),
    outcome: textOrNull(row, 'outcome') as WorkEntryRow['outcome'],
  };
}

function toIls(row: SqlRow): IlsRow {
  return {
    library: text(row, 'library'),
    item: text(row, 'item'),
    status: text(row, 'status') as IlsRow['status'],
    atMs: number(row, 'at_ms'),
    dueAt: textOrNull(row, 'due_at'),
    pickupPlace: textOrNull(row, 'pickup_place'),
    expiresAt: textOrNull(row, 'expires_at'),
  };
}

function toUse(row: SqlRow): UseRow {
  return {
    library: text(row, 'library'),
    hourMs: number(row, 'hour_ms'),
    shelf: text(row, 'shelf'),
    scheme: text(row, 'scheme'),
    class: text(row, 'class'),
    uses: number(row, 'uses'),
  };
}
