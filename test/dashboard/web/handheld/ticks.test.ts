import { describe, expect, it } from '@jest/globals';
import type { SweepFindingView } from '#contract/wire/rest-sweeps.ts';
import { readTicks, splitTicked, ticksOf, toggleTick, type Ticks } from '#dashboard/web/handheld/ticks.ts';

const finding = (id: string): SweepFindingView => ({
  ...{ id, rank: 0, kind: 'move' as const, item: null, tag: null, place: null, after: null, home: [] },
  ...{ distance: null, certainty: 1, detail: null },
});

describe('ticks', () => {
  it('are set, kept apart by sweep, and taken back', () => {
    let ticks = toggleTick([], 'one', 'a');
    ticks = toggleTick(ticks, 'two', 'a');
    ticks = toggleTick(ticks, 'one', 'b');
    expect([...ticksOf(ticks, 'one')]).toEqual(['a', 'b']);
    ticks = toggleTick(ticks, 'one', 'a');
    expect([...ticksOf(ticks, 'one')]).toEqual(['b']);
    expect([...ticksOf(ticks, 'two')]).toEqual(['a']);
    expect(toggleTick(ticks, 'one', 'b').map(([sweep]) => sweep)).toEqual(['two']);
  });

  it('of the oldest sweeps are forgotten', () => {
    let ticks: Ticks = [];
    for (let n = 0; n < 30; n += 1) ticks = toggleTick(ticks, `s${n}`, 'a');
    expect(ticks.length).toBe(20);
    expect(ticksOf(ticks, 's9').size).toBe(0);
    expect(ticksOf(ticks, 's10').size).toBe(1);
  });

  it('come back from the device as they were; what is no tick is left out', () => {
    const ticks = toggleTick(toggleTick([], 'one', 'a'), 'two', 'b');
    expect(readTicks(JSON.stringify(ticks))).toEqual(ticks);
    expect(readTicks(null)).toEqual([]);
    expect(readTicks('{')).toEqual([]);
    expect(readTicks('{"a":1}')).toEqual([]);
    expect(readTicks('[["one",["a"]],["two",[1]],3,["three"]]')).toEqual([['one', ['a']]]);
  });

  it('move a line from what is open to what is done; one that is gone is in neither', () => {
    const { open, done } = splitTicked([finding('a'), finding('b')], new Set(['b', 'gone']));
    expect(open.map(({ id }) => id)).toEqual(['a']);
    expect(done.map(({ id }) => id)).toEqual(['b']);
  });
});
