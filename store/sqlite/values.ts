/**
 * What may go into a statement and what comes out of a row. libsql aborts the process on a boolean, cuts text at a NUL,
 * turns NaN and `undefined` into NULL and rounds integers above 2^53, all without a word, so every value is looked at
 * on both ways.
 */
import { AppError } from '#contract/errors.ts';

export type SqlValue = string | number | Uint8Array | null;
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** In unicode mode a whole pair is one character, so this finds only halves. */
const HALF_PAIR = /\p{Surrogate}/u;
const STATEMENT_HEAD_CHARS = 80;

/** Refuses what libsql would mangle; `sql` and the number of the parameter go into the message. */
export function checkParameters(values: readonly unknown[], expected: number, sql: string): void {
  if (values.length !== expected) {
    // libsql keeps the value of the call before for a parameter that is left out, and drops one too many.
    throw badValue(`takes ${expected} parameters and got ${values.length}`, sql, {});
  }
  for (let index = 0; index < values.length; index += 1) {
    const reason = faultOf(values[index]);
    if (reason !== undefined) throw badValue(`parameter ${index + 1} is ${reason}`, sql, { parameter: index + 1 });
  }
}

function faultOf(value: unknown): string | undefined {
  if (value === null) return undefined;
  switch (typeof value) {
    case 'number':
      if (!Number.isFinite(value)) return String(value);
      return Math.abs(value) > Number.MAX_SAFE_INTEGER ? 'beyond 2^53' : undefined;
    case 'string':
      if (value.includes('\0')) return 'text with a NUL';
      return HALF_PAIR.test(value) ? 'text with half a surrogate pair' : undefined;
    case 'object':
      if (value instanceof Uint8Array) return undefined;
      // Another realm's bytes (a worker, a test sandbox) are bytes too.
      return ArrayBuffer.isView(value) && value.constructor.name !== 'DataView' ? undefined : 'an object';
    default:
      return `of type ${typeof value}`;
  }
}

/** Refuses a number that SQLite held more exactly than JavaScript can. */
export function checkColumn(value: unknown, column: string, sql: string): SqlValue {
  if (typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER) {
    throw badValue(`column ${column} is beyond 2^53`, sql, { column });
  }
  return value as SqlValue;
}

function badValue(what: string, sql: string, facts: Readonly<Record<string, unknown>>): AppError {
  const head = sql.trim().replace(/\s+/g, ' ').slice(0, STATEMENT_HEAD_CHARS);
  return new AppError('STO_BAD_VALUE', `${what} in "${head}"`, { ...facts, statement: head });
}

function wrongType(row: SqlRow, column: string, wanted: string): AppError {
  const found = column in row ? typeof row[column] : 'missing';
  return new AppError('STO_BAD_VALUE', `column ${column} should be ${wanted} and is ${found}`, { column });
}

export function text(row: SqlRow, column: string): string {
  const value = row[column];
  if (typeof value === 'string') return value;
  throw wrongType(row, column, 'text');
}

export function textOrNull(row: SqlRow, column: string): string | null {
  return row[column] === null ? null : text(row, column);
}

export function number(row: SqlRow, column: string): number {
  const value = row[column];
  if (typeof value === 'number') return value;
  throw wrongType(row, column, 'a number');
}

export function numberOrNull(row: SqlRow, column: string): number | null {
  return row[column] === null ? null : number(row, column);
}

/** SQLite has no boolean: 0 is false, anything else true. */
export function flag(row: SqlRow, column: string): boolean {
  return number(row, column) !== 0;
}

export function bytes(row: SqlRow, column: string): Uint8Array {
  const value = row[column];
  if (typeof value === 'object' && value !== null) return value;
  throw wrongType(row, column, 'bytes');
}
