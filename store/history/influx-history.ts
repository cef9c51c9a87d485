/** The history in InfluxDB 1.x, through the `influx` package; nothing else in the project knows it. */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import { escape, InfluxDB, type IPoint } from 'influx';
import { assert } from '#contract/assert.ts';
import type { Clock } from '#contract/clock.ts';
import { AppError } from '#contract/errors.ts';
import { systemClock } from '#store/observe/system-clock.ts';
import type { History, HistoryPoint, HistorySeriesQuery } from './history.ts';
import { checkPoint, DAY_MS, pointTimeNs, retentionMs, retentionOf, TAG_NAMES, type Retention } from './point.ts';
import { countSteps, fillSteps } from './steps.ts';

export interface InfluxHistoryOptions {
  /** `http://host:8086`; a path before InfluxDB's own is kept. */
  readonly url: string;
  readonly database: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Longest wait for one answer. */
  readonly timeoutMs?: number | undefined;
  readonly clock?: Clock;
}

type Refused = { readonly point: HistoryPoint; readonly reason: string }[];

const TIMEOUT_MS = 10_000;
const PING_TIMEOUT_MS = 2000;
/** One writer and a few readers; the sockets are kept for the next batch. */
const SOCKETS_MAX = 4;
const REASON_CHARS_MAX = 300;
/**
 * Waits before a lost database or retention policy is made anew: at once, and then while the server still closes the shards
 * of the dropped one, which it answers with the same 500. Longer trouble is for the writer, who comes again.
 */
const LOST_PAUSES_MS = [0, 100, 400, 1_500];
const LACKING = /^Internal Server Error$|(database|retention policy) not found|engine is closed|shard is being deleted/;
const RETENTIONS: readonly Retention[] = ['raw', 'facts'];
/** A month of days, two years of weeks: small enough to drop, few enough to search. */
const SHARD_DAYS: Readonly<Record<Retention, number>> = { raw: 1, facts: 7 };

/** The library would answer "No host available" for up to ten seconds after one failure; the caller waits in its own way. */
const NO_BACKOFF = { getDelay: () => 0, next: () => NO_BACKOFF, reset: () => NO_BACKOFF };

export function openInfluxHistory(options: InfluxHistoryOptions): History {
  const { database, clock = systemClock } = options;
  const agent = agentFor(options.url);
  const influx = connect(options, agent);
  let isPrepared = false;

  const prepare = async (): Promise<void> => {
    await influx.createDatabase(database);
    for (const name of RETENTIONS) await createRetention(influx, database, name);
    isPrepared = true;
  };
  /** After any failure the database is looked at again: it may have been lost with the server, or be on its way out. */
  const guard = async <T>(body: () => Promise<T>): Promise<T> => {
    for (const pauseMs of [...LOST_PAUSES_MS, undefined]) {
      try {
        if (!isPrepared) await prepare();
        return await body();
      } catch (error: unknown) {
        isPrepared = false;
        if (error instanceof AppError) throw error;
        if (pauseMs === undefined || !mayLackDatabase(error)) {
          throw new AppError('STO_UNAVAILABLE', `InfluxDB: ${messageOf(error)}`, { database }, { cause: error });
        }
        if (pauseMs > 0) await delay(pauseMs);
      }
    }
    assert(false, 'the last try returns or throws');
  };
  /** A refusal names no point, so the batch is halved until the bad ones stand alone; the good are written again. */
  const writeSplitting = async (
    retention: Retention,
    points: readonly HistoryPoint[],
    refused: Refused,
  ): Promise<void> => {
    try {
      await influx.writePoints(points.map(toInfluxPoint), { database, retentionPolicy: retention, precision: 'n' });
    } catch (error: unknown) {
      const status = statusOf(error);
      if (status !== 400 && status !== 413) throw error;
      const [first] = points;
      if (points.length === 1 && first !== undefined) {
        refused.push({ point: first, reason: messageOf(error) });
        return;
      }
      const half = points.length >> 1;
      await writeSplitting(retention, points.slice(0, half), refused);
      await writeSplitting(retention, points.slice(half), refused);
    }
  };

  return {
    kind: 'influxdb',
    async write(points) {
      const refused: Refused = [];
      const good: Record<Retention, HistoryPoint[]> = { raw: [], facts: [] };
      for (const point of points) {
        const checked = checkPoint(point, clock.nowMs());
        if ('reason' in checked) refused.push({ point, reason: checked.reason });
        else good[retentionOf(point.measurement)].push(checked.point);
      }
      const byServer: Refused = [];
      for (const retention of RETENTIONS) {
        const some = good[retention];
        if (some.length === 0) continue;
        await guard(() => {
          // A second try after the database was made anew starts with a clean sheet.
          byServer.length = 0;
          return writeSplitting(retention, some, byServer);
        });
        refused.push(...byServer.splice(0));
      }
      return { stored: points.length - refused.length, refused };
    },
    async series(query) {
      countSteps(query);
      return guard(async () => {
        const rows = await influx.query<{ time: { getTime(): number }; value: unknown }>(toInfluxQl(query), {
          database,
          precision: 'ms',
        });
        const values = new Map<number, number>();
        for (const { time, value } of rows) {
          const step = Math.floor((time.getTime() - query.fromMs) / query.stepMs);
          if (typeof value === 'number') values.set(step, value);
        }
        return fillSteps(query, values);
      });
    },
    async ping() {
      const hosts = await influx.ping(PING_TIMEOUT_MS);
      return hosts.some((host) => host.online);
    },
    // The server drops what is older than the retention policies we gave it.
    trim: () => Promise.resolve(),
    close() {
      agent.destroy();
      return Promise.resolve();
    },
  };
}

function agentFor(url: string): HttpAgent | HttpsAgent {
  const options = { keepAlive: true, maxSockets: SOCKETS_MAX };
  return url.startsWith('https:') ? new HttpsAgent(options) : new HttpAgent(options);
}

function connect(options: InfluxHistoryOptions, agent: HttpAgent | HttpsAgent): InfluxDB {
  const url = new URL(options.url);
  const isSecure = url.protocol === 'https:';
  return new InfluxDB({
    database: options.database,
    // Left out, the library would send root and root.
    username: options.username ?? '',
    password: options.password ?? '',
    hosts: [
      {
        host: url.hostname,
        port: url.port === '' ? (isSecure ? 443 : 80) : Number(url.port),
        protocol: isSecure ? 'https' : 'http',
        path: url.pathname === '/' ? '' : url.pathname,
        options: { agent },
      },
    ],
    pool: { maxRetries: 0, requestTimeout: options.timeoutMs ?? TIMEOUT_MS, backoff: NO_BACKOFF },
  });
}

/** One that exists with another duration was changed by the operator, whose word counts. */
async function createRetention(influx: InfluxDB, database: string, name: Retention): Promise<void> {
  try {
    await influx.createRetentionPolicy(name, {
      database,
      duration: `${retentionMs(name) / DAY_MS}d`,
      replication: 1,
      shardDuration: `${SHARD_DAYS[name]}d`,
    } as Parameters<InfluxDB['createRetentionPolicy']>[1]);
  } catch (error: unknown) {
    if (!messageOf(error).includes('already exists')) throw error;
  }
}

function toInfluxPoint(point: HistoryPoint): IPoint {
  return {
    measurement: point.measurement,
    tags: Object.fromEntries(TAG_NAMES.map((name) => [name, point[name]])),
    fields: { ...point.fields },
    timestamp: pointTimeNs(point),
  };
}

/** Steps start at `fromMs`, not at the server's own multiples. */
function toInfluxQl(query: HistorySeriesQuery): string {
  const { library, measurement, subject, field, fromMs, toMs, stepMs, aggregate } = query;
  return `SELECT ${aggregate}(${escape.quoted(field)}) AS "value"
    FROM ${escape.quoted(retentionOf(measurement))}.${escape.quoted(measurement)}
    WHERE "library" = ${literal(library)} AND "subject" = ${literal(subject)}
    AND time >= ${fromMs}ms AND time < ${toMs}ms
    GROUP BY time(${stepMs}ms, ${fromMs % stepMs}ms) fill(none)`;
}

/** A string literal; the library's own escaping forgets backslashes. */
function literal(text: string): string {
  return `'${text
    .replace(/\\/g, '\\\\')
    .replace(/'/g, "\\'")
    .replace(/[\p{Cc}\p{Surrogate}]/gu, ' ')}'`;
}

/** The HTTP status of a refusal; `undefined` where there was no answer, or none but that the server is in trouble. */
function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('res' in error)) return undefined;
  const { res } = error;
  if (typeof res !== 'object' || res === null || !('statusCode' in res)) return undefined;
  return typeof res.statusCode === 'number' ? res.statusCode : undefined;
}

/**
 * A write is answered 404 without the database and 500 without the retention policy or while its shards close, and the
 * library hides that body; a query is answered 200 with the reason.
 */
function mayLackDatabase(error: unknown): boolean {
  return statusOf(error) === 404 || LACKING.test(messageOf(error));
}

function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : 'unknown reason';
  return (message === '' ? 'no answer' : message).slice(0, REASON_CHARS_MAX);
}
