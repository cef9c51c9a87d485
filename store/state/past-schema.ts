/** `to_ms` of a stay that lasts: above every real time, so that "ended later than" needs no second question. */
export const LASTING_MS = Number.MAX_SAFE_INTEGER;

/**
 * Widths of the tallies in minutes: a minute, four hours, sixteen days. A count at any time is the count now less at most
 * 240 + 96 + a few buckets a place, however long ago it was.
 */
export const TALLY_SPANS_MINUTES = [1, 240, 23_040] as const;

/** Kinds of facts that move an item; the words stand in the index below, so they are not changed without another index. */
export const MOVE_KINDS = `('item-arrived','item-moved','item-departed')`;

export const PAST_MIGRATION = `
   CREATE TABLE stay(
     library TEXT NOT NULL,
     place TEXT NOT NULL,
     to_ms INTEGER NOT NULL,
     item TEXT NOT NULL,
     n INTEGER NOT NULL,
     from_ms INTEGER NOT NULL,
     confidence REAL,
     wrong_from_ms INTEGER,
     wrong_to_ms INTEGER,
     PRIMARY KEY (library, place, to_ms, item, n)
   ) STRICT, WITHOUT ROWID;

   -- Sums of what came and went, by width of the bucket. Sums do not mind the order in which late facts come in.
   CREATE TABLE place_tally(
     library TEXT NOT NULL,
     span INTEGER NOT NULL,
     place TEXT NOT NULL,
     bucket INTEGER NOT NULL,
     items INTEGER NOT NULL,
     wrong INTEGER NOT NULL,
     PRIMARY KEY (library, span, place, bucket)
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE read_point_past(
     library TEXT NOT NULL,
     read_point TEXT NOT NULL,
     from_ms INTEGER NOT NULL,
     state TEXT NOT NULL,
     PRIMARY KEY (library, read_point, from_ms)
   ) STRICT, WITHOUT ROWID;

   CREATE INDEX fact_move_at ON fact(library, body ->> '$.at', n) WHERE body ->> '$.kind' IN ${MOVE_KINDS};`;

export const PAST_TABLES = ['stay', 'place_tally', 'read_point_past'] as const;
