/** Promise: one copy can change without an import, a tag leads to its copy, and commands and profiles keep their order. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Item } from '#contract/domain/item.ts';
import { tagProfile } from '#contract/domain/tag-profile.ts';
import { openRegistryWriter } from '#store/registry/registry-writer.ts';
import type { CommandRow, RegistryWriter } from '#store/registry/registry.ts';
import { openDatabase } from '#store/sqlite/database.ts';
import { REGISTRY_MIGRATIONS } from '#store/registry/registry-schema.ts';

let folder = '';
let registry: RegistryWriter;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shelfwise-registry-commands-'));
  registry = openRegistryWriter(join(folder, 'registry.db'));
});
afterEach(async () => {
  registry.close();
  await rm(folder, { recursive: true, force: true });
});

function book(barcode: string, tags: string[] = []): Item {
  const shelf = { scheme: 'ddc', callNumber: '839.82', branch: '', collection: '' } as const;
  return { library: 'demo', barcode, title: `Title ${barcode}`, author: '', year: null, language: '', ...shelf, tags };
}

test('one row more or changed is a version of its own; the one before stays for replays', async () => {
  await registry.importCatalogue('demo', [book('1', ['uid:E004010000000001']), book('2')]);
  expect(await registry.putItem(book('2', ['uid:E004010000000002']))).toBe(2);
  expect(await registry.putItem(book('3'))).toBe(3);
  const at = (version: number): unknown =>
    [...registry.catalogue('demo', version)].map(({ barcode, tags }) => [barcode, ...tags]);
  expect(at(1)).toEqual([['1', 'uid:E004010000000001'], ['2']]);
  expect(at(3)).toEqual([['1', 'uid:E004010000000001'], ['2', 'uid:E004010000000002'], ['3']]);
  expect(registry.inputsAfter(0, 9).map(({ input }) => [input.kind, 'version' in input && input.version])).toEqual([
    ['catalogue', 1],
    ['catalogue-row', 2],
    ['catalogue-row', 3],
  ]);
  expect(registry.search('demo', 'title', { offset: 0, limit: 9 })).toHaveLength(3);
});

test('a tag leads to the copy that has it now, also after imports and in a file of an older version', async () => {
  const tag = 'uid:E004010000000001';
  await registry.importCatalogue('demo', [book('1', [tag]), book('2')]);
  const owners = (): string[] => registry.itemsOfTag('demo', tag).map(({ barcode }) => barcode);
  expect(owners()).toEqual(['1']);
  await registry.putItem(book('1'));
  expect(owners()).toEqual([]);
  await registry.importCatalogue('demo', [book('1'), book('2', [tag])]);
  expect(owners()).toEqual(['2']);
  expect(registry.itemsOfTag('other', tag)).toEqual([]);

  const old = join(folder, 'old.db');
  const database = openDatabase(old, { mode: 'write', migrations: REGISTRY_MIGRATIONS.slice(0, 1) });
  database.exec(`INSERT INTO catalogue(library, version) VALUES ('demo', 1)`);
  database
    .prepare(
      `INSERT INTO item(library, barcode, valid_from, title_key, barcode_key, call_key, body) VALUES ('demo', '9', 1, '', '', '', ?)`,
    )
    .run([JSON.stringify(book('9', [tag]))]);
  database.close();
  const opened = openRegistryWriter(old);
  expect(opened.itemsOfTag('demo', tag).map(({ barcode }) => barcode)).toEqual(['9']);
  opened.close();
});

test('no row is changed while an import runs', async () => {
  const running = registry.importCatalogue('demo', [book('1')]);
  await expect(registry.putItem(book('2'))).rejects.toMatchObject({ code: 'API_CONFLICT' });
  await running;
});

test('commands: due until their deadline, unsettled until settled, newest first in the list, each library its own', () => {
  const add = (id: string, deadlineMs: number, library = 'demo'): void => {
    const facts = { gateway: 'gw', kind: 'list-tags', target: 'r', args: { a: 1 }, askedBy: 'ana', barcode: null };
    registry.addCommand({ id, library, issuedAtMs: 0, deadlineMs, ...facts });
  };
  add('a', 100);
  add('b', 200);
  add('c', 300, 'other');
  const ids = (rows: readonly CommandRow[]): string[] => rows.map(({ id }) => id);
  expect(ids(registry.commandsDue(100, 9))).toEqual(['b', 'c']);
  expect(ids(registry.commandsBefore('demo', { seq: 99, limit: 1 }))).toEqual(['b']);
  expect(ids(registry.commandsBefore('demo', { seq: 2, limit: 9 }))).toEqual(['a']);
  expect(registry.command('other', 'a')).toBeUndefined();
  expect(registry.command('demo', 'a')).toMatchObject({ args: { a: 1 }, isSettled: false });
  registry.settleCommand('demo', 'a');
  registry.settleCommand('demo', 'c');
  expect(ids(registry.unsettledCommands({ deadlineMs: 0, afterSeq: 0, limit: 9 }))).toEqual(['b', 'c']);
  expect(ids(registry.unsettledCommands({ deadlineMs: 250, afterSeq: 0, limit: 9 }))).toEqual(['c']);
  expect(ids(registry.unsettledCommands({ deadlineMs: 0, afterSeq: 2, limit: 9 }))).toEqual(['c']);
  expect(() => {
    add('a', 1);
  }).toThrow();
});

test('a desk that is open all day leaves an hour of looks, and nothing else goes', () => {
  const HOUR_MS = 3_600_000;
  const add = (id: string, kind: string, issuedAtMs: number): void => {
    const facts = { gateway: 'gw', target: 'r', args: {}, askedBy: 'ana', barcode: null };
    registry.addCommand({ id, library: 'demo', kind, issuedAtMs, deadlineMs: issuedAtMs, ...facts });
    if (id !== 'open') registry.settleCommand('demo', id);
  };
  const ids = (without?: string): string[] =>
    registry.commandsBefore('demo', { seq: 99, limit: 99, without }).map(({ id }) => id);
  add('write', 'write-tag', 0);
  add('look', 'list-tags', 1);
  add('open', 'list-tags', 2);
  add('late', 'list-tags', HOUR_MS);
  expect(ids()).toEqual(['late', 'open', 'look', 'write']);
  expect(ids('list-tags')).toEqual(['write']);
  add('after', 'list-tags', HOUR_MS + 3);
  expect(ids()).toEqual(['after', 'late', 'open', 'write']);
  add('next day', 'read-tag', 25 * HOUR_MS);
  expect(ids()).toEqual(['next day', 'write']);
});

test('a tag profile rises', () => {
  expect(registry.tagProfile('demo')).toBeUndefined();
  registry.putTagProfile('demo', tagProfile.parse({ version: 2, hf: { usesEas: true } }));
  expect(() => {
    registry.putTagProfile('demo', tagProfile.parse({ version: 2 }));
  }).toThrow('API_CONFLICT');
  registry.putTagProfile('demo', tagProfile.parse({ version: 3 }));
  expect(registry.tagProfile('demo')).toMatchObject({ version: 3, hf: { usesEas: false } });
  expect(registry.tagProfile('other')).toBeUndefined();
});
