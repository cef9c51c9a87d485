/** Forty shelves whose books stand two shelves on, from the antennas to the work list, and both answers. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Fact } from '#contract/domain/fact.ts';
import { type HomeShift, shiftRanges } from '#contract/domain/home-shift.ts';
import type { Item } from '#contract/domain/item.ts';
import type { JournalEntry } from '#contract/domain/journal-entry.ts';
import type { HomeShiftRow } from '#contract/domain/state-rows.ts';
import { createEngine, type Engine } from '#engine/engine.ts';
import type { EngineChange } from '#engine/engine-rows.ts';
import { catalogueOf, JournalStory, MemoryStore, reduceAll } from '#test/engine/journal-story.ts';
import { Laboratory, shelfId } from '#test/engine/location/reads-laboratory.ts';

const SHIFTED = 40;
const BOOKS = 6;
/** One book of each of these shelves lies somewhere else altogether. */
const STRAYS = [
  [3, 21],
  [17, 30],
  [31, 8],
] as const;

function storeOf(changes: readonly EngineChange[]): MemoryStore {
  const store = new MemoryStore();
  for (const change of changes) store.commit(change);
  return store;
}

/** Goes on from where the store stands; the engine is killed after the entries that are cuts. */
function reduceInto(
  store: MemoryStore,
  entries: readonly JournalEntry[],
  { catalogue, isCut }: { readonly catalogue: readonly Item[]; readonly isCut: (n: number) => boolean },
): EngineChange[] {
  const changes: EngineChange[] = [];
  let engine: Engine | undefined;
  for (const [n, entry] of entries.entries()) {
    if (engine === undefined) {
      engine = createEngine({ catalogue: () => catalogue });
      engine.restore(store.rowsOf);
    }
    engine.reduce(entry);
    if (!isCut(n) && n < entries.length - 1) continue;
    const change = engine.takeChange();
    changes.push(change);
    store.commit(change);
    engine = undefined;
  }
  return changes;
}

function linesOf(store: MemoryStore): string[] {
  return [...store.rows.keys()]
    .filter((key) => key.startsWith('work misshelved '))
    .map((key) => key.slice(16))
    .sort();
}

function questionsOf(store: MemoryStore): HomeShiftRow[] {
  return [...store.rows]
    .filter(([key]) => key.startsWith('home-shift '))
    .map(([, body]) => JSON.parse(body) as HomeShiftRow);
}

const raised = (facts: readonly Fact[], kind: Fact['kind']): number =>
  facts.filter((fact) => fact.kind === kind).length;

describe('forty shelves two shelves on', () => {
  // Antennas that hear well apart: this is not about where an item stands.
  const lab = new Laboratory({
    bays: 9,
    tiers: 5,
    tagsPerShelf: BOOKS,
    seed: 11,
    shadowDb: 0.5,
    tierGapDb: 7,
    bayGapDb: 7,
  });
  const catalogue = catalogueOf(lab);
  const story = new JournalStory();
  const strays = STRAYS.map(([shelf]) => catalogue[shelf * BOOKS]?.barcode ?? '');
  const changes: EngineChange[] = [];
  let before: MemoryStore;
  let question: HomeShift;

  /** What comes after the question: answers and plans, then ticks. */
  const goOn = (
    inputs: readonly object[],
    ms: number,
  ): { readonly entries: JournalEntry[]; readonly store: MemoryStore } => {
    const more = new JournalStory();
    more.entries.push(...story.entries);
    for (const body of inputs) more.add('input', lab.nowMs, body);
    for (let at = 1000; at <= ms; at += 1000) more.add('tick', lab.nowMs + at, {});
    const store = storeOf(changes);
    reduceInto(store, more.entries.slice(story.entries.length), { catalogue, isCut: (n) => n < 6 || n % 50 === 0 });
    return { entries: more.entries, store };
  };
  const answer = (kind: string): object => ({ kind, shift: question, at: new Date(lab.nowMs).toISOString() });
  const fitting = (): object => ({ kind: 'plan', plan: shiftRanges(lab.plan(), question, '2026-01-05T09:00:00.000Z') });

  beforeAll(() => {
    for (const tag of lab.tags) if (tag.shelf < SHIFTED) tag.shelf += 2;
    for (const [shelf, to] of STRAYS) {
      const tag = lab.tags[shelf * BOOKS];
      if (tag !== undefined) tag.shelf = to;
    }
    story.add('input', lab.nowMs, { kind: 'plan', plan: lab.plan() });
    story.add('input', lab.nowMs, { kind: 'catalogue', version: 1 });
    story.run(lab, 150_000);
    before = new MemoryStore();
    changes.push(...reduceInto(before, story.entries, { catalogue, isCut: (n) => n % 193 === 0 }));
    const [row] = questionsOf(before);
    if (row === undefined) throw new Error('no question');
    question = row.shift;
  });

  test('are one question; the strays are lines, and nobody ever saw two hundred', () => {
    expect(questionsOf(before)).toHaveLength(1);
    expect(question).toMatchObject({ offset: 2, shelves: Array.from({ length: SHIFTED }, (_, i) => shelfId(i)) });
    expect(linesOf(before)).toEqual(strays);
    expect(raised(before.facts, 'item-misshelved')).toBeLessThan(20);
    expect(before.facts.find((fact) => fact.work?.kind === 'home-shift')?.kind).toBe('work-raised');
  });

  test('yes and its plan leave the strays alone', () => {
    const { store } = goOn([answer('accept-home-shift'), fitting()], 400_000);
    expect(questionsOf(store)).toEqual([]);
    expect(linesOf(store)).toEqual(strays);
    expect(raised(store.facts, 'item-misshelved')).toBe(raised(before.facts, 'item-misshelved'));
    const told = store.facts.filter((fact) => fact.subject === question.id).map((fact) => fact.kind);
    expect(told.slice(-2)).toEqual(['work-ticked-off', 'work-cleared']);
  });

  test('no brings the lines and is not asked again; killed anywhere, it goes on as if nothing had happened', () => {
    const { store, entries } = goOn([answer('reject-home-shift')], 700_000);
    expect(questionsOf(store)).toEqual([]);
    expect(linesOf(store).length).toBeGreaterThan(200);
    expect(store.dump()).toBe(reduceAll(entries, catalogue).store.dump());
  });

  test('once the run has gone a no is forgotten', () => {
    const back = { kind: 'plan', plan: { ...lab.plan(), version: 3 } };
    const { store } = goOn([answer('reject-home-shift'), fitting(), back], 2000);
    expect(questionsOf(store).map((row) => [row.shift, row.planVersion])).toEqual([[question, 3]]);
  });
});
