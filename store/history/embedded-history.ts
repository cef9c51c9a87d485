/** The history of a library without an InfluxDB: SQLite files, the same answers. */
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '#contract/clock.ts';
import { AppError } from '#contract/errors.ts';
import { systemClock } from '#store/observe/system-clock.ts';
import { bulkInsert } from '#store/sqlite/bulk.ts';
import type { Database } from '#store/sqlite/database.ts';
import { number, numberOrNull, type SqlRow, type SqlValue } from '#store/sqlite/values.ts';
import { fileNameOf, fileNamesBetween, openHistoryFiles } from './embedded-files.ts';
import type { History, HistoryPoint, HistorySeriesQuery, HistoryWriteOutcome } from './history.ts';
import { checkPoint, lowDigits, retentionMs } from './point.ts';
import { countSteps, fillSteps } from './steps.ts';

/** About 20 ms of writing, then others have their turn. */
const POINTS_A_TRANSACTION = 1000;

export interface EmbeddedHistoryOptions {
  readonly folder: string;
  readonly clock?: Clock;
}

export function openEmbeddedHistory({ folder, clock = systemClock }: EmbeddedHistoryOptions): History {
  const files = openHistoryFiles(folder);
  let isClosed = false;
  const assertOpen = (): void => {
    if (isClosed) throw new AppError('STO_UNAVAILABLE', `the history in ${folder} is closed`, { folder });
  };

  return {
    kind: 'embedded',
    async write(points) {
      assertOpen();
      const nowMs = clock.nowMs();
      const refused: { point: HistoryPoint; reason: string }[] = [];
      const byFile = new Map<string, HistoryPoint[]>();
      for (const point of points) {
        const checked = checkPoint(point, nowMs);
        if ('reason' in checked) refused.push({ point, reason: checked.reason });
        else push(byFile, fileNameOf(point.measurement, checked.point.atMs), checked.point);
      }
      for (const [name, some] of byFile) {
        for (let from = 0; from < some.length; from += POINTS_A_TRANSACTION) {
          assertOpen();
          writePoints(files.forWriting(name), some.slice(from, from + POINTS_A_TRANSACTION));
          await setImmediate();
        }
      }
      return { stored: points.length - refused.length, refused } satisfies HistoryWriteOutcome;
    },
    series(query) {
      return settle(() => {
        assertOpen();
        countSteps(query);
        const parts = new Map<number, Part>();
        for (const name of fileNamesBetween(query.measurement, query.fromMs, query.toMs)) {
          const database = files.forReading(name);
          if (database !== undefined) readParts(database, query, parts);
        }
        return fillSteps(query, new Map([...parts].map(([step, part]) => [step, finish(part, query.aggregate)])));
      });
    },
    ping: () => Promise.resolve(!isClosed),
    trim(nowMs) {
      return settle(() => {
        for (const { name, isRaw, endMs } of files.list()) {
          if (endMs <= nowMs - retentionMs(isRaw ? 'raw' : 'facts')) files.remove(name);
        }
      });
    },
    close() {
      isClosed = true;
      files.close();
      return Promise.resolve();
    },
  };
}

/** What throws comes out as a rejection, as the interface says. */
function settle<T>(body: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(body());
  });
}

function push<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

function writePoints(database: Database, points: readonly HistoryPoint[]): void {
  const insert = bulkInsert(database, {
    before: 'INSERT OR REPLACE INTO point(series, at_ms, low, fields) VALUES',
    columns: 4,
  });
  const add = database.prepare(
    'INSERT OR IGNORE INTO series(measurement, library, branch, floor, zone, subject, kind) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const find = database.prepare(
    `SELECT id FROM series WHERE measurement = ? AND library = ? AND branch = ? AND floor = ? AND zone = ? AND subject = ?
     AND kind = ?`,
  );
  database.transaction(() => {
    const known = new Map<string, number>();
    const rows: SqlValue[] = [];
    for (const { measurement, library, branch, floor, zone, subject, kind, atMs, eventId, fields } of points) {
      const tags = [measurement, library, branch, floor, zone, subject, kind];
      const key = tags.join('\n');
      let id = known.get(key);
      if (id === undefined) {
        add.run(tags);
        id = number(find.get(tags) ?? {}, 'id');
        known.set(key, id);
      }
      rows.push(id, atMs, lowDigits(eventId), JSON.stringify(fields));
    }
    insert(rows);
  });
}

/** What a step holds so far; a step may lie across two files. */
interface Part {
  readonly count: number;
  readonly value: number;
  /** Of `last` only. */
  readonly atMs: number;
}

const SELECTED: Readonly<Record<HistorySeriesQuery['aggregate'], string>> = {
  mean: 'sum(value) AS value, 0 AS at_ms',
  sum: 'sum(value) AS value, 0 AS at_ms',
  min: 'min(value) AS value, 0 AS at_ms',
  max: 'max(value) AS value, 0 AS at_ms',
  count: 'count(*) AS value, 0 AS at_ms',
  // A bare column beside max() is taken from the row that has the maximum.
  last: 'value, max(at_ms * 1000000 + low) / 1000000 AS at_ms',
};

function readParts(database: Database, query: HistorySeriesQuery, parts: Map<number, Part>): void {
  const { library, measurement, subject, field, fromMs, toMs, stepMs, aggregate } = query;
  const isNumber = aggregate === 'count' ? 'IS NOT NULL' : "IN ('integer', 'real')";
  const rows = database
    .prepare(
      `SELECT CAST((at_ms - ?) / ? AS INTEGER) AS step, count(*) AS count, ${SELECTED[aggregate]}
       FROM (
         SELECT at_ms, low, fields ->> ? AS value, json_type(fields, '$.' || ?) AS type FROM point
         WHERE series IN (SELECT id FROM series WHERE library = ? AND measurement = ? AND subject = ?)
         AND at_ms >= ? AND at_ms < ?
       ) WHERE type ${isNumber} GROUP BY step`,
    )
    .all([fromMs, stepMs, field, field, library, measurement, subject, fromMs, toMs]);
  for (const row of rows) {
    const step = number(row, 'step');
    const before = parts.get(step);
    const found = toPart(row);
    parts.set(step, before === undefined ? found : join(before, found, aggregate));
  }
}

function toPart(row: SqlRow): Part {
  return { count: number(row, 'count'), value: numberOrNull(row, 'value') ?? 0, atMs: number(row, 'at_ms') };
}

function join(a: Part, b: Part, aggregate: HistorySeriesQuery['aggregate']): Part {
  const count = a.count + b.count;
  switch (aggregate) {
    case 'min':
      return { ...a, count, value: Math.min(a.value, b.value) };
    case 'max':
      return { ...a, count, value: Math.max(a.value, b.value) };
    case 'last':
      return { ...(b.atMs >= a.atMs ? b : a), count };
    case 'mean':
    case 'sum':
    case 'count':
      return { ...a, count, value: a.value + b.value };
  }
}

function finish(part: Part, aggregate: HistorySeriesQuery['aggregate']): number {
  return aggregate === 'mean' ? part.value / part.count : part.value;
}
