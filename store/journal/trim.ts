import type { Database } from '#store/sqlite/database.ts';
import { number, numberOrNull } from '#store/sqlite/values.ts';
import type { Marks } from './marks.ts';

export interface TrimLimits {
  /** Consumers have passed everything below; nothing at or after it goes. */
  readonly beforeOffset: number;
  readonly receivedBeforeMs: number;
  readonly bytesMax: number;
  readonly newest: number;
}

/** About 30 ms of deleting; the broker does not stand still for longer. */
export const TRIM_ENTRIES_MAX = 10_000;
/** What a row takes besides its body: columns, header and its part of the page. */
const ROW_BYTES = 100;

/**
 * Drops entries from the oldest on, since readers rely on there being no holes: as long as they are too old, or the file
 * is too big. Returns how many went, at most {@link TRIM_ENTRIES_MAX} a call. The file keeps its size and fills again.
 */
export function openTrim(database: Database, marks: Pick<Marks, 'save' | 'settle'>): (limits: TrimLimits) => number {
  const candidates = database.prepare(
    `SELECT offset, received_at_ms, octet_length(body) AS body_bytes
     FROM entry WHERE offset < ? ORDER BY offset LIMIT ${TRIM_ENTRIES_MAX}`,
  );
  const pages = database.prepare(
    `SELECT (SELECT page_count FROM pragma_page_count) AS pages, (SELECT freelist_count FROM pragma_freelist_count) AS free,
            (SELECT page_size FROM pragma_page_size) AS page_bytes`,
  );
  const remove = database.prepare('DELETE FROM entry WHERE offset <= ?');
  const remember = database.prepare('UPDATE trimmed SET last_offset = ?');

  const usedBytes = (): number => {
    const row = pages.get() ?? {};
    return (number(row, 'pages') - number(row, 'free')) * number(row, 'page_bytes');
  };

  return ({ beforeOffset, receivedBeforeMs, bytesMax, newest }) => {
    let excessBytes = usedBytes() - bytesMax;
    let cut: number | null = null;
    for (const row of candidates.all([beforeOffset])) {
      if (number(row, 'received_at_ms') >= receivedBeforeMs && excessBytes <= 0) break;
      excessBytes -= number(row, 'body_bytes') + ROW_BYTES;
      cut = numberOrNull(row, 'offset');
    }
    if (cut === null) return 0;
    const last = cut;
    let isCommitted = false;
    try {
      const dropped = database.transaction(() => {
        marks.save(newest);
        remember.run([newest]);
        return remove.run([last]).changes;
      });
      isCommitted = true;
      return dropped;
    } finally {
      marks.settle(isCommitted);
    }
  };
}
