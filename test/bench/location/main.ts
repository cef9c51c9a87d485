/** `npm run bench:location`: scores our rules beside the rule to beat, and writes table and plots into `docs/location`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shareOf } from './measures.ts';
import { playAll } from './play-all.ts';
import { drawPlots } from './plots.ts';
import { rowsOf, tableOf } from './table.ts';

const FOLDER = join(import.meta.dirname, '../../../docs/location');

const startMs = performance.now();
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const results = playAll((what) => {
  say(`${((performance.now() - startMs) / 1000).toFixed(0).padStart(4)} s  ${what}`);
});
const table = tableOf(rowsOf(results));
say(`\n${table}`);
const bins = results.steel.measures.get('Shelfwise')?.confidence ?? [];
for (const { sum, share } of bins) {
  if (share.of > 0)
    say(`stated ${(sum / share.of).toFixed(2)}, right ${shareOf(share).toFixed(2)} of ${String(share.of)}`);
}
mkdirSync(FOLDER, { recursive: true });
writeFileSync(
  join(FOLDER, 'results.md'),
  `# Location: the figures\n\nWritten by \`npm run bench:location\`; [location.md](../location.md) says what they mean.\n\n${table}`,
);
for (const [name, svg] of drawPlots(results)) writeFileSync(join(FOLDER, `${name}.svg`), svg);
