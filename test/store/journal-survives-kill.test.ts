/** Promise 1 where it is made: what the journal said it has, it has after `kill -9`, and has once. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openJournalReader } from '#store/journal/journal-reader.ts';

const KILLS = 5;
/** Acknowledgements seen before the kill, so that it always falls into full work. */
const ACKNOWLEDGED_BEFORE_KILL = [1, 700, 1500, 3000, 6000];

/** Appends with 50 in flight from the number given on, resending nothing, and prints each number it got an answer for. */
const CHILD = `
  import { openJournalWriter } from '#store/journal/journal-writer.ts';
  const [path, from] = process.argv.slice(1);
  const journal = openJournalWriter(path);
  let next = Number(from);
  const sender = async () => {
    for (;;) {
      const seq = next++;
      const { outcome } = await journal.append({
        library: 'demo', kind: 'batch', receivedAtMs: Date.now(), source: 'gw-1', epoch: 'epoch-001',
        seq, shiftMs: 0, body: JSON.stringify({ seq, filler: 'x'.repeat(seq % 700) }),
      });
      process.stdout.write(outcome + ' ' + seq + '\\n');
    }
  };
  for (let i = 0; i < 50; i += 1) void sender();`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shelfwise-kill-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function appendUntilKilled(path: string, from: number, acknowledgedMin: number): Promise<string[]> {
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', CHILD, path, String(from)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (lines.length === acknowledgedMin) child.kill('SIGKILL');
  }
  expect(
    child.signalCode ??
      (await new Promise((resolve) =>
        child.once('exit', (_, signal) => {
          resolve(signal);
        }),
      )),
  ).toBe('SIGKILL');
  return lines;
}

test('every acknowledged entry is there exactly once after each of several kills', async () => {
  const path = join(folder, 'journal.db');
  const acknowledged: number[] = [];
  let from = 1;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const lines = await appendUntilKilled(path, from, ACKNOWLEDGED_BEFORE_KILL[kill] ?? 1);
    // The last line may be cut by the kill; a cut number would be a smaller one, so it is not counted.
    const whole = lines.slice(0, -1);
    acknowledged.push(...whole.filter((line) => line.startsWith('stored ')).map((line) => Number(line.slice(7))));

    const reader = openJournalReader(path);
    const stored = reader.readAfter(0, 1e7);
    const seqs = stored.map((entry) => entry.seq ?? 0);
    const kept = new Set(seqs);
    expect(kept.size).toBe(seqs.length);
    expect(acknowledged.filter((seq) => !kept.has(seq))).toEqual([]);
    expect(stored.map((entry) => entry.offset)).toEqual(stored.map((_, index) => index + 1));
    expect(stored.every((entry) => (JSON.parse(entry.body) as { seq: number }).seq === entry.seq)).toBe(true);
    await reader.close();
    // Goes back below what is stored: the resent ones must be recognised.
    from = Math.max(1, seqs.reduce((a, b) => Math.max(a, b), 0) - 100);
  }
  expect(acknowledged.length).toBeGreaterThan(10_000);
}, 30_000);
