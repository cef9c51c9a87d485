export const BROKER_STATE_MIGRATIONS = [
  `CREATE TABLE heard(
     library TEXT NOT NULL,
     device TEXT NOT NULL,
     last_heard_ms INTEGER NOT NULL,
     is_connected INTEGER NOT NULL,
     status TEXT,
     PRIMARY KEY (library, device)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE refusal(
     n INTEGER PRIMARY KEY,
     library TEXT,
     body TEXT NOT NULL
   ) STRICT;
   CREATE TABLE beat(
     id INTEGER PRIMARY KEY CHECK (id = 1),
     at_ms INTEGER NOT NULL,
     journal_offset INTEGER NOT NULL
   ) STRICT;`,

  `CREATE TABLE command(
     n INTEGER PRIMARY KEY,
     library TEXT NOT NULL,
     id TEXT NOT NULL,
     sent_count INTEGER NOT NULL,
     sent_ms INTEGER,
     reply TEXT,
     received_ms INTEGER
   ) STRICT;
   CREATE UNIQUE INDEX command_id ON command(library, id);`,
] as const;
