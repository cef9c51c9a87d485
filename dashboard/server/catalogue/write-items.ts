/** The catalogue as a file that comes in again as it went out. */
import { item, type Item } from '#contract/domain/item.ts';
import { csvColumns, csvHeader, csvLine } from '#dashboard/server/api/csv.ts';

export type ExportFormat = 'csv' | 'ndjson';

/** Pieces of text, one a copy. The library is not in it: a file may go to another one. */
export function* writeItems(items: Iterable<Item>, format: ExportFormat): Generator<string> {
  const columns = csvColumns(item.omit({ library: true }));
  if (format === 'csv') yield csvHeader(columns);
  for (const row of items) {
    yield format === 'csv' ? csvLine(columns, row) : `${JSON.stringify({ ...row, library: undefined })}\n`;
  }
}
