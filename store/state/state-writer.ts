/**
 * The engine's end of the state. Everything that follows from a stretch of the journal is written in one transaction with
 * the offset it ends at, so that after a crash the engine goes on exactly where the rows are.
 */
import { assert } from '#contract/assert.ts';
import type { Fact } from '#contract/domain/fact.ts';
import { bulkInsert } from '#store/sqlite/bulk.ts';
import { openDatabase, type Database } from '#store/sqlite/database.ts';
import { text, type SqlValue } from '#store/sqlite/values.ts';
import { openHomeShiftWriter } from './home-shift-tables.ts';
import { openPastWriter } from './past-writer.ts';
import { readingFrom } from './state-reader.ts';
import { STATE_MIGRATIONS, STATE_TABLES } from './state-schema.ts';
import { openSweepWriter } from './sweep-writer.ts';
import type { MemoryRow, StateCommit, StateWriter } from './state.ts';
import { openWorkTables } from './work-writer.ts';

/** Remembered rows are read in pages: a statement left open would hold the log file back. */
const MEMORY_ROWS_A_PAGE = 1000;

/**
 * NORMAL is enough here: what a power cut takes from the end is reduced again from the journal.
 *
 * Errors: `STO_UNAVAILABLE` (another process writes it), `STO_CORRUPT`, `STO_MIGRATION`.
 */
export function openStateWriter(path: string): StateWriter {
  const database = openDatabase(path, { mode: 'write', synchronous: 'NORMAL', migrations: STATE_MIGRATIONS });
  const reading = readingFrom(database);
  const listeners = new Set<() => void>();
  const write = openTables(database);
  const writeSweeps = openSweepWriter(database);
  const writeWork = openWorkTables(database);
  const writeHomeShifts = openHomeShiftWriter(database);
  const writeFacts = openFacts(database, reading.lastFactNumber);
  const writePast = openPastWriter(database);

  return {
    ...reading,
    commit(change) {
      database.transaction(() => {
        writeFacts(change.facts);
        writePast(change.facts);
        write(change);
        writeSweeps(change.sweeps ?? [], change.signals ?? []);
        writeWork(change);
        writeHomeShifts(change.homeShifts ?? []);
      });
      listeners.forEach((listener) => {
        listener();
      });
    },
    memory: (slice) => memoryOf(database, slice),
    reset() {
      database.transaction(() => {
        for (const table of STATE_TABLES) database.exec(`DROP TABLE ${table}`);
        for (const migration of STATE_MIGRATIONS) database.exec(migration);
      });
    },
    onCommit(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    close() {
      listeners.clear();
      database.close();
    },
  };
}

/** Journal times are whole milliseconds; a mean of some may not be. */
function wholeMs(atMs: number | null): number | null {
  return atMs === null ? null : Math.round(atMs);
}

function openTables(database: Database): (change: StateCommit) => void {
  const items = bulkInsert(database, {
    before: `INSERT INTO item(library, item, place, condition, since_ms, last_seen_ms, confidence, misshelved, ticked_off_ms,
             home) VALUES`,
    columns: 10,
    after: `ON CONFLICT DO UPDATE SET place = excluded.place, condition = excluded.condition, since_ms = excluded.since_ms,
            last_seen_ms = excluded.last_seen_ms, confidence = excluded.confidence, misshelved = excluded.misshelved,
            ticked_off_ms = excluded.ticked_off_ms, home = excluded.home`,
  });
  const zones = bulkInsert(database, {
    before: 'INSERT OR REPLACE INTO zone(library, place, people, low, high, at_ms) VALUES',
    columns: 6,
  });
  const readPoints = bulkInsert(database, {
    before: 'INSERT OR REPLACE INTO read_point(library, read_point, state, since_ms, last_heard_ms) VALUES',
    columns: 5,
  });
  const remember = database.prepare('INSERT OR REPLACE INTO memory(slice, key, body) VALUES (?, ?, ?)');
  const forget = database.prepare('DELETE FROM memory WHERE slice = ? AND key = ?');
  const progress = database.prepare('UPDATE progress SET offset = ?, as_of_ms = ?, engine_version = ?');

  return (change) => {
    items(
      change.items.flatMap((row): SqlValue[] => [
        row.library,
        row.item,
        row.place,
        row.condition,
        wholeMs(row.sinceMs),
        wholeMs(row.lastSeenMs),
        row.confidence,
        row.misshelved ? 1 : 0,
        wholeMs(row.tickedOffMs),
        JSON.stringify(row.home),
      ]),
    );
    zones(
      change.zones.flatMap((row): SqlValue[] => [
        row.library,
        row.place,
        row.people,
        row.low,
        row.high,
        wholeMs(row.atMs),
      ]),
    );
    readPoints(
      change.readPoints.flatMap((row): SqlValue[] => [
        row.library,
        row.readPoint,
        row.state,
        Math.round(row.sinceMs),
        wholeMs(row.lastHeardMs),
      ]),
    );
    // One by one, since a key may be written and deleted in the same commit and the order then counts.
    for (const { slice, key, body } of change.memory) {
      if (body === null) forget.run([slice, key]);
      else remember.run([slice, key, body]);
    }
    progress.run([change.offset, Math.round(change.asOfMs), change.engineVersion]);
  };
}

/** Facts carry their numbers; the log takes only the next one of each library. */
function openFacts(database: Database, lastNumber: (library: string) => number): (facts: readonly Fact[]) => void {
  const insert = bulkInsert(database, { before: 'INSERT INTO fact(library, n, subject, body) VALUES', columns: 4 });
  return (facts) => {
    const last = new Map<string, number>();
    const rows: SqlValue[] = [];
    for (const fact of facts) {
      const expected = (last.get(fact.library) ?? lastNumber(fact.library)) + 1;
      assert(fact.n === expected, `fact ${fact.n} of ${fact.library} follows without a gap (${expected})`);
      last.set(fact.library, fact.n);
      rows.push(fact.library, fact.n, fact.subject, JSON.stringify(fact));
    }
    insert(rows);
  };
}

function* memoryOf(database: Database, slice: string): Iterable<MemoryRow> {
  const firstPage = database.prepare(
    `SELECT key, body FROM memory WHERE slice = ? ORDER BY key LIMIT ${MEMORY_ROWS_A_PAGE}`,
  );
  const nextPage = database.prepare(
    `SELECT key, body FROM memory WHERE slice = ? AND key > ? ORDER BY key LIMIT ${MEMORY_ROWS_A_PAGE}`,
  );
  let rows = firstPage.all([slice]);
  while (rows.length > 0) {
    let key = '';
    for (const row of rows) {
      key = text(row, 'key');
      yield { slice, key, body: text(row, 'body') };
    }
    rows = rows.length < MEMORY_ROWS_A_PAGE ? [] : nextPage.all([slice, key]);
  }
}
