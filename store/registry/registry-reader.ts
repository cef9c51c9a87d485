import type { Item } from '#contract/domain/item.ts';
import type { Plan } from '#contract/domain/plan.ts';
import { conditionSettings } from '#contract/domain/condition-settings.ts';
import { shelvingSettings } from '#contract/domain/shelving-settings.ts';
import type { Input } from '#contract/wire/input.ts';
import { openDatabase, type Database } from '#store/sqlite/database.ts';
import { flag, number, text, textOrNull, type SqlRow } from '#store/sqlite/values.ts';
import { readingCommands } from './commands.ts';
import { REGISTRY_MIGRATIONS } from './registry-schema.ts';
import type { DeviceRow, LibraryRow, RegistryReader } from './registry.ts';
import { searchItems, type CatalogueHead } from './search.ts';

/** For every process but the dashboard. Errors: `STO_UNAVAILABLE` (no registry yet), `STO_CORRUPT`, `STO_MIGRATION`. */
export function openRegistryReader(path: string): RegistryReader {
  const database = openDatabase(path, { mode: 'read', migrations: REGISTRY_MIGRATIONS });
  return {
    ...readingFrom(database),
    close() {
      database.close();
    },
  };
}

const ITEMS_A_PAGE = 1000;
const IS_VALID = 'valid_from <= ? AND (valid_to IS NULL OR valid_to > ?)';

/** The questions, over an open file. */
export function readingFrom(database: Database): Omit<RegistryReader, 'close'> {
  const get = (sql: string, parameters: readonly (string | number)[] = []): SqlRow | undefined =>
    database.prepare(sql).get(parameters);
  const all = (sql: string, parameters: readonly (string | number)[] = []): readonly SqlRow[] =>
    database.prepare(sql).all(parameters);

  const head = (library: string): CatalogueHead | undefined => {
    const row = get('SELECT id, version FROM catalogue WHERE library = ?', [library]);
    return row && { id: number(row, 'id'), library, version: number(row, 'version') };
  };
  const version = (library: string): number => head(library)?.version ?? 0;
  const itemsOf = (library: string, barcodes: readonly string[], now = version(library)): ReadonlyMap<string, Item> => {
    const rows = all(
      `SELECT body FROM item WHERE library = ? AND barcode IN (SELECT value FROM json_each(?)) AND ${IS_VALID}`,
      [library, JSON.stringify(barcodes), now, now],
    );
    return new Map(rows.map(toItem).map((item) => [item.barcode, item]));
  };

  return {
    ...readingCommands(database),
    epoch: () => text(get('SELECT epoch FROM registry') ?? {}, 'epoch'),
    libraries: () => all('SELECT * FROM library ORDER BY key').map(toLibrary),
    device(library, id) {
      const row = get('SELECT * FROM device WHERE library = ? AND id = ?', [library, id]);
      return row && toDevice(row);
    },
    devices: (library) => all('SELECT * FROM device WHERE library = ? ORDER BY id', [library]).map(toDevice),
    plan(library) {
      const row = get('SELECT body FROM plan WHERE library = ? ORDER BY version DESC LIMIT 1', [library]);
      return row && (JSON.parse(text(row, 'body')) as Plan);
    },
    conditionSettings(library) {
      const row = get('SELECT body FROM condition_settings WHERE library = ?', [library]);
      return conditionSettings.parse(row === undefined ? { version: 0 } : JSON.parse(text(row, 'body')));
    },
    shelvingSettings(library) {
      const row = get('SELECT body FROM shelving_settings WHERE library = ?', [library]);
      return shelvingSettings.parse(row === undefined ? {} : JSON.parse(text(row, 'body')));
    },
    inputsAfter: (seq, limit) =>
      all('SELECT seq, library, body FROM input WHERE seq > ? ORDER BY seq LIMIT ?', [seq, limit]).map((row) => ({
        seq: number(row, 'seq'),
        library: text(row, 'library'),
        input: JSON.parse(text(row, 'body')) as Input,
      })),
    catalogueVersion: version,
    catalogue: (library, wanted) => itemsOfVersion(database, library, wanted),
    item: (library, barcode) => itemsOf(library, [barcode]).get(barcode),
    items: (library, barcodes) => itemsOf(library, barcodes),
    catalogueRows: (library, wanted, barcodes) => itemsOf(library, barcodes, wanted),
    itemsOfTag(library, tag) {
      const rows = all('SELECT barcode FROM item_tag WHERE library = ? AND tag = ?', [library, tag]);
      const barcodes = rows.map((row) => text(row, 'barcode'));
      return [...itemsOf(library, barcodes).values()].filter((item) => item.tags.includes(tag));
    },
    search(library, query, page) {
      const found = head(library);
      return found === undefined || found.version === 0 ? [] : searchItems(database, found, query, page);
    },
  };
}

function* itemsOfVersion(database: Database, library: string, version: number): Iterable<Item> {
  const page = database.prepare(
    `SELECT barcode, body FROM item WHERE library = ? AND barcode > ? AND ${IS_VALID} ORDER BY barcode LIMIT ${ITEMS_A_PAGE}`,
  );
  let after = '';
  for (;;) {
    const rows = page.all([library, after, version, version]);
    for (const row of rows) {
      after = text(row, 'barcode');
      yield toItem(row);
    }
    if (rows.length < ITEMS_A_PAGE) return;
  }
}

function toItem(row: SqlRow): Item {
  return JSON.parse(text(row, 'body')) as Item;
}

function toLibrary(row: SqlRow): LibraryRow {
  return {
    key: text(row, 'key'),
    name: text(row, 'name'),
    isil: textOrNull(row, 'isil'),
    timeZone: text(row, 'time_zone'),
  };
}

function toDevice(row: SqlRow): DeviceRow {
  return {
    library: text(row, 'library'),
    id: text(row, 'id'),
    kind: text(row, 'kind') as DeviceRow['kind'],
    secretSha256: text(row, 'secret_sha256'),
    isEnabled: flag(row, 'is_enabled'),
    createdAtMs: number(row, 'created_at_ms'),
  };
}
