/** A sweep along three shelves of a bay, as the engine sees it, with restarts anywhere. */
import { describe, expect, test } from '@jest/globals';
import type { Item } from '#contract/domain/item.ts';
import type { SweepRow } from '#contract/domain/sweep.ts';
import type { Plan } from '#contract/domain/plan.ts';
import type { TagObservation } from '#contract/wire/observation.ts';
import { createEngine, type Engine } from '#engine/engine.ts';
import { JournalStory, LIBRARY } from '#test/engine/journal-story.ts';

const START = Date.UTC(2026, 2, 2, 9);
const SHELVES = ['s-1', 's-2', 's-3'] as const;
const BOOKS_EACH = 30;

const epc = (book: number): string => `3000${book.toString(16).toUpperCase().padStart(8, '0')}`;
const shelfTag = (shelf: number): string => `5E1F${String(shelf).padStart(8, '0')}`;
const barcode = (book: number): string => `B${String(book).padStart(4, '0')}`;
const callNumber = (book: number): string => `${100 + book} A`;

const plan: Plan = {
  version: 1,
  validFrom: '2026-01-01T00:00:00.000Z',
  places: [
    { id: 'lib', kind: 'library', parent: null, name: 'Library' },
    { id: 'main', kind: 'branch', parent: 'lib', name: 'Main' },
    { id: 'bay', kind: 'bay', parent: 'main', name: '1' },
    ...SHELVES.map((id, i) => ({
      id,
      kind: 'shelf' as const,
      parent: 'bay',
      name: String(i + 1),
      tier: i + 1,
      shelfTag: `epc:${shelfTag(i)}`,
      range: {
        scheme: 'ddc' as const,
        from: callNumber(i * BOOKS_EACH),
        to: callNumber((i + 1) * BOOKS_EACH - 1),
      },
    })),
  ],
  aisles: [],
  lines: [],
  readPoints: [{ id: 'rp-wand', reader: 'wand-1', antenna: 1, places: ['s-1'] }],
  sensors: [],
};

const catalogue: Item[] = Array.from({ length: SHELVES.length * BOOKS_EACH }, (_, book) => ({
  library: LIBRARY,
  barcode: barcode(book),
  title: `Book ${String(book)}`,
  author: '',
  year: null,
  language: 'en',
  scheme: 'ddc',
  callNumber: callNumber(book),
  branch: 'main',
  collection: '',
  tags: [`epc:${epc(book)}`],
}));

interface Heard {
  readonly epc: string;
  readonly at: number;
  readonly reads?: number;
  readonly dbm?: number;
}

function sighting({ epc: tag, at, reads = 6, dbm = -50 }: Heard, session: string, shelf: string): TagObservation {
  const time = new Date(START + at).toISOString();
  return {
    kind: 'tag',
    reader: 'wand-1',
    antenna: 1,
    readPoint: 'rp-wand',
    phase: 'new',
    first: time,
    last: time,
    reads,
    cyclesSeen: 1,
    cyclesLive: 1,
    rssi: { n: reads, meanMw: 10 ** (dbm / 10), maxDbm: dbm, lastDbm: dbm },
    id: { epc: tag },
    position: { session, shelfTag: shelf, order: at },
  };
}

const BOOK_MS = 100;

/** A sweep in which shelf tags are read like any other tag and the edge knows nothing of them. */
function sweepOf(rows: readonly (readonly number[])[]): Heard[] {
  let at = 0;
  return rows.flatMap((row, shelf) => [
    { epc: shelfTag(shelf), at: (at += 2000) },
    ...row.map((book) => ({ epc: epc(book), at: (at += BOOK_MS) })),
  ]);
}

function story(heard: readonly Heard[], session = 'w-1'): JournalStory {
  const journal = new JournalStory();
  journal.add('input', START - 2000, { kind: 'plan', plan });
  journal.add('input', START - 1000, { kind: 'catalogue', version: 1 });
  const last = Math.max(...heard.map(({ at }) => at));
  for (let from = 0; from <= last; from += 1000) {
    const now = heard.filter(({ at }) => at >= from && at < from + 1000);
    if (now.length > 0)
      journal.batch(
        START + from + 1000,
        now.map((one) => sighting(one, session, '')),
      );
    journal.add('tick', START + from + 1000, {});
  }
  return journal;
}

/** Rows by session as they stand at the end; `restartAt`: the engine is put back from its memory before that entry. */
function rowsOf(journal: JournalStory, restartAt = -1): ReadonlyMap<string, SweepRow> {
  const rows = new Map<string, SweepRow>();
  const memory = new Map<string, string>();
  const take = (engine: Engine): void => {
    const change = engine.takeChange();
    for (const row of change.sweeps) rows.set(row.session, row);
    for (const { slice, key, body } of change.memory) {
      if (body === null) memory.delete(`${slice}\n${key}`);
      else memory.set(`${slice}\n${key}`, body);
    }
  };
  let engine = createEngine({ catalogue: () => catalogue });
  journal.entries.forEach((entry, i) => {
    if (i === restartAt) {
      engine = createEngine({ catalogue: () => catalogue });
      engine.restore((slice) =>
        [...memory].flatMap(([name, body]) =>
          name.startsWith(`${slice}\n`) ? [{ slice, key: name.slice(slice.length + 1), body }] : [],
        ),
      );
    }
    engine.reduce(entry);
    take(engine);
  });
  return rows;
}

const rightRows = SHELVES.map((_, shelf) => Array.from({ length: BOOKS_EACH }, (__, i) => shelf * BOOKS_EACH + i));

function resultOf(heard: readonly Heard[]): SweepRow {
  const row = rowsOf(story(heard)).get('w-1');
  if (row === undefined) throw new Error('no sweep');
  return row;
}

describe('a sweep along three shelves', () => {
  test('everything in order: nothing to do, each shelf counted, known within a tick', () => {
    const row = resultOf(sweepOf(rightRows));
    expect([row.findings, row.notFound, row.kept]).toEqual([[], [], 90]);
    expect(row.shelves.map(({ place, expected, read }) => [place, expected, read])).toEqual(
      SHELVES.map((id) => [id, 30, 30]),
    );
    expect(row.endedMs).toBeNull();
  });

  test('a stray on its own shelf is a move behind its neighbour; one that was not heard is not found', () => {
    const rows = rightRows.map((row) => [...row]);
    rows[0]?.splice(5, 1);
    rows[0]?.splice(20, 0, 5);
    rows[2]?.splice(10, 1);
    const row = resultOf(sweepOf(rows));
    expect(row.findings).toMatchObject([
      { kind: 'move', barcode: barcode(5), after: barcode(4), place: 's-1', distance: 15 },
    ]);
    expect(row.notFound).toEqual([{ barcode: barcode(70), place: 's-3' }]);
  });

  test('a book of another shelf: wrong shelf with its home, unless it shines over or stands at the end', () => {
    const rows = rightRows.map((row) => [...row]);
    rows[2]?.splice(15, 1);
    rows[0]?.splice(12, 0, 75);
    rows[1]?.splice(0, 1);
    rows[0]?.push(30);
    const beside = Array.from({ length: 8 }, (_, i) => ({
      epc: epc(32 + 3 * i),
      at: 2500 + i * 300,
      reads: 1,
      dbm: -66,
    }));
    const row = resultOf([...sweepOf(rows), ...beside].sort((a, b) => a.at - b.at));
    expect(row.findings.map(({ kind, barcode: book, place, home }) => [kind, book, place, home])).toEqual([
      ['wrong-shelf', barcode(75), 's-1', ['s-3']],
      ['shelf-end', barcode(30), 's-1', ['s-2']],
    ]);
  });

  test('a shelf swept from its other end is one line; foreign tags are told apart', () => {
    const rows = rightRows.map((row, i) => (i === 1 ? row.toReversed() : row));
    const blank = { epc: '000000000000000000000000', at: 2300 };
    const unknown = { epc: '3000FFFFFFFF', at: 2400 };
    const row = resultOf([...sweepOf(rows), blank, unknown].sort((a, b) => a.at - b.at));
    expect(row.findings.map(({ kind, place }) => [kind, place])).toEqual([
      ['reversed', 's-2'],
      ['blank', 's-1'],
      ['unknown', 's-1'],
    ]);
    expect(row.kept).toBe(90);
  });

  test('without shelf tags the books say where they stand', () => {
    const heard = sweepOf(rightRows).filter(({ epc: tag }) => !tag.startsWith('5E1F'));
    expect(resultOf(heard).shelves.map(({ place }) => place)).toEqual([...SHELVES]);
  });

  test('over after thirty silent seconds, and the same after a restart anywhere', () => {
    const journal = story(sweepOf(rightRows));
    const end = journal.entries.length;
    for (let s = 0; s < 45; s += 1) journal.add('tick', START + 16_000 + s * 1000, {});
    const row = rowsOf(journal).get('w-1');
    expect(row?.endedMs).toBe(row?.lastMs);
    for (const at of [4, 9, end - 1, end + 10]) expect(rowsOf(journal, at).get('w-1')).toEqual(row);
  });
});

test('an uploaded sweep goes the same way', () => {
  const journal = story([{ epc: epc(0), at: 0 }], 'other');
  const reads = (rightRows[1] ?? []).map((book, i) => ({
    barcode: barcode(book),
    at: new Date(START + i * 1000).toISOString(),
  }));
  journal.add('input', START + 2000, { kind: 'sweep', session: 'robot-7', wand: 'robot', place: 's-2', reads });
  journal.add('tick', START + 3000, {});
  const row = rowsOf(journal).get('robot-7');
  expect(row).toMatchObject({ source: 'upload', itemsRead: 30, kept: 30, findings: [], notFoundCount: 0 });
  expect(row?.endedMs).toBe(START + 29_000);
});

test('a wand places nothing: its read point may even stand in the plan', () => {
  const engine = createEngine({ catalogue: () => catalogue });
  for (const entry of story(sweepOf(rightRows)).entries) engine.reduce(entry);
  const { facts, items } = engine.takeChange();
  expect([facts.filter(({ kind }) => kind.startsWith('item-')), items.filter(({ place }) => place !== null)]).toEqual([
    [],
    [],
  ]);
});
