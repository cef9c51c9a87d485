/** What makes a reader a gate: which antennas stand on which side, when a tag counts as carried through, what sounds. */
import { z } from 'zod';
import { lineId, placeId } from '#contract/domain/ids.ts';

const port = z.int().min(1).max(1024);

export const gateSettings = z.strictObject({
  /** The gate in the plan. */
  place: placeId,
  /** Antennas on the library's side and on the street's. Without both, no direction is told. */
  inside: z.array(port).max(32).default([]),
  outside: z.array(port).max(32).default([]),
  /**
   * Light barriers on the reader's inputs, in the order in which somebody who leaves breaks them. With them, only what is
   * heard while somebody stands in the gate can sound it, and people are counted by direction.
   */
  beams: z
    .strictObject({
      inside: z.int().min(1).max(255),
      outside: z.int().min(1).max(255),
      /** The level of the input while the beam is broken. */
      brokenIsHigh: z.boolean().default(true),
    })
    .optional(),
  /** The line of the plan that people cross here; with beams, they are counted on it. */
  line: lineId.optional(),
  /** A tag between the antennas is this loud or louder. Hold one in the middle of the gate, and one a metre before it. */
  nearDbm: z.number().min(-90).max(0).default(-55),
  /** A tag that lies near the gate all the time (a trolley, a display) must become this much louder than it lies there. */
  riseDb: z.number().min(3).max(40).default(14),
  /** Heard for so long without going through, a tag lies there. */
  parkedMs: z.int().min(1000).max(600_000).default(6000),
  /** Which way sounds the alarm; `out` leaves alone what clearly comes in. */
  alarms: z.enum(['both', 'out']).default('both'),
  /** Outputs of the reader that are switched on at an alarm: light, sound, a lock. */
  outputs: z.array(z.int().min(1).max(255)).max(8).default([]),
  alarmMs: z.int().min(200).max(60_000).default(3000),
});
export type GateSettings = z.infer<typeof gateSettings>;
