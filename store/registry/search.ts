/**
 * Search in steps from the most to the least likely meant, each bounded and each through an index: the barcode itself, a
 * title that starts so, a barcode or call number that starts so, all words in the title, all words anywhere. A step is
 * only asked while the page is not full, so that a question with a hundred thousand hits costs no more than its page.
 */
import type { Item } from '#contract/domain/item.ts';
import type { Database } from '#store/sqlite/database.ts';
import { number, text, type SqlValue } from '#store/sqlite/values.ts';
import { matchExpression, searchKey } from './search-text.ts';
import type { SearchHit } from './registry.ts';

export interface CatalogueHead {
  readonly id: number;
  readonly library: string;
  readonly version: number;
}

/** Nobody pages further; a deeper page would be a way to make us work. */
const HITS_MAX = 10_000;
/** Control characters and half surrogate pairs: no barcode holds them, and SQLite cannot. */
const UNSEARCHABLE = /[\p{Cc}\p{Surrogate}]/gu;
/** Above every letter a key can hold. */
const AFTER_EVERY_KEY = '\u{10ffff}';
const IS_VALID = 'item.valid_from <= ? AND (item.valid_to IS NULL OR item.valid_to > ?)';

export interface SearchPage {
  readonly offset: number;
  readonly limit: number;
}

/** Name of the search table of one library: a library never pays for the words of another. */
export function searchTable(catalogueId: number): string {
  return `search_${catalogueId}`;
}

export function searchItems(
  database: Database,
  head: CatalogueHead,
  query: string,
  page: SearchPage,
): readonly SearchHit[] {
  const wanted = Math.min(page.offset + page.limit, HITS_MAX);
  const found = new Map<number, number>();
  const question = query.replace(UNSEARCHABLE, ' ').trim();
  for (const [rank, step] of stepsFor(database, head, question).entries()) {
    if (found.size >= wanted) break;
    // A step may give again what earlier ones gave, so it is asked for that many more.
    for (const id of step(wanted)) if (found.size < wanted && !found.has(id)) found.set(id, rank);
  }
  const ofPage = [...found].slice(page.offset, wanted);
  const select = database.prepare('SELECT body FROM item WHERE id = ?');
  return ofPage.map(([id, rank]) => ({ item: JSON.parse(text(select.get([id]) ?? {}, 'body')) as Item, rank }));
}

type Step = (limit: number) => readonly number[];

function stepsFor(database: Database, { id, library, version }: CatalogueHead, query: string): readonly Step[] {
  const ids = (sql: string, parameters: readonly SqlValue[]): readonly number[] =>
    database
      .prepare(sql)
      .all(parameters)
      .map((row) => number(row, 'id'));
  const startingWith =
    (column: 'title_key' | 'barcode_key' | 'call_key', key: string): Step =>
    (limit) =>
      ids(
        `SELECT id FROM item WHERE library = ? AND ${column} >= ? AND ${column} < ? AND ${IS_VALID}
         ORDER BY ${column} LIMIT ?`,
        [library, key, key + AFTER_EVERY_KEY, version, version, limit],
      );
  const matching =
    (expression: string): Step =>
    (limit) =>
      ids(
        `SELECT item.id FROM ${searchTable(id)} AS hit CROSS JOIN item ON item.id = hit.rowid
         WHERE hit.${searchTable(id)} MATCH ? AND ${IS_VALID} ORDER BY hit.rowid LIMIT ?`,
        [expression, version, version, limit],
      );

  const steps: Step[] = [
    (limit) =>
      ids(`SELECT id FROM item WHERE library = ? AND barcode = ? AND ${IS_VALID} LIMIT ?`, [
        library,
        query,
        version,
        version,
        limit,
      ]),
  ];
  const key = searchKey(query);
  if (key !== '')
    for (const column of ['title_key', 'barcode_key', 'call_key'] as const) steps.push(startingWith(column, key));
  const expression = matchExpression(query);
  if (expression !== undefined) steps.push(matching(`{title singles} : (${expression})`), matching(expression));
  return steps;
}
