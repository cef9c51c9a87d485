import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { languagesShipped, localeFile } from '#test/dashboard/web/words/locale-files.ts';

const WEB = fileURLToPath(new URL('../../../../dashboard/web/', import.meta.url));
const english = localeFile('en');
const PLURAL = /_(?:zero|one|two|few|many|other)$/;

const baseOf = (key: string): string => key.replace(PLURAL, '');
const slotsOf = (words: string): string[] =>
  [...words.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '').sort();

/** The keys a language needs for the keys of English: its own plural forms of each. */
function keysNeeded(code: string): string[] {
  const forms = new Intl.PluralRules(code).resolvedOptions().pluralCategories;
  const keys = Object.keys(english).flatMap((key) =>
    PLURAL.test(key) ? forms.map((form) => `${baseOf(key)}_${form}`) : [key],
  );
  return [...new Set(keys)].sort();
}

function sources(): string {
  return readdirSync(WEB, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => readFileSync(join(WEB, name), 'utf8'))
    .join('\n');
}

describe('the shipped languages', () => {
  it('are the three that were promised', () => {
    expect(languagesShipped().map((language) => language.code)).toEqual(['en', 'zh-Hans', 'zh-Hant']);
  });

  it.each(languagesShipped())('$name is complete, with nothing left over and nothing empty', ({ code }) => {
    const file = localeFile(code);
    expect(Object.keys(file).sort()).toEqual(keysNeeded(code));
    expect(Object.entries(file).filter(([, words]) => words === '')).toEqual([]);
  });

  it.each(languagesShipped())('$name fills the same slots as English', ({ code }) => {
    for (const [key, words] of Object.entries(localeFile(code))) {
      const original = english[key] ?? english[`${baseOf(key)}_other`] ?? '';
      expect({ key, slots: slotsOf(words) }).toEqual({ key, slots: slotsOf(original) });
    }
  });

  it('keep the scripts apart', () => {
    const simplified = Object.values(localeFile('zh-Hans')).join('');
    const traditional = Object.values(localeFile('zh-Hant')).join('');
    expect(simplified).not.toMatch(/[書層樓條號錯檢關設無錄]/);
    expect(traditional).not.toMatch(/[书层楼条号错检关设无录]/);
  });
});

describe('the words in the code', () => {
  const code = sources();
  const said = new Set([...code.matchAll(/['"`]([a-z][A-Za-z]*\.[A-Za-z.-]+)['"`]/g)].map((match) => match[1] ?? ''));
  const prefixes = [...code.matchAll(/`([a-z][A-Za-z]*\.)\$\{/g)].map((match) => match[1] ?? '');
  const bases = new Set(Object.keys(english).map(baseOf));

  it('are all in the English file', () => {
    const asked = [...code.matchAll(/\bt\(\s*'([^']+)'/g)].map((match) => match[1] ?? '');
    expect(asked.length).toBeGreaterThan(50);
    expect([...new Set(asked)].filter((key) => !bases.has(key))).toEqual([]);
  });

  it('use every key of the English file', () => {
    const isUsed = (key: string): boolean => said.has(key) || prefixes.some((prefix) => key.startsWith(prefix));
    expect([...bases].filter((key) => !isUsed(key))).toEqual([]);
  });
});
