/** The command `locate` with the rule to beat, in a process of its own: what is typed, and what it prints. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BaselineRun } from '#cli/locate/baseline-run.ts';
import { locatePlan } from '#cli/locate/plan-file.ts';
import { ASSET_TRACKING } from '#engine/baseline/mobility-profile.ts';

const PLAN = {
  readPoints: [
    { reader: 'r', antenna: 1, place: 'left' },
    { reader: 'r', antenna: 1, place: 'also left' },
    { reader: 'r', antenna: 2, place: 'right' },
  ],
};
/** 1250 ms after the last read on the left anything louder will do; that the shelf is heard again 10 min later is an arrival. */
const READS = [
  'time_ms,reader,antenna,tag,rssi_dbm',
  '0,r,1,A,-60',
  '1240,r,2,A,-59.9',
  '1250,r,2,A,-59.9',
  '700000,r,1,A,-70',
  '700000,r,3,A,-70',
].join('\n');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'locate-'));
  writeFileSync(join(folder, 'plan.json'), JSON.stringify(PLAN));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function locate(rule: string) {
  const typed = ['--import', 'tsx', 'shelfwise.ts', 'locate', '--plan', join(folder, 'plan.json'), '--rule', rule];
  return spawnSync(process.execPath, typed, { input: READS, encoding: 'utf8' });
}

describe('locate --rule', () => {
  test('baseline: facts in event time, then a line for each tag; what the plan does not know is named', () => {
    const { stdout, stderr, status } = locate('baseline');
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(lines).toEqual([
      { at: 0, tag: 'A', fact: 'arrived', place: 'left', from: null, confidence: 1 },
      { at: 1250, tag: 'A', fact: 'moved', place: 'right', from: 'left', confidence: 1 },
      { at: 630_000, tag: 'A', fact: 'departed', place: null, from: 'right', confidence: 1 },
      { at: 700_000, tag: 'A', fact: 'arrived', place: 'left', from: null, confidence: 1 },
      { tag: 'A', place: 'left', confidence: 1 },
    ]);
    expect(stderr).toContain('line 6: antenna');
    expect(status).toBe(1);
  });

  test('its second profile holds a tag for a minute; any other name is refused', () => {
    expect(locate('baseline-retail-garment').stdout).not.toContain('moved');
    const refused = locate('best');
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain('--rule takes');
  });
});

describe('the baseline in a run', () => {
  test('a tag is unknown before its first read', () => {
    const run = new BaselineRun(locatePlan.parse(PLAN), ASSET_TRACKING);
    expect(run.placeOf('A')).toBeUndefined();
    expect(run.push({ timeMs: 5, reader: 'x', antenna: '1', tag: 'A', rssiDbm: -60 })).toBe('reader');
    expect(run.push({ timeMs: 5, reader: 'r', antenna: '1', tag: 'A', rssiDbm: -60 })).toBeUndefined();
    expect(run.placeOf('A')).toEqual({ tag: 'A', place: 'left', confidence: 1 });
  });
});
