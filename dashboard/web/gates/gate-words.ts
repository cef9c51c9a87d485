import type { GateEventRow } from '#contract/wire/rest-gates.ts';

export const FINDING_MEANING = {
  alarm: 'act',
  'alarmed-though-lent': 'look',
  'left-without-loan': 'act',
} as const satisfies Record<GateEventRow['finding'], string>;

/** An alarm of a while ago is history: whoever comes to the desk then should not run to the gate. */
export const ALERT_MS = 60_000;

/** The newest event that is still worth running for, and was not put away. */
export function alertOf(
  rows: Iterable<GateEventRow>,
  { nowMs, dismissedN }: { readonly nowMs: number; readonly dismissedN: number },
): GateEventRow | null {
  let newest: GateEventRow | null = null;
  for (const row of rows) {
    if (row.n <= dismissedN || row.finding === 'left-without-loan') continue;
    if (nowMs - Date.parse(row.at) > ALERT_MS) continue;
    if (newest === null || row.n > newest.n) newest = row;
  }
  return newest;
}
