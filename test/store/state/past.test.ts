import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import type { Fact } from '#contract/domain/fact.ts';
import { openDatabase } from '#store/sqlite/database.ts';
import { text } from '#store/sqlite/values.ts';
import { MOVE_KINDS } from '#store/state/past-schema.ts';
import { PAST_STEP_MS, type PlaceCount } from '#store/state/past.ts';
import { STATE_MIGRATIONS } from '#store/state/state-schema.ts';
import { openStateWriter } from '#store/state/state-writer.ts';
import type { StateWriter } from '#store/state/state.ts';

jest.setTimeout(30_000);

let folder: string;
let path: string;
let state: StateWriter;
let offset = 0;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shelfwise-past-'));
  path = join(folder, 'state.db');
  state = openStateWriter(path);
  offset = 0;
});
afterEach(async () => {
  state.close();
  await rm(folder, { recursive: true, force: true });
});

type Seed = Pick<Fact, 'kind' | 'subject'> & Partial<Fact> & { readonly atMs: number };

function factsOf(seeds: readonly Seed[], firstN: number): Fact[] {
  return seeds.map(({ atMs, ...seed }, i) => ({
    library: 'demo',
    n: firstN + i,
    at: new Date(atMs).toISOString(),
    entry: 1,
    evidence: { rule: 'test', competitors: [] },
    ...seed,
  }));
}

function commit(facts: readonly Fact[]): void {
  offset += 1;
  const none = { items: [], zones: [], readPoints: [], memory: [] };
  state.commit({ offset, asOfMs: offset, engineVersion: 'v1', ...none, facts });
}

const PLACES = ['s-1', 's-2', 's-3'];
/** A Friday, in the middle of an hour and of a block of four hours. */
const START_MS = Date.UTC(2026, 10, 20, 9, 30);
const SPAN_MS = 40 * 24 * 3_600_000;

interface Standing {
  place: string;
  isWrong: boolean;
}

/** What the story does to one item next; times rise, as the engine's own do but for late ones. */
const step = fc.record({
  item: fc.constantFrom('b1', 'b2', 'b3', 'b4'),
  to: fc.constantFrom(...PLACES, null, 'wrong', 'right'),
  afterMs: fc.oneof(fc.constantFrom(0, 1, PAST_STEP_MS, 4 * 3_600_000), fc.integer({ min: 0, max: SPAN_MS / 20 })),
});

/** Plays the story; the moments stand beside what stood where just after them. */
function play(steps: readonly { item: string; to: string | null; afterMs: number }[]): {
  seeds: Seed[];
  history: { atMs: number; standing: Map<string, Standing> }[];
} {
  let atMs = START_MS;
  const standing = new Map<string, Standing>();
  const seeds: Seed[] = [];
  const history = [{ atMs: 0, standing: new Map(standing) }];
  for (const { item, to, afterMs } of steps) {
    atMs += afterMs;
    const now = standing.get(item);
    if (to === 'wrong' || to === 'right') {
      if (now === undefined || now.isWrong === (to === 'wrong')) continue;
      const kind = to === 'wrong' ? 'item-misshelved' : 'item-shelved-right';
      seeds.push({
        kind,
        subject: item,
        atMs,
        ...(to === 'wrong' ? { to: now.place } : { from: now.place, to: now.place }),
      });
      standing.set(item, { ...now, isWrong: to === 'wrong' });
    } else {
      if (to === (now?.place ?? null)) continue;
      const kind = to === null ? 'item-departed' : now === undefined ? 'item-arrived' : 'item-moved';
      seeds.push({ kind, subject: item, atMs, from: now?.place ?? null, to });
      if (to === null) standing.delete(item);
      else standing.set(item, { place: to, isWrong: false });
    }
    history.push({ atMs, standing: new Map(standing) });
  }
  return { seeds, history };
}

function countsOf(standing: ReadonlyMap<string, Standing>): Map<string, PlaceCount> {
  const found = [...standing.values()];
  return new Map(
    PLACES.map((place) => {
      const here = found.filter((each) => each.place === place);
      return [place, { items: here.length, wrong: here.filter((each) => each.isWrong).length }];
    }),
  );
}

const full = (counts: ReadonlyMap<string, PlaceCount>): Map<string, PlaceCount> =>
  new Map(PLACES.map((place) => [place, counts.get(place) ?? { items: 0, wrong: 0 }]));

describe('what stood where', () => {
  test('at any full minute is what a replay of the facts says, however they came in', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 40 }),
        fc.array(fc.nat({ max: SPAN_MS }), { maxLength: 8 }),
        (steps, asked) => {
          state.reset();
          const { seeds, history } = play(steps);
          const facts = factsOf(seeds, 1);
          for (let from = 0; from < facts.length; from += 7) commit(facts.slice(from, from + 7));
          const moments = [...asked.map((ms) => START_MS + ms), ...seeds.map(({ atMs }) => atMs), START_MS - 1];
          for (const moment of moments) {
            const atMs = Math.ceil(moment / PAST_STEP_MS) * PAST_STEP_MS;
            const truth = history.findLast((each) => each.atMs < atMs)?.standing ?? new Map<string, Standing>();
            expect(full(state.past.countsAt('demo', PLACES, atMs))).toEqual(countsOf(truth));
            for (const place of PLACES) {
              const rows = state.past.itemsAt('demo', place, { atMs, after: '', limit: 10 });
              expect(rows.map(({ item, misshelved }) => [item, misshelved])).toEqual(
                [...truth]
                  .filter(([, each]) => each.place === place)
                  .map(([item, each]) => [item, each.isWrong])
                  .sort(),
              );
            }
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test('changes of an hour lead from its first minute to its last', () => {
    const { seeds } = play(
      Array.from({ length: 60 }, (_, i) => ({
        item: `b${String(i % 5)}`,
        to: PLACES[(i * 7) % 3] ?? null,
        afterMs: 150_000,
      })),
    );
    commit(factsOf(seeds, 1));
    const [fromMs, toMs] = [START_MS + 1_800_000, START_MS + 5_400_000];
    const counts = new Map(full(state.past.countsAt('demo', PLACES, fromMs)));
    for (const { place, atMs, items, wrong } of state.past.changes('demo', PLACES, { fromMs, toMs })) {
      expect(atMs).toBeGreaterThan(fromMs);
      expect(atMs).toBeLessThanOrEqual(toMs);
      const before = counts.get(place) ?? { items: 0, wrong: 0 };
      counts.set(place, { items: before.items + items, wrong: before.wrong + wrong });
    }
    expect(counts).toEqual(full(state.past.countsAt('demo', PLACES, toMs)));
    const moves = state.past.moves('demo', { fromMs, toMs, afterN: -1, limit: 1000 });
    expect(moves.map(({ n }) => n)).toEqual(
      factsOf(seeds, 1)
        .filter(({ at }) => Date.parse(at) >= fromMs && Date.parse(at) < toMs)
        .map(({ n }) => n),
    );
    const [first] = moves;
    const page = { fromMs: Date.parse(first?.at ?? ''), toMs, afterN: first?.n ?? 0, limit: 3 };
    expect(state.past.moves('demo', page)).toEqual(moves.slice(1, 4));
  });

  test('a departure dated before its arrival ends the stay where it began, not before', () => {
    commit(
      factsOf(
        [
          { kind: 'item-arrived', subject: 'b1', to: 's-1', atMs: START_MS },
          { kind: 'item-departed', subject: 'b1', from: 's-1', to: null, atMs: START_MS - 600_000 },
        ],
        1,
      ),
    );
    for (const atMs of [START_MS - 300_000, START_MS, START_MS + PAST_STEP_MS]) {
      expect(full(state.past.countsAt('demo', PLACES, atMs))).toEqual(countsOf(new Map()));
      expect(state.past.itemsAt('demo', 's-1', { atMs, after: '', limit: 10 })).toEqual([]);
    }
  });

  test('belongs to its library alone, and begins with its first fact', () => {
    expect(state.past.knownFromMs('demo')).toBeNull();
    commit(factsOf([{ kind: 'item-arrived', subject: 'b1', to: 's-1', atMs: START_MS, library: 'other' }], 1));
    const laterMs = START_MS + PAST_STEP_MS;
    expect(state.past.knownFromMs('demo')).toBeNull();
    expect(state.past.knownFromMs('other')).toBe(START_MS);
    expect(state.past.countsAt('demo', PLACES, laterMs).size).toBe(0);
    expect(state.past.itemsAt('demo', 's-1', { atMs: laterMs, after: '', limit: 5 })).toEqual([]);
    expect(state.past.moves('demo', { fromMs: 0, toMs: laterMs, afterN: -1, limit: 5 })).toEqual([]);
  });
});

test('an antenna is in the state it was last said to be in', () => {
  const said = (atMs: number, word: NonNullable<Fact['state']>): Seed => ({
    kind: 'antenna-state',
    subject: 'rp-1',
    state: word,
    atMs,
  });
  commit(factsOf([said(START_MS, 'live'), said(START_MS + 600_000, 'dead')], 1));
  const stateAt = (atMs: number): unknown => state.past.readPointsAt('demo', ['rp-1', 'rp-2'], atMs);
  expect(stateAt(START_MS)).toEqual(new Map());
  expect(stateAt(START_MS + 600_000)).toEqual(new Map([['rp-1', 'live']]));
  expect(stateAt(START_MS + 600_001)).toEqual(new Map([['rp-1', 'dead']]));
  expect(state.past.readPointChanges('demo', ['rp-1'], { fromMs: START_MS + 1, toMs: START_MS + SPAN_MS })).toEqual([
    { readPoint: 'rp-1', atMs: START_MS + 600_000, state: 'dead' },
  ]);
});

test('moves of an hour are found through the index, not by reading the log', () => {
  const database = openDatabase(path, { mode: 'read', migrations: STATE_MIGRATIONS });
  const plan = database
    .prepare(
      `EXPLAIN QUERY PLAN SELECT body FROM fact WHERE library = ? AND body ->> '$.kind' IN ${MOVE_KINDS}
       AND (body ->> '$.at', n) > (?, ?) AND body ->> '$.at' < ? ORDER BY body ->> '$.at', n LIMIT ?`,
    )
    .all(['demo', 'a', 0, 'b', 5]);
  database.close();
  expect(plan.map((row) => text(row, 'detail'))).toEqual([expect.stringContaining('USING INDEX fact_move_at')]);
});
