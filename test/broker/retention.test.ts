import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { createRetention, historyConsumer, type Consumer, type Retention } from '#broker/retention.ts';
import { openJournalWriter } from '#store/journal/journal-writer.ts';
import type { JournalWriter } from '#store/journal/journal.ts';
import { openDatabase } from '#store/sqlite/database.ts';

const DAY_MS = 86_400_000;
const GIB = 1024 ** 3;
const ENTRIES = 200;

let folder: string;
let journal: JournalWriter;
let lines: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shelfwise-retention-'));
  journal = openJournalWriter(join(folder, 'journal.db'));
  lines = '';
  const body = JSON.stringify({ filler: 'x'.repeat(1_000) });
  const entry = { library: 'demo', kind: 'device', source: 'd', epoch: null, seq: null, shiftMs: 0, body } as const;
  // The first half is eight days old.
  const ages = Array.from({ length: ENTRIES }, (_, index) => (index < ENTRIES / 2 ? 8 * DAY_MS : 0));
  await Promise.all(ages.map((ageMs) => journal.append({ ...entry, receivedAtMs: Date.now() - ageMs })));
});
afterEach(async () => {
  await journal.close();
  await rm(folder, { recursive: true, force: true });
});

const at = (name: string, position: number | undefined): Consumer => ({ name, position: () => position });

let uptimeMs = 0;
const clock = { nowMs: () => Date.now(), uptimeMs: () => uptimeMs };

function retentionFor(consumers: readonly Consumer[], bytesMax = GIB): Retention {
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines += chunk.toString();
      done();
    },
  });
  return createRetention({ journal, consumers, keepDays: 7, bytesMax, clock, log: pino(sink) });
}

async function trim(consumers: readonly Consumer[], bytesMax = GIB): Promise<number> {
  await retentionFor(consumers, bytesMax).trim(new AbortController().signal);
  return journal.firstOffset();
}

describe('what may go', () => {
  test('what is old and everybody has passed', async () => {
    expect(await trim([at('engine', ENTRIES), at('history', ENTRIES)])).toBe(ENTRIES / 2 + 1);
  });

  test('not what the slowest has still to see', async () => {
    expect(await trim([at('engine', ENTRIES), at('history', 30)])).toBe(31);
    expect(await trim([at('engine', ENTRIES), at('history', 30)], 1)).toBe(31);
  });

  test('nothing by age while a consumer is unknown', async () => {
    expect(await trim([at('engine', ENTRIES), at('history', undefined)])).toBe(1);
    expect(lines).toContain('a consumer has not taken them in');
  });

  test('by size even then, but loudly', async () => {
    expect(await trim([at('engine', ENTRIES), at('history', undefined)], 1)).toBe(ENTRIES + 1);
    expect(lines).toContain('entries dropped that a consumer may not have seen');
    expect(lines).toContain('"level":50');
  });
});

test('says once an hour for whom old entries are kept, and stops when they are gone', async () => {
  const { signal } = new AbortController();
  let position = 30;
  const retention = retentionFor([at('engine', ENTRIES), { name: 'history', position: () => position }]);
  const warnings = (): number => lines.split('has not taken them in').length - 1;
  await retention.trim(signal);
  expect([...retention.heldFor()]).toEqual([['history', ENTRIES - 30]]);
  expect(lines).toContain('"consumers":{"history":170}');
  uptimeMs += 3_599_000;
  await retention.trim(signal);
  expect(warnings()).toBe(1);
  uptimeMs += 2_000;
  await retention.trim(signal);
  expect(warnings()).toBe(2);
  position = ENTRIES / 2;
  await retention.trim(signal);
  // What is left is young: nobody is late.
  expect([...retention.heldFor()]).toEqual([]);
  expect(warnings()).toBe(2);
});

test('the history writer says how far it is in a file of its own', () => {
  const file = join(folder, 'history-position.db');
  const consumer = historyConsumer(file);
  expect(consumer.position()).toBeUndefined();
  const position = openDatabase(file, { mode: 'write' });
  position.exec('CREATE TABLE position(offset INTEGER NOT NULL); INSERT INTO position(offset) VALUES (42)');
  expect(consumer.position()).toBe(42);
  position.close();
});
