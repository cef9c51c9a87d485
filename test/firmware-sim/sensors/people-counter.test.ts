import { describe, expect, test } from '@jest/globals';
import { decodeVs133, lineTotals } from '#contract/codec/milesight/vs133.ts';
import { decodeUplink } from '#contract/codec/things-stack/uplink.ts';
import { PeopleCounter } from '#sim/sensors/people-counter.ts';

function readReport(json: string): { totalIn: number; totalOut: number; frame: number; hex: string } {
  const uplink = decodeUplink(json);
  if (!uplink.ok) throw new Error(uplink.error.detail);
  const [line] = lineTotals(decodeVs133(uplink.value.payload).readings);
  return {
    totalIn: line?.totalIn ?? -1,
    totalOut: line?.totalOut ?? -1,
    frame: uplink.value.frameCounter,
    hex: Buffer.from(uplink.value.payload).toString('hex'),
  };
}

describe('a people counter', () => {
  test('reports battery, totals and the period in the channels of the maker', () => {
    const counter = new PeopleCounter('counter-door', 1);
    const before = counter.totals();
    for (let n = 0; n < 50; n += 1) counter.cross('in');
    const { in: totalIn, out: totalOut } = counter.totals();
    const le32 = (value: number): string => Buffer.from(Uint32Array.of(value).buffer).toString('hex');
    const counted = totalIn - before.in;
    const { hex } = readReport(counter.report(0));
    expect(hex).toBe(
      `01756403d2${le32(totalIn)}04d2${le32(totalOut)}05cc${counted.toString(16).padStart(2, '0')}000000`,
    );
  });

  test('misses one to two in a hundred in each direction, and its truth is known', () => {
    const counter = new PeopleCounter('counter-door', 1);
    const before = counter.totals();
    for (let n = 0; n < 50_000; n += 1) {
      counter.cross('in');
      counter.cross('out');
    }
    for (const direction of ['in', 'out'] as const) {
      const missed = 1 - (counter.totals()[direction] - before[direction]) / 50_000;
      expect(missed).toBeGreaterThan(0.008);
      expect(missed).toBeLessThan(0.022);
      expect(Math.abs(missed - counter.missShare[direction])).toBeLessThan(0.003);
    }
  });

  test('totals and frames run on over a restart', () => {
    const counter = new PeopleCounter('counter-door', 1);
    for (let n = 0; n < 9; n += 1) counter.cross('out');
    const last = readReport(counter.report(0));
    const again = new PeopleCounter('counter-door', 1, counter.state());
    const next = readReport(again.report(0));
    expect(next).toMatchObject({ totalIn: last.totalIn, totalOut: last.totalOut, frame: last.frame + 1 });
  });
});
