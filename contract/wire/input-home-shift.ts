/**
 * Staff answer "moved by N shelves: accept?". The whole question is in the input: it means the same when the journal is
 * reduced again by other rules, which may have asked at another moment or in other words.
 */
import { z } from 'zod';
import { homeShift } from '#contract/domain/home-shift.ts';

/** Yes; the plan that follows from it is an input of its own. */
export const acceptHomeShiftInput = z.looseObject({
  kind: z.literal('accept-home-shift'),
  shift: homeShift,
  at: z.iso.datetime(),
});

/** No: the items do stand wrong, and their lines come. */
export const rejectHomeShiftInput = z.looseObject({
  kind: z.literal('reject-home-shift'),
  shift: homeShift,
  at: z.iso.datetime(),
});
