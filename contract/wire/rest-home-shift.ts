/** REST shapes of the question "moved by N shelves: accept?". */
import { z } from 'zod';
import { homeShift } from '#contract/domain/home-shift.ts';

/** Open questions of a library, in walking order; `since` is when it was first asked. */
export const homeShifts = z.object({ rows: z.array(homeShift.extend({ since: z.iso.datetime() })) });
export type HomeShifts = z.infer<typeof homeShifts>;

/** `accept` makes a new plan; `reject` makes the lines come. */
export const homeShiftAnswer = z.strictObject({ answer: z.enum(['accept', 'reject']) });
export type HomeShiftAnswer = z.infer<typeof homeShiftAnswer>;
