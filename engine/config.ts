/** Settings of the engine role. */
import { z } from 'zod';

export const engineConfig = z.strictObject({
  /** The data folder: journal.db and registry.db are read, state.db and history-position.db are written there. */
  folder: z.string().min(1),
  /** Entries reduced before others get their turn: about 20 ms of work. */
  chunkEntries: z.int().min(1).max(10_000).default(1000),
  /** Half of what a place change may take from the edge to the screen is spent on batching here and there. */
  commitMs: z.int().min(1).max(10_000).default(50),
  /** How often the journal is looked at when nobody gives a hint. */
  pollMs: z.int().min(1).max(10_000).default(50),
});
export type EngineConfig = z.output<typeof engineConfig>;
