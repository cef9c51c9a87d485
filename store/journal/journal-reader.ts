import type { JournalEntry, JournalEntryKind } from '#contract/domain/journal-entry.ts';
import { openDatabase, type Database } from '#store/sqlite/database.ts';
import { number, numberOrNull, text, textOrNull, type SqlRow } from '#store/sqlite/values.ts';
import { JOURNAL_MIGRATIONS } from './journal-schema.ts';
import type { JournalReader } from './journal.ts';
import { openHolds } from './marks.ts';

/** For every process but the broker. Errors: `STO_UNAVAILABLE` (no journal yet), `STO_CORRUPT`, `STO_MIGRATION`. */
export function openJournalReader(path: string): JournalReader {
  const database = openDatabase(path, { mode: 'read', migrations: JOURNAL_MIGRATIONS });
  return {
    ...readingFrom(database),
    close() {
      database.close();
      return Promise.resolve();
    },
  };
}

/** The questions, over an open file. */
export function readingFrom(database: Database): Omit<JournalReader, 'close'> {
  const after = database.prepare(
    `SELECT offset, library, kind, received_at_ms, source, epoch, seq, shift_ms, body
     FROM entry WHERE offset > ? ORDER BY offset LIMIT ?`,
  );
  const last = database.prepare(
    'SELECT max(coalesce((SELECT max(offset) FROM entry), 0), last_offset) AS last_offset FROM trimmed',
  );
  const first = database.prepare('SELECT min(offset) AS first_offset FROM entry');
  const lastOffset = (): number => number(last.get() ?? {}, 'last_offset');
  return {
    readAfter: (offset, limit) => after.all([offset, limit]).map(toEntry),
    lastOffset,
    holds: openHolds(database),
    firstOffset: () => numberOrNull(first.get() ?? {}, 'first_offset') ?? lastOffset() + 1,
  };
}

function toEntry(row: SqlRow): JournalEntry {
  return {
    offset: number(row, 'offset'),
    library: text(row, 'library'),
    // Only the writer writes, and it takes nothing else.
    kind: text(row, 'kind') as JournalEntryKind,
    receivedAtMs: number(row, 'received_at_ms'),
    source: text(row, 'source'),
    epoch: textOrNull(row, 'epoch'),
    seq: numberOrNull(row, 'seq'),
    shiftMs: number(row, 'shift_ms'),
    body: text(row, 'body'),
  };
}
