export const JOURNAL_MIGRATIONS = [
  `CREATE TABLE entry(
     offset INTEGER PRIMARY KEY,
     library TEXT NOT NULL,
     kind TEXT NOT NULL,
     received_at_ms INTEGER NOT NULL,
     source TEXT NOT NULL,
     epoch TEXT,
     seq INTEGER,
     shift_ms INTEGER NOT NULL,
     body TEXT NOT NULL
   ) STRICT;
   -- Holes below the highest number, as JSON [[first, last], ...]: read and written as one, and bounded.
   CREATE TABLE mark(
     library TEXT NOT NULL,
     source TEXT NOT NULL,
     epoch TEXT NOT NULL,
     high INTEGER NOT NULL,
     gaps TEXT NOT NULL,
     PRIMARY KEY (library, source, epoch)
   ) STRICT, WITHOUT ROWID;
   -- The newest offset outlives the entry that had it.
   CREATE TABLE trimmed(last_offset INTEGER NOT NULL) STRICT;
   INSERT INTO trimmed(last_offset) VALUES (0);`,
  // Marks are written once in a while: this is the offset up to which they are true. Until now they were written with
  // every entry.
  `CREATE TABLE marked(up_to INTEGER NOT NULL) STRICT;
   INSERT INTO marked(up_to) SELECT max(coalesce((SELECT max(offset) FROM entry), 0), last_offset) FROM trimmed;`,
] as const;
