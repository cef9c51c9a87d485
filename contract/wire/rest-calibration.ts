/** What is known of how each antenna hears, and what staff say of it: REST shapes of the calibration screen. */
import { z } from 'zod';
import { placeId, readPointId, tagKey } from '#contract/domain/ids.ts';

export const antennaRow = z.object({
  readPoint: readPointId,
  reader: z.string(),
  antenna: z.int(),
  places: z.array(placeId),
  /** `null` before its first report. */
  state: z.enum(['live', 'unscheduled', 'blind', 'dead']).nullable(),
  since: z.iso.datetime().nullable(),
  lastHeardAt: z.iso.datetime().nullable(),
  /** How much louder than the antennas around it, in dB; taken off its reads. 0 before anything is known. */
  offsetDb: z.number(),
  /** `null`: nothing known yet. */
  source: z.enum(['hand', 'references', 'learnt']).nullable(),
  /** Reports it was learnt from, and how many of them were of tags of known place. */
  samples: z.int(),
  references: z.int(),
  changedAt: z.iso.datetime().nullable(),
});
export type AntennaRow = z.infer<typeof antennaRow>;

/** Antennas of a library or a floor, by page; those that hear nothing come first. */
export const antennas = z.object({ rows: z.array(antennaRow), next: z.string().nullable(), deafCount: z.int() });
export type Antennas = z.infer<typeof antennas>;

/** `null` leaves the offset to what is learnt. */
export const offsetChange = z.strictObject({ offsetDb: z.number().min(-30).max(30).nullable() });

/** Tags that are known to stand at a place. */
export const referenceTags = z.object({ rows: z.array(z.object({ tag: tagKey, place: placeId })) });
export type ReferenceTags = z.infer<typeof referenceTags>;

/** `null`: the tag is fixed no more. */
export const referenceChange = z.strictObject({ place: placeId.nullable() });

/**
 * What an antenna hears of the books round it, from a sample of books that stand at its own places and the shelves beside
 * them. Its own places come first, with zeros where no book stands there.
 */
export const coverage = z.object({
  rows: z.array(
    z.object({
      place: placeId,
      isOwn: z.boolean(),
      /** Tagged books that were looked at, and those of them that the antenna hears. */
      tags: z.int(),
      heard: z.int(),
      /** Of its live cycles, the share in which it heard them; 0 to 1; `null` where it hears none. */
      share: z.number().nullable(),
      /** Mean of its reads as it reports them; `null` without signal strength. */
      meanDbm: z.number().nullable(),
    }),
  ),
});
export type Coverage = z.infer<typeof coverage>;
