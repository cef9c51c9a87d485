import { expect, test } from '@jest/globals';
import type { GateEventRow } from '#contract/wire/rest-gates.ts';
import { ALERT_MS, alertOf } from '#dashboard/web/gates/gate-words.ts';

const AT_MS = Date.UTC(2026, 2, 2, 9);

function row(n: number, atMs: number, finding: GateEventRow['finding'] = 'alarm'): GateEventRow {
  const rest = { gate: 'g', gateName: null, direction: null, item: null, title: null, callNumber: null };
  return { n, at: new Date(atMs).toISOString(), finding, tag: 't', rule: 'r', ilsStatus: 'unknown', ...rest };
}

test('the newest alarm that is still worth running for', () => {
  const rows = [row(1, AT_MS), row(3, AT_MS + 2000), row(2, AT_MS + 1000), row(4, AT_MS + 3000, 'left-without-loan')];
  expect(alertOf(rows, { nowMs: AT_MS + 5000, dismissedN: 0 })?.n).toBe(3);
  expect(alertOf(rows, { nowMs: AT_MS + 5000, dismissedN: 3 })).toBeNull();
  expect(alertOf([row(1, AT_MS)], { nowMs: AT_MS + ALERT_MS, dismissedN: 0 })?.n).toBe(1);
  expect(alertOf([row(1, AT_MS)], { nowMs: AT_MS + ALERT_MS + 1, dismissedN: 0 })).toBeNull();
  expect(alertOf([], { nowMs: AT_MS, dismissedN: 0 })).toBeNull();
});
