/** `npm run bench`: every figure beside its bar, with a ratio. Says which processes ran, since the machine decides half of it. */
import { cpus, loadavg, totalmem } from 'node:os';
import { benchBroker } from './broker.ts';
import { benchEngine } from './engine.ts';
import { benchEndToEnd } from './end-to-end.ts';
import { benchFormatFaults } from './format-faults.ts';
import { benchLendingFaults } from './lending-faults.ts';
import { benchLive } from './live.ts';
import { benchLlrpDecode } from './llrp-decode.ts';
import { benchLlrpFaults } from './llrp-faults.ts';
import { benchPresence } from './presence.ts';
import type { BenchRow } from './row.ts';

const BENCHES: readonly (readonly [about: string, run: () => Promise<readonly BenchRow[]>])[] = [
  ['one process decodes, nothing else runs', benchLlrpDecode],
  ['one process reads a million damaged messages', benchLlrpFaults],
  ['one process reads a million damaged frames of every other format', benchFormatFaults],
  ['one process sums up at the edge, no disk', benchPresence],
  ['one process reduces, no disk', benchEngine],
  ['broker in this process, publishers in a second one', benchBroker],
  ['broker, journal, engine, history, dashboard and a screen in this process, gateways in a second one', benchEndToEnd],
  ['dashboard and 100 screens in this process', benchLive],
  ['a kiosk in a second process is killed and killed again', benchLendingFaults],
];

const write = (line: string): void => void process.stdout.write(`${line}\n`);

function verdict({ value, bar }: BenchRow): string {
  if (bar.value === 0) return value === 0 ? 'reached' : 'MISSED';
  const ratio = bar.is === 'at-least' ? value / bar.value : bar.value / value;
  return `${ratio.toFixed(2)} x bar${ratio < 1 ? '  MISSED' : ''}`;
}

const wanted = process.argv.slice(2);
write(
  `${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
);
for (const [about, run] of BENCHES) {
  if (wanted.length > 0 && !wanted.some((name) => run.name.toLowerCase().includes(name.toLowerCase()))) continue;
  write(`\n${run.name}: ${about}`);
  const startMs = performance.now();
  for (const row of await run()) {
    const sign = row.bar.is === 'at-least' ? '>=' : '<=';
    const figure = row.value.toLocaleString('en', { maximumFractionDigits: 2 });
    write(`  ${row.name}`);
    write(
      `    ${figure.padStart(12)} ${row.unit.padEnd(14)} bar ${sign} ${row.bar.value.toLocaleString('en')}   ${verdict(row)}`,
    );
    if (row.baseline !== undefined)
      write(`    ${' '.repeat(12)} ${row.baseline.name}: ${row.baseline.value.toLocaleString('en')}`);
    if (row.note !== undefined) write(`    ${' '.repeat(12)} ${row.note}`);
  }
  write(
    `  (${((performance.now() - startMs) / 1_000).toFixed(0)} s, load of the machine ${loadavg()[0]?.toFixed(1) ?? '?'})`,
  );
}
