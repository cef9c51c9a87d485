import type { Database } from '#store/sqlite/database.ts';
import type { StateCommit } from './state.ts';

/** Lines come and go by the dozen, ILS words by the hundred a batch. */
export function openWorkTables(database: Database): (change: StateCommit) => void {
  // An UPSERT, since a replacing insert would not run the triggers that count.
  const put = database.prepare(
    `INSERT INTO work_entry(library, kind, subject, item, place, since_ms, confidence, reason, ticked_off_ms, outcome)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET item = excluded.item, place = excluded.place, since_ms = excluded.since_ms,
     confidence = excluded.confidence, reason = excluded.reason, ticked_off_ms = excluded.ticked_off_ms,
     outcome = excluded.outcome`,
  );
  const remove = database.prepare('DELETE FROM work_entry WHERE library = ? AND kind = ? AND subject = ?');
  const putIls = database.prepare(
    `INSERT OR REPLACE INTO item_ils(library, item, status, at_ms, due_at, pickup_place, expires_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const use = database.prepare(
    `INSERT INTO in_house_use(library, hour_ms, shelf, scheme, class, uses) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET uses = uses + excluded.uses`,
  );

  return ({ work = [], ils = [], uses = [] }) => {
    for (const { library, kind, subject, row } of work) {
      if (row === null) {
        remove.run([library, kind, subject]);
        continue;
      }
      const { item, place, confidence, outcome } = row;
      const tickedOffMs = row.tickedOffMs === null ? null : Math.round(row.tickedOffMs);
      const values = [
        item,
        place,
        Math.round(row.sinceMs),
        confidence,
        JSON.stringify(row.reason),
        tickedOffMs,
        outcome,
      ];
      put.run([library, kind, subject, ...values]);
    }
    for (const row of ils) {
      const { library, item, status, atMs, dueAt, pickupPlace, expiresAt } = row;
      putIls.run([library, item, status, Math.round(atMs), dueAt, pickupPlace, expiresAt]);
    }
    for (const row of uses) use.run([row.library, row.hourMs, row.shelf, row.scheme, row.class, row.uses]);
  };
}
