/** Promise: what goes out comes in again as it was, whatever is in it. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Item } from '#contract/domain/item.ts';
import { readItemRows } from '#dashboard/server/catalogue/item-rows.ts';
import { type ExportFormat, writeItems } from '#dashboard/server/catalogue/write-items.ts';

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

const AT_MS = Date.UTC(2026, 2, 4);
const TYPES = {
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
  marc: 'application/marc',
  marcxml: 'application/marcxml+xml',
} as const;

async function outAndIn(items: readonly Item[], format: ExportFormat, cutBytes = 65_536): Promise<unknown[]> {
  const onLeftOut = (barcode: string): never => {
    throw new Error(barcode);
  };
  async function* file(): AsyncGenerator<Uint8Array> {
    for (const piece of writeItems(items, { format, atMs: AT_MS, onLeftOut })) {
      for (let at = 0; at < piece.length; at += cutBytes)
        yield await Promise.resolve(piece.subarray(at, at + cutBytes));
    }
  }
  const back: unknown[] = [];
  for await (const row of readItemRows(file(), TYPES[format], 'demo')) back.push('item' in row ? row.item : row.faults);
  return back;
}

test.each(['csv', 'ndjson'] as const)('law: %s comes back', async (format) => {
  await fc.assert(
    fc.asyncProperty(fc.array(item, { maxLength: 6 }), async (items) => {
      expect(await outAndIn(items, format)).toEqual(items);
    }),
  );
});

const odd = fc.oneof(
  words,
  fc
    .array(fc.constantFrom('&', '<', '>', '"', "'", '/', ':', ';', '=', ',', '|', '$', '𠀀', 'é', 'é', '𝄞', ' '), {
      maxLength: 12,
    })
    .map((parts) => parts.join('')),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
);
/** What MARC keeps of a text: no control characters, nothing blank at its ends; and in a title no second blank. */
const kept = (text: string): string => text.replace(/[\p{Cc}\ufffe\uffff]/gu, (c) => (c >= '\u0080' ? c : ' ')).trim();
const keptTitle = (text: string): string =>
  kept(text)
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
const marcItem: fc.Arbitrary<Item> = fc
  .tuple(item, odd, odd, odd, odd, odd, fc.constantFrom('', 'zh', 'en', 'grc', 'zh-Hant', 'x', '古文', 'chinese'))
  .chain(([base, title, author, callNumber, branch, barcode, language]) =>
    fc
      .record({
        year: fc.option(fc.integer({ min: -3000, max: 2200 })),
        callNumber: fc.constantFrom(
          kept(callNumber),
          'PR 4172 .W7 2009',
          'PR4172.W7',
          '823.8 BRO  2',
          'I247.5/123',
          '004(035) C',
        ),
      })
      .map((more) => ({
        ...base,
        ...more,
        barcode: `${base.barcode}${kept(barcode)}`.slice(0, 40),
        title: keptTitle(`x${title}`),
        author: keptTitle(author),
        branch: kept(branch),
        collection: kept(base.collection),
        language,
        tags: [],
      })),
  )
  .filter((one) => kept(one.barcode) === one.barcode && !/\p{Surrogate}/u.test(one.barcode));

test.each(['marc', 'marcxml'] as const)('law: %s comes back, without tags', async (format) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(marcItem, { maxLength: 4 }),
      fc.integer({ min: 1, max: 400 }),
      async (items, cutBytes) => {
        expect(await outAndIn(items, format, cutBytes)).toEqual(items);
      },
    ),
  );
});

test.each(['marc', 'marcxml'] as const)('%s: the longest texts an item may have', async (format) => {
  const long: Item = {
    library: 'demo',
    barcode: '书'.repeat(64),
    title: '书'.repeat(500),
    author: `${'é'.repeat(299)}/`,
    year: 2200,
    language: 'zh-Hant-TW-x-abc',
    scheme: 'clc',
    callNumber: '书'.repeat(80),
    branch: '书'.repeat(40),
    collection: '书'.repeat(40),
    size: '书'.repeat(40),
    tags: [],
  };
  expect(await outAndIn([long, long], format, 1000)).toEqual([long, long]);
});
