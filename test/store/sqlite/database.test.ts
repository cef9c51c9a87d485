import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { openDatabase, type Database } from '#store/sqlite/database.ts';
import { bytes, flag, number, numberOrNull, text, textOrNull, type SqlValue } from '#store/sqlite/values.ts';

// Law tests and real processes on a busy machine take longer than Jest's five seconds.
jest.setTimeout(30_000);

let folder: string;
let path: string;
const opened: Database[] = [];
const children: ChildProcess[] = [];

const MIGRATIONS = ['CREATE TABLE t(a TEXT, b INTEGER, c REAL, d BLOB) STRICT'];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shelfwise-sqlite-'));
  path = join(folder, 'some', 'test.db');
});
afterEach(async () => {
  for (const database of opened.splice(0)) database.close();
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

function open(mode: 'read' | 'write' = 'write', migrations: readonly string[] = MIGRATIONS): Database {
  const database = openDatabase(path, { mode, migrations });
  opened.push(database);
  return database;
}
const pragma = (database: Database, name: string): unknown =>
  Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];

describe('the traps of libsql', () => {
  // Each of these aborts the process, is cut, rounded or silently turned into NULL without the wrapper.
  test.each<[string, unknown, string]>([
    ['a boolean', true, 'of type boolean'],
    ['undefined', undefined, 'of type undefined'],
    ['a bigint', 5n, 'of type bigint'],
    ['an object', { a: 1 }, 'an object'],
    ['a date', new Date(0), 'an object'],
    ['NaN', Number.NaN, 'NaN'],
    ['Infinity', Number.POSITIVE_INFINITY, 'Infinity'],
    ['2^53', 2 ** 53, 'beyond 2^53'],
    ['-2^53', -(2 ** 53), 'beyond 2^53'],
    ['text with a NUL', 'a\0b', 'text with a NUL'],
    ['half a surrogate pair', 'a\ud800b', 'text with half a surrogate pair'],
  ])('%s is refused and named', (_name, value, reason) => {
    const insert = open().prepare('INSERT INTO t(a, b) VALUES (?, ?)');
    expect(() => insert.run(['x', value as SqlValue])).toThrow(
      `STO_BAD_VALUE: parameter 2 is ${reason} in "INSERT INTO t(a, b) VALUES (?, ?)"`,
    );
  });

  test('a lone buffer is stored like any value', () => {
    const database = open();
    database.prepare('INSERT INTO t(d) VALUES (?)').run([Uint8Array.of(0, 1, 255)]);
    const row = database.prepare('SELECT d FROM t').get();
    expect([...bytes(row ?? {}, 'd')]).toEqual([0, 1, 255]);
  });

  test('a parameter too few is refused instead of taking the value of the call before', () => {
    const insert = open().prepare('INSERT INTO t(a, b) VALUES (?, ?)');
    insert.run(['x', 1]);
    expect(() => insert.run(['y'])).toThrow('STO_BAD_VALUE: takes 2 parameters and got 1');
    expect(() => insert.run(['y', 1, 2])).toThrow('STO_BAD_VALUE: takes 2 parameters and got 3');
  });

  test('question marks in text and comments are no parameters', () => {
    const database = open();
    const row = database.prepare(`SELECT '?''?' AS "a?", ? AS b -- why?\n /* ? */`).get([7]);
    expect(row).toEqual({ 'a?': "?'?", b: 7 });
    expect(() => database.prepare('SELECT ?1')).toThrow('plain question marks');
    expect(() => database.prepare('SELECT :name')).toThrow('plain question marks');
  });

  test('an integer that comes back rounded is refused and its column named', () => {
    const database = open();
    expect(() => database.prepare('SELECT 1 AS small, 9007199254740993 AS big').get()).toThrow(
      'STO_BAD_VALUE: column big is beyond 2^53',
    );
    expect(database.prepare('SELECT 9007199254740991 AS big').get()).toEqual({ big: Number.MAX_SAFE_INTEGER });
  });

  test('rows have the columns asked for and no others', () => {
    expect(open().prepare('SELECT 1 AS one').get()).toEqual({ one: 1 });
  });

  test('a column of another type than asked for is named', () => {
    const row = { a: 'x', b: 1, c: null };
    expect(text(row, 'a')).toBe('x');
    expect(textOrNull(row, 'c')).toBeNull();
    expect(number(row, 'b')).toBe(1);
    expect(numberOrNull(row, 'c')).toBeNull();
    expect(flag(row, 'b')).toBe(true);
    expect(() => text(row, 'b')).toThrow('STO_BAD_VALUE: column b should be text and is number');
    expect(() => number(row, 'z')).toThrow('STO_BAD_VALUE: column z should be a number and is missing');
    expect(() => bytes(row, 'a')).toThrow('STO_BAD_VALUE: column a should be bytes and is string');
  });

  test('law: every value that gets in comes out as it was', () => {
    const database = open();
    const value = fc.oneof(
      fc.string({ unit: 'grapheme' }).filter((s) => !s.includes('\0')),
      fc.maxSafeInteger(),
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -9e15, max: 9e15 }).map((n) => n + 0),
      fc.uint8Array(),
      fc.constant(null),
    );
    const echo = database.prepare('SELECT ? AS v');
    fc.assert(
      fc.property(value, (v) => {
        const back = echo.get([v])?.['v'] ?? null;
        // Minus zero has no integer of its own in SQLite.
        expect(back !== null && typeof back === 'object' ? [...back] : back).toEqual(
          v instanceof Uint8Array ? [...v] : v === 0 ? 0 : v,
        );
      }),
    );
  });
});

describe('a database file', () => {
  test('is set up for one writer and many readers', () => {
    const writer = open();
    expect(pragma(writer, 'journal_mode')).toBe('wal');
    expect(pragma(writer, 'synchronous')).toBe(2);
    expect(pragma(writer, 'busy_timeout')).toBe(5000);
    expect(pragma(writer, 'wal_autocheckpoint')).toBe(1000);
    expect(pragma(writer, 'journal_size_limit')).toBe(67_108_864);
    const reader = open('read');
    expect(pragma(reader, 'busy_timeout')).toBe(5000);
    writer.prepare('INSERT INTO t(a) VALUES (?)').run(['seen']);
    expect(reader.prepare('SELECT a FROM t').all()).toEqual([{ a: 'seen' }]);
  });

  test('cannot be written by a reader', () => {
    open();
    const reader = open('read');
    expect(() => reader.prepare('INSERT INTO t(a) VALUES (?)').run(['x'])).toThrow('STO_UNAVAILABLE');
    expect(() => {
      reader.exec('DROP TABLE t');
    }).toThrow('STO_UNAVAILABLE');
  });

  test('that is missing is not made by a reader', async () => {
    expect(() => open('read')).toThrow('STO_UNAVAILABLE');
    await expect(stat(path)).rejects.toThrow('ENOENT');
  });

  test('that is no database is named as damaged', async () => {
    path = join(folder, 'bad.db');
    await writeFile(path, 'this was never a database '.repeat(500));
    expect(() => open()).toThrow(`STO_CORRUPT: ${path} is damaged or no database`);
    expect(() => open('read')).toThrow('STO_CORRUPT');
  });

  test('rolls back what fails half-way', () => {
    const database = open();
    const insert = database.prepare('INSERT INTO t(a) VALUES (?)');
    expect(() =>
      database.transaction(() => {
        insert.run(['x']);
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(() => database.transaction(() => Promise.resolve(insert.run(['y'])))).toThrow('does not wait');
    expect(database.prepare('SELECT count(*) AS n FROM t').get()).toEqual({ n: 0 });
    expect(database.transaction(() => insert.run(['z']).changes)).toBe(1);
  });

  test('that is full says so, and takes writes again once there is room', () => {
    const database = open();
    database.exec('PRAGMA max_page_count = 10');
    const insert = database.prepare('INSERT INTO t(a) VALUES (?)');
    const fill = (): void => {
      for (let i = 0; i < 100; i += 1) insert.run(['x'.repeat(2000)]);
    };
    expect(() => {
      database.transaction(fill);
    }).toThrow('STO_UNAVAILABLE');
    expect(database.prepare('SELECT count(*) AS n FROM t').get()).toEqual({ n: 0 });
    database.exec('PRAGMA max_page_count = 1000000');
    database.transaction(fill);
    expect(database.prepare('SELECT count(*) AS n FROM t').get()).toEqual({ n: 100 });
  });

  test('a value of the wrong type for a strict column is refused', () => {
    expect(() => open().prepare('INSERT INTO t(b) VALUES (?)').run(['word'])).toThrow('STO_BAD_VALUE');
  });

  test('a mistake in our own SQL is not dressed up', () => {
    expect(() => open().prepare('SELEC')).toThrow('near "SELEC": syntax error');
  });

  test('is copied while in use, replacing an older copy', async () => {
    const database = open();
    const copy = join(folder, 'copy.db');
    await writeFile(copy, 'older');
    database.prepare('INSERT INTO t(a) VALUES (?)').run(['kept']);
    database.backup(copy);
    database.prepare('INSERT INTO t(a) VALUES (?)').run(['later']);
    const restored = openDatabase(copy, { mode: 'write', migrations: MIGRATIONS });
    opened.push(restored);
    expect(restored.prepare('SELECT a FROM t').all()).toEqual([{ a: 'kept' }]);
  });

  test('answers nothing once closed, and closes twice', () => {
    const database = open();
    const select = database.prepare('SELECT 1 AS one');
    database.close();
    database.close();
    expect(() => select.get()).toThrow('STO_UNAVAILABLE');
    expect(() => database.prepare('SELECT 2')).toThrow('STO_UNAVAILABLE');
  });

  test('keeps no more than a bounded number of statements, and those pushed out still work', () => {
    const database = open();
    const first = database.prepare('SELECT 0 AS n');
    for (let n = 1; n < 600; n += 1) database.prepare(`SELECT ${n} AS n`);
    expect(first.get()).toEqual({ n: 0 });
    expect(database.prepare('SELECT 599 AS n')).toBe(database.prepare('SELECT 599 AS n'));
    expect(database.prepare('SELECT 0 AS n')).not.toBe(first);
  });
});

describe('migrations', () => {
  const next = [...MIGRATIONS, `ALTER TABLE t ADD COLUMN e TEXT; UPDATE t SET e = 'new'`];

  test('bring an older file up to date and keep its rows', () => {
    const before = open();
    before.prepare('INSERT INTO t(a) VALUES (?)').run(['old']);
    before.close();
    expect(() => open('read', next)).toThrow('STO_UNAVAILABLE');
    expect(open('write', next).prepare('SELECT a, e FROM t').all()).toEqual([{ a: 'old', e: 'new' }]);
  });

  test('refuse a file from a newer program, for writers and readers', () => {
    open('write', next).close();
    expect(() => open()).toThrow('STO_MIGRATION');
    expect(() => open('read')).toThrow('STO_MIGRATION');
  });

  test('that fail leave the file at the version before', () => {
    open().close();
    expect(() => open('write', [...MIGRATIONS, 'CREATE TABLE u(x); CREATE TABLE t(x)'])).toThrow('already exists');
    expect(pragma(open(), 'user_version')).toBe(1);
  });
});

describe('the writer lock', () => {
  test('lets one writer in and names the process that holds it', () => {
    open();
    expect(() => open()).toThrow(`STO_UNAVAILABLE: ${path} is being written by process ${process.pid}`);
  });

  test('is given back by close, and by a failed start', () => {
    open().close();
    expect(() => open('write', [...MIGRATIONS, 'SELEC'])).toThrow('syntax error');
    expect(open().path).toBe(path);
  });

  test('of a process that was killed is free at once', async () => {
    const script = `
      import { openDatabase } from '#store/sqlite/database.ts';
      openDatabase(process.argv[1], { mode: 'write', migrations: ${JSON.stringify(MIGRATIONS)} });
      process.stdout.write('open');
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script, path]);
    children.push(child);
    await new Promise((resolve, reject) => {
      child.stdout.once('data', resolve);
      child.once('exit', reject);
    });
    expect(() => open()).toThrow(`is being written by process ${String(child.pid)}`);
    const gone = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await gone;
    expect(open().path).toBe(path);
  });
});
