/** Settings of a ThingMagic or JADAK module (M6e, M6e Micro, M6e Nano, M7e): UHF, up to four antennas of its own. */
import { z } from 'zod';

/** The module's own numbers. Source: MercuryAPI, tmr_region.h. */
export const REGION_CODE = {
  america: 0x01,
  europe: 0x08,
  india: 0x04,
  japan: 0x05,
  china: 0x06,
  korea: 0x09,
  australia: 0x0b,
  'new-zealand': 0x0c,
  'america-narrow': 0x0d,
} as const;
type Region = keyof typeof REGION_CODE;

const fields = z.strictObject({
  /** One search over all antennas; its end is one scan cycle. */
  searchMs: z.int().min(100).max(3000).default(1000),
  /** How often what was heard is passed on. */
  pollMs: z.int().min(10).max(10_000).default(50),
  /** Left as the module has them where they are not set; a module without a region cannot read. */
  region: z.enum(Object.keys(REGION_CODE) as [Region, ...Region[]]).optional(),
  readPowerDbm: z.number().min(-10).max(33).optional(),
  writePowerDbm: z.number().min(-10).max(33).optional(),
  /** After so many searches without a word the stream is started again. */
  silentSearchesMax: z.int().min(2).max(10).default(3),
  answerTimeoutMs: z.int().min(50).max(3000).default(700),
  /** Of the module, for one tag's memory. */
  accessTimeoutMs: z.int().min(100).max(3000).default(1000),
  /** Unanswered questions in a row that mean a dead module. */
  missesMax: z.int().min(1).max(20).default(4),
});

/** A dead reader must show within ten seconds; one second is left for opening and reporting. */
const DEAD_MS_MAX = 9000;

export const m6eSettings = fields.refine(
  ({ searchMs, silentSearchesMax, pollMs, answerTimeoutMs, missesMax }) =>
    silentSearchesMax * searchMs + missesMax * (answerTimeoutMs + pollMs) <= DEAD_MS_MAX,
  `silentSearchesMax times searchMs and missesMax times answerTimeoutMs and pollMs may be at most ${DEAD_MS_MAX}: a dead module must show`,
);
export type M6eSettings = z.infer<typeof m6eSettings>;
