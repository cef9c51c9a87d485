import { AppError } from '#contract/errors.ts';
import type { Input } from '#contract/wire/input.ts';
import { openDatabase } from '#store/sqlite/database.ts';
import { numberOrNull } from '#store/sqlite/values.ts';
import { openAccounts } from './accounts.ts';
import { writeNextRow, writeNextVersion } from './catalogue-import.ts';
import { writingCommands } from './commands.ts';
import { readingFrom } from './registry-reader.ts';
import { REGISTRY_MIGRATIONS } from './registry-schema.ts';
import type { RegistryWriter } from './registry.ts';

/** Errors: `STO_UNAVAILABLE` (another process writes it), `STO_CORRUPT`, `STO_MIGRATION`. */
export function openRegistryWriter(path: string): RegistryWriter {
  const database = openDatabase(path, { mode: 'write', synchronous: 'FULL', migrations: REGISTRY_MIGRATIONS });
  const importing = new Set<string>();

  const queueInput = (library: string, input: Input): number =>
    database.prepare('INSERT INTO input(library, body) VALUES (?, ?)').run([library, JSON.stringify(input)])
      .lastInsertRowid;

  /** Two versions of one catalogue are never written at the same time. */
  const alone = async (library: string, write: () => Promise<number>): Promise<number> => {
    if (importing.has(library)) {
      throw new AppError('API_CONFLICT', `a catalogue of ${library} is being imported already`, { library });
    }
    importing.add(library);
    try {
      return await write();
    } finally {
      importing.delete(library);
    }
  };

  return {
    ...readingFrom(database),
    ...openAccounts(database),
    ...writingCommands(database),
    putLibrary({ key, name, isil, timeZone }) {
      database
        .prepare('INSERT OR REPLACE INTO library(key, name, isil, time_zone) VALUES (?, ?, ?, ?)')
        .run([key, name, isil, timeZone]);
    },
    putDevice({ library, id, kind, secretSha256, isEnabled, createdAtMs }) {
      database
        .prepare(
          `INSERT OR REPLACE INTO device(library, id, kind, secret_sha256, is_enabled, created_at_ms)
           VALUES (?, ?, ?, ?, ?, ?)`,
        )
        .run([library, id, kind, secretSha256, isEnabled ? 1 : 0, Math.round(createdAtMs)]);
    },
    removeDevice: (library, id) =>
      database.prepare('DELETE FROM device WHERE library = ? AND id = ?').run([library, id]).changes > 0,
    putPlan(library, plan) {
      database.transaction(() => {
        const row = database.prepare('SELECT max(version) AS newest FROM plan WHERE library = ?').get([library]) ?? {};
        const newest = numberOrNull(row, 'newest') ?? 0;
        if (plan.version <= newest) {
          throw new AppError('API_CONFLICT', `the plan is at version ${newest}; the next must be higher`, { newest });
        }
        database
          .prepare('INSERT INTO plan(library, version, body) VALUES (?, ?, ?)')
          .run([library, plan.version, JSON.stringify(plan)]);
        queueInput(library, { kind: 'plan', plan });
      });
    },
    putConditionSettings(library, settings) {
      database.transaction(() => {
        if (settings.version <= this.conditionSettings(library).version) {
          throw new AppError('API_CONFLICT', 'The version of the rules must rise.');
        }
        database
          .prepare('INSERT OR REPLACE INTO condition_settings(library, body) VALUES (?, ?)')
          .run([library, JSON.stringify(settings)]);
        queueInput(library, { kind: 'condition-settings', settings });
      });
    },
    putShelvingSettings(library, settings) {
      database.transaction(() => {
        database
          .prepare('INSERT OR REPLACE INTO shelving_settings(library, body) VALUES (?, ?)')
          .run([library, JSON.stringify(settings)]);
        queueInput(library, { kind: 'shelving-settings', settings });
      });
    },
    importCatalogue: (library, items) =>
      alone(library, () =>
        writeNextVersion(database, library, items, (version) => {
          queueInput(library, { kind: 'catalogue', version });
        }),
      ),
    putItem: (item) =>
      alone(item.library, () =>
        writeNextRow(database, item.library, item, (version) => {
          queueInput(item.library, { kind: 'catalogue-row', version, item });
        }),
      ),
    queueInput,
    trimInputs(seq) {
      database.prepare('DELETE FROM input WHERE seq <= ?').run([seq]);
    },
    close() {
      database.close();
    },
  };
}
