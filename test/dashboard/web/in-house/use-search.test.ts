/** Promise: an address of the in-house screen always leads to a question the server answers. */
import { expect, test } from '@jest/globals';
import { readUse } from '#dashboard/web/in-house/use-search.ts';

const today = '2026-03-02';

test('nothing said: the last seven days by class', () => {
  expect(readUse({}, today)).toEqual({ from: '2026-02-24', to: today, by: ['class'] });
});

test('what was said stays, in one order', () => {
  const said = { from: '2026-01-01', to: '2026-01-31', by: 'class,day' };
  expect(readUse(said, today)).toEqual({ from: '2026-01-01', to: '2026-01-31', by: ['day', 'class'] });
});

test.each([
  ['a day to come', { to: '2026-03-03' }, { from: '2026-02-24', to: today }],
  ['a first day after the last', { from: '2026-03-02', to: '2026-03-01' }, { from: '2026-02-23', to: '2026-03-01' }],
  ['no days', { from: 'soon', to: '2026-02-40' }, { from: '2026-02-24', to: today }],
  ['more than 400 days', { from: '2020-01-01' }, { from: '2025-01-27', to: today }],
])('%s is mended', (_name, said, used) => {
  expect(readUse(said, today)).toEqual({ ...used, by: ['class'] });
});
