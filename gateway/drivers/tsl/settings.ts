/** Settings of a TSL handheld (1128, 1153, 1166, 2128, 3166), on USB, Bluetooth serial port or behind a device server. */
import { z } from 'zod';

/** A dead reader must show within ten seconds; one second is left for opening and reporting. */
const DEAD_MS_MAX = 9000;

const fields = z.strictObject({
  /** `trigger`: the hand decides when to read. `continuous`: we ask for one inventory after the other. */
  inventory: z.enum(['trigger', 'continuous']).default('trigger'),
  /** Of one inventory and the next, or, with `trigger`, of the questions whether it is still there. */
  pollMs: z.int().min(20).max(60_000).default(1000),
  /** Gen2 session: S0 hears every tag again and again, S1 and S2 each tag once in a while. */
  session: z.enum(['s0', 's1', 's2', 's3']).optional(),
  /** Absent: as set on the reader. */
  powerDbm: z.int().min(2).max(30).optional(),
  /** An inventory of a full shelf takes about a second. */
  answerTimeoutMs: z.int().min(50).max(9000).default(2500),
  missesMax: z.int().min(1).max(20).default(3),
});

export const tslSettings = fields.refine(
  ({ pollMs, answerTimeoutMs, missesMax }) => missesMax * Math.max(pollMs, answerTimeoutMs) <= DEAD_MS_MAX,
  `missesMax times the longer of pollMs and answerTimeoutMs may be at most ${DEAD_MS_MAX}: a dead reader must show`,
);
export type TslSettings = z.infer<typeof tslSettings>;
