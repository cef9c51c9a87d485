import type { GatewayStatus } from '#contract/wire/status.ts';
import { openDatabase, type Database } from '#store/sqlite/database.ts';
import { flag, number, numberOrNull, text, textOrNull, type SqlRow } from '#store/sqlite/values.ts';
import { BROKER_STATE_MIGRATIONS } from './broker-state-schema.ts';
import type { BrokerStateReader, CommandProgress, CommandReply, Refusal } from './broker-state.ts';

/** For every process but the broker. Errors: `STO_UNAVAILABLE` (no broker yet), `STO_CORRUPT`, `STO_MIGRATION`. */
export function openBrokerStateReader(path: string): BrokerStateReader {
  const database = openDatabase(path, { mode: 'read', migrations: BROKER_STATE_MIGRATIONS });
  return {
    ...readingFrom(database),
    close() {
      database.close();
    },
  };
}

/** The questions, over an open file. */
export function readingFrom(database: Database): Omit<BrokerStateReader, 'close'> {
  return {
    heard(library) {
      const rows = database.prepare('SELECT * FROM heard WHERE library = ? ORDER BY device').all([library]);
      return rows.map((row) => {
        const status = textOrNull(row, 'status');
        return {
          library: text(row, 'library'),
          device: text(row, 'device'),
          lastHeardMs: number(row, 'last_heard_ms'),
          isConnected: flag(row, 'is_connected'),
          status: status === null ? null : (JSON.parse(status) as GatewayStatus),
        };
      });
    },
    refusals: (library, limit) =>
      database
        .prepare('SELECT body FROM refusal WHERE library = ? OR library IS NULL ORDER BY n DESC LIMIT ?')
        .all([library, limit])
        .map((row) => JSON.parse(text(row, 'body')) as Refusal),
    commands(library, ids) {
      const rows = database
        .prepare('SELECT * FROM command WHERE library = ? AND id IN (SELECT value FROM json_each(?))')
        .all([library, JSON.stringify(ids)]);
      return new Map(rows.map((row) => [text(row, 'id'), toProgress(row)]));
    },
    beat() {
      const row = database.prepare('SELECT at_ms, journal_offset FROM beat').get();
      return row && { atMs: number(row, 'at_ms'), journalOffset: number(row, 'journal_offset') };
    },
  };
}

function toProgress(row: SqlRow): CommandProgress {
  const reply = textOrNull(row, 'reply');
  return {
    sentCount: number(row, 'sent_count'),
    sentMs: numberOrNull(row, 'sent_ms'),
    reply: reply === null ? null : (JSON.parse(reply) as CommandReply),
    receivedMs: numberOrNull(row, 'received_ms'),
  };
}
