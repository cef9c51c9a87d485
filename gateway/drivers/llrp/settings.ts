/** Settings of an LLRP reader (UHF: Impinj, Zebra, Alien, Keonn and others). */
import { z } from 'zod';

const powerDbm = z.number().min(-10).max(36);

/** Impinj readers only; others leave it out. Absent parts stay as the reader has them. */
const impinj = z.strictObject({
  /** How tags are searched: `dual-target` reads again and again, `tag-focus` (session 1) each tag about once. */
  searchMode: z.enum(['single-target', 'dual-target', 'tag-focus', 'dual-target-reset']).optional(),
  /** Signal strength in hundredths of a decibel. */
  fineRssi: z.boolean().default(false),
  /** The tag's own number with every read (FastID); costs little, only tags of this maker answer. */
  tid: z.boolean().default(false),
  /** Channels to use where the law fixes them; frequencies of the reader's own table. */
  fixedFrequenciesKhz: z.array(z.int()).min(1).max(50).optional(),
});

/** Memory that is read from every tag as it is inventoried. It costs air time: a shelf is read slower. */
const memory = z.strictObject({
  /** Words of the tag's own number (TID bank); 6 = 96 bits. 0 = none. */
  tidWords: z.int().min(0).max(12).default(0),
  /** Words of user memory, from its start. 0 = none. */
  userWords: z.int().min(0).max(64).default(0),
});

export const llrpSettings = z.strictObject({
  /** Time on each antenna in a round. 16 antennas at 500 ms make a round of 8 s. */
  dwellMs: z.int().min(20).max(60_000).default(500),
  /** Wanted transmit power; the nearest step of the reader's own table is taken. Absent: the reader's own setting. */
  powerDbm: powerDbm.optional(),
  /** Power of single antennas where it differs, by antenna number. */
  antennaPowerDbm: z.record(z.string().regex(/^\d{1,4}$/, 'an antenna number'), powerDbm).default({}),
  /** A tag report leaves the reader after this many tags, and always at the end of the dwell. */
  reportTags: z.int().min(1).max(1000).default(16),
  /** Gen2 session: 1 gives each tag about one read a dwell, which is what a full shelf needs. */
  session: z.int().min(0).max(3).default(1),
  /** Tags expected at one antenna. */
  population: z.int().min(1).max(65_535).default(32),
  /** RF mode by its identifier (not its place in the table). Absent: the reader's own choice. */
  modeId: z.int().min(0).max(65_535).optional(),
  /** Length of a data-0 within the mode, where the mode leaves a choice. 0: the reader's own. */
  tariNs: z.int().min(0).max(25_000).default(0),
  /** Channel where the law fixes frequencies (Europe); one of the reader's own table. Absent: its first. Needs powerDbm. */
  frequencyKhz: z.int().optional(),
  /** Frequency hop table and channel, where the reader's capabilities mislead; otherwise taken from them. */
  hopTableId: z.int().min(0).max(65_535).optional(),
  channelIndex: z.int().min(0).max(65_535).optional(),
  memory: memory.prefault({}),
  impinj: impinj.optional(),
  /** How long a command waits for its tag to be inventoried. Absent: two rounds and three seconds. */
  accessTimeoutMs: z.int().min(50).max(60_000).optional(),
  /** Silence of twice this means a dead reader: 2 s finds it within 5 s and 3.5 s within 9 s, also behind a switch that sends no FIN. */
  keepaliveMs: z.int().min(50).max(3500).default(2000),
  responseTimeoutMs: z.int().min(50).max(8000).default(5000),
  /** `1.0.1` leaves out the question for the version, for readers that are confused by it. */
  protocol: z.enum(['auto', '1.0.1']).default('auto'),
});
export type LlrpSettings = z.infer<typeof llrpSettings>;
