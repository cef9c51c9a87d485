import { libraryKey } from '#contract/domain/ids.ts';
import { openDatabase } from '#store/sqlite/database.ts';
import { readingFrom } from './broker-state-reader.ts';
import { BROKER_STATE_MIGRATIONS } from './broker-state-schema.ts';
import type { BrokerStateWriter, CommandReply, Refusal } from './broker-state.ts';

/** A screenful is 50; whoever floods us with refusals only pushes out their own kind. */
export const REFUSALS_MAX = 1000;
/** Some days of a busy encoding desk; the registry keeps longer who asked, the journal what was answered. */
export const COMMANDS_MAX = 20_000;
/** The memory of the largest library tag is 8 kB, 16 kB as hex; a longer result is a fault of its gateway. */
export const RESULT_CHARS_MAX = 65_536;
const TEXT_CHARS_MAX = 500;
const CLIENT_CHARS_MAX = 64;

/** Errors: `STO_UNAVAILABLE` (another process writes it), `STO_CORRUPT`, `STO_MIGRATION`. */
export function openBrokerStateWriter(path: string): BrokerStateWriter {
  const database = openDatabase(path, { mode: 'write', synchronous: 'NORMAL', migrations: BROKER_STATE_MIGRATIONS });
  const putHeard = database.prepare(
    'INSERT OR REPLACE INTO heard(library, device, last_heard_ms, is_connected, status) VALUES (?, ?, ?, ?, ?)',
  );
  const putBeat = database.prepare('INSERT OR REPLACE INTO beat(id, at_ms, journal_offset) VALUES (1, ?, ?)');
  const addRefusal = database.prepare('INSERT INTO refusal(library, body) VALUES (?, ?)');
  const dropRefusals = database.prepare(
    `DELETE FROM refusal WHERE n <= (SELECT max(n) FROM refusal) - ${REFUSALS_MAX}`,
  );

  return {
    ...readingFrom(database),
    putHeard(rows) {
      if (rows.length === 0) return;
      database.transaction(() => {
        for (const { library, device, lastHeardMs, isConnected, status } of rows) {
          const statusText = status === null ? null : JSON.stringify(status);
          putHeard.run([library, device, Math.round(lastHeardMs), isConnected ? 1 : 0, statusText]);
        }
      });
    },
    addRefusals(rows) {
      if (rows.length === 0) return;
      database.transaction(() => {
        for (const refusal of rows.map(cut)) addRefusal.run([refusal.library, JSON.stringify(refusal)]);
        dropRefusals.run();
      });
    },
    putSent(library, id, atMs) {
      database
        .prepare(
          `INSERT INTO command(library, id, sent_count, sent_ms) VALUES (?, ?, 1, ?)
           ON CONFLICT (library, id) DO UPDATE SET sent_count = sent_count + 1, sent_ms = excluded.sent_ms`,
        )
        .run([library, id, Math.round(atMs)]);
    },
    putReply(library, id, reply, receivedMs) {
      return database.transaction(() => {
        const { changes } = database
          .prepare(
            `INSERT INTO command(library, id, sent_count, reply, received_ms) VALUES (?, ?, 0, ?, ?)
             ON CONFLICT (library, id) DO UPDATE SET reply = excluded.reply, received_ms = excluded.received_ms
             WHERE reply IS NULL`,
          )
          .run([library, id, JSON.stringify(cutReply(reply)), Math.round(receivedMs)]);
        database.prepare(`DELETE FROM command WHERE n <= (SELECT max(n) FROM command) - ${COMMANDS_MAX}`).run();
        return changes > 0;
      });
    },
    putBeat(atMs, journalOffset) {
      putBeat.run([Math.round(atMs), journalOffset]);
    },
    close() {
      database.close();
    },
  };
}

function cutReply({ outcome, code, detail, result, at }: CommandReply): CommandReply {
  const isKept = result === undefined || JSON.stringify(result).length <= RESULT_CHARS_MAX;
  return { outcome, at, ...(code && { code }), ...(detail && { detail }), ...(isKept && { result }) };
}

/** These texts come from strangers: they are cut here, and JSON keeps whatever else is in them harmless. */
function cut(refusal: Refusal): Refusal {
  return {
    ...refusal,
    // What is no library's key cannot be shown to one library alone.
    library: libraryKey.safeParse(refusal.library).data ?? null,
    detail: refusal.detail.slice(0, TEXT_CHARS_MAX),
    client: refusal.client?.slice(0, CLIENT_CHARS_MAX) ?? null,
    topic: refusal.topic?.slice(0, TEXT_CHARS_MAX) ?? null,
  };
}
