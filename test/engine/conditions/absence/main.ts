/** Prints who is found missing: `node --import tsx test/engine/conditions/absence/main.ts [books] [days] [seed] [faults]`. */
import { AbsenceRun } from './absence-run.ts';

const [books = 5000, days = 14, seed = 1] = process.argv
  .slice(2)
  .filter((word) => /^\d+$/.test(word))
  .map(Number);
const hasFaults = process.argv.includes('faults');
const startMs = performance.now();
const figures = new AbsenceRun({ seed, books, gone: 20, days, hasFaults }).run();
process.stdout.write(
  `${JSON.stringify({ books, days, seed, hasFaults, ...figures, seconds: Math.round((performance.now() - startMs) / 1000) })}\n`,
);
