/** Settings of a UHFReader288 reader: CF-RU5x06, CF-MU8xx, RRU9816 and their kin, serial or on the network. */
import { z } from 'zod';

const MS_PER_SCAN_UNIT = 100;

const fields = z.strictObject({
  /** The reader's own. 255 asks any, which only works for one reader on a line. */
  address: z.int().min(0).max(255).default(0),
  /** `answer`: one inventory for each antenna in turn. `real-time`: the reader goes round on its own and tells at once. */
  mode: z.enum(['answer', 'real-time']).default('answer'),
  /** Time on each antenna. 4 antennas at 500 ms make a round of 2 s. */
  scanMs: z.int().min(300).max(5000).multipleOf(MS_PER_SCAN_UNIT).default(500),
  /** From the beginning of one antenna's inventory to that of the next, where the inventory is over sooner. */
  pollMs: z.int().min(20).max(5000).default(100),
  /** Real-time mode: how often the reader is asked whether it is there, which also ends a cycle of all its antennas. */
  cycleMs: z.int().min(200).max(5000).default(1000),
  /** Real-time mode: a tag is not told again for so many seconds. It must stay below what counts as gone. */
  filterSeconds: z.int().min(0).max(255).default(0),
  /** Gen2 session: 1 gives each tag about one read a scan, which is what a full shelf needs. */
  session: z.int().min(0).max(3).default(1),
  /** Gen2 Q: tags at one antenna are about 2 to the power of it. */
  qValue: z.int().min(0).max(15).default(5),
  target: z.enum(['A', 'B']).default('A'),
  /** Absent: the reader's own setting. The reader keeps it when its power is cut. */
  powerDbm: z.int().min(0).max(33).optional(),
  /**
   * How answers name an antenna: a bit for each (readers with up to eight), or the number from 0 (with sixteen). `auto`:
   * by number when an antenna above 8 has a read point.
   */
  antennaCoding: z.enum(['auto', 'mask', 'index']).default('auto'),
  /**
   * Added to the reader's signal strength (about 40 to 110) to make dBm. The vendor gives no conversion; -129 is that of
   * the sister protocol (A0) whose readers give the same numbers. Differences between antennas do not depend on it.
   * Null: no signal strength is told.
   */
  rssiOffsetDb: z.int().min(-300).max(0).nullable().default(-129),
  /** Added to `scanMs` where the reader is on the air. */
  answerTimeoutMs: z.int().min(50).max(5000).default(1000),
  /** After so long a silence an unfinished frame is noise. */
  quietMs: z.int().min(20).max(2000).default(200),
  /** Unanswered questions in a row that mean a dead reader. */
  missesMax: z.int().min(1).max(20).default(3),
});

/** A dead reader must show within ten seconds; one second is left for opening and reporting. */
const DEAD_MS_MAX = 9000;

export const uhfreader288Settings = fields.refine(({ mode, scanMs, pollMs, cycleMs, answerTimeoutMs, missesMax }) => {
  const periodMs = mode === 'answer' ? pollMs : cycleMs;
  return missesMax * Math.max(periodMs, scanMs + answerTimeoutMs) <= DEAD_MS_MAX;
}, `missesMax times scanMs + answerTimeoutMs (or times pollMs, cycleMs) may be at most ${DEAD_MS_MAX}: a dead reader must show`);
export type Uhfreader288Settings = z.infer<typeof uhfreader288Settings>;

/** As the reader counts it. */
export function scanUnits({ scanMs }: Uhfreader288Settings): number {
  return scanMs / MS_PER_SCAN_UNIT;
}
