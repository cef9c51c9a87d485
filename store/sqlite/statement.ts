import type Libsql from 'libsql';
import { nameSqliteError } from './errors.ts';
import { countPlaceholders } from './placeholders.ts';
import { checkColumn, checkParameters, type SqlRow, type SqlValue } from './values.ts';

export interface RunOutcome {
  readonly changes: number;
  readonly lastInsertRowid: number;
}

/**
 * One prepared statement. There is no row iterator on purpose: one that is left half-way holds its read transaction and
 * the write-ahead log grows without end. Page by key instead.
 */
export interface Statement {
  run(parameters?: readonly SqlValue[]): RunOutcome;
  get(parameters?: readonly SqlValue[]): SqlRow | undefined;
  all(parameters?: readonly SqlValue[]): SqlRow[];
}

/** Rows travel as arrays: `get` would otherwise add a column of its own (`_metadata`), and objects are slower to cross. */
export function createStatement(
  database: Libsql.Database,
  sql: string,
  owner: { readonly path: string; assertOpen(): void },
): Statement {
  const expected = countPlaceholders(sql);
  const guard = <T>(body: () => T): T => {
    try {
      return body();
    } catch (error: unknown) {
      throw nameSqliteError(error, owner.path);
    }
  };
  const prepared = guard(() => database.prepare(sql));
  let columns: readonly string[] | undefined;

  const toRow = (values: unknown): SqlRow => {
    columns ??= prepared.columns().map((column) => column.name);
    const row: Record<string, SqlValue> = {};
    const cells = values as readonly unknown[];
    columns.forEach((column, index) => {
      row[column] = checkColumn(cells[index], column, sql);
    });
    return row;
  };
  const check = (parameters: readonly SqlValue[]): void => {
    owner.assertOpen();
    checkParameters(parameters, expected, sql);
  };
  const isReader = guard(() => prepared.reader);
  if (isReader) prepared.raw();

  return {
    run(parameters = []) {
      check(parameters);
      // One array as the only argument: spread arguments would be flattened, and a lone buffer among them aborts.
      const { changes, lastInsertRowid } = guard(() => prepared.run(parameters));
      return { changes, lastInsertRowid: Number(lastInsertRowid) };
    },
    get(parameters = []) {
      check(parameters);
      const values = guard(() => prepared.get(parameters));
      return values === undefined ? undefined : guard(() => toRow(values));
    },
    all(parameters = []) {
      check(parameters);
      return guard(() => prepared.all(parameters).map(toRow));
    },
  };
}
