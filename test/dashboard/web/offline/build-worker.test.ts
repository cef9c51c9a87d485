import { afterEach, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listBuiltFiles } from '#dashboard/web/offline/build-worker.ts';

let folder = '';
afterEach(() => rm(folder, { recursive: true, force: true }));

it('lists what was built, with a mark that changes where the name does not', async () => {
  folder = await mkdtemp(join(tmpdir(), 'shelfwise-built-'));
  await mkdir(join(folder, 'assets'));
  await mkdir(join(folder, 'locales'));
  const files = [
    'index.html',
    'assets/a-123.js',
    'assets/a-123.js.map',
    'assets/a-123.js.br',
    'locales/en.json',
    'worker.js',
  ];
  for (const file of files) await writeFile(join(folder, file), file);
  const before = listBuiltFiles(folder);
  expect(before.map(({ url }) => url)).toEqual(['/assets/a-123.js', '/index.html']);
  expect(before[0]?.revision).toBeNull();
  await writeFile(join(folder, 'index.html'), 'another');
  expect(listBuiltFiles(folder)[1]?.revision).not.toBe(before[1]?.revision);
});
