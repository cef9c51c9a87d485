/** One set of tests for both histories: SQLite files, and a real InfluxDB. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { openEmbeddedHistory } from '#store/history/embedded-history.ts';
import type { History, HistoryPoint, HistorySeriesQuery } from '#store/history/history.ts';
import { openInfluxHistory } from '#store/history/influx-history.ts';
import { startInfluxd, type Influxd } from '#test/support/influxd.ts';

// Law tests and real processes on a busy machine take longer than Jest's five seconds.
jest.setTimeout(30_000);

const DAY_MS = 86_400_000;
/** Two hours into a UTC day, so that a window over midnight spans two files. */
const NOW_MS = Math.floor(Date.now() / DAY_MS) * DAY_MS + 2 * 3_600_000;
const clock = { nowMs: () => NOW_MS, uptimeMs: () => 0 };

let influxd: Influxd;
let folder: string;
beforeAll(async () => {
  influxd = await startInfluxd();
  folder = await mkdtemp(join(tmpdir(), 'shelfwise-history-'));
}, 30_000);
afterAll(async () => {
  await influxd.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The server refuses to drop what it is just writing to disk, with status 200 and an error inside: then it is asked again. */
async function drop(url: string, what: string): Promise<void> {
  const refusals: string[] = [];
  while (refusals.length < 50) {
    const reply = await fetch(`${url}/query?q=${encodeURIComponent(`DROP ${what}`)}`, { method: 'POST' });
    const { error, results = [] } = (await reply.json()) as { error?: string; results?: { error?: string }[] };
    const refusal = error ?? results[0]?.error;
    if (reply.ok && refusal === undefined) return;
    refusals.push(refusal ?? String(reply.status));
  }
  throw new Error(`DROP ${what}: ${refusals.at(-1) ?? ''}`);
}

let serial = 0;
function point(over: Partial<HistoryPoint> = {}): HistoryPoint {
  serial += 1;
  return {
    measurement: 'sighting',
    library: 'demo',
    branch: 'main',
    floor: '1',
    zone: 'z1',
    subject: 'rp-1',
    kind: 'update',
    atMs: NOW_MS,
    eventId: `gw-1:epoch-001:${serial}:0`,
    fields: { value: 1 },
    ...over,
  };
}
const query = (over: Partial<HistorySeriesQuery> = {}): HistorySeriesQuery => ({
  library: 'demo',
  measurement: 'sighting',
  subject: 'rp-1',
  field: 'value',
  fromMs: NOW_MS,
  toMs: NOW_MS + 1000,
  stepMs: 1000,
  aggregate: 'sum',
  ...over,
});

const kinds: readonly [string, () => History][] = [
  ['embedded', () => openEmbeddedHistory({ folder: join(folder, String((serial += 1))), clock })],
  ['influxdb', () => openInfluxHistory({ url: influxd.url, database: `test_${(serial += 1)}`, clock })],
];

describe.each(kinds)('the %s history', (kind, open) => {
  let history: History;
  beforeEach(() => {
    history = open();
  });
  afterEach(() => history.close());
  const value = async (over: Partial<HistorySeriesQuery> = {}): Promise<number | null | undefined> =>
    (await history.series(query(over)))[0]?.value;

  test('says what it is, and that it answers', async () => {
    expect([history.kind, await history.ping()]).toEqual([kind, true]);
  });

  test('is empty before the first point', async () => {
    expect(await history.series(query({ toMs: NOW_MS + 2500 }))).toEqual([
      { atMs: NOW_MS, value: null },
      { atMs: NOW_MS + 1000, value: null },
      { atMs: NOW_MS + 2000, value: null },
    ]);
    expect(await history.write([])).toEqual({ stored: 0, refused: [] });
  });

  test('counts every event of one millisecond, and the same event once', async () => {
    const same = Array.from({ length: 50 }, () => point());
    expect(await history.write(same)).toEqual({ stored: 50, refused: [] });
    expect(await history.write([...same.slice(10), point()])).toEqual({ stored: 41, refused: [] });
    expect(await value()).toBe(51);
  });

  test('answers per step, from the first time asked for, to the last excluded', async () => {
    const fromMs = NOW_MS - 10_123;
    const at = (offsetMs: number, v: number): HistoryPoint => point({ atMs: fromMs + offsetMs, fields: { value: v } });
    await history.write([at(-1, 100), at(0, 1), at(999, 2), at(1000, 4), at(2999, 8), at(3000, 100)]);
    const series = await history.series(query({ fromMs, toMs: fromMs + 3000 }));
    expect(series).toEqual([
      { atMs: fromMs, value: 3 },
      { atMs: fromMs + 1000, value: 4 },
      { atMs: fromMs + 2000, value: 8 },
    ]);
  });

  test.each([
    ['mean', 4],
    ['sum', 16],
    ['min', 1],
    ['max', 8],
    ['count', 4],
    ['last', 5],
  ] as const)('%s over a window in two files', async (aggregate, expected) => {
    const midnight = NOW_MS - 2 * 3_600_000;
    const at = (offsetMs: number, v: number): HistoryPoint =>
      point({ atMs: midnight + offsetMs, fields: { value: v } });
    await history.write([at(-2000, 2), at(1500, 5), at(-1000, 8), at(1000, 1)]);
    expect(await value({ aggregate, fromMs: midnight - 5000, toMs: midnight + 5000, stepMs: 10_000 })).toBe(expected);
  });

  test('keeps library, measurement, subject and field apart, and joins kinds and zones of a subject', async () => {
    await history.write([
      point({ kind: 'new', zone: 'z2' }),
      point({ fields: { value: 2, other: 7, word: 'x', yes: true } }),
      point({ library: 'other', fields: { value: 10 } }),
      point({ measurement: 'scan', fields: { value: 20 } }),
      point({ subject: "rp'2", fields: { value: 40 } }),
    ]);
    expect(await value()).toBe(3);
    expect(await value({ field: 'other' })).toBe(7);
    expect(await value({ library: 'other' })).toBe(10);
    expect(await value({ measurement: 'scan' })).toBe(20);
    expect(await value({ subject: "rp'2" })).toBe(40);
    expect(await value({ subject: `x' OR "subject" =~ /.*/ --` })).toBeNull();
    expect(await value({ field: 'word', aggregate: 'count' })).toBe(1);
  });

  test('keeps what was concluded as well, over a new year', async () => {
    const newYear = Date.UTC(new Date(NOW_MS).getUTCFullYear(), 0, 1);
    const at = (atMs: number): HistoryPoint => point({ measurement: 'level', atMs, fields: { value: 3 } });
    await history.write([at(newYear - 1000), at(newYear)]);
    expect(await value({ measurement: 'level', fromMs: newYear - 5000, toMs: newYear + 5000, stepMs: 10_000 })).toBe(6);
  });

  test('refuses what can never be stored, with the reason, and stores everything else', async () => {
    const bad: readonly [Partial<HistoryPoint>, string][] = [
      [{ fields: { value: Number.NaN } }, 'field value is no number below 2^53'],
      [{ fields: { value: Number.POSITIVE_INFINITY } }, 'field value is no number below 2^53'],
      [{ fields: { value: null as unknown as number } }, 'field value is null'],
      [{ fields: { value: 1, word: 'a\nevil v=666' } }, 'field word holds a control character'],
      [{ fields: { value: 1, word: 'end\\' } }, 'field word ends in a backslash'],
      [{ fields: { value: 1, word: 'x'.repeat(1025) } }, 'field word is longer than 1024 characters'],
      [{ fields: { 'va lue': 1 } }, 'a field cannot be called "va lue"'],
      [{ fields: { kind: 1 } }, 'a field cannot be called "kind"'],
      [{ fields: {} }, 'no field'],
      [{ zone: 'a\nevil v=666' }, 'zone holds a control character or a backslash'],
      [{ zone: 'a\\' }, 'zone holds a control character or a backslash'],
      [{ subject: 'x'.repeat(129) }, 'subject is longer than 128 characters'],
      [{ library: '' }, 'no library'],
      [{ eventId: '' }, 'no event id'],
      [{ atMs: Number.NaN }, 'no time'],
      [{ atMs: NOW_MS + 2 * DAY_MS }, 'more than a day in the future'],
      [{ atMs: NOW_MS - 31 * DAY_MS }, 'older than its retention'],
    ];
    const points = bad.map(([over]) => point(over));
    const outcome = await history.write([point(), ...points, point({ branch: '', zone: '' })]);
    expect(outcome.stored).toBe(2);
    expect(outcome.refused.map((one) => one.reason)).toEqual(bad.map(([, reason]) => reason));
    expect(outcome.refused.map((one) => one.point)).toEqual(points);
    expect(await value()).toBe(2);
  });

  test('takes every character a value may have', async () => {
    const odd = `a "b" 'c' \\ d, e=f 书\u{20bb7}`;
    await history.write([point({ zone: `a, b=c "d" '`, subject: 'rp, 1=', fields: { value: 5, word: odd } })]);
    expect(await value({ subject: 'rp, 1=' })).toBe(5);
  });

  test('takes five thousand points at once, with bad ones among them', async () => {
    const points = Array.from({ length: 5000 }, (_, i) =>
      point({ subject: `rp-${i % 100}`, fields: { value: i % 1000 === 7 ? Number.NaN : 1 } }),
    );
    const outcome = await history.write(points);
    expect([outcome.stored, outcome.refused.length]).toEqual([4995, 5]);
    expect(await value({ subject: 'rp-7' })).toBe(45);
  });

  test('refuses a question that makes no sense', async () => {
    for (const over of [
      { field: 'a"; DROP' },
      { stepMs: 0 },
      { fromMs: Number.NaN },
      { toMs: NOW_MS + 1e12, stepMs: 1 },
    ]) {
      await expect(history.series(query(over))).rejects.toThrow('STO_BAD_VALUE');
    }
    expect(await history.series(query({ toMs: NOW_MS - 1 }))).toEqual([]);
  });

  test('trims without touching what is in its time', async () => {
    await history.write([point()]);
    await history.trim(NOW_MS);
    expect(await value()).toBe(1);
  });
});

describe('the embedded history alone', () => {
  test('forgets by file, and is read beside the process that writes', async () => {
    const own = join(folder, 'alone');
    const history = openEmbeddedHistory({ folder: own, clock });
    const reader = openEmbeddedHistory({ folder: own, clock });
    const old = NOW_MS - 5 * DAY_MS;
    await history.write([point({ atMs: old }), point(), point({ measurement: 'move', atMs: old })]);
    expect((await reader.series(query()))[0]?.value).toBe(1);
    await history.trim(old + 32 * DAY_MS);
    expect((await history.series(query({ fromMs: old, toMs: old + 1000 })))[0]?.value).toBeNull();
    expect((await history.series(query()))[0]?.value).toBe(1);
    expect((await history.series(query({ measurement: 'move', fromMs: old, toMs: old + 1000 })))[0]?.value).toBe(1);
    await reader.close();
    await history.close();
    await expect(history.write([point()])).rejects.toThrow('STO_UNAVAILABLE');
    expect(await history.ping()).toBe(false);
  });

  test('has one writer, and says which process it is', async () => {
    const own = join(folder, 'one-writer');
    const [first, second] = [openEmbeddedHistory({ folder: own, clock }), openEmbeddedHistory({ folder: own, clock })];
    await first.write([point()]);
    await expect(second.write([point()])).rejects.toThrow(`is being written by process ${process.pid}`);
    await first.close();
    expect(await second.write([point()])).toEqual({ stored: 1, refused: [] });
    await second.close();
  });
});

describe('the InfluxDB history alone', () => {
  const servers: Influxd[] = [];
  afterAll(async () => {
    for (const server of servers) await server.stop();
  });

  test('says that the server is away, goes on by itself, and makes a lost database anew', async () => {
    const server = await startInfluxd();
    servers.push(server);
    const history = openInfluxHistory({ url: server.url, database: 'shelfwise', clock });
    const kept = point({ measurement: 'level' });
    await history.write([kept]);
    await server.kill();
    expect(await history.ping()).toBe(false);
    await expect(history.write([point()])).rejects.toThrow('STO_UNAVAILABLE: InfluxDB');
    await expect(history.series(query())).rejects.toThrow('STO_UNAVAILABLE: InfluxDB');
    await server.restart();
    expect(await history.write([kept, point()])).toEqual({ stored: 2, refused: [] });
    expect((await history.series(query({ measurement: 'level' })))[0]?.value).toBe(1);
    await server.restart({ fresh: true });
    expect(await history.write([kept])).toEqual({ stored: 1, refused: [] });
    await drop(server.url, 'DATABASE shelfwise');
    expect(await history.write([kept])).toEqual({ stored: 1, refused: [] });
    await drop(server.url, 'RETENTION POLICY facts ON shelfwise');
    expect(await history.write([kept])).toEqual({ stored: 1, refused: [] });
    expect((await history.series(query({ measurement: 'level' })))[0]?.value).toBe(1);
    await history.close();
  }, 60_000);

  test('waits a little for a server that still closes what was dropped, and leaves longer trouble to the writer', async () => {
    let troubles = 2;
    const asked: string[] = [];
    const server = createServer((request, response) => {
      request.resume();
      const path = (request.url ?? '').split('?')[0] ?? '';
      asked.push(path);
      const isTroubled = path === '/write' && troubles > 0;
      if (isTroubled) troubles -= 1;
      response.writeHead(isTroubled ? 500 : path === '/write' ? 204 : 200);
      response.end(isTroubled ? '{"error":"engine is closed"}' : path === '/write' ? '' : '{"results":[{}]}');
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    const history = openInfluxHistory({ url: `http://127.0.0.1:${port}`, database: 'shelfwise', clock });
    const prepared = ['/query', '/query', '/query'];
    expect(await history.write([point()])).toEqual({ stored: 1, refused: [] });
    expect(asked).toEqual([...prepared, '/write', ...prepared, '/write', ...prepared, '/write']);
    troubles = Infinity;
    await expect(history.write([point()])).rejects.toThrow('STO_UNAVAILABLE: InfluxDB: Internal Server Error');
    expect(asked.filter((path) => path === '/write')).toHaveLength(3 + 5);
    await history.close();
    await new Promise((closed) => server.close(closed));
  });

  test('a question makes a lost retention policy anew as well', async () => {
    const history = openInfluxHistory({ url: influxd.url, database: 'asked', clock });
    await history.write([point()]);
    await drop(influxd.url, 'RETENTION POLICY raw ON asked');
    expect(await history.series(query())).toEqual([{ atMs: NOW_MS, value: null }]);
    await history.close();
  });

  test('finds the points the server refuses and stores the others', async () => {
    const history = openInfluxHistory({ url: influxd.url, database: 'conflict', clock });
    await history.write([point({ fields: { value: 1 } })]);
    const wrong = point({ fields: { value: 'a word where a number was' } });
    const outcome = await history.write([point(), point(), wrong, point(), point()]);
    expect([outcome.stored, outcome.refused.map((one) => one.point)]).toEqual([4, [wrong]]);
    expect(outcome.refused[0]?.reason).toContain('field type conflict');
    expect((await history.series(query()))[0]?.value).toBe(5);
    await history.close();
  });

  test('keeps series bounded: an item is no tag', async () => {
    const history = openInfluxHistory({ url: influxd.url, database: 'bounded', clock });
    await history.write(Array.from({ length: 200 }, (_, i) => point({ fields: { item: `b${i}`, value: 1 } })));
    const response = await fetch(
      `${influxd.url}/query?db=bounded&q=${encodeURIComponent('SHOW SERIES FROM raw.sighting')}`,
    );
    const body = (await response.json()) as { results: { series: { values: string[][] }[] }[] };
    expect(body.results[0]?.series[0]?.values).toEqual([
      ['sighting,branch=main,floor=1,kind=update,library=demo,subject=rp-1,zone=z1'],
    ]);
    await history.close();
  });
});
