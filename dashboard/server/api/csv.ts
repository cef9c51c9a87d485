/** Tables as CSV (RFC 4180), derived from the reply's own schema, so that the columns are there even without a row. */
import { z } from 'zod';

interface Column {
  readonly name: string;
  readonly path: readonly string[];
}

export type CsvRow = Readonly<Record<string, unknown>>;

/** Excel takes a file for UTF-8 only with this in front. */
export const BOM = '\uFEFF';

/** Columns of a row schema; nested objects become `where.place`. */
export function csvColumns(row: z.ZodType, path: readonly string[] = []): readonly Column[] {
  if (!(row instanceof z.ZodObject)) return [{ name: path.join('.'), path }];
  return Object.entries(row.shape as Record<string, z.ZodType>).flatMap(([key, value]) =>
    csvColumns(value, [...path, key]),
  );
}

export function csvHeader(columns: readonly Column[]): string {
  return line(columns.map((column) => column.name));
}

export function csvLine(columns: readonly Column[], row: CsvRow): string {
  return line(columns.map(({ path }) => cell(path.reduce<unknown>(step, row))));
}

function step(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as CsvRow)[key] : undefined;
}

function line(cells: readonly string[]): string {
  return `${cells.map((text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join(',')}\r\n`;
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return defuse(value);
  return defuse(
    Array.isArray(value) && value.every((part) => typeof part === 'string') ? value.join('; ') : JSON.stringify(value),
  );
}

/** A spreadsheet runs text that begins like a formula; a leading apostrophe makes it text again. */
function defuse(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
