import { SWEEP_MIGRATION, SWEEP_TABLES } from './sweep-schema.ts';
import { HOME_SHIFT_MIGRATION, HOME_SHIFT_TABLES } from './home-shift-schema.ts';
import { PAST_MIGRATION, PAST_TABLES } from './past-schema.ts';
import { WORK_SCHEMA, WORK_TABLES } from './work-schema.ts';

export const STATE_MIGRATIONS = [
  `CREATE TABLE progress(
     id INTEGER PRIMARY KEY CHECK (id = 1),
     offset INTEGER NOT NULL,
     as_of_ms INTEGER,
     engine_version TEXT
   ) STRICT;
   INSERT INTO progress(id, offset) VALUES (1, 0);

   CREATE TABLE item(
     library TEXT NOT NULL,
     item TEXT NOT NULL,
     place TEXT,
     condition TEXT NOT NULL,
     since_ms INTEGER,
     last_seen_ms INTEGER,
     confidence REAL,
     misshelved INTEGER NOT NULL,
     ticked_off_ms INTEGER,
     home TEXT NOT NULL,
     PRIMARY KEY (library, item)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX item_at ON item(library, place, item) WHERE place IS NOT NULL;
   CREATE INDEX item_misshelved ON item(library, item) WHERE misshelved = 1;

   -- Kept by the triggers, so that a floor of a thousand shelves is counted by a thousand look-ups, not by all its items.
   CREATE TABLE place_count(
     library TEXT NOT NULL,
     place TEXT NOT NULL,
     items INTEGER NOT NULL,
     wrong INTEGER NOT NULL,
     PRIMARY KEY (library, place)
   ) STRICT, WITHOUT ROWID;
   CREATE TRIGGER item_counted_in AFTER INSERT ON item WHEN new.place IS NOT NULL AND new.condition = 'present' BEGIN
     INSERT INTO place_count(library, place, items, wrong) VALUES (new.library, new.place, 1, new.misshelved)
     ON CONFLICT DO UPDATE SET items = items + 1, wrong = wrong + excluded.wrong;
   END;
   CREATE TRIGGER item_counted_over AFTER UPDATE OF place, condition, misshelved ON item
   WHEN old.place IS NOT new.place OR old.condition <> new.condition OR old.misshelved <> new.misshelved BEGIN
     UPDATE place_count SET items = items - 1, wrong = wrong - old.misshelved
     WHERE library = old.library AND place = old.place AND old.condition = 'present';
     INSERT INTO place_count(library, place, items, wrong)
     SELECT new.library, new.place, 1, new.misshelved WHERE new.place IS NOT NULL AND new.condition = 'present'
     ON CONFLICT DO UPDATE SET items = items + 1, wrong = wrong + excluded.wrong;
   END;

   CREATE TABLE zone(
     library TEXT NOT NULL,
     place TEXT NOT NULL,
     people REAL,
     low REAL,
     high REAL,
     at_ms INTEGER,
     PRIMARY KEY (library, place)
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE read_point(
     library TEXT NOT NULL,
     read_point TEXT NOT NULL,
     state TEXT NOT NULL,
     since_ms INTEGER NOT NULL,
     last_heard_ms INTEGER,
     PRIMARY KEY (library, read_point)
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE fact(
     library TEXT NOT NULL,
     n INTEGER NOT NULL,
     subject TEXT NOT NULL,
     body TEXT NOT NULL,
     PRIMARY KEY (library, n)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX fact_of_subject ON fact(library, subject, n);

   CREATE TABLE memory(
     slice TEXT NOT NULL,
     key TEXT NOT NULL,
     body TEXT NOT NULL,
     PRIMARY KEY (slice, key)
   ) STRICT, WITHOUT ROWID;`,
  PAST_MIGRATION,
  SWEEP_MIGRATION,
  WORK_SCHEMA,
  HOME_SHIFT_MIGRATION,
] as const;

/** Dropping is quick where deleting two million rows is not; the migrations then build everything anew. */
export const STATE_TABLES = [
  'progress',
  'item',
  'place_count',
  'zone',
  'read_point',
  'fact',
  'memory',
  ...PAST_TABLES,
  ...SWEEP_TABLES,
  ...WORK_TABLES,
  ...HOME_SHIFT_TABLES,
] as const;
