import { describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.tsx'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '' && path !== 'test/conventions.test.ts' && existsSync(path));

const RULES: readonly (readonly [rule: string, isBroken: (path: string, text: string) => boolean])[] = [
  ['file names are kebab-case', (path) => !/^[a-z0-9/-]+(?:\.test|\.table|\.config|\.d)?\.tsx?$/.test(path)],
  ['no leftover markers', (_, text) => /\b(?:FIXME|XXX|HACK|TODO)\b/.test(text)],
  ['coverage is never switched off', (_, text) => /(?:istanbul|v8|c8) ignore/.test(text)],
  ['a codec names its source', (path, text) => /^contract\/codec\/.+\//.test(path) && !text.includes('Source: ')],
  ['a disabled check gives its reason', (_, text) => /eslint-disable(?!.*--)/.test(text)],
  [
    'no test is skipped or focused',
    (path, text) => path.startsWith('test/') && /\b(?:test|it|describe)\.(?:skip|only|todo)\(/.test(text),
  ],
  ['no import climbs', (_, text) => text.includes("from '../")],
];

describe('house rules', () => {
  test('there are files to look at', () => {
    expect(files.length).toBeGreaterThan(50);
  });

  test.each(RULES)('%s', (_rule, isBroken) => {
    expect(files.filter((path) => isBroken(path, readFileSync(path, 'utf8')))).toEqual([]);
  });
});
