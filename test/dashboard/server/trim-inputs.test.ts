import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { trimInputs } from '#dashboard/server/trim-inputs.ts';
import { openJournalReader } from '#store/journal/journal-reader.ts';
import { openJournalWriter } from '#store/journal/journal-writer.ts';
import type { JournalReader, JournalWriter } from '#store/journal/journal.ts';
import type { RegistryWriter } from '#store/registry/registry.ts';
import { openRegistryWriter } from '#store/registry/registry-writer.ts';

let folder: string;
let registry: RegistryWriter;
let writer: JournalWriter;
let journal: JournalReader;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shelfwise-trim-inputs-'));
  registry = openRegistryWriter(join(folder, 'registry.db'));
  writer = openJournalWriter(join(folder, 'journal.db'));
  journal = openJournalReader(join(folder, 'journal.db'));
});
afterEach(async () => {
  await journal.close();
  await writer.close();
  registry.close();
  await rm(folder, { recursive: true, force: true });
});

const queue = (library: string): number => registry.queueInput(library, { kind: 'catalogue', version: 1 });
const left = (): number[] => registry.inputsAfter(0, 1_000).map(({ seq }) => seq);

async function carry(library: string, seq: number, epoch = registry.epoch()): Promise<void> {
  const rest = { kind: 'input', receivedAtMs: 1, source: 'dashboard', shiftMs: 0, body: '{}' } as const;
  await writer.append({ library, epoch, seq, ...rest });
}

test('forgets what the journal holds, of every library, up to the first that it does not', async () => {
  for (const library of ['demo', 'other', 'demo', 'demo']) queue(library);
  expect(trimInputs(registry, journal)).toBe(0);
  await carry('demo', 1);
  await carry('other', 2);
  await carry('demo', 4);
  expect(trimInputs(registry, journal)).toBe(2);
  expect(left()).toEqual([3, 4]);
  await carry('demo', 3);
  expect(trimInputs(registry, journal)).toBe(2);
  expect(left()).toEqual([]);
});

test('keeps what only the journal of another registry holds', async () => {
  const seq = queue('demo');
  await carry('demo', seq, 'another-registry');
  await carry('other', seq);
  expect(trimInputs(registry, journal)).toBe(0);
  expect(left()).toEqual([seq]);
});

test('numbers go on rising after everything was forgotten, or the journal would take them for known', async () => {
  const seq = queue('demo');
  await carry('demo', seq);
  trimInputs(registry, journal);
  expect(queue('demo')).toBe(seq + 1);
});
