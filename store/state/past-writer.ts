/**
 * Keeps the past in step with the facts, in the transaction that writes them.
 *
 *     arrived --> a stay begins       moved --> one ends, another begins       departed --> it ends
 *
 * Each of them also counts in the tallies of its place. Only facts are taken, never rows: a commit may hold an hour of
 * catching up, of which the rows show the end alone.
 */
import type { Fact } from '#contract/domain/fact.ts';
import { bulkInsert } from '#store/sqlite/bulk.ts';
import type { Database } from '#store/sqlite/database.ts';
import { number, numberOrNull, type SqlValue } from '#store/sqlite/values.ts';
import { LASTING_MS, TALLY_SPANS_MINUTES } from './past-schema.ts';
import { PAST_STEP_MS } from './past.ts';

interface Lasting {
  readonly n: number;
  readonly fromMs: number;
  readonly isWrong: boolean;
}

export function openPastWriter(database: Database): (facts: readonly Fact[]) => void {
  const stays = openStays(database);
  const writeTallies = openTallies(database);
  const hear = database.prepare(
    'INSERT OR REPLACE INTO read_point_past(library, read_point, from_ms, state) VALUES (?, ?, ?, ?)',
  );

  /** Ends the stay at `from`; gives the moment, which never lies before the beginning. */
  function end(fact: Fact, from: string, tally: Tally): number {
    const atMs = Date.parse(fact.at);
    const lasting = stays.find(fact.library, from, fact.subject);
    if (lasting === undefined) return atMs;
    const endMs = Math.max(atMs, lasting.fromMs);
    stays.end(fact, { ...lasting, place: from, endMs });
    tally(from, endMs, { items: -1, wrong: lasting.isWrong ? -1 : 0 });
    return endMs;
  }

  function setWrong(fact: Fact, place: string, tally: Tally, isWrong: boolean): void {
    const lasting = stays.find(fact.library, place, fact.subject);
    if (lasting === undefined || lasting.isWrong === isWrong) return;
    const atMs = Math.max(Date.parse(fact.at), lasting.fromMs);
    stays.setWrong(fact, { ...lasting, place, atMs, isWrong });
    tally(place, atMs, { items: 0, wrong: isWrong ? 1 : -1 });
  }

  function take(fact: Fact, tally: Tally): void {
    switch (fact.kind) {
      case 'item-arrived':
      case 'item-moved':
      case 'item-departed': {
        const atMs = fact.from == null ? Date.parse(fact.at) : end(fact, fact.from, tally);
        if (fact.to == null) return;
        stays.begin(fact, fact.to, atMs);
        tally(fact.to, atMs, { items: 1, wrong: 0 });
        return;
      }
      case 'item-misshelved':
        if (fact.to != null) setWrong(fact, fact.to, tally, true);
        return;
      case 'item-ticked-off':
      case 'item-shelved-right': {
        const place = fact.from ?? fact.to;
        if (place != null) setWrong(fact, place, tally, false);
        return;
      }
      case 'antenna-state':
        if (fact.state !== undefined) hear.run([fact.library, fact.subject, Date.parse(fact.at), fact.state]);
        return;
      default:
    }
  }

  return (facts) => {
    const tallies = createTallies();
    for (const fact of facts)
      take(fact, (place, atMs, by) => {
        tallies.add(fact.library, place, { atMs, ...by });
      });
    writeTallies(tallies.rows());
  };
}

type Tally = (place: string, atMs: number, by: { readonly items: number; readonly wrong: number }) => void;

interface TallyRow {
  readonly key: readonly [library: string, span: number, place: string, bucket: number];
  items: number;
  wrong: number;
}

/** Sums of one commit, so that a thousand books that arrive on one shelf are one row. */
function createTallies(): {
  add(library: string, place: string, change: { atMs: number; items: number; wrong: number }): void;
  rows(): Iterable<TallyRow>;
} {
  const sums = new Map<string, TallyRow>();
  return {
    add(library, place, { atMs, items, wrong }) {
      for (const span of TALLY_SPANS_MINUTES) {
        const bucket = Math.floor(atMs / (span * PAST_STEP_MS));
        const name = `${library} ${String(span)} ${place} ${String(bucket)}`;
        const known = sums.get(name) ?? { key: [library, span, place, bucket], items: 0, wrong: 0 };
        known.items += items;
        known.wrong += wrong;
        sums.set(name, known);
      }
    },
    rows: () => sums.values(),
  };
}

function openTallies(database: Database): (rows: Iterable<TallyRow>) => void {
  const insert = bulkInsert(database, {
    before: 'INSERT INTO place_tally(library, span, place, bucket, items, wrong) VALUES',
    columns: 6,
    after: 'ON CONFLICT DO UPDATE SET items = items + excluded.items, wrong = wrong + excluded.wrong',
  });
  return (rows) => {
    insert([...rows].flatMap(({ key, items, wrong }): SqlValue[] => [...key, items, wrong]));
  };
}

interface Stays {
  find(library: string, place: string, item: string): Lasting | undefined;
  begin(fact: Fact, place: string, atMs: number): void;
  end(fact: Fact, stay: Lasting & { readonly place: string; readonly endMs: number }): void;
  setWrong(
    fact: Fact,
    stay: Lasting & { readonly place: string; readonly atMs: number; readonly isWrong: boolean },
  ): void;
}

function openStays(database: Database): Stays {
  const one = `library = ? AND place = ? AND to_ms = ${String(LASTING_MS)} AND item = ?`;
  const find = database.prepare(`SELECT n, from_ms, wrong_from_ms, wrong_to_ms FROM stay WHERE ${one}`);
  const begin = database.prepare(
    `INSERT OR REPLACE INTO stay(library, place, to_ms, item, n, from_ms, confidence)
     VALUES (?, ?, ${String(LASTING_MS)}, ?, ?, ?, ?)`,
  );
  const end = database.prepare(`UPDATE stay SET to_ms = ? WHERE ${one} AND n = ?`);
  const wrong = database.prepare(`UPDATE stay SET wrong_from_ms = ?, wrong_to_ms = NULL WHERE ${one} AND n = ?`);
  const right = database.prepare(`UPDATE stay SET wrong_to_ms = ? WHERE ${one} AND n = ?`);
  return {
    find(library, place, item) {
      const row = find.get([library, place, item]);
      if (row === undefined) return undefined;
      const isWrong = numberOrNull(row, 'wrong_from_ms') !== null && numberOrNull(row, 'wrong_to_ms') === null;
      return { n: number(row, 'n'), fromMs: number(row, 'from_ms'), isWrong };
    },
    begin(fact, place, atMs) {
      begin.run([fact.library, place, fact.subject, fact.n, atMs, fact.confidence ?? null]);
    },
    end(fact, { place, endMs, n }) {
      end.run([endMs, fact.library, place, fact.subject, n]);
    },
    setWrong(fact, { place, atMs, n, isWrong }) {
      (isWrong ? wrong : right).run([atMs, fact.library, place, fact.subject, n]);
    },
  };
}
