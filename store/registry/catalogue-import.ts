/**
 * A catalogue import: a new version beside the old one, in small transactions, so that nobody waits and a crash half-way
 * leaves the old version as it was. Only what changed is written: a row that stays the same just goes on being valid.
 */
import { setImmediate } from 'node:timers/promises';
import { AppError } from '#contract/errors.ts';
import type { Item } from '#contract/domain/item.ts';
import type { Database } from '#store/sqlite/database.ts';
import { number, numberOrNull, text, type SqlRow } from '#store/sqlite/values.ts';
import { indexText, searchKey } from './search-text.ts';
import { searchTable, type CatalogueHead } from './search.ts';

/** 10 to 30 ms each with the words of the search; screens are answered in between. */
const ITEMS_A_TRANSACTION = 500;

/** Writes the next version and returns its head; `finish` is run in the transaction that makes it the valid one. */
export async function writeNextVersion(
  database: Database,
  library: string,
  items: Iterable<Item>,
  finish: (version: number) => void,
): Promise<number> {
  const head = await beginImport(database, library);
  const version = head.version + 1;
  const kept = new IdSet();
  const write = openWriting(database, { ...head, version });
  for (const some of chunks(items)) {
    database.transaction(() => {
      for (const item of some) kept.add(write(item));
    });
    await setImmediate();
  }
  await endOthers(database, { ...head, version }, kept);
  database.transaction(() => {
    database.prepare('UPDATE catalogue SET version = ?, importing = NULL WHERE library = ?').run([version, library]);
    finish(version);
  });
  await dropEndedFromSearch(database, { ...head, version });
  return version;
}

/** Writes the next version as the one before with one row more or changed; `finish` as above. */
export async function writeNextRow(
  database: Database,
  library: string,
  item: Item,
  finish: (version: number) => void,
): Promise<number> {
  const head = await beginImport(database, library);
  const version = head.version + 1;
  const write = openWriting(database, { ...head, version });
  database.transaction(() => {
    write(item);
    database.prepare('UPDATE catalogue SET version = ?, importing = NULL WHERE library = ?').run([version, library]);
    finish(version);
  });
  await dropEndedFromSearch(database, { ...head, version });
  return version;
}

/** Marks the start, after undoing what an import that was cut off has left. */
async function beginImport(database: Database, library: string): Promise<CatalogueHead> {
  database.prepare('INSERT OR IGNORE INTO catalogue(library) VALUES (?)').run([library]);
  const row = database.prepare('SELECT id, version, importing FROM catalogue WHERE library = ?').get([library]) ?? {};
  const head = { id: number(row, 'id'), library, version: number(row, 'version') };
  // Words are cut apart by us; `ascii` takes everything beyond ASCII as part of a word and knows no Unicode of its own.
  database.exec(
    `CREATE VIRTUAL TABLE IF NOT EXISTS ${searchTable(head.id)}
     USING fts5(title, other, singles, content = '', contentless_delete = 1, tokenize = 'ascii', prefix = '2 3')`,
  );
  if (numberOrNull(row, 'importing') !== null) await undoImport(database, head);
  database.prepare('UPDATE catalogue SET importing = ? WHERE library = ?').run([head.version + 1, library]);
  return head;
}

async function undoImport(database: Database, head: CatalogueHead): Promise<void> {
  // The plus keeps SQLite on the row numbers: one walk over the table, whatever was left behind.
  const started = database.prepare(
    'SELECT id FROM item WHERE id > ? AND +library = ? AND valid_from > ? ORDER BY id LIMIT ?',
  );
  let after = 0;
  const unsearch = database.prepare(`DELETE FROM ${searchTable(head.id)} WHERE rowid = ?`);
  const remove = database.prepare('DELETE FROM item WHERE id = ?');
  await inPages(
    database,
    () => started.all([after, head.library, head.version, ITEMS_A_TRANSACTION]),
    (row) => {
      after = number(row, 'id');
      unsearch.run([after]);
      remove.run([after]);
    },
  );
  database
    .prepare('UPDATE item SET valid_to = NULL WHERE library = ? AND valid_to > ?')
    .run([head.library, head.version]);
}

function openWriting(database: Database, head: CatalogueHead): (item: Item) => number {
  const newest = database.prepare(
    'SELECT id, valid_from, body FROM item WHERE library = ? AND barcode = ? AND valid_to IS NULL ORDER BY valid_from DESC LIMIT 1',
  );
  const end = database.prepare('UPDATE item SET valid_to = ? WHERE id = ?');
  const insert = database.prepare(
    `INSERT INTO item(library, barcode, valid_from, title_key, barcode_key, call_key, body) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const remove = database.prepare('DELETE FROM item WHERE id = ?');
  const unsearch = database.prepare(`DELETE FROM ${searchTable(head.id)} WHERE rowid = ?`);
  const search = database.prepare(
    `INSERT INTO ${searchTable(head.id)}(rowid, title, other, singles) VALUES (?, ?, ?, ?)`,
  );

  const tagged = database.prepare('INSERT OR IGNORE INTO item_tag(library, tag, barcode) VALUES (?, ?, ?)');

  return (item) => {
    if (item.library !== head.library) {
      throw new AppError('STO_BAD_VALUE', `item ${item.barcode} is of ${item.library}, not of ${head.library}`);
    }
    const { barcode, title, author, callNumber } = item;
    const body = JSON.stringify(item);
    const before = newest.get([head.library, barcode]);
    if (before !== undefined) {
      if (text(before, 'body') === body) return number(before, 'id');
      if (number(before, 'valid_from') < head.version) {
        end.run([head.version, number(before, 'id')]);
      } else {
        // The same barcode twice in one import: the later row counts.
        unsearch.run([number(before, 'id')]);
        remove.run([number(before, 'id')]);
      }
    }
    for (const tag of item.tags) tagged.run([head.library, tag, barcode]);
    const keys = [searchKey(title), searchKey(barcode), searchKey(callNumber)];
    const { lastInsertRowid } = insert.run([head.library, barcode, head.version, ...keys, body]);
    const [ofTitle, ofOther] = [indexText(title), indexText(`${author} ${callNumber} ${barcode}`)];
    search.run([lastInsertRowid, ofTitle.text, ofOther.text, `${ofTitle.singles} ${ofOther.singles}`]);
    return lastInsertRowid;
  };
}

/** Ends what the import did not name. */
async function endOthers(database: Database, { library, version }: CatalogueHead, kept: IdSet): Promise<void> {
  const page = database.prepare(
    'SELECT id, barcode FROM item WHERE library = ? AND barcode > ? AND valid_to IS NULL ORDER BY barcode LIMIT ?',
  );
  const end = database.prepare('UPDATE item SET valid_to = ? WHERE id = ?');
  let after = '';
  await inPages(
    database,
    () => page.all([library, after, ITEMS_A_TRANSACTION]),
    (row) => {
      after = text(row, 'barcode');
      if (!kept.has(number(row, 'id'))) end.run([version, number(row, 'id')]);
    },
  );
}

/** Old rows stay for replays, but nobody searches them. */
async function dropEndedFromSearch(database: Database, { id, library, version }: CatalogueHead): Promise<void> {
  const page = database.prepare(
    'SELECT id FROM item WHERE library = ? AND valid_to = ? AND id > ? ORDER BY id LIMIT ?',
  );
  const unsearch = database.prepare(`DELETE FROM ${searchTable(id)} WHERE rowid = ?`);
  let after = 0;
  await inPages(
    database,
    () => page.all([library, version, after, ITEMS_A_TRANSACTION]),
    (row) => {
      after = number(row, 'id');
      unsearch.run([after]);
    },
  );
}

async function inPages(database: Database, read: () => readonly SqlRow[], each: (row: SqlRow) => void): Promise<void> {
  for (let rows = read(); rows.length > 0; rows = read()) {
    const page = rows;
    database.transaction(() => {
      page.forEach(each);
    });
    await setImmediate();
  }
}

function* chunks(items: Iterable<Item>): Iterable<readonly Item[]> {
  let some: Item[] = [];
  for (const item of items) {
    some.push(item);
    if (some.length === ITEMS_A_TRANSACTION) {
      yield some;
      some = [];
    }
  }
  if (some.length > 0) yield some;
}

/** Row numbers are dense: two million of them are a quarter of a megabyte as bits. */
class IdSet {
  private bits = new Uint8Array(1024);

  add(id: number): void {
    const index = id >>> 3;
    if (index >= this.bits.length) {
      const larger = new Uint8Array(Math.max(index + 1, this.bits.length * 2));
      larger.set(this.bits);
      this.bits = larger;
    }
    this.bits[index] = (this.bits[index] ?? 0) | (1 << (id & 7));
  }

  has(id: number): boolean {
    return ((this.bits[id >>> 3] ?? 0) & (1 << (id & 7))) !== 0;
  }
}
