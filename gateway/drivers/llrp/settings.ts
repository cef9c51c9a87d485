/** Settings of an LLRP reader (UHF: Impinj, Zebra, Alien, Keonn and others). */
import { z } from 'zod';

export const llrpSettings = z.strictObject({
  /** Time on each antenna in a round. 16 antennas at 500 ms make a round of 8 s. */
  dwellMs: z.int().min(20).max(60_000).default(500),
  /** Wanted transmit power; the nearest step of the reader's own table is taken. Absent: the reader's own setting. */
  powerDbm: z.number().min(-10).max(36).optional(),
  /** A tag report leaves the reader after this many tags, and always at the end of the dwell. */
  reportTags: z.int().min(1).max(1000).default(16),
  /** Gen2 session: 1 gives each tag about one read a dwell, which is what a full shelf needs. */
  session: z.int().min(0).max(3).default(1),
  /** Tags expected at one antenna. */
  population: z.int().min(1).max(65_535).default(32),
  /** RF mode by its identifier (not its place in the table). Absent: the reader's own choice. */
  modeId: z.int().min(0).max(65_535).optional(),
  /** Frequency hop table and channel, where the reader's capabilities mislead; otherwise taken from them. */
  hopTableId: z.int().min(0).max(65_535).optional(),
  channelIndex: z.int().min(0).max(65_535).optional(),
  /** Silence of twice this means a dead reader: 2 s finds it within 5 s and 3.5 s within 9 s, also behind a switch that sends no FIN. */
  keepaliveMs: z.int().min(50).max(3500).default(2000),
  responseTimeoutMs: z.int().min(50).max(8000).default(5000),
  /** `1.0.1` leaves out the question for the version, for readers that are confused by it. */
  protocol: z.enum(['auto', '1.0.1']).default('auto'),
});
export type LlrpSettings = z.infer<typeof llrpSettings>;
