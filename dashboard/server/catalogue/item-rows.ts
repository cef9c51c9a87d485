/**
 * Catalogue rows out of an upload, one by one: CSV with a header line, a JSON array, a JSON object per line, MARC (ISO 2709)
 * or MARCXML. A row is either an item or a list of faults with its line (the number of the record) and field.
 */
import { type Item, item } from '#contract/domain/item.ts';
import { MARC_MAPPINGS, type MarcMapping } from '#contract/domain/marc-mapping.ts';
import { AppError } from '#contract/errors.ts';
import type { ImportReport } from '#contract/wire/rest-admin.ts';
import { createCsvReader, type CsvRecord } from './csv-reader.ts';
import { readMarcRows } from './marc/marc-rows.ts';
import { readMarcXml } from './marc/marcxml.ts';
import { readMarc } from './marc/read-marc.ts';
import type { FoundRecord } from './marc/record.ts';

type Fault = ImportReport['refused'][number];
export type ParsedRow = { readonly line: number; readonly item: Item } | { readonly faults: readonly Fault[] };

/** A JSON array is read whole; longer catalogues come as CSV or as one object per line. */
export const JSON_ARRAY_BYTES_MAX = 32 * 1024 * 1024;
const LINE_CHARACTERS_MAX = 65_536;

/** What an upload may be, by its content type. */
export const CATALOGUE_TYPES = [
  'text/csv',
  'application/x-ndjson',
  'application/json',
  'application/marc',
  'application/marcxml+xml',
] as const;
export type CatalogueType = (typeof CATALOGUE_TYPES)[number];

/** Cells that are not plain text; every other column goes over as it is. Unknown columns are left alone. */
const CELLS: Readonly<Record<string, (cell: string) => unknown>> = {
  size: (cell) => (cell.trim() === '' ? undefined : textOf(cell)),
  year: (cell) => (cell.trim() === '' ? null : Number(cell)),
  tags: (cell) => cell.split(/[;\s]+/).filter((tag) => tag !== ''),
};
const REQUIRED_COLUMNS = ['barcode', 'title', 'callNumber'] as const;
/** What a column that is missing means. */
const DEFAULTS = { author: '', year: null, language: '', scheme: 'local', branch: '', collection: '', tags: [] };

/** Errors: `API_BAD_INPUT` (the file as a whole cannot be read), `API_TOO_LARGE`. */
export async function* readItemRows(
  chunks: AsyncIterable<Uint8Array>,
  type: string,
  library: string,
  mapping: MarcMapping = MARC_MAPPINGS.koha,
): AsyncGenerator<ParsedRow> {
  if (type === 'text/csv') yield* readCsv(decode(chunks), library);
  else if (type === 'application/x-ndjson') yield* readJsonLines(decode(chunks), library);
  else if (type === 'application/json') yield* readJsonArray(decode(chunks), library);
  else if (type === 'application/marc') yield* readRecords(readMarc(chunks, mapping), mapping, library);
  else if (type === 'application/marcxml+xml') {
    yield* readRecords(readMarcXml(decode(chunks)), mapping, library);
  } else throw new AppError('API_BAD_INPUT', `Send ${CATALOGUE_TYPES.join(', ')}.`);
}

async function* readRecords(
  records: AsyncIterable<FoundRecord>,
  mapping: MarcMapping,
  library: string,
): AsyncGenerator<ParsedRow> {
  for await (const found of readMarcRows(records, mapping)) {
    if ('row' in found) yield checkRow(found.row, found.line, library);
    else yield { faults: [{ line: found.line, field: found.field, message: found.fault }] };
  }
}

/** Our own export puts an apostrophe before what a spreadsheet would run as a formula. */
function textOf(cell: string): string {
  return cell.trim().replace(/^'(?=[=+\-@])/, '');
}

async function* decode(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  } catch (cause: unknown) {
    if (isBadText(cause)) throw new AppError('API_BAD_INPUT', 'The file is not UTF-8.', {}, { cause });
    throw cause;
  }
}

function isBadText(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
  );
}

async function* readCsv(texts: AsyncIterable<string>, library: string): AsyncGenerator<ParsedRow> {
  const reader = createCsvReader();
  let columns: readonly string[] | undefined;
  const toRows = function* (records: readonly CsvRecord[]): Generator<ParsedRow> {
    for (const record of records) {
      if (columns === undefined) columns = readHeader(record);
      else yield readRecord(columns, record, library);
    }
  };
  for await (const text of texts) {
    const records = reader.feed(text);
    if (records === undefined) {
      throw new AppError('API_BAD_INPUT', 'A row is longer than 65,536 characters: is a quote left open?');
    }
    yield* toRows(records);
  }
  yield* toRows(reader.end());
}

function readHeader(record: CsvRecord): readonly string[] {
  const columns = record.cells.map((cell) => cell.trim());
  const missing = REQUIRED_COLUMNS.filter((name) => !columns.includes(name));
  if (missing.length === 0) return columns;
  throw new AppError('API_BAD_INPUT', `The first line must name the columns; missing: ${missing.join(', ')}.`);
}

function readRecord(columns: readonly string[], record: CsvRecord, library: string): ParsedRow {
  if (record.cells.length !== columns.length) {
    const message = `${record.cells.length} cells under ${columns.length} columns`;
    return { faults: [{ line: record.line, field: '', message }] };
  }
  const entries = columns.map((name, i) => {
    const cell = record.cells[i] ?? '';
    return [name, Object.hasOwn(CELLS, name) ? CELLS[name]?.(cell) : textOf(cell)] as const;
  });
  return checkRow(Object.fromEntries(entries), record.line, library);
}

async function* readJsonLines(texts: AsyncIterable<string>, library: string): AsyncGenerator<ParsedRow> {
  let rest = '';
  let line = 0;
  const toRow = (text: string): ParsedRow[] => {
    line += 1;
    return text.trim() === '' ? [] : [parseJsonLine(text, line, library)];
  };
  for await (const text of texts) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const one of lines) yield* toRow(one);
    if (rest.length > LINE_CHARACTERS_MAX) throw new AppError('API_BAD_INPUT', `Line ${line + 1} is too long.`);
  }
  yield* toRow(rest);
}

function parseJsonLine(text: string, line: number, library: string): ParsedRow {
  try {
    return checkRow(JSON.parse(text), line, library);
  } catch {
    return { faults: [{ line, field: '', message: 'no JSON' }] };
  }
}

async function* readJsonArray(texts: AsyncIterable<string>, library: string): AsyncGenerator<ParsedRow> {
  let whole = '';
  for await (const text of texts) {
    whole += text;
    if (whole.length > JSON_ARRAY_BYTES_MAX) {
      throw new AppError('API_TOO_LARGE', 'A JSON array may have 32 MB; send CSV or one object per line instead.');
    }
  }
  let rows: unknown;
  try {
    rows = JSON.parse(whole);
  } catch (cause: unknown) {
    throw new AppError('API_BAD_INPUT', 'The body is no JSON.', {}, { cause });
  }
  if (!Array.isArray(rows)) throw new AppError('API_BAD_INPUT', 'The body must be an array of items.');
  for (const [i, row] of rows.entries()) yield checkRow(row, i + 1, library);
}

function checkRow(row: unknown, line: number, library: string): ParsedRow {
  const isObject = typeof row === 'object' && row !== null;
  const parsed = item.safeParse(isObject ? { ...DEFAULTS, ...row, library } : row);
  if (parsed.success) return { line, item: parsed.data };
  return {
    faults: parsed.error.issues.map((issue) => ({
      line,
      field: issue.path.map(String).join('.'),
      message: issue.message,
    })),
  };
}
