/**
 * In-house use over REST: `GET /libraries/{library}/in-house-uses?from=2026-01-05&to=2026-01-11&by=day,shelf,class`. A use is
 * an item that was taken from its shelf and put back, on a shelf or a trolley, without a loan in between.
 */
import { z } from 'zod';
import { placeId } from '#contract/domain/ids.ts';
import { callNumberScheme } from '#contract/domain/plan.ts';

const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'a date: YYYY-MM-DD');

export const inHouseQuery = z.object({
  /** Both days belong to the answer; days of the library's own time zone. At most 400. */
  from: date,
  to: date,
  /** What the rows are split by; several with commas. What is not named is summed up. */
  by: z
    .string()
    .max(40)
    .default('day')
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(['day', 'shelf', 'class'])).min(1)),
  floor: placeId.optional(),
});

export const inHouseUses = z.object({
  rows: z.array(
    z.object({
      /** Null when not split by it. */
      day: date.nullable(),
      /** The shelf it was taken from. */
      shelf: placeId.nullable(),
      /** Scheme and class as librarians report them: LCC and CLC letter, hundred of Dewey (`500`), main class of UDC; `?` unreadable. */
      scheme: callNumberScheme.nullable(),
      class: z.string().nullable(),
      uses: z.int(),
    }),
  ),
  next: z.string().nullable(),
  /** Of all rows, not only this page. */
  total: z.int(),
  /** First moment for which uses are known; null before the first. */
  countedSince: z.iso.datetime().nullable(),
});
export type InHouseUses = z.infer<typeof inHouseUses>;
