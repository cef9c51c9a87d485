/** Promise: what goes out comes in again as it was, whatever is in it. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Item } from '#contract/domain/item.ts';
import { readItemRows } from '#dashboard/server/catalogue/item-rows.ts';
import { writeItems } from '#dashboard/server/catalogue/write-items.ts';

const words = fc
  .array(fc.constantFrom('a', '中', '"', ',', '\n', '=', '+', '-', '@', "'", ' ', ';'), { maxLength: 12 })
  .map((parts) => parts.join('').trim())
  // An apostrophe before a sign is how the export itself marks a text that a spreadsheet would run.
  .filter((text) => !/^'[=+\-@]/.test(text));
const item: fc.Arbitrary<Item> = fc.record(
  {
    library: fc.constant('demo'),
    barcode: fc.stringMatching(/^[0-9]{4,8}$/),
    title: words.map((text) => `x${text}`),
    author: words,
    year: fc.option(fc.integer({ min: -500, max: 2100 })),
    language: fc.constantFrom('', 'zh', 'en'),
    scheme: fc.constantFrom('lcc', 'ddc', 'clc', 'udc', 'local'),
    callNumber: words,
    branch: words,
    collection: words,
    size: fc.constantFrom('folio', 'mini'),
    tags: fc.array(fc.constantFrom('epc:30AA', 'uid:E004', 'tid:E280'), { maxLength: 3 }),
  },
  {
    requiredKeys: [
      'library',
      'barcode',
      'title',
      'author',
      'year',
      'language',
      'scheme',
      'callNumber',
      'branch',
      'collection',
      'tags',
    ],
  },
);

test.each([
  ['csv', 'text/csv'],
  ['ndjson', 'application/x-ndjson'],
] as const)('law: %s comes back', async (format, type) => {
  await fc.assert(
    fc.asyncProperty(fc.array(item, { maxLength: 6 }), async (items) => {
      async function* file(): AsyncGenerator<Uint8Array> {
        for (const text of writeItems(items, format)) yield await Promise.resolve(new TextEncoder().encode(text));
      }
      const back: unknown[] = [];
      for await (const row of readItemRows(file(), type, 'demo')) back.push('item' in row ? row.item : row.faults);
      expect(back).toEqual(items);
    }),
  );
});
