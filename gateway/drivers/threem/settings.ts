/** Settings of a 3M library reader (models 210, 810 and their kin): HF pads and shelves, serial or behind a device server. */
import { z } from 'zod';

const fields = z.strictObject({
  /** One inventory each. At 19200 baud one with ten tags takes about 80 ms. */
  pollMs: z.int().min(20).max(60_000).default(500),
  /** 0 asks for all tags; 7 would hear only what is not lent. */
  afi: z.int().min(0).max(255).default(0),
  /** The longest answer, 9 blocks, takes 40 ms at 19200 baud; the rest is the reader's time on the air. */
  answerTimeoutMs: z.int().min(20).max(5000).default(500),
  /** Unanswered questions in a row that mean a dead reader; with the poll time this must stay under ten seconds. */
  missesMax: z.int().min(1).max(20).default(5),
  /** Tags whose memory is read in one poll, so that a big stack does not stop the inventory. */
  memoryReadsPerPoll: z.int().min(1).max(50).default(4),
});

/** A dead reader must show within ten seconds; one second is left for opening and reporting. */
const DEAD_MS_MAX = 9000;

export const threemSettings = fields.refine(
  ({ pollMs, answerTimeoutMs, missesMax }) => missesMax * Math.max(pollMs, answerTimeoutMs) <= DEAD_MS_MAX,
  `missesMax times the longer of pollMs and answerTimeoutMs may be at most ${DEAD_MS_MAX}: a dead reader must show`,
);
export type ThreemSettings = z.infer<typeof threemSettings>;
