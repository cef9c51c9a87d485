import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import type { Item } from '#contract/domain/item.ts';
import type { Plan } from '#contract/domain/plan.ts';
import { DEFAULT_SHELVING } from '#contract/domain/shelving-settings.ts';
import { openRegistryReader } from '#store/registry/registry-reader.ts';
import { openRegistryWriter } from '#store/registry/registry-writer.ts';
import type { RegistryWriter } from '#store/registry/registry.ts';

// Law tests and real processes on a busy machine take longer than Jest's five seconds.
jest.setTimeout(30_000);

let folder: string;
let path: string;
let registry: RegistryWriter;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shelfwise-registry-'));
  path = join(folder, 'registry.db');
  registry = openRegistryWriter(path);
});
afterEach(async () => {
  registry.close();
  await rm(folder, { recursive: true, force: true });
});

const PAGE = { offset: 0, limit: 10 };
const item = (barcode: string, over: Partial<Item> = {}): Item => ({
  library: 'demo',
  barcode,
  title: `Title ${barcode}`,
  author: 'Somebody',
  year: 2001,
  language: 'en',
  scheme: 'lcc',
  callNumber: `QA76.${barcode}`,
  branch: 'main',
  collection: 'general',
  tags: [`epc:3034${barcode.padStart(4, '0')}`],
  ...over,
});
const plan = (version: number): Plan => ({
  version,
  validFrom: '2026-01-01T00:00:00.000Z',
  places: [{ id: 'main', kind: 'branch', parent: null, name: 'Main' }],
  aisles: [],
  lines: [],
  readPoints: [],
  sensors: [],
});
const barcodesOf = (version: number, library = 'demo'): string[] =>
  [...registry.catalogue(library, version)].map((one) => one.barcode);
const searched = (query: string, page = PAGE, library = 'demo'): string[] =>
  registry.search(library, query, page).map((hit) => hit.item.barcode);

describe('libraries, devices, people', () => {
  test('are kept, replaced and told apart', () => {
    const library = { key: 'demo', name: 'Demo', isil: null, timeZone: 'Europe/Berlin' };
    registry.putLibrary(library);
    registry.putLibrary({ ...library, isil: 'DE-1' });
    expect(registry.libraries()).toEqual([{ ...library, isil: 'DE-1' }]);

    const device = {
      library: 'demo',
      id: 'gw-1',
      kind: 'gateway' as const,
      secretSha256: 'ab',
      isEnabled: true,
      createdAtMs: 1,
    };
    registry.putDevice(device);
    registry.putDevice({ ...device, isEnabled: false });
    registry.putDevice({ ...device, library: 'other' });
    expect(registry.device('demo', 'gw-1')).toEqual({ ...device, isEnabled: false });
    expect(registry.devices('demo')).toHaveLength(1);
    expect([registry.removeDevice('demo', 'gw-1'), registry.removeDevice('demo', 'gw-1')]).toEqual([true, false]);
    expect(registry.device('other', 'gw-1')).toBeDefined();
  });

  test('sign in with sessions that end', () => {
    const ada = {
      name: 'ada',
      role: 'admin' as const,
      libraries: ['demo'],
      passwordHash: '$argon2id$',
      mustChangePassword: true,
    };
    registry.putUser(ada);
    registry.putUser({ ...ada, mustChangePassword: false });
    expect([registry.users(), registry.user('bob')]).toEqual([[{ ...ada, mustChangePassword: false }], undefined]);
    for (const [tokenSha256, expiresMs] of [
      ['t1', 100],
      ['t2', 200],
      ['t3', 300],
    ] as const) {
      registry.putSession({ tokenSha256, user: tokenSha256 === 't3' ? 'bob' : 'ada', expiresMs });
    }
    expect(registry.session('t1', 99)).toEqual({ user: 'ada', expiresMs: 100 });
    expect(registry.session('t1', 100)).toBeUndefined();
    registry.removeSessions({ expiredAtMs: 100 });
    expect(registry.session('t1', 0)).toBeUndefined();
    registry.removeSession('t3');
    registry.removeSessions({ user: 'ada' });
    expect([registry.session('t2', 0), registry.session('t3', 0)]).toEqual([undefined, undefined]);
  });
});

describe('inputs for the broker', () => {
  test('are queued with what they tell, in order, and their numbers are never used twice', () => {
    registry.putPlan('demo', plan(1));
    const tickOff = { kind: 'tick-off' as const, item: 'b1', place: 'main', at: '2026-01-01T00:00:00.000Z' };
    expect(registry.queueInput('demo', tickOff)).toBe(2);
    const reader = openRegistryReader(path);
    expect(reader.inputsAfter(0, 10)).toEqual([
      { seq: 1, library: 'demo', input: { kind: 'plan', plan: plan(1) } },
      { seq: 2, library: 'demo', input: tickOff },
    ]);
    reader.close();
    registry.trimInputs(2);
    expect([registry.inputsAfter(0, 10), registry.queueInput('demo', tickOff)]).toEqual([[], 3]);
  });

  test('say how the library shelves, in the order in which it was said', () => {
    expect(registry.shelvingSettings('demo')).toEqual(DEFAULT_SHELVING);
    const settings = { ...DEFAULT_SHELVING, clcOrder: 'manual' as const };
    registry.putShelvingSettings('demo', settings);
    expect(registry.shelvingSettings('demo')).toEqual(settings);
    expect(registry.shelvingSettings('other')).toEqual(DEFAULT_SHELVING);
    expect(registry.inputsAfter(0, 9)).toEqual([
      { seq: 1, library: 'demo', input: { kind: 'shelving-settings', settings } },
    ]);
  });

  test('are not queued for a plan that is refused', () => {
    registry.putPlan('demo', plan(2));
    expect(() => {
      registry.putPlan('demo', plan(2));
    }).toThrow('API_CONFLICT: the plan is at version 2');
    registry.putPlan('other', plan(1));
    expect([registry.plan('demo')?.version, registry.plan('none'), registry.inputsAfter(0, 9).length]).toEqual([
      2,
      undefined,
      2,
    ]);
  });

  test('have an epoch of this file', () => {
    const epoch = registry.epoch();
    expect(epoch).toMatch(/^[0-9A-Za-z-]{8,36}$/);
    registry.close();
    registry = openRegistryWriter(path);
    expect(registry.epoch()).toBe(epoch);
    const other = openRegistryWriter(join(folder, 'other.db'));
    expect(other.epoch()).not.toBe(epoch);
    other.close();
  });
});

describe('the catalogue', () => {
  test('keeps every version as it was', async () => {
    expect([registry.catalogueVersion('demo'), barcodesOf(0), searched('title')]).toEqual([0, [], []]);
    expect(await registry.importCatalogue('demo', [item('2'), item('1'), item('3')])).toBe(1);
    expect(await registry.importCatalogue('demo', [item('1'), item('2', { title: 'Changed' }), item('4')])).toBe(2);
    expect([barcodesOf(1), barcodesOf(2), barcodesOf(3)]).toEqual([
      ['1', '2', '3'],
      ['1', '2', '4'],
      ['1', '2', '4'],
    ]);
    expect([...registry.catalogue('demo', 1)][1]).toEqual(item('2'));
    expect(registry.item('demo', '2')?.title).toBe('Changed');
    expect([registry.item('demo', '3'), registry.item('other', '1')]).toEqual([undefined, undefined]);
    expect([...registry.items('demo', ['4', '1', '3', "'"]).keys()].sort()).toEqual(['1', '4']);
    expect(registry.inputsAfter(0, 9).map((one) => one.input)).toEqual([
      { kind: 'catalogue', version: 1 },
      { kind: 'catalogue', version: 2 },
    ]);
    expect([searched('Title 2'), searched('changed'), searched('Title 3')]).toEqual([[], ['2'], []]);
  });

  test('of one library is no business of another', async () => {
    await registry.importCatalogue('demo', [item('1')]);
    await registry.importCatalogue('other', [item('9', { library: 'other' })]);
    expect([barcodesOf(1), barcodesOf(1, 'other')]).toEqual([['1'], ['9']]);
    expect([searched('title'), searched('title', PAGE, 'other'), searched('title', PAGE, 'none')]).toEqual([
      ['1'],
      ['9'],
      [],
    ]);
    await expect(registry.importCatalogue('demo', [item('9', { library: 'other' })])).rejects.toThrow('STO_BAD_VALUE');
  });

  test('of which an import was cut off stays as it was, and the next import is right', async () => {
    await registry.importCatalogue('demo', [item('1'), item('2')]);
    const broken = function* (): Iterable<Item> {
      for (let n = 0; n < 1200; n += 1) yield item(String(n + 2), { title: 'Half' });
      throw new Error('the file ended');
    };
    await expect(registry.importCatalogue('demo', broken())).rejects.toThrow('the file ended');
    registry.close();
    registry = openRegistryWriter(path);
    expect([registry.catalogueVersion('demo'), barcodesOf(1), searched('half')]).toEqual([1, ['1', '2'], []]);
    expect(registry.item('demo', '2')?.title).toBe('Title 2');
    expect(await registry.importCatalogue('demo', [item('2'), item('3')])).toBe(2);
    expect([barcodesOf(1), barcodesOf(2), searched('half')]).toEqual([['1', '2'], ['2', '3'], []]);
  });

  test('is imported by one at a time, and the old one answers meanwhile', async () => {
    await registry.importCatalogue('demo', [item('1')]);
    const many = Array.from({ length: 1500 }, (_, n) => item(String(n + 1), { title: 'Newer' }));
    const running = registry.importCatalogue('demo', many);
    await new Promise((resolve) => setImmediate(resolve));
    expect([registry.item('demo', '1')?.title, searched('newer'), searched('title')]).toEqual(['Title 1', [], ['1']]);
    await expect(registry.importCatalogue('demo', [])).rejects.toThrow('API_CONFLICT');
    expect(await running).toBe(2);
    expect(searched('newer', { offset: 0, limit: 2000 })).toHaveLength(1500);
  });

  test('law: version by version it is what was imported, the later of two equal barcodes counting', async () => {
    const row = fc.record({ barcode: fc.constantFrom('a', 'b', 'c', 'd'), title: fc.constantFrom('x', 'y') });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(row, { maxLength: 5 }), { minLength: 1, maxLength: 4 }), async (imports) => {
        run += 1;
        const library = `lib-${run}`;
        for (const rows of imports) {
          await registry.importCatalogue(
            library,
            rows.map(({ barcode, title }) => item(barcode, { library, title })),
          );
        }
        imports.forEach((rows, index) => {
          const expected = new Map(rows.map((one) => [one.barcode, one.title]));
          const kept = new Map([...registry.catalogue(library, index + 1)].map((one) => [one.barcode, one.title]));
          expect(new Map([...kept].sort())).toEqual(new Map([...expected].sort()));
        });
        const last = new Set((imports.at(-1) ?? []).map((one) => one.barcode));
        const found = searched('somebody', PAGE, library);
        expect(found.toSorted()).toEqual([...last].toSorted());
      }),
      { numRuns: 40 },
    );
  });
});

describe('search', () => {
  beforeEach(async () => {
    await registry.importCatalogue('demo', [
      item('100200', { title: 'Harry Potter and the Stone', author: 'Rowling, J. K.', callNumber: 'PR6068.O93 H37' }),
      item('100201', { title: 'The Life of Harry', author: 'Müller, Jörg', callNumber: 'CT275 .H28' }),
      item('100202', { title: '图书馆学概论', author: '吴慰慈', callNumber: 'G250/W89' }),
      item('100203', { title: '中国图书史', author: '刘国钧', callNumber: 'G256.1/L72' }),
      item('100204', { title: 'Java编程思想', author: 'Harry Eckel', callNumber: 'TP312/E12' }),
      item('100205', { title: '史记', author: '司马迁', callNumber: 'K204.2' }),
      item('X-77', { title: '100% Python', author: 'Zhang', callNumber: 'QA76.73 .P98' }),
    ]);
  });

  test.each([
    ['a title that starts so comes before one that holds it, then authors', 'harry', ['100200', '100201', '100204']],
    ['every word must be there, each from its start', 'sto har', ['100200']],
    ['accents and case do not matter', 'muller JORG', ['100201']],
    ['two Chinese characters', '图书', ['100202', '100203']],
    ['one Chinese character', '史', ['100205', '100203']],
    ['a longer run is found as it is written', '图书馆', ['100202']],
    ['and not when only its parts are there', '书史记', []],
    ['Chinese and Latin together', '编程 java', ['100204']],
    ['an author in Chinese', '司马迁', ['100205']],
    ['a barcode by its start', '10020', ['100200', '100201', '100202', '100203', '100204', '100205']],
    ['a barcode without its punctuation', 'x77', ['X-77']],
    ['a call number, however it is typed', 'qa 76.73p', ['X-77']],
    ['a Chinese call number', 'g256', ['100203']],
    ['nothing searchable', '%" *', []],
    ['operators are only words', 'harry OR python', []],
    ['a NUL', 'harry\0', ['100200', '100201', '100204']],
  ])('%s', (_name, query, expected) => {
    expect(searched(query)).toEqual(expected);
  });

  test('the barcode itself comes first', async () => {
    await registry.importCatalogue('demo', [
      item('7', { title: '77' }),
      item('77', { title: 'x' }),
      item('777', { title: 'y' }),
    ]);
    expect(searched('77')[0]).toBe('77');
    const ranks = registry.search('demo', '77', PAGE).map((hit) => hit.rank);
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
  });

  test('pages are parts of one list', async () => {
    await registry.importCatalogue(
      'demo',
      Array.from({ length: 60 }, (_, n) => item(String(n), { title: n % 3 === 0 ? `Rain ${n}` : `No rain ${n}` })),
    );
    const all = searched('rain', { offset: 0, limit: 100 });
    expect(new Set(all).size).toBe(60);
    const pages = [0, 25, 50, 75].flatMap((offset) => searched('rain', { offset, limit: 25 }));
    expect(pages).toEqual(all);
  });

  test('law: no question makes it throw, and a whole title finds its item', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (query) => {
        searched(query);
      }),
      { numRuns: 300 },
    );
    for (const one of registry.catalogue('demo', 1)) expect(searched(one.title)).toContain(one.barcode);
  });
});
