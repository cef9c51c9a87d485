import { describe, expect, it } from '@jest/globals';
import type { Place, Plan } from '#contract/domain/plan.ts';
import { PlanIndex } from '#dashboard/web/map/plan-index.ts';
import { placeText, placeWord, type Words } from '#dashboard/web/words/place-words.ts';
import { wordsOf } from '#test/dashboard/web/words/locale-files.ts';

const TREE: readonly Place[] = [
  { id: 'lib', kind: 'library', parent: null, name: 'Riverside' },
  { id: 'main', kind: 'branch', parent: 'lib', name: 'Main' },
  { id: 'f2', kind: 'floor', parent: 'main', name: '2' },
  { id: 'z', kind: 'zone', parent: 'f2', name: 'Open shelves' },
  { id: 'r14', kind: 'range', parent: 'z', name: '14' },
  { id: 'b3', kind: 'bay', parent: 'r14', name: '3' },
  { id: 's5', kind: 'shelf', parent: 'b3', name: '5' },
];

function indexOf(places: readonly Place[]): PlanIndex {
  const plan: Plan = {
    version: 1,
    validFrom: '2026-01-01T00:00:00.000Z',
    places: [...places],
    aisles: [],
    lines: [],
    readPoints: [],
    sensors: [],
  };
  return new PlanIndex(plan);
}

const english = wordsOf('en');

describe('placeText', () => {
  it('says where a shelf is, from the floor down', () => {
    expect(placeText(indexOf(TREE), 's5', english)).toBe('Floor 2 · Range 14 · Bay 3 · Shelf 5');
  });

  it('says it as Chinese librarians do', () => {
    expect(placeText(indexOf(TREE), 's5', wordsOf('zh-Hans'))).toBe('2楼 · 第14排 · 第3架 · 第5层');
    expect(placeText(indexOf(TREE), 's5', wordsOf('zh-Hant'))).toBe('2樓 · 第14排 · 第3架 · 第5層');
  });

  it('names the zone when there is no range to name', () => {
    expect(placeText(indexOf(TREE), 'z', english)).toBe('Floor 2 · Open shelves');
  });

  it('names the branch only where there are several', () => {
    const two: Place[] = [...TREE, { id: 'east', kind: 'branch', parent: 'lib', name: 'East' }];
    expect(placeText(indexOf(two), 'f2', english)).toBe('Main · Floor 2');
  });

  it('shows an id the plan has forgotten as it is', () => {
    expect(placeText(indexOf(TREE), 'gone-1', english)).toBe('gone-1');
  });
});

describe('placeWord', () => {
  const t: Words = (key, values) => `${key}:${String(values?.['name'])}`;
  const room = (name: string): Place => ({ id: 'x', kind: 'room', parent: null, name });

  it.each(['2', '14', '14a', 'B', 'G-3', 'A12', '201'])('puts the kind before the bare label %s', (name) => {
    expect(placeWord(room(name), t)).toBe(`place.room:${name}`);
  });

  it.each(['Quiet reading', 'Reading room 2', '古籍阅览室', 'Café'])('leaves the name %s alone', (name) => {
    expect(placeWord(room(name), t)).toBe(name);
  });
});
