import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { openJournalReader } from '#store/journal/journal-reader.ts';
import { JOURNAL_MIGRATIONS } from '#store/journal/journal-schema.ts';
import { createJournalWriter, openJournalWriter } from '#store/journal/journal-writer.ts';
import type { JournalWriter, NewEntry } from '#store/journal/journal.ts';
import { ENTRIES_BETWEEN_SAVES, GAPS_MAX } from '#store/journal/marks.ts';
import { openDatabase } from '#store/sqlite/database.ts';

// Law tests and real processes on a busy machine take longer than Jest's five seconds.
jest.setTimeout(30_000);

const NOW_MS = 1_750_000_000_000;
const KEEP_ALL = { olderThanMs: 1e12, bytesMax: 1e12 };
const clock = { nowMs: () => NOW_MS, uptimeMs: () => 0 };

let folder: string;
let path: string;
let journal: JournalWriter;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shelfwise-journal-'));
  path = join(folder, 'journal.db');
  journal = openJournalWriter(path, { clock });
});
afterEach(async () => {
  await journal.close();
  await rm(folder, { recursive: true, force: true });
});

function entry(over: Partial<NewEntry> = {}): NewEntry {
  return {
    library: 'demo',
    kind: 'batch',
    receivedAtMs: NOW_MS,
    source: 'gw-1',
    epoch: 'epoch-001',
    seq: 1,
    shiftMs: 0,
    body: '{}',
    ...over,
  };
}
const tick = (over: Partial<NewEntry> = {}): NewEntry =>
  entry({ library: '*', kind: 'tick', source: 'broker', epoch: null, seq: null, ...over });

async function appendSeqs(seqs: readonly number[], over: Partial<NewEntry> = {}): Promise<string[]> {
  const appended = await Promise.all(seqs.map((seq) => journal.append(entry({ seq, body: String(seq), ...over }))));
  return appended.map((one) => one.outcome);
}
const bodies = (): string[] => journal.readAfter(0, 1e6).map((one) => one.body);

describe('appending', () => {
  test('gives offsets in call order and keeps every field', async () => {
    const second = entry({ seq: 2, shiftMs: -5000, body: '{"a":"书 \\u0000 \u{20bb7}"}', library: 'other' });
    const outcomes = await Promise.all([journal.append(entry()), journal.append(tick()), journal.append(second)]);
    expect(outcomes).toEqual([1, 2, 3].map((offset) => ({ outcome: 'stored', offset })));
    expect(journal.readAfter(0, 10)).toEqual([
      { offset: 1, ...entry() },
      { offset: 2, ...tick() },
      { offset: 3, ...second },
    ]);
    expect([journal.firstOffset(), journal.lastOffset()]).toEqual([1, 3]);
  });

  test('answers in call order, with the entries on the disk for every other process', async () => {
    const reader = openJournalReader(path);
    const order: number[] = [];
    await Promise.all(
      [1, 2, 3, 4, 5].map(async (seq) => {
        await journal.append(entry({ seq }));
        order.push(seq);
        expect(reader.lastOffset()).toBe(5);
      }),
    );
    expect(order).toEqual([1, 2, 3, 4, 5]);
    await reader.close();
  });

  test('of more than one transaction holds keeps the order', async () => {
    const seqs = Array.from({ length: 2500 }, (_, i) => i + 1);
    await appendSeqs(seqs);
    expect(bodies()).toEqual(seqs.map(String));
  });

  test('of batches of the largest size splits by size as well', async () => {
    const body = 'x'.repeat(250_000);
    await appendSeqs(
      Array.from({ length: 80 }, (_, i) => i + 1),
      { body },
    );
    expect(journal.readAfter(0, 100).map((one) => one.body.length)).toEqual(Array(80).fill(250_000));
  });

  test('tells listeners once a commit, until they stop', async () => {
    const heard: number[] = [];
    const stop = journal.onCommit((offset) => heard.push(offset));
    await appendSeqs([1, 2, 3]);
    await appendSeqs([2]);
    stop();
    await appendSeqs([4]);
    expect(heard).toEqual([3]);
  });

  test('an entry that cannot be stored fails alone', async () => {
    const settled = await Promise.allSettled([
      journal.append(entry({ seq: 1 })),
      journal.append(entry({ seq: 2, body: 'a\0b' })),
      journal.append(entry({ seq: 0 })),
      journal.append(entry({ seq: 1.5 })),
      journal.append(entry({ seq: 3, receivedAtMs: NOW_MS + 0.4, shiftMs: 0.6 })),
    ]);
    expect(
      settled.map((one) => (one.status === 'rejected' ? (one.reason as Error).message.slice(0, 13) : 'ok')),
    ).toEqual(['ok', 'STO_BAD_VALUE', 'STO_BAD_VALUE', 'STO_BAD_VALUE', 'ok']);
    expect(journal.readAfter(1, 10)).toEqual([{ offset: 2, ...entry({ seq: 3, shiftMs: 1 }) }]);
  });

  test('is finished by close, and refused after it', async () => {
    const last = journal.append(entry());
    await journal.close();
    await journal.close();
    expect(await last).toEqual({ outcome: 'stored', offset: 1 });
    await expect(journal.append(entry({ seq: 2 }))).rejects.toThrow('STO_UNAVAILABLE');
  });

  test('on a full disk stores nothing and acknowledges nothing, and goes on once there is room', async () => {
    const database = openDatabase(join(folder, 'small.db'), { mode: 'write', migrations: JOURNAL_MIGRATIONS });
    const small = createJournalWriter(database, clock);
    await small.append(entry({ seq: 1 }));
    database.exec('PRAGMA max_page_count = 12');
    const big = 'x'.repeat(30_000);
    const settled = await Promise.allSettled([2, 3, 4].map((seq) => small.append(entry({ seq, body: big }))));
    expect(settled.map((one) => one.status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect([small.lastOffset(), small.readAfter(0, 10).length]).toEqual([1, 1]);
    database.exec('PRAGMA max_page_count = 100000');
    // The refused numbers are not taken for known.
    expect(await small.append(entry({ seq: 3, body: big }))).toEqual({ outcome: 'stored', offset: 2 });
    expect(await small.append(entry({ seq: 2, body: big }))).toEqual({ outcome: 'stored', offset: 3 });
    await small.close();
  });
});

describe('redelivery', () => {
  test('is recognised within one group, later, and after a restart', async () => {
    expect(await appendSeqs([1, 2, 2, 1, 3])).toEqual(['stored', 'stored', 'duplicate', 'duplicate', 'stored']);
    expect(await appendSeqs([3, 4])).toEqual(['duplicate', 'stored']);
    await journal.close();
    journal = openJournalWriter(path, { clock });
    expect(await appendSeqs([1, 4, 5])).toEqual(['duplicate', 'duplicate', 'stored']);
    expect(bodies()).toEqual(['1', '2', '3', '4', '5']);
  });

  test('late numbers fill their gap once', async () => {
    expect(await appendSeqs([10, 5, 5, 12, 11, 11, 1, 10])).toEqual([
      'stored',
      'stored',
      'duplicate',
      'stored',
      'stored',
      'duplicate',
      'stored',
      'duplicate',
    ]);
    await journal.close();
    journal = openJournalWriter(path, { clock });
    expect(await appendSeqs([5, 6, 13])).toEqual(['duplicate', 'stored', 'stored']);
  });

  test('is told apart by library, source and epoch, whatever their names', async () => {
    await appendSeqs([1]);
    for (const over of [{ library: 'other' }, { source: 'gw-2' }, { epoch: 'epoch-002' }, { source: '__proto__' }]) {
      expect(await appendSeqs([1, 1], over)).toEqual(['stored', 'duplicate']);
    }
  });

  test('is recognised however long ago the marks were written', async () => {
    const many = Array.from({ length: ENTRIES_BETWEEN_SAVES + 5 }, (_, i) => i + 1);
    await appendSeqs(many);
    await appendSeqs([3, ENTRIES_BETWEEN_SAVES + 7]);
    await journal.close();
    journal = openJournalWriter(path, { clock });
    const late = [1, ENTRIES_BETWEEN_SAVES + 5, ENTRIES_BETWEEN_SAVES + 6, ENTRIES_BETWEEN_SAVES + 7];
    expect(await appendSeqs(late)).toEqual(['duplicate', 'duplicate', 'stored', 'duplicate']);
  });

  test('is recognised in a file from before marks were written once in a while', async () => {
    const old = join(folder, 'old.db');
    const file = openDatabase(old, { mode: 'write', migrations: JOURNAL_MIGRATIONS.slice(0, 1) });
    file.exec(`INSERT INTO entry VALUES (7, 'demo', 'batch', 1, 'gw-1', 'epoch-001', 4, 0, '{}');
      INSERT INTO mark VALUES ('demo', 'gw-1', 'epoch-001', 4, '[[2,2]]')`);
    file.close();
    await journal.close();
    journal = openJournalWriter(old, { clock });
    expect(await appendSeqs([1, 2, 3, 4, 5])).toEqual(['duplicate', 'stored', 'duplicate', 'duplicate', 'stored']);
  });

  test('can be asked about by every process, before and after trimming', async () => {
    const sender = { library: 'demo', source: 'gw-1', epoch: 'epoch-001' };
    const reader = openJournalReader(path);
    const held = (): boolean[] => [1, 2, 3, 4].map((seq) => reader.holds(sender, seq));
    expect(held()).toEqual([false, false, false, false]);
    await appendSeqs([1, 3]);
    expect(held()).toEqual([true, false, true, false]);
    journal.trim({ beforeOffset: 3, olderThanMs: -1, bytesMax: 1e12 });
    expect(held()).toEqual([true, false, true, false]);
    await appendSeqs([2]);
    expect(held()).toEqual([true, true, true, false]);
    expect(reader.holds({ ...sender, source: 'gw-2' }, 1)).toBe(false);
    await reader.close();
  });

  test('counts for nothing without a sequence', async () => {
    await journal.append(tick());
    expect(await journal.append(tick())).toEqual({ outcome: 'stored', offset: 2 });
  });

  test('keeps the newest gaps only', async () => {
    const even = Array.from({ length: GAPS_MAX + 1 }, (_, i) => 2 * (i + 1));
    await appendSeqs(even);
    // 1 is the oldest of one gap too many: forgotten, it counts as seen.
    expect(await appendSeqs([1, 3])).toEqual(['duplicate', 'stored']);
  });

  test('law: each number is stored once, whatever the order, the groups and the restarts', async () => {
    const groups = fc.array(fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 6 }), { maxLength: 6 });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(groups, fc.nat({ max: 5 }), async (all, restartAt) => {
        run += 1;
        const source = `gw-${run}`;
        for (const [index, seqs] of all.entries()) {
          if (index === restartAt) {
            await journal.close();
            journal = openJournalWriter(path, { clock });
          }
          await appendSeqs(seqs, { source });
        }
        const stored = journal.readAfter(0, 1e6).filter((one) => one.source === source);
        const seqs = stored.map((one) => one.seq);
        expect(seqs).toEqual([...new Set(all.flat())]);
      }),
      { numRuns: 50 },
    );
  });
});

describe('trimming', () => {
  test('drops what is too old and passed by all, from the oldest on', async () => {
    const ages = [5000, 4000, 1000, 3000, 0];
    await Promise.all(ages.map((age) => journal.append(tick({ receivedAtMs: NOW_MS - age }))));
    expect(journal.trim({ ...KEEP_ALL, beforeOffset: 2, olderThanMs: 2000 })).toBe(1);
    // The fourth is old enough, but a hole would tell a reader that it had lost the third.
    expect(journal.trim({ ...KEEP_ALL, beforeOffset: 9, olderThanMs: 2000 })).toBe(1);
    expect(journal.trim({ ...KEEP_ALL, beforeOffset: 9, olderThanMs: 2000 })).toBe(0);
    expect([journal.firstOffset(), journal.lastOffset()]).toEqual([3, 5]);
    expect(journal.readAfter(0, 10).map((one) => one.offset)).toEqual([3, 4, 5]);
  });

  test('drops the oldest beyond the size, but never what a consumer still needs', async () => {
    await appendSeqs(
      Array.from({ length: 200 }, (_, i) => i + 1),
      { body: 'x'.repeat(10_000) },
    );
    expect(journal.trim({ ...KEEP_ALL, beforeOffset: 51, bytesMax: 1_000_000 })).toBe(50);
    const dropped = journal.trim({ ...KEEP_ALL, beforeOffset: 201, bytesMax: 1_000_000 });
    expect(dropped).toBeGreaterThan(40);
    expect(dropped).toBeLessThan(110);
    expect(journal.trim({ ...KEEP_ALL, beforeOffset: 201, bytesMax: 1_000_000 })).toBe(0);
    expect(journal.lastOffset()).toBe(200);
  });

  test('keeps the numbering when nothing is left, and recognises what it dropped', async () => {
    await appendSeqs([1, 2, 3]);
    expect(journal.trim({ beforeOffset: 4, olderThanMs: -1, bytesMax: 1e12 })).toBe(3);
    await journal.close();
    journal = openJournalWriter(path, { clock });
    expect([journal.firstOffset(), journal.lastOffset(), journal.readAfter(0, 9)]).toEqual([4, 3, []]);
    expect(await journal.append(entry({ seq: 2 }))).toEqual({ outcome: 'duplicate' });
    expect(await journal.append(entry({ seq: 4 }))).toEqual({ outcome: 'stored', offset: 4 });
  });
});

describe('reading', () => {
  test('pages after an offset', async () => {
    await appendSeqs([1, 2, 3, 4]);
    expect(journal.readAfter(1, 2).map((one) => one.offset)).toEqual([2, 3]);
    expect(journal.readAfter(4, 2)).toEqual([]);
  });

  test('before there is a journal says so', () => {
    expect(() => openJournalReader(join(folder, 'none.db'))).toThrow('STO_UNAVAILABLE');
  });
});
