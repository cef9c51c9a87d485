import { expect, test } from '@jest/globals';
import type { IlsStatusName } from '#contract/domain/ils-status.ts';
import type { GateObservation } from '#contract/wire/observation.ts';
import type { Finding } from '#engine/engine-rows.ts';
import { Gates } from '#engine/gates/gates.ts';

const TAG = 'epc:30340000CAFE000000000001';
const MINUTE_MS = 60_000;

function world(): {
  readonly gates: Gates;
  readonly findings: Finding[];
  readonly ils: Map<string, { status: IlsStatusName; atMs: number }>;
} {
  const findings: Finding[] = [];
  const ils = new Map<string, { status: IlsStatusName; atMs: number }>();
  const gates = new Gates({
    find: (finding) => findings.push(finding),
    itemOf: (tag) => (tag === TAG ? 'B1' : undefined),
    ilsOf: (barcode) => ils.get(barcode) ?? { status: 'unknown', atMs: 0 },
  });
  return { gates, findings, ils };
}

function passage(decision: GateObservation['decision'], extra: Partial<GateObservation> = {}): GateObservation {
  const rule = decision === 'alarm' ? 'secured-tag' : 'unsecured-tag';
  return { kind: 'gate', gate: 'g1', at: '', direction: 'out', decision, rule, tag: TAG, ...extra };
}

test('an alarm is told at once, with the copy and what the ILS says of it', () => {
  const { gates, findings, ils } = world();
  gates.take(passage('alarm'), 1000);
  ils.set('B1', { status: 'on-loan', atMs: 1 });
  gates.take(passage('alarm', { direction: null }), 2000);
  gates.take(passage('alarm', { tag: 'epc:FFFF' }), 3000);
  expect(
    findings.map(({ kind, subject, gate }) => [kind, subject, gate?.finding, gate?.item, gate?.ilsStatus]),
  ).toEqual([
    ['gate-event', 'g1', 'alarm', 'B1', 'unknown'],
    ['gate-event', 'g1', 'alarmed-though-lent', 'B1', 'on-loan'],
    ['gate-event', 'g1', 'alarm', null, 'unknown'],
  ]);
});

test('what went through silently has left without a loan only when the ILS still says so afterwards', () => {
  const { gates, findings, ils } = world();
  ils.set('B1', { status: 'available', atMs: 500 });
  gates.take(passage('pass'), 1000);
  gates.tick(1000 + 10 * MINUTE_MS - 1);
  expect(findings).toEqual([]);
  // Its last word is older than the passage: nobody knows.
  gates.tick(1000 + 10 * MINUTE_MS);
  expect(findings).toEqual([]);

  gates.take(passage('pass'), 20 * MINUTE_MS);
  ils.set('B1', { status: 'on-loan', atMs: 21 * MINUTE_MS });
  gates.tick(30 * MINUTE_MS);
  expect(findings).toEqual([]);

  gates.take(passage('unknown'), 40 * MINUTE_MS);
  ils.set('B1', { status: 'available', atMs: 41 * MINUTE_MS });
  gates.tick(50 * MINUTE_MS);
  expect(findings).toMatchObject([
    { at: new Date(40 * MINUTE_MS).toISOString(), gate: { finding: 'left-without-loan', item: 'B1', tag: TAG } },
  ]);
});

test('what comes in, and what the catalogue does not know, is not judged', () => {
  const { gates, findings, ils } = world();
  ils.set('B1', { status: 'available', atMs: 2 * MINUTE_MS });
  gates.take(passage('pass', { direction: 'in' }), 1000);
  gates.take(passage('pass', { tag: 'epc:FFFF' }), 1000);
  gates.tick(60 * MINUTE_MS);
  expect(findings).toEqual([]);
});

test('what waits survives a restart', () => {
  const first = world();
  first.gates.take(passage('pass'), 1000);
  first.gates.take(passage('pass'), 2000);
  const rows = first.gates.takeMemory('gate demo');
  expect(first.gates.takeMemory('gate demo')).toEqual([]);
  const { gates, findings, ils } = world();
  gates.recall(rows.map(({ key, body }) => [key, body ?? '']));
  ils.set('B1', { status: 'available', atMs: MINUTE_MS });
  gates.tick(60 * MINUTE_MS);
  expect(findings).toHaveLength(2);
  expect(gates.takeMemory('gate demo').map(({ key, body }) => [key, body])).toEqual([
    ['1', null],
    ['2', null],
  ]);
});

test('no more than a day of a big branch waits', () => {
  const { gates, findings, ils } = world();
  ils.set('B1', { status: 'available', atMs: 10_000 });
  for (let n = 0; n < 5001; n += 1) gates.take(passage('pass'), n);
  expect(findings).toHaveLength(1);
});
