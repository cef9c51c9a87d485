/** Settings of a FEIG OBID reader: pads, shelves and gates, serial (38400 8E1) or on the network (port 10001). */
import { z } from 'zod';

const fields = z.strictObject({
  /**
   * How the reader is set. `host`: it is asked for its tags. `buffered`: it collects data sets, which are fetched.
   * `notification`: it sends its data sets by itself. The mode is stored in the reader; this setting does not change it.
   */
  mode: z.enum(['host', 'buffered', 'notification']).default('host'),
  /** COM-ADR; 255 speaks to any reader, so it is right only where one reader is on the line. */
  address: z.int().min(0).max(255).default(255),
  /** Newer readers know advanced frames only; `detect` tries both. */
  frames: z.enum(['detect', 'standard', 'advanced']).default('detect'),
  /** One inventory, or one look into the buffer, each. Between two looks the events reach the disk. */
  pollMs: z.int().min(100).max(60_000).default(500),
  /** Serial, the longest answer (255 bytes) takes 73 ms; an inventory of 30 tags on the air about 400 ms. */
  answerTimeoutMs: z.int().min(20).max(5000).default(1000),
  /** Unanswered questions in a row that mean a dead reader; with the poll time this must stay under ten seconds. */
  missesMax: z.int().min(1).max(20).default(5),
  /** A silence within a frame that means that its rest will not come. Greater than any pause of the network. */
  quietMs: z.int().min(20).max(2000).default(300),

  /** Host mode. Tags whose memory is read in one poll, so that a big stack does not stop the inventory. */
  memoryReadsPerPoll: z.int().min(1).max(50).default(4),
  /** Host mode. Switches the field off for a moment before each inventory: tags answer again whatever the reader's own
   * setting for new tags only (ONT) says. */
  rfReset: z.boolean().default(false),
  /** Host mode. Inventories one antenna after the other (MODE bit ANT, ID ISC.M02.M8 and some others only). */
  antennaSelect: z.boolean().default(false),
  /**
   * Order of the bytes in a block on the line. All manuals and the maker's SDK say `reversed` (last byte first).
   * `detect` takes the order in which the checksum of three library tags in a row is right; do not use it where tags
   * are in stock that were themselves written backwards.
   */
  blockOrder: z.enum(['reversed', 'forward', 'detect']).default('reversed'),
  /** How NXP's EAS is switched: with the reader's own commands (B1), or with the tag's, passed through (BF). */
  eas: z.enum(['custom', 'transparent']).default('custom'),

  /** Buffered mode. Data sets fetched at once. One with 36 bytes of memory has about 70 bytes. */
  dataSetsPerRead: z.int().min(1).max(1000).default(16),
  /** Buffered mode. Older readers (ID ISC.LR200) know the standard command (21) only. */
  bufferCommand: z.enum(['advanced', 'standard']).default('advanced'),
  /**
   * Buffered and notification mode. The reader's VALID-TIME: for so long it tells a tag only once. One scan cycle is
   * counted for each such time.
   */
  validTimeMs: z.int().min(100).max(60_000).default(1000),
  /**
   * Buffered and notification mode. Tells of tags whose data set has no memory. Off, since such a tag may be a patron's
   * card; turn it on only where cards cannot come into the field, or where the reader itself selects by AFI.
   */
  tellWithoutMemory: z.boolean().default(false),
  /** Notification mode. Answers each notification with Clear Data Buffer, as the reader must be set to expect. */
  acknowledge: z.boolean().default(true),
  /** Notification mode. The reader's KEEP-ALIVE-TIME; 0: it sends none, and a dead reader shows only by its link. */
  keepAliveMs: z.int().min(0).max(3000).default(3000),
});

/** A dead reader must show within ten seconds; one second is left for opening and reporting. */
const DEAD_MS_MAX = 9000;

export const feigSettings = fields.refine(
  ({ pollMs, answerTimeoutMs, missesMax }) => missesMax * Math.max(pollMs, answerTimeoutMs) <= DEAD_MS_MAX,
  `missesMax times the longer of pollMs and answerTimeoutMs may be at most ${DEAD_MS_MAX}: a dead reader must show`,
);
export type FeigSettings = z.infer<typeof feigSettings>;

/** Keep-alives that may be missed in a row. */
export const KEEP_ALIVES_MAX = 3;
