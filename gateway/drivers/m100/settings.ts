/** Settings of an M100 module (YRM100, R200, JRD-4035 and their kin): UHF, one antenna, serial or behind a device server. */
import { z } from 'zod';

/** The module's own numbers. */
export const REGION_CODE = { 'china-900': 1, america: 2, europe: 3, 'china-800': 4, korea: 6 } as const;

const fields = z.strictObject({
  /** `multiple`: the module polls on its own and tells; `single`: each poll is asked for, for modules that others share. */
  polling: z.enum(['multiple', 'single']).default('multiple'),
  /** How often what was heard is passed on; with `single`, the pause between two polls too. */
  pollMs: z.int().min(10).max(10_000).default(50),
  /** All polls of this time are one scan cycle. */
  cycleMs: z.int().min(100).max(60_000).default(1000),
  /** Left as the module has them where they are not set. */
  region: z.enum(['china-900', 'america', 'europe', 'china-800', 'korea']).optional(),
  powerDbm: z.number().min(0).max(33).optional(),
  hopping: z.boolean().optional(),
  /** Within the region; see the module's manual. */
  channel: z.int().min(0).max(255).optional(),
  /** Gen2 session and the number of slots (2^q) of a round. */
  session: z.int().min(0).max(3).optional(),
  q: z.int().min(0).max(15).optional(),
  /** A module that polls says something at each poll; after this silence it is told to poll again. */
  silenceMs: z.int().min(200).max(5000).default(1000),
  answerTimeoutMs: z.int().min(50).max(3000).default(500),
  /** Reading and writing a tag's memory takes its time on the air. */
  accessTimeoutMs: z.int().min(100).max(5000).default(2000),
  /** Unanswered questions in a row that mean a dead module. */
  missesMax: z.int().min(1).max(20).default(4),
});

/** A dead reader must show within ten seconds; one second is left for opening and reporting. */
const DEAD_MS_MAX = 9000;

export const m100Settings = fields
  .refine(
    ({ silenceMs, pollMs, answerTimeoutMs, missesMax }) =>
      silenceMs + missesMax * (answerTimeoutMs + pollMs) <= DEAD_MS_MAX,
    `silenceMs and missesMax times answerTimeoutMs and pollMs may be at most ${DEAD_MS_MAX}: a dead module must show`,
  )
  .refine(
    ({ channel, hopping }) => channel === undefined || hopping !== true,
    'a module that hops has no channel: set one of the two',
  )
  .refine(
    ({ session, q }) => (session === undefined) === (q === undefined),
    'session and q are set together: the module takes them in one',
  );
export type M100Settings = z.infer<typeof m100Settings>;
