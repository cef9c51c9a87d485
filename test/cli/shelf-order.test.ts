/** `shelfwise callnumbers sort` and `shelfwise shelfcheck`, as a librarian's script calls them. */
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { checkBundle, runShelfwise } from '#test/support/shelfwise-process.ts';

jest.setTimeout(60_000);

let folder: string;
beforeAll(async () => {
  checkBundle();
  folder = await mkdtemp(join(tmpdir(), 'shelfwise-order-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(typed: readonly string[], lines: readonly string[]) {
  const file = join(folder, 'lines');
  writeFileSync(file, `${lines.join('\n')}\n`);
  return runShelfwise([...typed, file], { cwd: folder });
}

test.each([
  ['clc', ['C23/5', 'B43/11', 'A2/13', 'B43/6', 'A11/45'], ['A11/45', 'A2/13', 'B43/6', 'B43/11', 'C23/5']],
  ['lcc', ['QA76.73 .J38 v.10', 'QA9 .A1', 'QA76.73 .J38 v.2'], ['QA9 .A1', 'QA76.73 .J38 v.2', 'QA76.73 .J38 v.10']],
  ['ddc', ['005.5 A1', '005.133 J36 v.12', '005.133 J36 v.3'], ['005.133 J36 v.3', '005.133 J36 v.12', '005.5 A1']],
])('%s numbers come in shelf order', async (scheme, given, sorted) => {
  const { status, stdout } = await run(['callnumbers', 'sort', '--scheme', scheme], given);
  expect([status, stdout]).toEqual([0, `${sorted.join('\n')}\n`]);
});

test('what is no call number comes last and is named', async () => {
  const { stdout, stderr } = await run(['callnumbers', 'sort', '--scheme', 'ddc'], ['ask at desk', '823.9 JOY']);
  expect(stdout).toBe('823.9 JOY\nask at desk\n');
  expect(stderr).toContain('line 1: ask at desk: a Dewey call number begins with three digits');
});

test('the fewest moves of a swept shelf', async () => {
  const lines = ['1\t100 A', '2\t500 A', '3\t200 A', '4\t300 A', '5\tno number', '6\t400 A'];
  const { status, stdout, stderr } = await run(['shelfcheck', '--scheme', 'ddc'], lines);
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ kept: 4, moves: [{ barcode: '2', after: '6' }], unparsable: ['5'] });
  expect(stderr).toContain('line 5');
});

test('a line without a tab, an unknown scheme: a sentence', async () => {
  expect(await run(['shelfcheck', '--scheme', 'ddc'], ['1 100 A'])).toMatchObject({ status: 2, stdout: '' });
  expect(await run(['shelfcheck', '--scheme', 'dewey'], [])).toMatchObject({ status: 2, stdout: '' });
});
