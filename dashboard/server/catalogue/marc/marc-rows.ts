/** Rows of the catalogue out of MARC records: as many as a record names copies. */
import type { MarcMapping } from '#contract/domain/marc-mapping.ts';
import { describeTitle } from './describe-title.ts';
import { findCopies } from './find-copies.ts';
import { controlValue, type FoundRecord } from './record.ts';

/** What a row of an item was read from, before it is checked like any other. */
export type MarcRow =
  | { readonly line: number; readonly row: Readonly<Record<string, unknown>> }
  | { readonly line: number; readonly field: string; readonly fault: string };

/** `line` is the number of the record. A record without a copy (a deleted title, an e-book) is told, not guessed. */
export async function* readMarcRows(
  records: AsyncIterable<FoundRecord>,
  mapping: MarcMapping,
): AsyncGenerator<MarcRow> {
  for await (const found of records) {
    const { number: line } = found;
    if ('fault' in found) {
      yield { line, field: 'record', fault: found.fault };
      continue;
    }
    const copies = findCopies(found.record, mapping);
    if (copies.length === 0) {
      const id = controlValue(found.record, '001');
      yield {
        line,
        field: mapping.copies[0]?.item.tag ?? '',
        fault: `no copy with a barcode${id === '' ? '' : ` (001 ${id})`}`,
      };
    }
    const title = describeTitle(found.record, mapping.family);
    for (const copy of copies) yield { line, row: { ...title, ...copy } };
  }
}
