/** The catalogue as a download that comes in again, and the settings by which its call numbers are read. */
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DEFAULT_SHELVING, type ShelvingSettings } from '#contract/domain/shelving-settings.ts';
import type { ItemDetail, Problem } from '#contract/wire/rest.ts';
import { book, BOOKS, createWorld, eventually, type SignedIn, type World } from './world.ts';

let world: World;
let ana: SignedIn;
let admin: SignedIn;

const ITEMS = [...BOOKS, book('0004', { callNumber: 'TREASURE R 7', tags: ['epc:30AA'], size: 'folio', year: -300 })];

beforeAll(async () => {
  world = await createWorld({ items: ITEMS });
  [ana, admin] = [await world.signIn('ana'), await world.signIn('demo-admin')];
});
afterAll(() => world.close());

const exported = (format: string, who = admin) =>
  world
    .get(`/libraries/demo/catalogue/export?format=${format}`, who)
    .buffer(true)
    .parse((response, done) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        done(null, Buffer.concat(chunks));
      });
    });

describe('export', () => {
  test.each([
    ['csv', 'text/csv; charset=utf-8', 'csv'],
    ['ndjson', 'application/x-ndjson', 'ndjson'],
    ['marc', 'application/marc', 'mrc'],
    ['marcxml', 'application/marcxml+xml', 'xml'],
  ])('%s is a file that comes in again as it was, tags included', async (format, type, ending) => {
    const reply = await exported(format).expect(200);
    expect(reply.headers['content-type']).toBe(type);
    expect(reply.headers['content-disposition']).toBe(`attachment; filename="catalogue-demo.${ending}"`);
    const back = await world
      .send('post', '/libraries/demo/catalogue', admin)
      .set('content-type', type)
      .send(reply.body as Buffer)
      .expect(200);
    expect(back.body).toMatchObject({ accepted: ITEMS.length, refusedCount: 0 });
    const after = await exported('ndjson').expect(200);
    const rows = (after.body as Buffer)
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    // `toEqual` takes a field that is undefined for one that is not there.
    expect(rows).toEqual(ITEMS.map((item) => ({ ...item, library: undefined })));
  });

  test('is for administrators, in a format we write', async () => {
    await world.get('/libraries/demo/catalogue/export').expect(401);
    await world.get('/libraries/demo/catalogue/export', ana).expect(403);
    await world.get('/libraries/other/catalogue/export', admin).expect(403);
    const { errors } = (await world.get('/libraries/demo/catalogue/export?format=pdf', admin).expect(400))
      .body as Problem;
    expect(errors?.[0]?.path).toBe('query.format');
  });

  test('a library without a catalogue has a file without copies', async () => {
    const root = await world.signIn('root');
    const reply = await world.get('/libraries/other/catalogue/export', root).expect(200);
    expect(reply.text.trim().split('\n')).toHaveLength(1);
  });

  test('whoever breaks off leaves the dashboard as it was', async () => {
    const url = `${world.dashboard.url}/api/v1/libraries/demo/catalogue/export?format=marc`;
    const call = get(url, { headers: { cookie: admin.cookie } });
    const [response] = (await once(call, 'response')) as [IncomingMessage];
    response.destroy();
    await exported('marc').expect(200);
  });

  test('the OpenAPI document names the types of the file', async () => {
    const document = (await world.get('/openapi.json').expect(200)).body as {
      paths: Record<string, { get: { responses: Record<string, { content: object }> } }>;
    };
    const route = document.paths['/api/v1/libraries/{library}/catalogue/export'];
    expect(Object.keys(route?.get.responses['200']?.content ?? {})).toContain('application/marcxml+xml');
  });
});

describe('shelving settings', () => {
  const path = '/libraries/demo/shelving';
  const read = async (who = ana): Promise<ShelvingSettings> =>
    (await world.get(path, who).expect(200)).body as ShelvingSettings;

  test('without a word they are as most libraries shelve', async () => {
    expect(await read()).toEqual(DEFAULT_SHELVING);
  });

  test('only an administrator of this library sets them, and with a token', async () => {
    await world.get(path).expect(401);
    await world.get(path, await world.signIn('zoe')).expect(403);
    await world.send('put', path, ana).send({}).expect(403);
    await world.send('put', '/libraries/other/shelving', admin).send({}).expect(403);
    await world
      .send('put', path, { ...admin, csrf: 'x' })
      .send({})
      .expect(403);
    expect(await read()).toEqual(DEFAULT_SHELVING);
  });

  test.each([
    ['clcOrder', { clcOrder: 'aa' }],
    ['udcOrder', { udcOrder: ['+'] }],
    ['prefixes', { prefixes: [''] }],
    ['prefixOrder', { prefixOrder: 'elsewhere' }],
    ['', { noSuchSetting: 1 }],
  ])('%s that does not fit is named and nothing changes', async (field, body) => {
    const { errors } = (await world.send('put', path, admin).send(body).expect(400)).body as Problem;
    expect(errors?.[0]?.path).toMatch(field === '' ? /^body/ : new RegExp(`^body\\.${field}`));
    expect(await read()).toEqual(DEFAULT_SHELVING);
  });

  test('what is set is read back whole, and homes are found anew', async () => {
    const home = async (): Promise<readonly string[]> =>
      ((await world.get('/libraries/demo/items/0004', ana).expect(200)).body as ItemDetail).home;
    expect(await home()).toEqual([]);
    await world
      .send('put', path, admin)
      .send({ prefixes: ['TREASURE'], clcOrder: 'manual' })
      .expect(204);
    expect(await read()).toEqual({ ...DEFAULT_SHELVING, prefixes: ['TREASURE'], clcOrder: 'manual' });
    await eventually(async () => (await home()).includes('s-3'));
  });
});
