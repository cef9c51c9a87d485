/** The schema of `lending.db`. A migration that was released is never changed. */
export const LENDING_MIGRATIONS: readonly string[] = [
  `CREATE TABLE entry (
     n INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     kind TEXT NOT NULL,
     item TEXT NOT NULL,
     station TEXT NOT NULL,
     at INTEGER NOT NULL,
     due_at INTEGER,
     state TEXT NOT NULL,
     code TEXT,
     tries INTEGER NOT NULL DEFAULT 0,
     next_at INTEGER NOT NULL DEFAULT 0,
     settled_at INTEGER,
     happened INTEGER NOT NULL DEFAULT 0,
     patron BLOB,
     pad TEXT,
     tag TEXT,
     security TEXT NOT NULL DEFAULT 'none'
   );
   CREATE INDEX entry_open ON entry (at, n) WHERE settled_at IS NULL;
   CREATE INDEX entry_security ON entry (n) WHERE security = 'pending';
   CREATE INDEX entry_settled ON entry (settled_at) WHERE settled_at IS NOT NULL;
   CREATE TABLE item_word (item TEXT PRIMARY KEY, status TEXT NOT NULL, at INTEGER NOT NULL, ils_at INTEGER NOT NULL)
     WITHOUT ROWID;
   CREATE TABLE hold (item TEXT PRIMARY KEY) WITHOUT ROWID;
   CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
   CREATE TABLE input (n INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, body TEXT NOT NULL);`,
];
