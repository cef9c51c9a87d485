/**
 * Promise: a kiosk that is killed at any instant finishes or undoes every open step, and no card's number is anywhere but
 * in the encrypted part of its ledger. The long run is `npm run bench lending`.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, jest, test } from '@jest/globals';
import { Closers } from '#test/lending/fakes/branch.ts';
import { runFaults } from './run-faults.ts';

jest.setTimeout(60_000);
const closers = new Closers();
afterEach(() => closers.close());

/** As somebody would write it down: plain, in other encodings, and as what is sold for anonymous. */
function formsOf(text: string): Buffer[] {
  const plain = Buffer.from(text);
  const digests = ['sha1', 'sha256', 'md5'].map((name) => createHash(name).update(text).digest());
  const base64 = plain.toString('base64').replace(/=+$/, '');
  const hexes = digests.flatMap((digest) => [digest.toString('hex'), digest.toString('hex').toUpperCase()]);
  const wide = Buffer.from(text, 'utf16le');
  return [
    plain,
    Buffer.from(text.toLowerCase()),
    wide,
    Buffer.from(wide).swap16(),
    Buffer.from(base64),
    Buffer.from(plain.toString('hex')),
    ...digests,
    ...digests.map((digest) => Buffer.from(digest.toString('base64'))),
    ...hexes.map((hex) => Buffer.from(hex)),
  ];
}

test('killed over and over: every loan once, every tag right or told, and no card anywhere', async () => {
  const folder = await closers.folder();
  const { faults, cards, words, ...counts } = await runFaults({ seed: 7, folder, kills: 5 });
  expect(faults).toEqual([]);
  expect(counts.handled).toBe(20);
  expect(counts.lent).toBeGreaterThan(3);
  expect(words).not.toContain('unsettled');

  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile());
  expect(files.map(({ name }) => name)).toEqual(expect.arrayContaining(['lending.db', 'outbox.db']));
  const contents = await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name))));
  const everything = Buffer.concat([...contents, Buffer.from(words)]);
  // What is looked for could be found.
  expect(everything.includes(Buffer.from('kiosk-1'))).toBe(true);
  expect(words).toContain('shelfwise_lending_open_entries');
  const found = cards.flatMap((card) => formsOf(card).map((form) => ({ card, isThere: everything.includes(form) })));
  expect(found.filter(({ isThere }) => isThere)).toEqual([]);
});
