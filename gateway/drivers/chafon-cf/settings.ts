/** Settings of a Chafon CF reader (CF-H, CF-M, CF591), serial or on the network. */
import { z } from 'zod';

const fields = z.strictObject({
  /** The reader's own. 255 asks any, which only works for one reader on a line. */
  address: z.int().min(0).max(255).default(255),
  /** `auto`: the order in which the reader's first answer has it. */
  crcOrder: z.enum(['auto', 'high-first', 'low-first']).default('auto'),
  /** From the beginning of one inventory to that of the next, where the inventory is over sooner. */
  pollMs: z.int().min(20).max(5000).default(200),
  /** Absent: the reader's own setting. The reader keeps it when its power is cut, as the next two. */
  powerDbm: z.int().min(0).max(33).optional(),
  session: z.int().min(0).max(3).optional(),
  qValue: z.int().min(0).max(15).optional(),
  /** Of one round of all antennas, too. */
  answerTimeoutMs: z.int().min(50).max(5000).default(2000),
  /** After so long a silence an unfinished frame is noise. */
  quietMs: z.int().min(20).max(2000).default(200),
  /** Unanswered questions in a row that mean a dead reader. */
  missesMax: z.int().min(2).max(20).default(3),
});

/** A dead reader must show within ten seconds; one second is left for opening and reporting. */
const DEAD_MS_MAX = 9000;

export const chafonCfSettings = fields.refine(
  ({ pollMs, answerTimeoutMs, missesMax }) => missesMax * Math.max(pollMs, answerTimeoutMs) <= DEAD_MS_MAX,
  `missesMax times answerTimeoutMs (or times pollMs) may be at most ${DEAD_MS_MAX}: a dead reader must show`,
);
export type ChafonCfSettings = z.infer<typeof chafonCfSettings>;
