/** Settings of an Impinj R700 with its IoT device interface on. */
import { z } from 'zod';

/** A dead reader must show within ten seconds; one second is left for opening and reporting. */
const DEAD_MS_MAX = 9000;

export const r700Settings = z.strictObject({
  /** Started when the reader is opened over HTTP; absent: the reader is started by someone else, or by itself. */
  preset: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,64}$/, 'letters, digits, hyphen, underscore, dot')
    .optional(),
  /** Also stop it when the gateway stops. Left running, the reader keeps what it reads for our return. */
  stopOnClose: z.boolean().default(false),
  /**
   * Counts one scan cycle over all antennas for each of these periods while the inventory runs: longer than the reader
   * takes for a round over all its antennas. Not used while the reader tells of antenna activations.
   */
  cycleMs: z.int().min(100).max(60_000).default(5000),
  /** Over HTTP the reader is asked for its status so often. */
  statusMs: z.int().min(100).max(4000).default(3000),
  /** Nothing at all for so long is a dead reader: above the keepalive interval of stream, webhook or MQTT. */
  silenceMs: z.int().min(200).max(DEAD_MS_MAX).default(8500),
});
export type R700Settings = z.infer<typeof r700Settings>;
