import { AppError } from '#contract/errors.ts';
import type { Statement } from './statement.ts';
import { number } from './values.ts';

export interface Migrating {
  readonly path: string;
  prepare(sql: string): Statement;
  exec(sql: string): void;
  transaction<T>(body: () => T): T;
}

/**
 * Brings a file to the newest schema: `migrations[n]` leads from version n to n + 1, each in a transaction of its own.
 * A migration that has been released is never changed; a new one is added at the end.
 *
 * Errors: `STO_MIGRATION` (the file was written by a newer Shelfwise).
 */
export function migrate(database: Migrating, migrations: readonly string[]): void {
  for (let version = checkVersion(database, migrations); version < migrations.length; version += 1) {
    database.transaction(() => {
      database.exec(migrations[version] ?? '');
      database.exec(`PRAGMA user_version = ${version + 1}`);
    });
  }
}

/** For a reader: it waits for the writer to bring the file up to date. Errors: `STO_MIGRATION`, `STO_UNAVAILABLE`. */
export function requireMigrated(database: Migrating, migrations: readonly string[]): void {
  const version = checkVersion(database, migrations);
  if (version < migrations.length) {
    throw new AppError('STO_UNAVAILABLE', `${database.path} is not brought up to date by its writer yet`, {
      path: database.path,
      version,
      wanted: migrations.length,
    });
  }
}

function checkVersion(database: Migrating, migrations: readonly string[]): number {
  const row = database.prepare('PRAGMA user_version').get();
  const version = row === undefined ? 0 : number(row, 'user_version');
  if (version > migrations.length) {
    throw new AppError(
      'STO_MIGRATION',
      `${database.path} has schema version ${version}, this program knows ${migrations.length}: it is newer than the program`,
      { path: database.path, version, known: migrations.length },
    );
  }
  return version;
}
