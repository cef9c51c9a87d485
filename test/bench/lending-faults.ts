/** A kiosk killed a thousand times over a library system that loses answers and goes away; another number behind the name says how often. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runFaults } from '#test/lending/faults/run-faults.ts';
import type { BenchRow } from './row.ts';

const KILLS = 1000;
/** One history of the books: its copies and cards are made anew for each. */
const KILLS_A_RUN = 20;

export async function benchLendingFaults(): Promise<readonly BenchRow[]> {
  const kills = Number(process.argv[3] ?? KILLS);
  const faults: string[] = [];
  let [handled, tasks, killed] = [0, 0, 0];
  for (let seed = 1; killed < kills; seed += 1) {
    const folder = await mkdtemp(join(tmpdir(), 'shelfwise-lending-bench-'));
    const report = await runFaults({ seed, folder, kills: Math.min(KILLS_A_RUN, kills - killed) });
    await rm(folder, { recursive: true, force: true });
    killed += KILLS_A_RUN;
    faults.push(...report.faults.map((fault) => `seed ${seed}: ${fault}`));
    if (report.words.includes('unsettled')) faults.push(`seed ${seed}: something stayed open`);
    handled += report.handled;
    tasks += report.tasks;
  }
  const note = `${handled} loans and returns, ${tasks} tasks for staff${faults.length === 0 ? '' : `; ${faults.slice(0, 5).join('; ')}`}`;
  return [
    {
      name: `loans doubled or lost and tags left wrong, over ${kills} kills`,
      value: faults.length,
      unit: 'faults',
      bar: { is: 'at-most', value: 0 },
      note,
    },
  ];
}
