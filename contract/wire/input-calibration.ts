/** What staff tell the engine about its antennas: how loud one is, and which tags are known to stand where. */
import { z } from 'zod';
import { placeId, readPointId, tagKey } from '#contract/domain/ids.ts';

/** Sets the offset of a read point by hand, or (`null`) leaves it to what the engine learns from here on. */
export const calibrationInput = z.looseObject({
  kind: z.literal('calibration'),
  readPoint: readPointId,
  /** How much louder than others it reports; taken off its reads. */
  offsetDb: z.number().min(-30).max(30).nullable(),
});
export type CalibrationInput = z.infer<typeof calibrationInput>;

/** A tag that is fixed to a place, or (`null`) is so no more. The engine learns from it how loud each antenna is. */
export const referenceTagInput = z.looseObject({
  kind: z.literal('reference-tag'),
  tag: tagKey,
  place: placeId.nullable(),
});
export type ReferenceTagInput = z.infer<typeof referenceTagInput>;
