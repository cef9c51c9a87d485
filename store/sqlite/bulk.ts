import type { Database } from './database.ts';
import type { SqlValue } from './values.ts';

/** Measured: 100 and 10 rows a statement write about 1.5 times as fast as single rows; more gains nothing. */
const ROWS_A_STATEMENT = [100, 10, 1] as const;

/**
 * Writes many rows with few statements. `before` ends in VALUES, `after` may hold an ON CONFLICT clause; the rows come one
 * after the other in one flat list.
 */
export function bulkInsert(
  database: Database,
  { before, columns, after = '' }: { readonly before: string; readonly columns: number; readonly after?: string },
): (flatRows: readonly SqlValue[]) => void {
  const oneRow = `(${Array(columns).fill('?').join(',')})`;
  const statements = ROWS_A_STATEMENT.map((rows) => ({
    values: rows * columns,
    statement: database.prepare(`${before} ${Array(rows).fill(oneRow).join(',')} ${after}`),
  }));
  return (flatRows) => {
    let done = 0;
    for (const { values, statement } of statements) {
      while (flatRows.length - done >= values) {
        statement.run(flatRows.slice(done, done + values));
        done += values;
      }
    }
  };
}
