import type { Fact } from '#contract/domain/fact.ts';
import type { ReadPointRow } from '#contract/domain/state-rows.ts';
import type { Database } from '#store/sqlite/database.ts';
import { number, numberOrNull, text, type SqlRow } from '#store/sqlite/values.ts';
import { LASTING_MS, MOVE_KINDS, TALLY_SPANS_MINUTES } from './past-schema.ts';
import { PAST_STEP_MS, type PastReader, type PlaceCount, type StayRow } from './past.ts';

const LASTING = String(LASTING_MS);
const PLACES = 'place IN (SELECT value FROM json_each(?))';

export function readingPastFrom(database: Database): PastReader {
  const all = (sql: string, parameters: readonly (string | number)[]): readonly SqlRow[] =>
    database.prepare(sql).all(parameters);

  return {
    knownFromMs(library) {
      const row = database
        .prepare(`SELECT body ->> '$.at' AS at FROM fact WHERE library = ? ORDER BY n LIMIT 1`)
        .get([library]);
      return row === undefined ? null : Date.parse(text(row, 'at'));
    },
    countsAt: (library, places, atMs) => countsAt(database, { library, places: JSON.stringify(places), atMs }),
    changes(library, places, { fromMs, toMs }) {
      const rows = all(
        `SELECT place, bucket, items, wrong FROM place_tally
         WHERE library = ? AND span = 1 AND ${PLACES} AND bucket >= ? AND bucket < ? ORDER BY bucket, place`,
        [library, JSON.stringify(places), stepOf(fromMs), stepOf(toMs)],
      );
      return rows.map((row) => ({
        place: text(row, 'place'),
        atMs: (number(row, 'bucket') + 1) * PAST_STEP_MS,
        items: number(row, 'items'),
        wrong: number(row, 'wrong'),
      }));
    },
    itemsAt(library, place, { atMs, after, limit }) {
      const rows = all(
        `SELECT *, wrong_from_ms < ? AND (wrong_to_ms IS NULL OR wrong_to_ms >= ?) AS misshelved FROM stay
         WHERE library = ? AND place = ? AND to_ms >= ? AND from_ms < ? AND item > ? ORDER BY item LIMIT ?`,
        [atMs, atMs, library, place, atMs, atMs, after, limit],
      );
      return rows.map(toStay);
    },
    moves(library, { fromMs, toMs, afterN, limit }) {
      const rows = all(
        `SELECT body FROM fact WHERE library = ? AND body ->> '$.kind' IN ${MOVE_KINDS}
         AND (body ->> '$.at', n) > (?, ?) AND body ->> '$.at' < ? ORDER BY body ->> '$.at', n LIMIT ?`,
        [library, new Date(fromMs).toISOString(), afterN, new Date(toMs).toISOString(), limit],
      );
      return rows.map((row) => JSON.parse(text(row, 'body')) as Fact);
    },
    readPointsAt(library, readPoints, atMs) {
      const rows = all(
        `SELECT asked.value AS read_point, (SELECT state FROM read_point_past WHERE library = ?
           AND read_point = asked.value AND from_ms < ? ORDER BY from_ms DESC LIMIT 1) AS state
         FROM json_each(?) AS asked`,
        [library, atMs, JSON.stringify(readPoints)],
      );
      const known = rows.filter((row) => row['state'] !== null);
      return new Map(known.map((row) => [text(row, 'read_point'), text(row, 'state') as ReadPointRow['state']]));
    },
    readPointChanges(library, readPoints, { fromMs, toMs }) {
      const rows = all(
        `SELECT read_point, from_ms, state FROM read_point_past WHERE library = ?
         AND read_point IN (SELECT value FROM json_each(?)) AND from_ms >= ? AND from_ms < ? ORDER BY from_ms`,
        [library, JSON.stringify(readPoints), fromMs, toMs],
      );
      return rows.map((row) => ({
        readPoint: text(row, 'read_point'),
        atMs: number(row, 'from_ms'),
        state: text(row, 'state') as ReadPointRow['state'],
      }));
    },
  };
}

const stepOf = (atMs: number): number => Math.floor(atMs / PAST_STEP_MS);

/** What stands there now, less what came and went since. */
function countsAt(
  database: Database,
  { library, places, atMs }: { readonly library: string; readonly places: string; readonly atMs: number },
): ReadonlyMap<string, PlaceCount> {
  const counts = new Map<string, PlaceCount>();
  const add = (rows: readonly SqlRow[], sign: 1 | -1): void => {
    for (const row of rows) {
      const place = text(row, 'place');
      const { items, wrong } = counts.get(place) ?? { items: 0, wrong: 0 };
      counts.set(place, {
        items: items + sign * number(row, 'items'),
        wrong: wrong + sign * number(row, 'wrong'),
      });
    }
  };
  const standing = database.prepare(
    `SELECT place, count(*) AS items, sum(wrong_from_ms IS NOT NULL AND wrong_to_ms IS NULL) AS wrong FROM stay
     WHERE library = ? AND ${PLACES} AND to_ms = ${LASTING} GROUP BY place`,
  );
  add(standing.all([library, places]), 1);
  const since = database.prepare(
    `SELECT place, sum(items) AS items, sum(wrong) AS wrong FROM place_tally
     WHERE library = ? AND span = ? AND ${PLACES} AND bucket >= ? AND bucket < ? GROUP BY place`,
  );
  for (const { span, from, to } of bucketsSince(stepOf(atMs))) add(since.all([library, span, places, from, to]), -1);
  return counts;
}

/** Buckets that together cover everything from a minute on: narrow ones to the end of the next wider, and so on. */
function* bucketsSince(
  minute: number,
): Iterable<{ readonly span: number; readonly from: number; readonly to: number }> {
  let from = minute;
  for (const [i, span] of TALLY_SPANS_MINUTES.entries()) {
    const wider = TALLY_SPANS_MINUTES[i + 1];
    const toMinute = wider === undefined ? LASTING_MS : Math.ceil(from / wider) * wider;
    yield { span, from: Math.ceil(from / span), to: wider === undefined ? LASTING_MS : toMinute / span };
    from = toMinute;
  }
}

function toStay(row: SqlRow): StayRow {
  const toMs = number(row, 'to_ms');
  return {
    item: text(row, 'item'),
    place: text(row, 'place'),
    fromMs: number(row, 'from_ms'),
    toMs: toMs === LASTING_MS ? null : toMs,
    confidence: numberOrNull(row, 'confidence'),
    misshelved: numberOrNull(row, 'misshelved') === 1,
  };
}
