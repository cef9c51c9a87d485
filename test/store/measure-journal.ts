/** How many entries a second the journal takes with 50 senders that wait for each answer: `tsx test/store/measure-journal.ts`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJournalWriter } from '#store/journal/journal-writer.ts';

const SENDERS = 50;
const DURATION_MS = 5000;
const BODY = JSON.stringify({ epoch: 'epoch-001', observations: [{ kind: 'tag', filler: 'x'.repeat(250) }] });

const folder = mkdtempSync(join(tmpdir(), 'shelfwise-measure-'));
const journal = openJournalWriter(join(folder, 'journal.db'));
const started = performance.now();
let count = 0;

async function send(source: string): Promise<void> {
  for (let seq = 1; performance.now() - started < DURATION_MS; seq += 1) {
    await journal.append({
      library: 'demo',
      kind: 'batch',
      receivedAtMs: Date.now(),
      source,
      epoch: 'epoch-001',
      seq,
      shiftMs: 0,
      body: BODY,
    });
    count += 1;
  }
}

await Promise.all(Array.from({ length: SENDERS }, (_, i) => send(`gw-${i}`)));
const seconds = (performance.now() - started) / 1000;
process.stdout.write(
  `${Math.round(count / seconds)} entries/s, ${SENDERS} in flight, ${BODY.length} characters each\n`,
);
await journal.close();
rmSync(folder, { recursive: true });
