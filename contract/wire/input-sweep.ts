/** A sweep of a wand or robot that is not on the line, as somebody uploaded it: journalled whole, so that a replay knows it too. */
import { z } from 'zod';
import { barcode, placeId, readerId } from '#contract/domain/ids.ts';
import { sweepSession } from '#contract/domain/sweep.ts';

export const sweepInput = z.looseObject({
  kind: z.literal('sweep'),
  session: sweepSession,
  wand: readerId,
  place: placeId.nullable(),
  reads: z.array(
    z.object({
      tag: z.string().max(128).optional(),
      barcode: barcode.optional(),
      at: z.iso.datetime(),
      rssiDbm: z.number().optional(),
      /** A place, or a shelf tag. */
      shelf: z.string().max(128).optional(),
    }),
  ),
});
export type SweepInput = z.infer<typeof sweepInput>;
