export const SWEEP_MIGRATION = `
   CREATE TABLE sweep(
     library TEXT NOT NULL,
     session TEXT NOT NULL,
     started_ms INTEGER NOT NULL,
     body TEXT NOT NULL,
     PRIMARY KEY (library, session)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX sweep_started ON sweep(library, started_ms);

   -- How strongly a wand hears what it looks for: of the last minutes at most.
   CREATE TABLE find_signal(
     library TEXT NOT NULL,
     wand TEXT NOT NULL,
     tag TEXT NOT NULL,
     at_ms INTEGER NOT NULL,
     body TEXT NOT NULL,
     PRIMARY KEY (library, wand, tag)
   ) STRICT, WITHOUT ROWID;`;

export const SWEEP_TABLES = ['sweep', 'find_signal'] as const;
