/** Open questions "moved by N shelves: accept?"; rows of the engine's state. */
export const HOME_SHIFT_MIGRATION = `
   CREATE TABLE home_shift(
     library TEXT NOT NULL,
     id TEXT NOT NULL,
     since_ms INTEGER NOT NULL,
     plan_version INTEGER NOT NULL,
     body TEXT NOT NULL,
     PRIMARY KEY (library, id)
   ) STRICT, WITHOUT ROWID;`;

export const HOME_SHIFT_TABLES = ['home_shift'] as const;
