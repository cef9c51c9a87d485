/** Settings of a Zebra fixed reader (FX7500, FX9600, FXR60, FXR90) with its IoT Connector. */
import { z } from 'zod';

/** A dead reader must show within ten seconds; one second is left for opening and reporting. */
const DEAD_MS_MAX = 9000;

export const zebraSettings = z.strictObject({
  /**
   * The reader never says that a round is over. Set, one cycle over all connected antennas is counted for each of these
   * periods in which its last heartbeat called the radio active; longer than its round. Absent: no cycles, so no tag is
   * ever called lost.
   */
  cycleMs: z.int().min(100).max(60_000).optional(),
  /**
   * Starts the radio when the driver opens, and stops it when scanning is stopped or the gateway ends. Over MQTT only: the
   * address then names the topic of the control requests, `&send=zebra/r1/ctrl/cmd`. Without it the reader runs by itself.
   */
  controls: z.boolean().default(false),
  /** Nothing at all for so long is a dead reader. Set the heartbeat of its management events to at most 5 s. */
  silenceMs: z.int().min(200).max(DEAD_MS_MAX).default(8500),
});
export type ZebraSettings = z.infer<typeof zebraSettings>;
