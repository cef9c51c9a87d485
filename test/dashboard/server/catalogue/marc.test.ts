/** Copies out of MARC, from records put together byte by byte here: the package that reads them has no say in them. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MARC_MAPPINGS, marcMapping, type MarcMapping } from '#contract/domain/marc-mapping.ts';
import { readItemRows, type ParsedRow } from '#dashboard/server/catalogue/item-rows.ts';

type Field = readonly [tag: string, value: string | Uint8Array];

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const bytesOf = (value: string | Uint8Array): Uint8Array => (typeof value === 'string' ? utf8(value) : value);

/** `$` stands for the delimiter of subfields. */
function iso2709(fields: readonly Field[], { coding = 'a', skewBytes = 0 } = {}): Uint8Array {
  const bodies = fields.map(([, value]) =>
    Buffer.concat([bytesOf(value).map((b) => (b === 0x24 ? 0x1f : b)), Uint8Array.of(0x1e)]),
  );
  let start = 0;
  const directory = fields.map(([tag], i) => {
    const length = bodies[i]?.length ?? 0;
    const entry = `${tag}${String(length + skewBytes).padStart(4, '0')}${String(start).padStart(5, '0')}`;
    start += length;
    return entry;
  });
  const base = 24 + 12 * fields.length + 1;
  const total = base + start + 1;
  const leader = `${String(total).padStart(5, '0')}nam ${coding}22${String(base).padStart(5, '0')} a 4500`;
  return Buffer.concat([utf8(`${leader}${directory.join('')}\u001e`), ...bodies, Uint8Array.of(0x1d)]);
}

async function read(bytes: Uint8Array, mapping: MarcMapping, type = 'application/marc', cut = 7): Promise<ParsedRow[]> {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += cut) yield await Promise.resolve(bytes.subarray(at, at + cut));
  }
  const rows: ParsedRow[] = [];
  for await (const row of readItemRows(pieces(), type, 'demo', mapping)) rows.push(row);
  return rows;
}

const item = (row: ParsedRow | undefined) => (row !== undefined && 'item' in row ? row.item : row);
const faults = (row: ParsedRow | undefined) => (row !== undefined && 'faults' in row ? row.faults : []);

const FIXED = '200101s2004    nyu           000 0 eng d';
const TITLE: readonly Field[] = [
  ['001', '12'],
  ['008', FIXED],
  ['100', '1 $aKnuth, Donald E.,$d1938-'],
  ['245', '14$aThe art of programming :$bsorting /$cD. Knuth.'],
];

describe('copies by system', () => {
  test('Koha, 952', async () => {
    const record = iso2709([
      ...TITLE,
      ['952', '  $2lcc$aMAIN$cSTACK$hv.3$oQA76.6 .K64$p30001'],
      ['952', '  $2ddc$aEAST$o005.1 K$p30002'],
    ]);
    expect((await read(record, MARC_MAPPINGS.koha)).map(item)).toEqual([
      {
        library: 'demo',
        barcode: '30001',
        title: 'The art of programming : sorting',
        author: 'Knuth, Donald E.',
        year: 2004,
        language: 'en',
        scheme: 'lcc',
        callNumber: 'QA76.6 .K64 v.3',
        branch: 'MAIN',
        collection: 'STACK',
        tags: [],
      },
      expect.objectContaining({
        barcode: '30002',
        scheme: 'ddc',
        callNumber: '005.1 K',
        branch: 'EAST',
        collection: '',
      }),
    ]);
  });

  test('holdings in 852, copies in 876, linked by $8', async () => {
    const record = iso2709([
      ...TITLE,
      ['852', '0 $81$bMAIN$cREF$kREF$hQA76.6$i.K64'],
      ['852', '1 $82$bEAST$h005.1$iK'],
      ['876', '  $82.1$pB2$3v.1'],
      ['876', '  $81.1$pB1'],
    ]);
    expect((await read(record, MARC_MAPPINGS.holdings)).map(item)).toEqual([
      expect.objectContaining({ barcode: 'B2', scheme: 'ddc', callNumber: '005.1 K v.1', branch: 'EAST' }),
      expect.objectContaining({
        barcode: 'B1',
        scheme: 'lcc',
        callNumber: 'REF QA76.6 .K64',
        branch: 'MAIN',
        collection: 'REF',
      }),
    ]);
  });

  test('852 alone, and a source named in $2', async () => {
    const record = iso2709([...TITLE, ['852', '7 $2clc$bMAIN$hTP312$i45$pB1']]);
    expect(item((await read(record, MARC_MAPPINGS.folio))[0])).toMatchObject({ barcode: 'B1', scheme: 'clc' });
  });

  test('CNMARC 905 with two copies in one field', async () => {
    const record = iso2709(
      [
        ['100', '  $a20200101d2019    em y0chiy50      ea'],
        ['101', '0 $achi'],
        ['200', '1 $a水浒传$h上册$f施耐庵著'],
        ['701', ' 0$a施耐庵$4著'],
        ['905', '  $aZG$b001$b002$cSK$dI242.4$e45$v2'],
      ],
      { coding: ' ' },
    );
    expect((await read(record, MARC_MAPPINGS.cnmarc)).map(item)).toEqual([
      expect.objectContaining({
        barcode: '001',
        title: '水浒传 上册',
        author: '施耐庵',
        year: 2019,
        language: 'zh',
        callNumber: 'I242.4/45:2',
        scheme: 'clc',
      }),
      expect.objectContaining({ barcode: '002' }),
    ]);
  });

  test('the writing of the work is shown where 880 has it', async () => {
    const record = iso2709([
      ['100', '1 $6880-01$aLu, Xun'],
      ['245', '10$6880-02$aNa han'],
      ['880', '1 $6100-01$a鲁迅'],
      ['880', '10$6245-02$a呐喊'],
      ['952', '  $oI210$p1'],
    ]);
    expect(item((await read(record, MARC_MAPPINGS.koha))[0])).toMatchObject({
      title: '呐喊',
      author: '鲁迅',
      year: null,
    });
  });
});

describe('characters', () => {
  const accent: Field = ['245', Uint8Array.of(0x31, 0x30, 0x24, 0x61, 0x43, 0x61, 0x66, 0xe2, 0x65)];

  test('MARC-8 Latin becomes Unicode; beyond it the record is refused and leader/09 named', async () => {
    const good = iso2709([accent, ['952', '  $oA$p1']], { coding: ' ' });
    const east: Field = ['245', Uint8Array.of(0x31, 0x30, 0x24, 0x61, 0x1b, 0x24, 0x31, 0x21, 0x30, 0x21)];
    const bad = iso2709([east, ['952', '  $oA$p2']], { coding: ' ' });
    const rows = await read(Buffer.concat([bad, good]), MARC_MAPPINGS.koha);
    expect(faults(rows[0])[0]?.message).toContain('leader/09');
    expect(item(rows[1])).toMatchObject({ title: 'Café' });
  });

  test('what says Unicode and is not', async () => {
    const rows = await read(iso2709([accent, ['952', '  $oA$p1']]), MARC_MAPPINGS.koha);
    expect(faults(rows[0])).toEqual([
      { line: 1, field: 'record', message: 'leader/09 says Unicode, but it is not UTF-8' },
    ]);
  });

  test('GBK when the library says so', async () => {
    const title: Field = ['200', Uint8Array.of(0x31, 0x20, 0x24, 0x61, 0xd6, 0xd0, 0xb9, 0xfa)];
    const mapping = marcMapping.parse({ ...MARC_MAPPINGS.cnmarc, characters: 'gb18030' });
    expect(item((await read(iso2709([title, ['905', '  $b1$dK2']]), mapping))[0])).toMatchObject({ title: '中国' });
  });
});

describe('broken files', () => {
  const good = iso2709([...TITLE, ['952', '  $oQA76$p30001']]);

  test('every fault has the number of its record, and the others come in', async () => {
    const file = Buffer.concat([
      good,
      utf8('00026 not a record\u001d'),
      utf8('\r\n'),
      iso2709(TITLE),
      iso2709([
        ['245', '00$aOther'],
        ['952', '  $oQA77$p30002'],
      ]),
      good.subarray(0, 60),
    ]);
    const rows = await read(file, MARC_MAPPINGS.koha, 'application/marc', 1000);
    expect(
      rows.map((row) =>
        'item' in row ? row.item.barcode : row.faults.map(({ line, message }) => `${String(line)}: ${message}`),
      ),
    ).toEqual([
      '30001',
      ['2: shorter than a leader'],
      ['3: no copy with a barcode (001 12)'],
      '30002',
      ['5: leader/12-16 does not point behind the directory'],
    ]);
  });

  test('wrong lengths in the directory are mended by the ends of the fields', async () => {
    const rows = await read(iso2709([...TITLE, ['952', '  $oQA76$p9']], { skewBytes: 3 }), MARC_MAPPINGS.koha);
    expect(item(rows[0])).toMatchObject({ barcode: '9', callNumber: 'QA76' });
  });

  test('a record that never ends does not fill memory', async () => {
    const rows = await read(
      Buffer.concat([new Uint8Array(5_000_000).fill(0x41), good]),
      MARC_MAPPINGS.koha,
      'application/marc',
      65_536,
    );
    expect(faults(rows[0])[0]?.message).toContain('longer than 2097152 bytes');
  });

  test('law: no bytes make it throw, whole or changed', async () => {
    const changed = fc.tuple(fc.nat(good.length - 1), fc.nat(255)).map(([at, byte]) => {
      const copy = Uint8Array.from(good);
      copy[at] = byte;
      return copy;
    });
    const any = fc.oneof(changed, fc.uint8Array({ maxLength: 200 }));
    await fc.assert(
      fc.asyncProperty(any, fc.constantFrom('koha', 'cnmarc'), async (bytes, name) => {
        expect(Array.isArray(await read(bytes, MARC_MAPPINGS[name]))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

describe('MARCXML', () => {
  const xml = (body: string, prefix = ''): Uint8Array =>
    utf8(
      `<?xml version="1.0"?><${prefix}collection xmlns="http://www.loc.gov/MARC21/slim">${body}</${prefix}collection>`,
    );
  const readXml = (bytes: Uint8Array, cut = 5) => read(bytes, MARC_MAPPINGS.koha, 'application/marcxml+xml', cut);
  const record = (title: string, barcode: string) =>
    `<record><leader>00000nam a2200000 a 4500</leader><controlfield tag="008">${FIXED}</controlfield>
     <datafield tag="245" ind1="1" ind2="0"><subfield code="a">${title}</subfield></datafield>
     <datafield tag="952" ind1=" " ind2=" "><subfield code="o">QA76</subfield><subfield code="p">${barcode}</subfield></datafield></record>`;

  test('prefixes, attributes in any order, single quotes, comments, CDATA and entities', async () => {
    const file = xml(
      `<m:record><!-- <record> --><m:leader>x</m:leader><m:datafield ind2='0' tag='245' ind1='1'><m:subfield code='a'>A &amp; B &#x4E2D;<![CDATA[<c>]]></m:subfield><m:subfield code="b"/></m:datafield><m:datafield tag="952" ind1=" " ind2=" ">
       <m:subfield code="p">1</m:subfield><m:subfield code="o">QA1</m:subfield></m:datafield></m:record>`,
      'm:',
    );
    expect((await readXml(file)).map(item)).toEqual([
      expect.objectContaining({ barcode: '1', title: 'A & B 中<c>', callNumber: 'QA1' }),
    ]);
  });

  test('a broken record is told, the next comes in', async () => {
    const rows = await readXml(xml(`${record('&boom;', '1')}${record('Fine', '2')}<record><leader>`));
    expect(faults(rows[0])[0]?.message).toContain('an entity that XML does not know');
    expect(item(rows[1])).toMatchObject({ barcode: '2', title: 'Fine' });
    expect(faults(rows[2])[0]).toMatchObject({ line: 3, message: 'the file ends within the record' });
  });

  test('a document type is refused before anything unfolds', async () => {
    const bomb = utf8(`<!DOCTYPE r [<!ENTITY a "aaaa">]>${record('&a;', '1')}`);
    await expect(readXml(bomb)).rejects.toThrow('document type');
  });

  test('a record that never ends does not fill memory, and the next one comes in', async () => {
    const file = xml(`<record>${'x'.repeat(9_000_000)}</record>${record('Fine', '2')}`);
    const rows = await readXml(file, 65_536);
    expect(faults(rows[0])[0]?.message).toContain('longer than');
    expect(item(rows[1])).toMatchObject({ barcode: '2' });
  });
});
