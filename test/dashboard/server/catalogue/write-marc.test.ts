/** Records as other programs would read them: layout, lengths in bytes, and what cannot be laid out. */
import { expect, test } from '@jest/globals';
import type { Item } from '#contract/domain/item.ts';
import { buildRecord } from '#dashboard/server/catalogue/marc/build-record.ts';
import { encodeIso2709, encodeMarcXml } from '#dashboard/server/catalogue/marc/write-marc.ts';
import { writeItems } from '#dashboard/server/catalogue/write-items.ts';

const BOOK: Item = {
  library: 'demo',
  barcode: '3<&>1',
  title: '红楼梦',
  author: 'Cao, Xueqin',
  year: 1791,
  language: 'zh',
  scheme: 'lcc',
  callNumber: 'PL2727 .S2',
  branch: 'main',
  collection: 'LIT',
  size: 'folio',
  tags: ['epc:30AA'],
};

test('fields, indicators and codes of one copy', () => {
  expect(buildRecord(BOOK, '260304').fields).toEqual([
    ['001', '3<&>1'],
    ['008', `260304s1791    xx ${'|'.repeat(17)}chi|d`],
    ['100', '1 ', 'a', 'Cao, Xueqin'],
    ['245', '10', 'a', '红楼梦'],
    ['264', ' 1', 'c', '1791'],
    ['852', '0 ', 'b', 'main', 'c', 'LIT', 'g', 'folio', 'h', 'PL2727', 'i', '.S2', 'p', '3<&>1'],
  ]);
});

test.each([
  ['ddc', '1 '],
  ['local', '8 '],
  ['udc', '7 '],
  ['clc', '7 '],
] as const)('%s is said in 852', (scheme, indicators) => {
  const field = buildRecord({ ...BOOK, scheme }, '260304').fields.at(-1);
  expect(field?.[1]).toBe(indicators);
  expect(field?.slice(2, 4)).toEqual(indicators === '7 ' ? ['2', scheme] : ['b', 'main']);
});

test('008 has 40 characters whatever the year and language', () => {
  for (const year of [null, -3000, 0, 7, 2200]) {
    for (const language of ['', 'zh-Hant', 'no-such-one']) {
      expect(buildRecord({ ...BOOK, year, language }, '260304').fields[1]?.[1]).toHaveLength(40);
    }
  }
});

test('ISO 2709: Unicode is declared, and every length counts bytes', () => {
  const encoded = encodeIso2709(buildRecord(BOOK, '260304'));
  const bytes = encoded.ok ? encoded.value : new Uint8Array();
  const ascii = (from: number, to: number): string => String.fromCharCode(...bytes.subarray(from, to));
  expect(Number(ascii(0, 5))).toBe(bytes.length);
  expect(ascii(9, 10)).toBe('a');
  const base = Number(ascii(12, 17));
  const fields: string[] = [];
  for (let at = 24; at < base - 1; at += 12) {
    const [length, start] = [Number(ascii(at + 3, at + 7)), Number(ascii(at + 7, at + 12))];
    expect(bytes[base + start + length - 1]).toBe(0x1e);
    fields.push(
      `${ascii(at, at + 3)} ${new TextDecoder().decode(bytes.subarray(base + start, base + start + length - 1))}`,
    );
  }
  expect(fields).toContain('245 10\u001fa红楼梦');
  expect(bytes.at(-1)).toBe(0x1d);
});

test('ISO 2709: what its digits cannot count is refused, to the byte', () => {
  const field = (bytes: number): readonly string[] => ['500', '  ', 'a', 'x'.repeat(bytes - 5)];
  const sizeOf = (fields: readonly (readonly string[])[]): unknown => {
    const encoded = encodeIso2709({ leader: ' '.repeat(24), fields });
    return encoded.ok ? encoded.value.length : encoded.error;
  };
  expect(sizeOf([field(9999)])).toBe(24 + 12 + 1 + 9999 + 1);
  expect(sizeOf([field(10_000)])).toBe('field 500 is longer than 9999 bytes');
  // Ten entries and ends take 146 bytes.
  const nine = Array.from({ length: 9 }, () => field(9999));
  expect(sizeOf([...nine, field(99_999 - 146 - 9 * 9999)])).toBe(99_999);
  expect(sizeOf([...nine, field(99_999 - 145 - 9 * 9999)])).toBe('longer than 99999 bytes');
});

test('a copy that is too long is named, and the others are there', () => {
  const leftOut: string[] = [];
  const items = [{ ...BOOK, barcode: '1', author: 'x'.repeat(12_000) }, BOOK];
  const onLeftOut = (barcode: string, reason: string): void => void leftOut.push(`${barcode}: ${reason}`);
  const [piece] = [...writeItems(items, { format: 'marc', atMs: 0, onLeftOut })];
  expect(leftOut).toEqual(['1: field 100 is longer than 9999 bytes']);
  expect(piece?.filter((byte) => byte === 0x1d)).toHaveLength(1);
});

test('MARCXML: signs of XML are escaped in control fields too', () => {
  const xml = encodeMarcXml(buildRecord({ ...BOOK, title: 'A "B" & <C>' }, '260304'));
  expect(xml).toContain('<controlfield tag="001">3&lt;&amp;&gt;1</controlfield>');
  expect(xml).toContain('<subfield code="a">A &quot;B&quot; &amp; &lt;C&gt;</subfield>');
  expect(xml).toContain('<datafield tag="852" ind1="0" ind2=" ">');
});

test('pieces stay small however large the catalogue is', () => {
  function* many(): Generator<Item> {
    for (let i = 0; i < 5000; i += 1) yield { ...BOOK, barcode: String(i) };
  }
  let pieces = 0;
  for (const piece of writeItems(many(), { format: 'marcxml', atMs: 0, onLeftOut: () => undefined })) {
    expect(piece.length).toBeLessThan(70_000);
    pieces += 1;
  }
  expect(pieces).toBeGreaterThan(50);
});
