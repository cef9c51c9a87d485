import type { Fact } from '#contract/domain/fact.ts';
import type { FindSignal, SweepRow } from '#contract/domain/sweep.ts';
import { tagEvidenceOf } from '#contract/domain/tag-evidence.ts';
import { openDatabase, type Database } from '#store/sqlite/database.ts';
import { flag, number, numberOrNull, text, textOrNull, type SqlRow } from '#store/sqlite/values.ts';
import { readingHomeShifts } from './home-shift-tables.ts';
import { readingPastFrom } from './past-reader.ts';
import { STATE_MIGRATIONS } from './state-schema.ts';
import type { CalibrationRow } from '#contract/domain/state-rows.ts';
import type { FactPage, ItemRow, ReadPointRow, StateReader, ZoneRow } from './state.ts';
import { readingWork } from './work-reader.ts';

/** For every process but the engine. Errors: `STO_UNAVAILABLE` (no state yet), `STO_CORRUPT`, `STO_MIGRATION`. */
export function openStateReader(path: string): StateReader {
  const database = openDatabase(path, { mode: 'read', migrations: STATE_MIGRATIONS });
  return {
    ...readingFrom(database),
    close() {
      database.close();
    },
  };
}

const ITEM_COLUMNS =
  'library, item, place, condition, since_ms, last_seen_ms, confidence, misshelved, ticked_off_ms, home';

/** The questions, over an open file. Each asks by library through an index; none walks over another library's rows. */
export function readingFrom(database: Database): Omit<StateReader, 'close'> {
  const all = (sql: string, parameters: readonly (string | number)[]): readonly SqlRow[] =>
    database.prepare(sql).all(parameters);
  const progress = (): SqlRow => database.prepare('SELECT offset, as_of_ms, engine_version FROM progress').get() ?? {};
  const facts = (rows: readonly SqlRow[]): readonly Fact[] => rows.map((row) => JSON.parse(text(row, 'body')) as Fact);

  /** Newest first, straight from the index: however long the story of a subject, no more than the page is read. */
  const factsBelow = (library: string, subject: string, page: FactPage): readonly Fact[] => {
    const { beforeN = Number.MAX_SAFE_INTEGER, limit, finding = '' } = page;
    const sql = `SELECT body FROM fact WHERE library = ? AND subject = ? AND n < ?
      AND (? = '' OR json_extract(body, '$.gate.finding') = ?) ORDER BY n DESC LIMIT ?`;
    return facts(all(sql, [library, subject, beforeN, finding, finding, limit]));
  };
  const remembered = database.prepare('SELECT body FROM memory WHERE slice = ? AND key = ?');

  return {
    ...readingWork(database),
    ...readingHomeShifts(database),
    offset: () => number(progress(), 'offset'),
    asOfMs: () => numberOrNull(progress(), 'as_of_ms'),
    engineVersion: () => textOrNull(progress(), 'engine_version'),
    lastFactNumber(library) {
      const row = database.prepare('SELECT max(n) AS n FROM fact WHERE library = ?').get([library]) ?? {};
      return numberOrNull(row, 'n') ?? 0;
    },
    factsAfter: (library, n, limit) =>
      facts(all('SELECT body FROM fact WHERE library = ? AND n > ? ORDER BY n LIMIT ?', [library, n, limit])),
    factsOfSubject: (library, subject, limit) => factsBelow(library, subject, { limit }),
    factsOfSubjects: (library, subjects, page) =>
      subjects
        .flatMap((subject) => factsBelow(library, subject, page))
        .sort((a, b) => b.n - a.n)
        .slice(0, page.limit),
    item(library, item) {
      const row = database
        .prepare(`SELECT ${ITEM_COLUMNS} FROM item WHERE library = ? AND item = ?`)
        .get([library, item]);
      return row === undefined ? undefined : toItem(row);
    },
    items(library, items) {
      const sql = `SELECT ${ITEM_COLUMNS} FROM item WHERE library = ? AND item IN (SELECT value FROM json_each(?))`;
      return new Map(all(sql, [library, JSON.stringify(items)]).map((row) => [text(row, 'item'), toItem(row)]));
    },
    itemsAt(library, place, { after, limit }) {
      const sql = `SELECT ${ITEM_COLUMNS} FROM item WHERE library = ? AND place = ? AND item > ? ORDER BY item LIMIT ?`;
      return all(sql, [library, place, after, limit]).map(toItem);
    },
    misshelved(library, limit) {
      const sql = `SELECT ${ITEM_COLUMNS} FROM item WHERE library = ? AND misshelved = 1 ORDER BY item LIMIT ?`;
      return all(sql, [library, limit]).map(toItem);
    },
    placeCounts(library, places) {
      const sql = `SELECT place, items, wrong FROM place_count WHERE library = ? AND place IN (SELECT value FROM json_each(?))`;
      const counts = new Map(places.map((place) => [place, { items: 0, wrong: 0 }]));
      for (const row of all(sql, [library, JSON.stringify(places)])) {
        counts.set(text(row, 'place'), { items: number(row, 'items'), wrong: number(row, 'wrong') });
      }
      return counts;
    },
    sweeps: (library, beforeMs, limit) =>
      all('SELECT body FROM sweep WHERE library = ? AND started_ms < ? ORDER BY started_ms DESC LIMIT ?', [
        library,
        beforeMs,
        limit,
      ]).map((row) => JSON.parse(text(row, 'body')) as SweepRow),
    sweep(library, session) {
      const row = database.prepare('SELECT body FROM sweep WHERE library = ? AND session = ?').get([library, session]);
      return row === undefined ? undefined : (JSON.parse(text(row, 'body')) as SweepRow);
    },
    findSignals: (library, wand, sinceMs) =>
      all('SELECT body FROM find_signal WHERE library = ? AND wand = ? AND at_ms >= ? ORDER BY tag', [
        library,
        wand,
        sinceMs,
      ]).map((row) => JSON.parse(text(row, 'body')) as FindSignal),
    zones: (library) => all('SELECT * FROM zone WHERE library = ? ORDER BY place', [library]).map(toZone),
    readPoints: (library) =>
      all('SELECT * FROM read_point WHERE library = ? ORDER BY read_point', [library]).map(toReadPoint),
    calibrations: (library) =>
      all('SELECT body FROM memory WHERE slice = ? ORDER BY key', [`calibration ${library}`]).map(
        (row) => JSON.parse(text(row, 'body')) as CalibrationRow,
      ),
    referenceTags: (library) =>
      all('SELECT key, body FROM memory WHERE slice = ? ORDER BY key', [`reference ${library}`]).map((row) => ({
        tag: text(row, 'key'),
        place: text(row, 'body'),
      })),
    tagEvidence(library, tag) {
      const row = remembered.get([`tag ${library}`, tag]);
      return row === undefined ? undefined : tagEvidenceOf(tag, text(row, 'body'));
    },
    eventStream(stream) {
      const row = remembered.get(['stream', String(stream)]);
      return row === undefined ? undefined : (JSON.parse(text(row, 'body')) as { source: string; epoch: string });
    },
    past: readingPastFrom(database),
  };
}

// Words such as a condition were checked by the type of what was written; only the engine writes.
function toItem(row: SqlRow): ItemRow {
  return {
    library: text(row, 'library'),
    item: text(row, 'item'),
    place: textOrNull(row, 'place'),
    condition: text(row, 'condition') as ItemRow['condition'],
    sinceMs: numberOrNull(row, 'since_ms'),
    lastSeenMs: numberOrNull(row, 'last_seen_ms'),
    confidence: numberOrNull(row, 'confidence'),
    misshelved: flag(row, 'misshelved'),
    tickedOffMs: numberOrNull(row, 'ticked_off_ms'),
    home: JSON.parse(text(row, 'home')) as string[],
  };
}

function toZone(row: SqlRow): ZoneRow {
  return {
    library: text(row, 'library'),
    place: text(row, 'place'),
    people: numberOrNull(row, 'people'),
    low: numberOrNull(row, 'low'),
    high: numberOrNull(row, 'high'),
    atMs: numberOrNull(row, 'at_ms'),
  };
}

function toReadPoint(row: SqlRow): ReadPointRow {
  return {
    library: text(row, 'library'),
    readPoint: text(row, 'read_point'),
    state: text(row, 'state') as ReadPointRow['state'],
    sinceMs: number(row, 'since_ms'),
    lastHeardMs: numberOrNull(row, 'last_heard_ms'),
  };
}
