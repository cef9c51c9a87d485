export const REGISTRY_MIGRATIONS = [
  `CREATE TABLE registry(id INTEGER PRIMARY KEY CHECK (id = 1), epoch TEXT NOT NULL) STRICT;
   INSERT INTO registry(id, epoch) VALUES (1, lower(hex(randomblob(16))));

   CREATE TABLE library(key TEXT PRIMARY KEY, name TEXT NOT NULL, isil TEXT, time_zone TEXT NOT NULL) STRICT, WITHOUT ROWID;

   CREATE TABLE device(
     library TEXT NOT NULL,
     id TEXT NOT NULL,
     kind TEXT NOT NULL,
     secret_sha256 TEXT NOT NULL,
     is_enabled INTEGER NOT NULL,
     created_at_ms INTEGER NOT NULL,
     PRIMARY KEY (library, id)
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE plan(
     library TEXT NOT NULL,
     version INTEGER NOT NULL,
     body TEXT NOT NULL,
     PRIMARY KEY (library, version)
   ) STRICT;

   -- AUTOINCREMENT: a number is never given twice, also after the newest was trimmed.
   CREATE TABLE input(seq INTEGER PRIMARY KEY AUTOINCREMENT, library TEXT NOT NULL, body TEXT NOT NULL) STRICT;

   -- importing: the version an import is writing; set while it runs, and left behind by one that was cut off.
   -- id names the search table of the library.
   CREATE TABLE catalogue(
     id INTEGER PRIMARY KEY,
     library TEXT NOT NULL UNIQUE,
     version INTEGER NOT NULL DEFAULT 0,
     importing INTEGER
   ) STRICT;

   -- A row holds from version valid_from up to, not including, valid_to (NULL: still).
   CREATE TABLE item(
     id INTEGER PRIMARY KEY,
     library TEXT NOT NULL,
     barcode TEXT NOT NULL,
     valid_from INTEGER NOT NULL,
     valid_to INTEGER,
     title_key TEXT NOT NULL,
     barcode_key TEXT NOT NULL,
     call_key TEXT NOT NULL,
     body TEXT NOT NULL
   ) STRICT;
   CREATE UNIQUE INDEX item_version ON item(library, barcode, valid_from);
   CREATE INDEX item_title ON item(library, title_key);
   CREATE INDEX item_barcode_key ON item(library, barcode_key);
   CREATE INDEX item_call_key ON item(library, call_key);
   -- Rows that have ended but may still stand in the search table.
   CREATE INDEX item_ended ON item(library, valid_to) WHERE valid_to IS NOT NULL;

   CREATE TABLE user(name TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE session(token_sha256 TEXT PRIMARY KEY, user TEXT NOT NULL, expires_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
   CREATE INDEX session_of_user ON session(user);`,

  `-- Who asked for what and when. settled: the outcome was taken in, and what follows from it was done.
   CREATE TABLE command(
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     library TEXT NOT NULL,
     gateway TEXT NOT NULL,
     kind TEXT NOT NULL,
     target TEXT NOT NULL,
     args TEXT NOT NULL,
     issued_at_ms INTEGER NOT NULL,
     deadline_ms INTEGER NOT NULL,
     asked_by TEXT NOT NULL,
     barcode TEXT,
     settled INTEGER NOT NULL DEFAULT 0
   ) STRICT;
   CREATE INDEX command_of_library ON command(library, seq);
   CREATE INDEX command_deadline ON command(deadline_ms);
   CREATE INDEX command_unsettled ON command(seq) WHERE settled = 0;

   CREATE TABLE tag_profile(
     library TEXT NOT NULL,
     version INTEGER NOT NULL,
     body TEXT NOT NULL,
     PRIMARY KEY (library, version)
   ) STRICT, WITHOUT ROWID;

   -- Who may have had a tag at some time; the item's own row says who has it now.
   CREATE TABLE item_tag(
     library TEXT NOT NULL,
     tag TEXT NOT NULL,
     barcode TEXT NOT NULL,
     PRIMARY KEY (library, tag, barcode)
   ) STRICT, WITHOUT ROWID;
   INSERT OR IGNORE INTO item_tag(library, tag, barcode)
     SELECT item.library, tags.value, item.barcode FROM item, json_each(item.body, '$.tags') AS tags;`,

  `-- How each library shelves; without a row, as most do.
   CREATE TABLE shelving_settings(library TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;`,

  `-- The rules of each library's work list; without a row the defaults hold.
   CREATE TABLE condition_settings(library TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;`,
] as const;
