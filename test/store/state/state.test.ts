import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import type { Fact } from '#contract/domain/fact.ts';
import { openStateReader } from '#store/state/state-reader.ts';
import { openStateWriter } from '#store/state/state-writer.ts';
import type { ItemRow, StateCommit, StateWriter } from '#store/state/state.ts';

// Law tests and real processes on a busy machine take longer than Jest's five seconds.
jest.setTimeout(30_000);

let folder: string;
let path: string;
let state: StateWriter;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shelfwise-state-'));
  path = join(folder, 'state.db');
  state = openStateWriter(path);
});
afterEach(async () => {
  state.close();
  await rm(folder, { recursive: true, force: true });
});

function commit(over: Partial<StateCommit> = {}): void {
  const none = { facts: [], items: [], zones: [], readPoints: [], memory: [] };
  state.commit({ offset: 1, asOfMs: 1000, engineVersion: 'v1', ...none, ...over });
}
function itemRow(item: string, over: Partial<ItemRow> = {}): ItemRow {
  return {
    library: 'demo',
    item,
    place: 'shelf-1',
    condition: 'present',
    sinceMs: 1,
    lastSeenMs: 2,
    confidence: 0.75,
    misshelved: false,
    tickedOffMs: null,
    home: ['shelf-1', 'shelf-2'],
    ...over,
  };
}
function factRow(n: number, over: Partial<Fact> = {}): Fact {
  const evidence = { rule: 'baseline', competitors: [{ place: 'shelf-1', weight: 0.9, events: ['gw:epoch-001:1:0'] }] };
  return {
    n,
    library: 'demo',
    at: '2026-01-01T00:00:00.000Z',
    entry: n,
    kind: 'item-arrived',
    subject: 'b1',
    to: 'shelf-1',
    evidence,
    ...over,
  };
}

describe('a commit', () => {
  test('is seen as one by readers in other processes', () => {
    const reader = openStateReader(path);
    expect([reader.offset(), reader.asOfMs(), reader.engineVersion()]).toEqual([0, null, null]);
    const zone = { library: 'demo', place: 'zone-1', people: 3.5, low: 1, high: null, atMs: 7 };
    const readPoint = { library: 'demo', readPoint: 'rp-1', state: 'blind' as const, sinceMs: 5, lastHeardMs: null };
    commit({
      offset: 9,
      asOfMs: 123,
      items: [itemRow('b1')],
      facts: [factRow(1)],
      zones: [zone],
      readPoints: [readPoint],
    });
    expect([reader.offset(), reader.asOfMs(), reader.engineVersion()]).toEqual([9, 123, 'v1']);
    expect(reader.item('demo', 'b1')).toEqual(itemRow('b1'));
    expect(reader.factsAfter('demo', 0, 10)).toEqual([factRow(1)]);
    expect(reader.zones('demo')).toEqual([zone]);
    expect(reader.readPoints('demo')).toEqual([readPoint]);
    expect([reader.zones('other'), reader.readPoints('other'), reader.item('other', 'b1')]).toEqual([
      [],
      [],
      undefined,
    ]);
    reader.close();
  });

  test('that fails changes nothing', () => {
    commit({ facts: [factRow(1)] });
    const gap = { offset: 5, items: [itemRow('b1')], facts: [factRow(2), factRow(4)] };
    expect(() => {
      commit(gap);
    }).toThrow('fact 4 of demo follows without a gap (3)');
    expect(() => {
      commit({ offset: 5, zones: [{ library: 'demo', place: 'z', people: Number.NaN, low: 0, high: 0, atMs: 0 }] });
    }).toThrow('STO_BAD_VALUE');
    expect([state.offset(), state.lastFactNumber('demo'), state.item('demo', 'b1')]).toEqual([1, 1, undefined]);
  });

  test('wakes listeners until they stop', () => {
    let woken = 0;
    const stop = state.onCommit(() => (woken += 1));
    commit();
    stop();
    commit();
    expect(woken).toBe(1);
  });

  test('outlives a restart', () => {
    commit({ offset: 42, memory: [{ slice: 'a', key: 'k', body: '{}' }] });
    state.close();
    state = openStateWriter(path);
    expect([state.offset(), [...state.memory('a')]]).toEqual([42, [{ slice: 'a', key: 'k', body: '{}' }]]);
  });
});

describe('facts', () => {
  test('are numbered per library', () => {
    commit({ facts: [factRow(1), factRow(1, { library: 'other' }), factRow(2)] });
    commit({ facts: [factRow(2, { library: 'other' }), factRow(3)] });
    expect([state.lastFactNumber('demo'), state.lastFactNumber('other'), state.lastFactNumber('none')]).toEqual([
      3, 2, 0,
    ]);
    expect(state.factsAfter('demo', 1, 1).map((one) => one.n)).toEqual([2]);
  });

  test('of one subject come newest first', () => {
    commit({ facts: [factRow(1), factRow(2, { subject: 'b2' }), factRow(3), factRow(4)] });
    expect(state.factsOfSubject('demo', 'b1', 2).map((one) => one.n)).toEqual([4, 3]);
    expect(state.factsOfSubject('other', 'b1', 2)).toEqual([]);
  });
});

describe('items', () => {
  test('keep their newest row, in full', () => {
    commit({
      items: [itemRow('b1'), itemRow('b1', { place: null, condition: 'departed', confidence: null, home: [] })],
    });
    commit({ items: [itemRow('b2', { misshelved: true, tickedOffMs: 9.4 })] });
    expect(state.item('demo', 'b1')).toEqual(
      itemRow('b1', { place: null, condition: 'departed', confidence: null, home: [] }),
    );
    expect(state.item('demo', 'b2')).toEqual(itemRow('b2', { misshelved: true, tickedOffMs: 9 }));
    expect([...state.items('demo', ['b2', "b'1", 'b1']).keys()].sort()).toEqual(['b1', 'b2']);
    expect(state.items('other', ['b1']).size).toBe(0);
  });

  test('of a place come in barcode order, page by page', () => {
    commit({ items: ['b3', 'b1', 'b2'].map((item) => itemRow(item)).concat(itemRow('b0', { place: 'shelf-2' })) });
    expect(state.itemsAt('demo', 'shelf-1', { after: '', limit: 2 }).map((row) => row.item)).toEqual(['b1', 'b2']);
    expect(state.itemsAt('demo', 'shelf-1', { after: 'b2', limit: 2 }).map((row) => row.item)).toEqual(['b3']);
  });

  test('that stand wrong are found', () => {
    commit({ items: [itemRow('b1'), itemRow('b2', { misshelved: true }), itemRow('b3', { misshelved: true })] });
    commit({ items: [itemRow('b3')] });
    expect(state.misshelved('demo', 9).map((row) => row.item)).toEqual(['b2']);
    expect(state.misshelved('other', 9)).toEqual([]);
  });

  test('law: the counts of a place are those of its rows, whatever happened', () => {
    const row = fc.record({
      item: fc.constantFrom('b1', 'b2', 'b3'),
      library: fc.constantFrom('demo', 'other'),
      place: fc.constantFrom(null, 'shelf-1', 'shelf-2'),
      condition: fc.constantFrom('present' as const, 'departed' as const),
      misshelved: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(fc.array(row, { maxLength: 12 }), { maxLength: 4 }), (commits) => {
        for (const rows of commits) commit({ items: rows.map((one) => itemRow(one.item, one)) });
        for (const library of ['demo', 'other']) {
          const present = ['b1', 'b2', 'b3']
            .map((item) => state.item(library, item))
            .filter((one) => one?.condition === 'present');
          const counts = state.placeCounts(library, ['shelf-1', 'shelf-2', 'shelf-3']);
          for (const place of ['shelf-1', 'shelf-2', 'shelf-3']) {
            const here = present.filter((one) => one?.place === place);
            expect(counts.get(place)).toEqual({
              items: here.length,
              wrong: here.filter((one) => one?.misshelved === true).length,
            });
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('memory', () => {
  test('keeps what was written last and forgets what was deleted, in that order', () => {
    commit({
      memory: [
        { slice: 'a', key: '', body: '0' },
        { slice: 'a', key: 'k', body: '1' },
        { slice: 'b', key: 'k', body: '2' },
      ],
    });
    commit({
      memory: [
        { slice: 'a', key: 'k', body: null },
        { slice: 'a', key: 'k', body: '3' },
        { slice: 'b', key: 'k', body: null },
      ],
    });
    expect([...state.memory('a')]).toEqual([
      { slice: 'a', key: '', body: '0' },
      { slice: 'a', key: 'k', body: '3' },
    ]);
    expect([...state.memory('b')]).toEqual([]);
  });

  test('of any size is read whole, also when the reader stops in the middle', () => {
    const memory = Array.from({ length: 2500 }, (_, i) => ({
      slice: 'a',
      key: String(i).padStart(5, '0'),
      body: '{}',
    }));
    commit({ memory });
    for (const row of state.memory('a')) if (row.key === '00003') break;
    expect([...state.memory('a')]).toEqual(memory);
  });
});

test('a reset forgets everything, also for readers that are open, and facts start again from 1', () => {
  commit({ items: [itemRow('b1')], facts: [factRow(1)], memory: [{ slice: 'a', key: 'k', body: '1' }] });
  const reader = openStateReader(path);
  expect(reader.item('demo', 'b1')).toBeDefined();
  state.reset();
  expect([reader.offset(), reader.engineVersion(), reader.item('demo', 'b1')]).toEqual([0, null, undefined]);
  expect(reader.placeCounts('demo', ['shelf-1']).get('shelf-1')).toEqual({ items: 0, wrong: 0 });
  expect([...state.memory('a')]).toEqual([]);
  commit({ facts: [factRow(1)], items: [itemRow('b1')] });
  expect(reader.factsAfter('demo', 0, 9)).toHaveLength(1);
  reader.close();
});
