/** Settings of a UHFReader18 reader: CF-RU5102, HW-VX63xx and their kin, serial or on the network. */
import { z } from 'zod';

const MS_PER_SCAN_UNIT = 100;

const fields = z.strictObject({
  /** The reader's own. 255 asks any, which only works for one reader on a line. */
  address: z.int().min(0).max(255).default(0),
  /** The longest that one inventory takes. The reader keeps it when its power is cut. */
  scanMs: z.int().min(300).max(5000).multipleOf(MS_PER_SCAN_UNIT).default(500),
  /** From the beginning of one inventory to that of the next, where the inventory is over sooner. */
  pollMs: z.int().min(20).max(5000).default(200),
  /** Absent: the reader's own setting. The reader keeps it when its power is cut. */
  powerDbm: z.int().min(0).max(30).optional(),
  /** Added to `scanMs` where the reader is on the air. */
  answerTimeoutMs: z.int().min(50).max(5000).default(1000),
  /** After so long a silence an unfinished frame is noise. */
  quietMs: z.int().min(20).max(2000).default(200),
  /** Unanswered questions in a row that mean a dead reader. */
  missesMax: z.int().min(1).max(20).default(3),
});

/** A dead reader must show within ten seconds; one second is left for opening and reporting. */
const DEAD_MS_MAX = 9000;

export const uhfreader18Settings = fields.refine(
  ({ scanMs, pollMs, answerTimeoutMs, missesMax }) =>
    missesMax * Math.max(pollMs, scanMs + answerTimeoutMs) <= DEAD_MS_MAX,
  `missesMax times scanMs + answerTimeoutMs (or times pollMs) may be at most ${DEAD_MS_MAX}: a dead reader must show`,
);
export type Uhfreader18Settings = z.infer<typeof uhfreader18Settings>;

/** As the reader counts it. */
export function scanUnits({ scanMs }: Uhfreader18Settings): number {
  return scanMs / MS_PER_SCAN_UNIT;
}
