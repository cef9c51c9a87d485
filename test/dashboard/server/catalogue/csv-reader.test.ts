import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type CsvRecord, createCsvReader } from '#dashboard/server/catalogue/csv-reader.ts';

function read(pieces: readonly string[]): CsvRecord[] {
  const reader = createCsvReader();
  const records = pieces.flatMap((piece) => reader.feed(piece) ?? []);
  return [...records, ...reader.end()];
}

describe('CSV as it arrives', () => {
  test.each([
    [
      'plain',
      'a,b\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['both line ends, and none at the end', 'a\r\nb\nc\rd', [['a'], ['b'], ['c'], ['d']]],
    ['quotes, commas and line ends inside', '"a,""b""\r\nc",d\n', [['a,"b"\r\nc', 'd']]],
    [
      'empty cells and lines',
      ',\n\n\n"",x',
      [
        ['', ''],
        ['', 'x'],
      ],
    ],
    ['a quote in the middle is text', 'a"b,c', [['a"b', 'c']]],
  ])('%s', (_, text, cells) => {
    expect(read([text]).map((record) => record.cells)).toEqual(cells);
  });

  test('knows the line each row began on', () => {
    expect(read(['a\r\n"b\nb"\r\n\r\nc']).map((record) => record.line)).toEqual([1, 2, 5]);
  });

  test('gives up on a row that never ends', () => {
    expect(createCsvReader().feed(`"${'x'.repeat(70_000)}`)).toBeUndefined();
  });

  test('law: cut anywhere, it reads the same', () => {
    const text = fc
      .array(fc.constantFrom('a', '水', '"', ',', '\n', '\r'), { maxLength: 30 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.nat(30), (whole, at) => {
        expect(read([whole.slice(0, at), whole.slice(at)])).toEqual(read([whole]));
        expect(read(Array.from(whole))).toEqual(read([whole]));
      }),
    );
  });

  test('law: what is written by the rules is read back', () => {
    const cell = fc
      .array(fc.constantFrom('a', '"', ',', '\n', '\r\n', ' '), { maxLength: 6 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 5 }), (rows) => {
        const text = rows
          .map((row) => row.map((each) => `"${each.replaceAll('"', '""')}"`).join(',') + '\r\n')
          .join('');
        expect(read([text]).map((record) => record.cells)).toEqual(rows);
      }),
    );
  });
});
