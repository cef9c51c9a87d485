import type { HomeShift } from '#contract/domain/home-shift.ts';
import type { HomeShiftChange, HomeShiftRow } from '#contract/domain/state-rows.ts';
import type { Database } from '#store/sqlite/database.ts';
import { number, text, type SqlRow } from '#store/sqlite/values.ts';

export interface HomeShiftReader {
  /** Open questions of a library; a handful at most. */
  homeShifts(library: string): readonly HomeShiftRow[];
}

export function readingHomeShifts(database: Database): HomeShiftReader {
  return {
    homeShifts: (library) =>
      database.prepare('SELECT * FROM home_shift WHERE library = ? ORDER BY id').all([library]).map(toRow),
  };
}

/** Writes them in the transaction of the facts. */
export function openHomeShiftWriter(database: Database): (changes: readonly HomeShiftChange[]) => void {
  const put = database.prepare(
    'INSERT OR REPLACE INTO home_shift(library, id, since_ms, plan_version, body) VALUES (?, ?, ?, ?, ?)',
  );
  const remove = database.prepare('DELETE FROM home_shift WHERE library = ? AND id = ?');
  return (changes) => {
    for (const { library, id, row } of changes) {
      if (row === null) remove.run([library, id]);
      else put.run([library, id, Math.round(row.sinceMs), row.planVersion, JSON.stringify(row.shift)]);
    }
  };
}

// The shape was checked by the type of what was written; only the engine writes.
function toRow(row: SqlRow): HomeShiftRow {
  return {
    library: text(row, 'library'),
    shift: JSON.parse(text(row, 'body')) as HomeShift,
    sinceMs: number(row, 'since_ms'),
    planVersion: number(row, 'plan_version'),
  };
}
