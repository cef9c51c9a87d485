import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type request from 'supertest';
import type { ImportReport } from '#contract/wire/rest-admin.ts';
import type { ItemDetail, Problem } from '#contract/wire/rest.ts';
import { createWorld, type SignedIn, type World } from '#test/dashboard/server/world.ts';

let world: World;
let admin: SignedIn;
beforeAll(async () => {
  world = await createWorld();
  admin = await world.signIn('demo-admin');
});
afterAll(() => world.close());

const HEADER = 'barcode,title,author,year,language,scheme,callNumber,branch,collection,tags';

function upload(text: string, type = 'text/csv', query = ''): request.Test {
  return world.send('post', `/libraries/demo/catalogue${query}`, admin).set('content-type', type).send(text);
}

async function read(barcode: string): Promise<ItemDetail> {
  return (await world.get(`/libraries/demo/items/${barcode}`, admin).expect(200)).body as ItemDetail;
}

describe('a catalogue', () => {
  test('comes in as CSV, with quotes, line ends inside cells, tags and a mark at its start', async () => {
    const file = `\uFEFF${HEADER}\r\nA1,"Said ""no"",\nand left",Ann,2001,en,ddc,005.1,main,LIT,epc:30AA uid:E004\r\nA2,水浒传,,,zh,clc,I242,main,LIT,\n`;
    expect((await upload(file).expect(200)).body).toMatchObject({ accepted: 2, refusedCount: 0, version: 2 });
    expect(await read('A1')).toMatchObject({
      title: 'Said "no",\nand left',
      year: 2001,
      tags: ['epc:30AA', 'uid:E004'],
    });
    expect(await read('A2')).toMatchObject({ title: '水浒传', year: null, tags: [] });
    await world.get('/libraries/demo/items/0001', admin).expect(404);
  });

  test('with faults changes nothing and says where they are', async () => {
    const file = `${HEADER}\nB1,,,,,ddc,1,,,\n"B2","over\ntwo lines",,x,,ddc,1,,,\nB3,Fine,,,,ddc,1,,,\nB3,Twice,,,,ddc,1,,,\nB4,short\n`;
    const { errors } = (await upload(file).expect(400)).body as Problem;
    expect(errors?.map((error) => error.path)).toEqual([
      'line 2: title',
      'line 3: year',
      'line 6: barcode',
      'line 7: ',
    ]);
    await read('A1');
    const skipped = (await upload(file, 'text/csv', '?faults=skip&dryRun=1').expect(200)).body as ImportReport;
    expect(skipped).toMatchObject({ version: null, accepted: 1, refusedCount: 4 });
    await read('A1');
    expect((await upload(file, 'text/csv', '?faults=skip').expect(200)).body).toMatchObject({
      version: 3,
      accepted: 1,
    });
    expect((await read('B3')).title).toBe('Fine');
  });

  test('comes in as one object per line, or as an array', async () => {
    const line = (barcode: string): string =>
      JSON.stringify({ barcode, title: 't', callNumber: '1', library: 'other' });
    expect((await upload(`${line('C1')}\n\n${line('C2')}`, 'application/x-ndjson').expect(200)).body).toMatchObject({
      accepted: 2,
    });
    expect((await upload(`[${line('D1')}]`, 'application/json').expect(200)).body).toMatchObject({ accepted: 1 });
    expect((await read('D1')).scheme).toBe('local');
    const { errors } = (await upload(`${line('E1')}\n{`, 'application/x-ndjson').expect(400)).body as Problem;
    expect(errors).toEqual([{ path: 'line 2: ', message: 'no JSON' }]);
  });

  test.each([
    ['an empty file', '', 'text/csv'],
    ['a header only', HEADER, 'text/csv'],
    ['a file without its columns', 'a,b\n1,2', 'text/csv'],
    ['a quote left open', `${HEADER}\n"${'x'.repeat(70_000)}`, 'text/csv'],
    ['no array', '{}', 'application/json'],
    ['another type', HEADER, 'text/plain'],
  ])('%s is refused and the old one stays', async (_, text, type) => {
    expect(((await upload(text, type).expect(400)).body as Problem).code).toBe('API_BAD_INPUT');
    await read('D1');
  });

  test('text that is not UTF-8 is refused', async () => {
    const latin1 = Buffer.from(`${HEADER}\nF1,Br\xEFnte,,,,ddc,1,,,\n`, 'latin1');
    const reply = await world
      .send('post', '/libraries/demo/catalogue', admin)
      .set('content-type', 'text/csv')
      .send(latin1 as unknown as string)
      .expect(400);
    expect((reply.body as Problem).detail).toContain('UTF-8');
  });
});

test('MARC comes in over the interface, its bad records are told, and copies keep the tags they have', async () => {
  await upload(`${HEADER}\nM1,Old,,,,lcc,QA1,main,LIT,uid:E0041\n`).expect(200);
  const record = (fields: string) => `<record><leader>x</leader>${fields}</record>`;
  const title = '<datafield tag="245" ind1="0" ind2="0"><subfield code="a">New</subfield></datafield>';
  const copy =
    '<datafield tag="952" ind1=" " ind2=" "><subfield code="o">QA2</subfield><subfield code="p">M1</subfield></datafield>';
  const file = `<collection>${record(title)}${record(title + copy)}</collection>`;
  const report = (await upload(file, 'application/marcxml+xml', '?mapping=koha').expect(200)).body as ImportReport;
  expect(report).toMatchObject({
    accepted: 1,
    refused: [{ line: 1, field: '952', message: 'no copy with a barcode' }],
  });
  expect(await read('M1')).toMatchObject({ title: 'New', callNumber: 'QA2', tags: ['uid:E0041'] });
});
