/** How many item rows a second the state takes, 1,000 a commit, over 200,000 items: `tsx test/store/measure-state.ts`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStateWriter } from '#store/state/state-writer.ts';

const ITEMS = 200_000;
const A_COMMIT = 1000;
const folder = mkdtempSync(join(tmpdir(), 'shelfwise-measure-'));
const state = openStateWriter(join(folder, 'state.db'));

function round(name: string, moved: number): void {
  const started = performance.now();
  for (let from = 0; from < ITEMS; from += A_COMMIT) {
    const items = Array.from({ length: A_COMMIT }, (_, i) => ({
      library: 'demo',
      item: `b${(((from + i) * 7919) % ITEMS) + 1e7}`,
      place: `shelf-${(from + i * moved) % 6700}`,
      condition: 'present' as const,
      sinceMs: 1,
      lastSeenMs: from,
      confidence: 0.9,
      misshelved: false,
      tickedOffMs: null,
      home: ['shelf-1'],
    }));
    const none = { facts: [], zones: [], readPoints: [], memory: [] };
    state.commit({ ...none, offset: from, asOfMs: from, engineVersion: 'v1', items });
  }
  process.stdout.write(`${name}: ${Math.round((ITEMS / (performance.now() - started)) * 1000)} items/s\n`);
}
round('new', 1);
round('seen again', 1);
round('moved', 2);
state.close();
rmSync(folder, { recursive: true });
