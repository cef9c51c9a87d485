import { readFileSync } from 'node:fs';
import type { Words } from '#dashboard/web/words/place-words.ts';

const FOLDER = new URL('../../../../dashboard/web/public/locales/', import.meta.url);

/** A file of words, as it is shipped. */
export function localeFile(code: string): Readonly<Record<string, string>> {
  return JSON.parse(readFileSync(new URL(`${code}.json`, FOLDER), 'utf8')) as Record<string, string>;
}

export function languagesShipped(): readonly { readonly code: string; readonly name: string }[] {
  return JSON.parse(readFileSync(new URL('languages.json', FOLDER), 'utf8')) as { code: string; name: string }[];
}

/** The shipped words of one language; fails on a key that is not there. */
export function wordsOf(code: string): Words {
  const file = localeFile(code);
  return (key, values = {}) => {
    const words = file[key];
    if (words === undefined) throw new Error(`${code} has no ${key}`);
    return words.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name]));
  };
}
