import { describe, expect, it } from '@jest/globals';
import { workKind } from '#contract/domain/work-entry.ts';
import type { WorkLines } from '#contract/wire/rest-work-list.ts';
import type { Place } from '#contract/domain/plan.ts';
import { PlanIndex } from '#dashboard/web/map/plan-index.ts';
import {
  KINDS,
  isPartOfAll,
  narrow,
  offeredKinds,
  readFilter,
  toSearch,
  toggleKind,
} from '#dashboard/web/work-list/filters.ts';
import { workLine } from '#test/dashboard/web/work-list/work-line.ts';

const place = (id: string, kind: Place['kind'], parent: string | null): Place => ({ id, kind, parent, name: id });
const plan = new PlanIndex({
  version: 1,
  validFrom: '2026-01-01T00:00:00.000Z',
  places: [
    place('f1', 'floor', null),
    place('f2', 'floor', null),
    place('a', 'shelf', 'f1'),
    place('b', 'shelf', 'f2'),
  ],
  aisles: [],
  lines: [],
  readPoints: [],
  sensors: [],
});

describe('the filter of the work list', () => {
  it('knows every kind there is', () => {
    expect([...KINDS].sort()).toEqual([...workKind.options].sort());
  });

  it('comes back from the address as it was, without what the address made up', () => {
    const filter = readFilter({ kind: 'misshelved,nonsense,pull', floor: 'f1' });
    expect(filter).toEqual({ kinds: ['pull', 'misshelved'], floor: 'f1' });
    expect(readFilter(toSearch(filter))).toEqual(filter);
    expect(toSearch(readFilter({}))).toEqual({});
  });

  it('adds a kind and takes it back', () => {
    const one = toggleKind({ kinds: ['search'], floor: undefined }, 'pull');
    expect(one.kinds).toEqual(['pull', 'search']);
    expect(toggleKind(one, 'search').kinds).toEqual(['pull']);
  });

  it('offers kinds with lines, and a chosen one without', () => {
    const offers = offeredKinds([{ kind: 'untagged', lines: 7 }], { kinds: ['pull'], floor: undefined });
    expect(offers).toEqual([
      { kind: 'pull', lines: 0 },
      { kind: 'untagged', lines: 7 },
    ]);
  });

  it('cuts the whole list without the server, in its order and with no length it cannot know', () => {
    const all: WorkLines = {
      rows: [
        workLine({ subject: '1', place: 'b' }),
        workLine({ subject: '2', place: 'a', kind: 'pull' }),
        workLine({ subject: '3', place: 'a' }),
        workLine({ subject: '4', place: null }),
      ],
      next: 'more',
      walkMetres: 80,
      counts: [],
      asOf: null,
    };
    const cut = narrow(all, { kinds: ['misshelved'], floor: 'f1' }, plan);
    expect(cut.rows.map(({ subject }) => subject)).toEqual(['3']);
    expect(cut.walkMetres).toBe(0);
    expect(narrow(all, { kinds: [], floor: undefined }, undefined).rows).toHaveLength(4);
    expect(isPartOfAll({ kinds: ['pull'], floor: 'f1' })).toBe(true);
    expect(isPartOfAll({ kinds: ['pull', 'untagged'], floor: undefined })).toBe(false);
  });
});
