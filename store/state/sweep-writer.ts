import type { FindSignal, SweepRow } from '#contract/domain/sweep.ts';
import type { Database } from '#store/sqlite/database.ts';

/** A year of a busy library; a row has at most some 300 kB. */
const SWEEPS_MAX = 500;
const SIGNAL_KEPT_MS = 600_000;

/** Writes sweeps and signals in the transaction of the facts. */
export function openSweepWriter(
  database: Database,
): (sweeps: readonly SweepRow[], signals: readonly FindSignal[]) => void {
  const put = database.prepare('INSERT OR REPLACE INTO sweep(library, session, started_ms, body) VALUES (?, ?, ?, ?)');
  const trim = database.prepare(
    `DELETE FROM sweep WHERE library = ? AND session IN
       (SELECT session FROM sweep WHERE library = ? ORDER BY started_ms DESC LIMIT -1 OFFSET ${SWEEPS_MAX})`,
  );
  const signal = database.prepare(
    'INSERT OR REPLACE INTO find_signal(library, wand, tag, at_ms, body) VALUES (?, ?, ?, ?, ?)',
  );
  const fade = database.prepare('DELETE FROM find_signal WHERE library = ? AND wand = ? AND at_ms < ?');
  return (sweeps, signals) => {
    for (const row of sweeps) {
      put.run([row.library, row.session, Math.round(row.startedMs), JSON.stringify(row)]);
      if (row.endedMs !== null) trim.run([row.library, row.library]);
    }
    for (const row of signals) {
      const atMs = Math.round(row.atMs);
      signal.run([row.library, row.wand, row.tag, atMs, JSON.stringify(row)]);
      fade.run([row.library, row.wand, atMs - SIGNAL_KEPT_MS]);
    }
  };
}
