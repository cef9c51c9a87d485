/** Lines of work, what the ILS says, and in-house uses; rows of the engine's state. */
export const WORK_SCHEMA = `CREATE TABLE work_entry(
     library TEXT NOT NULL,
     kind TEXT NOT NULL,
     subject TEXT NOT NULL,
     item TEXT,
     place TEXT,
     since_ms INTEGER NOT NULL,
     confidence REAL,
     reason TEXT NOT NULL,
     ticked_off_ms INTEGER,
     outcome TEXT,
     PRIMARY KEY (library, kind, subject)
   ) STRICT, WITHOUT ROWID;

   -- Kept by the triggers: a library may have a hundred thousand untagged items, and every screen shows the counts.
   CREATE TABLE work_count(
     library TEXT NOT NULL,
     kind TEXT NOT NULL,
     lines INTEGER NOT NULL,
     PRIMARY KEY (library, kind)
   ) STRICT, WITHOUT ROWID;
   CREATE TRIGGER work_counted_in AFTER INSERT ON work_entry WHEN new.ticked_off_ms IS NULL BEGIN
     INSERT INTO work_count(library, kind, lines) VALUES (new.library, new.kind, 1)
     ON CONFLICT DO UPDATE SET lines = lines + 1;
   END;
   CREATE TRIGGER work_counted_out AFTER DELETE ON work_entry WHEN old.ticked_off_ms IS NULL BEGIN
     UPDATE work_count SET lines = lines - 1 WHERE library = old.library AND kind = old.kind;
   END;
   CREATE TRIGGER work_counted_over AFTER UPDATE OF ticked_off_ms ON work_entry
   WHEN (old.ticked_off_ms IS NULL) <> (new.ticked_off_ms IS NULL) BEGIN
     UPDATE work_count SET lines = lines + CASE WHEN new.ticked_off_ms IS NULL THEN 1 ELSE -1 END
     WHERE library = new.library AND kind = new.kind;
   END;

   CREATE TABLE item_ils(
     library TEXT NOT NULL,
     item TEXT NOT NULL,
     status TEXT NOT NULL,
     at_ms INTEGER NOT NULL,
     due_at TEXT,
     pickup_place TEXT,
     expires_at TEXT,
     PRIMARY KEY (library, item)
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE in_house_use(
     library TEXT NOT NULL,
     hour_ms INTEGER NOT NULL,
     shelf TEXT NOT NULL,
     scheme TEXT NOT NULL,
     class TEXT NOT NULL,
     uses INTEGER NOT NULL,
     PRIMARY KEY (library, hour_ms, shelf, scheme, class)
   ) STRICT, WITHOUT ROWID;`;

export const WORK_TABLES = ['work_entry', 'work_count', 'item_ils', 'in_house_use'] as const;
