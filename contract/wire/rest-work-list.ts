/**
 * The work list over REST: `GET /libraries/{library}/work`, lines in walking order, and `POST …/work/tick-off`.
 *
 * `search`, `missing`, `unseen`: `place` is where to look (its home, or where it was last shown). `pull`: where it stands
 * now. `foreign`: where the tag is heard. `untagged`, `dead-tag`: the first shelf of the home. Long lists that nobody walks
 * at once (`untagged`, `dead-tag`, `unseen`) come only when asked for by `kind`.
 */
import { z } from 'zod';
import { ilsStatusName } from '#contract/domain/ils-status.ts';
import { barcode, placeId } from '#contract/domain/ids.ts';
import { workKind, workOutcome, workReason } from '#contract/domain/work-entry.ts';
import { itemSummary } from './rest.ts';

/** Key of a line within its kind: a barcode or a tag key. */
export const workSubject = z.string().min(1).max(160);

/** What the ILS says of a copy; null when it never said anything. */
export const ilsView = z.object({
  status: ilsStatusName,
  at: z.iso.datetime(),
  dueAt: z.iso.datetime().nullable(),
  pickupPlace: z.string().nullable(),
  expiresAt: z.iso.datetime().nullable(),
});
export type IlsView = z.infer<typeof ilsView>;

export const workLine = z.object({
  kind: workKind,
  subject: workSubject,
  /** The copy. One that is not in the catalogue (`foreign`) has its barcode, or the tag's key, as title, and no call number. */
  item: itemSummary,
  ils: ilsView.nullable(),
  /** Where to go. */
  place: placeId.nullable(),
  home: z.array(placeId),
  since: z.iso.datetime(),
  confidence: z.number().min(0).max(1).nullable(),
  reason: workReason,
  tickedOffAt: z.iso.datetime().nullable(),
  outcome: workOutcome.nullable(),
  /** Stops on the way, from 0; lines at one stop share it. Null where no aisle leads. */
  walkRank: z.int().min(0).nullable(),
});
export type WorkLine = z.infer<typeof workLine>;

export const workLines = z.object({
  /** In walking order, then by place, kind and subject. */
  rows: z.array(workLine),
  next: z.string().nullable(),
  /** Of all lines that fit the filter, not only this page. */
  walkMetres: z.number(),
  /** Open lines of each kind in the library, with no filter. Kinds without a line are left out. */
  counts: z.array(z.object({ kind: workKind, lines: z.int() })),
  /** Journal time up to which this holds; null before the first event. */
  asOf: z.iso.datetime().nullable(),
});
export type WorkLines = z.infer<typeof workLines>;

/** `kind`: several with commas. `collection`: location code of the catalogue. `ticked=1` also gives lines ticked off. */
export const workQuery = z.object({
  kind: z
    .string()
    .max(300)
    .transform((text) => text.split(','))
    .pipe(z.array(workKind).min(1))
    .optional(),
  floor: placeId.optional(),
  collection: z.string().max(40).optional(),
  ticked: z.enum(['0', '1']).default('1'),
  /** Where the walk begins; else at the first line's place. */
  from: placeId.optional(),
});

/** Outcomes a line takes: `found` and `not-found` are for `search`, `missing` and `unseen`; every other kind takes `done`. */
export const workTickOff = z.strictObject({
  kind: workKind,
  subject: workSubject,
  outcome: workOutcome,
  /** When it was done, for a phone that was without a line; now when left out. At most seven days ago. */
  at: z.iso.datetime().optional(),
  /** The place that the line named: a line that has moved on in the meantime is refused with `API_CONFLICT`. */
  place: placeId.nullable().optional(),
  /**
   * Chosen by the sender, the same when it is sent again: a repeat is answered as the first time and does nothing.
   * The last 20,000 are known; older ones, and those of before a restart, where the line still says the same `at` and
   * `outcome`.
   */
  id: z.string().min(8).max(64).optional(),
});
export type WorkTickOff = z.infer<typeof workTickOff>;

/** Items that staff scanned onto a place without an antenna: a trolley, a crate, a hold shelf. */
export const placeItems = z.strictObject({ place: placeId, items: z.array(barcode).min(1).max(200) });
export type PlaceItems = z.infer<typeof placeItems>;

/** What the ILS says, in batches. `status` left out of a CSV row is refused; `at` left out is now. */
export const ilsStatusUpload = z.strictObject({
  items: z
    .array(
      z.strictObject({
        barcode,
        status: ilsStatusName,
        at: z.iso.datetime().optional(),
        dueAt: z.iso.datetime().nullable().optional(),
        pickupPlace: z.string().max(64).nullable().optional(),
        expiresAt: z.iso.datetime().nullable().optional(),
      }),
    )
    .min(1)
    .max(5000),
});
export type IlsStatusUpload = z.infer<typeof ilsStatusUpload>;
