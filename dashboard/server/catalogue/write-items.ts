/** The catalogue as a file that comes in again as it went out. */
import { z } from 'zod';
import { concatBytes } from '#contract/bytes.ts';
import { item, type Item } from '#contract/domain/item.ts';
import { csvColumns, csvHeader, csvLine } from '#dashboard/server/api/csv.ts';
import { buildRecord } from './marc/build-record.ts';
import { encodeIso2709, encodeMarcXml, MARCXML_END, MARCXML_HEAD } from './marc/write-marc.ts';

export const exportFormat = z.enum(['csv', 'ndjson', 'marc', 'marcxml']);
export type ExportFormat = z.infer<typeof exportFormat>;

/** How each is called over HTTP. */
export const EXPORT_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
  marc: 'application/marc',
  marcxml: 'application/marcxml+xml',
};

/** One write for many copies. */
const CHUNK_BYTES = 65_536;

export interface ExportOptions {
  readonly format: ExportFormat;
  /** The day MARC records say they were entered. */
  readonly atMs: number;
  /** A copy that the format cannot hold: it is not in the file. */
  onLeftOut(barcode: string, reason: string): void;
}

/** In pieces of about 64 KiB. The library is not in it: a file may go to another one. */
export function* writeItems(items: Iterable<Item>, options: ExportOptions): Generator<Uint8Array> {
  let pieces: Uint8Array[] = [];
  let bytes = 0;
  for (const piece of piecesOf(items, options)) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes < CHUNK_BYTES) continue;
    yield concatBytes(pieces);
    pieces = [];
    bytes = 0;
  }
  if (bytes > 0) yield concatBytes(pieces);
}

function* piecesOf(items: Iterable<Item>, options: ExportOptions): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  const columns = csvColumns(item.omit({ library: true }));
  const { format } = options;
  const enteredOn = new Date(options.atMs).toISOString().slice(2, 10).replaceAll('-', '');
  if (format === 'csv') yield encoder.encode(csvHeader(columns));
  if (format === 'marcxml') yield encoder.encode(MARCXML_HEAD);
  for (const row of items) {
    if (format === 'csv') yield encoder.encode(csvLine(columns, row));
    else if (format === 'ndjson') yield encoder.encode(`${JSON.stringify({ ...row, library: undefined })}\n`);
    else if (format === 'marcxml') yield encoder.encode(encodeMarcXml(buildRecord(row, enteredOn)));
    else {
      const record = encodeIso2709(buildRecord(row, enteredOn));
      if (record.ok) yield record.value;
      else options.onLeftOut(row.barcode, record.error);
    }
  }
  if (format === 'marcxml') yield encoder.encode(MARCXML_END);
}
