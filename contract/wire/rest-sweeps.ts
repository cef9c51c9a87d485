/**
 * REST shapes of sweeps and of the handheld screens: what a wand heard, in which order, what follows from it; search lists;
 * and the search for one tag by its signal. Times are ISO 8601 UTC; `certainty` is 0 to 1.
 */
import { z } from 'zod';
import { barcode, placeId, readerId } from '#contract/domain/ids.ts';
import { SWEEP_FINDINGS_MAX, SWEEP_NOT_FOUND_MAX, sweepFindingKind, sweepSession } from '#contract/domain/sweep.ts';

/** One line of the list of sweeps, newest first; also the row `sweep` of the live rooms. */
export const sweepSummary = z.object({
  session: sweepSession,
  wand: readerId,
  source: z.enum(['wand', 'upload']),
  /** What was to be checked, where somebody said so. */
  target: placeId.nullable(),
  /** Shelves in the order in which they were swept. */
  places: z.array(placeId),
  startedAt: z.iso.datetime(),
  lastReadAt: z.iso.datetime(),
  /** `null` while it goes on. */
  endedAt: z.iso.datetime().nullable(),
  /** Over how many books the order of reading is uncertain; 0: exact. */
  positionError: z.number(),
  tagsRead: z.int(),
  itemsRead: z.int(),
  /** Books whose order could be judged, and of those the ones that stand right. */
  judged: z.int(),
  kept: z.int(),
  expected: z.int(),
  read: z.int(),
  findings: z.int(),
  notFound: z.int(),
});
export type SweepSummary = z.infer<typeof sweepSummary>;

export const sweepList = z.object({ rows: z.array(sweepSummary), next: z.string().nullable() });

/** Enough of a copy to find it by eye. */
export const sweptItem = z.object({
  barcode,
  title: z.string(),
  callNumber: z.string(),
});
export type SweptItem = z.infer<typeof sweptItem>;

/** One line to act on; live row `finding:<id>`. `after: null` with kind `move` means: to the front. */
export const sweepFindingView = z.object({
  /** Stable within the sweep. */
  id: z.string(),
  /** Place in the list: the surest and farthest first. */
  rank: z.int(),
  kind: sweepFindingKind,
  item: sweptItem.nullable(),
  tag: z.string().nullable(),
  /** Shelf where it was heard. */
  place: placeId.nullable(),
  after: sweptItem.nullable(),
  /** Where it belongs, if not here. */
  home: z.array(placeId),
  /** Books between it and where it belongs. */
  distance: z.number().nullable(),
  certainty: z.number(),
  detail: z.string().nullable(),
});
export type SweepFindingView = z.infer<typeof sweepFindingView>;

/** Progress of one shelf or bay: expected against read; live rows `shelf:<place>` and `bay:<place>`. */
export const sweepProgress = z.object({
  place: placeId,
  kind: z.enum(['shelf', 'bay']),
  /** The bay of a shelf. */
  bay: placeId.nullable(),
  expected: z.int(),
  read: z.int(),
  /** All that was heard here and stands here. */
  heard: z.int(),
  /** Heard here, standing on a shelf beside it. */
  shoneOver: z.int(),
  isReversed: z.boolean(),
});
export type SweepProgress = z.infer<typeof sweepProgress>;

export const sweepDetail = sweepSummary.extend({
  /** Shelves in the order of the sweep, then the bays they stand in. */
  progress: z.array(sweepProgress),
  moves: z.array(sweepFindingView).max(SWEEP_FINDINGS_MAX),
  /** Copies that should stand on a swept shelf and were not heard. */
  missing: z.array(z.object({ item: sweptItem, place: placeId })).max(SWEEP_NOT_FOUND_MAX),
});
export type SweepDetail = z.infer<typeof sweepDetail>;

/** Wands of the library: readers that a gateway tells of as one. */
export const wandList = z.object({
  rows: z.array(
    z.object({
      reader: readerId,
      gateway: z.string(),
      driver: z.string(),
      state: z.enum(['connecting', 'live', 'dead']),
      isOnline: z.boolean(),
      /** Session of the sweep that goes on. */
      session: z.string().nullable(),
      /** Tags it looks for just now. */
      finding: z.array(z.string()),
    }),
  ),
});
export type WandList = z.infer<typeof wandList>;

/** Begins a sweep (ends the one that goes on), optionally of a certain shelf or bay: for shelves without a shelf tag. */
export const startSweepRequest = z.strictObject({ wand: readerId, place: placeId.optional() });
export const endSweepRequest = z.strictObject({ wand: readerId });

/** Beginning, ending and finding are commands to a gateway; `GET …/commands/{command}` tells how they went. */
export const wandCommandReply = z.object({ command: z.string(), deadline: z.iso.datetime() });

/** Reads of a sweep from a wand or robot that is not on the line: in the order of reading. */
export const SWEEP_UPLOAD_READS_MAX = 20_000;
export const sweepUpload = z.strictObject({
  /** The same session again replaces what it held. Left out: a new one. */
  session: sweepSession.optional(),
  /** How the device is called; any name of the form of a reader's. */
  wand: readerId,
  /** Left out: the shelf tags among the reads say where it was, else the books themselves. */
  place: placeId.optional(),
  reads: z
    .array(
      z
        .strictObject({
          /** `epc:…`, `uid:…`, `tid:…`, or the barcode of a copy; a shelf tag may stand here too. */
          tag: z.string().min(1).max(128).optional(),
          barcode: barcode.optional(),
          /** Left out: reads follow each other at equal intervals. */
          at: z.iso.datetime().optional(),
          rssiDbm: z.number().min(-200).max(50).optional(),
          /** Where it was, if the device says so: the id of a place, or a shelf tag. */
          shelf: z.string().max(128).optional(),
        })
        .refine(({ tag, barcode: code }) => tag !== undefined || code !== undefined, 'a tag or a barcode'),
    )
    .min(1)
    .max(SWEEP_UPLOAD_READS_MAX),
});
export type SweepUpload = z.infer<typeof sweepUpload>;
export const sweepUploadReply = z.object({ session: sweepSession, reads: z.int() });

/** A list of copies to be looked for; several may be open at once. A line ticks itself off when its copy is heard. */
export const searchListRequest = z.strictObject({
  name: z.string().min(1).max(80),
  barcodes: z.array(barcode).min(1).max(2000),
});
export const searchListSummary = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
  closedAt: z.iso.datetime().nullable(),
  wanted: z.int(),
  found: z.int(),
});
export type SearchListSummary = z.infer<typeof searchListSummary>;
export const searchLists = z.object({ rows: z.array(searchListSummary) });
export const searchListDetail = searchListSummary.extend({
  lines: z.array(
    z.object({
      item: sweptItem,
      /** Tags to give to `find`; none: nobody can hear it. */
      tags: z.array(z.string()),
      /** Heard by any antenna since the list was made. */
      foundAt: z.iso.datetime().nullable(),
      /** Where it was heard last, and since before the list the best place to look. */
      place: placeId.nullable(),
      home: z.array(placeId),
      /** Ticked off by hand. */
      tickedOffAt: z.iso.datetime().nullable(),
    }),
  ),
});
export type SearchListDetail = z.infer<typeof searchListDetail>;
export const searchListTickOff = z.strictObject({ barcode });

/** Makes a wand tell the signal of these tags up to ten times a second, for a bounded time; an empty list ends it. */
export const findRequest = z.strictObject({
  wand: readerId,
  /** Copies; all their tags are looked for. */
  barcodes: z.array(barcode).max(20),
  seconds: z.int().min(1).max(600).default(120),
});

/** Live row of the room `find`, keyed by tag; also what `GET …/find` answers. A row older than a second is silence. */
export const findSignalView = z.object({
  tag: z.string(),
  item: sweptItem.nullable(),
  /** 0 to 100. */
  percent: z.number(),
  rssiDbm: z.number().nullable(),
  at: z.iso.datetime(),
});
export type FindSignalView = z.infer<typeof findSignalView>;
export const findSignals = z.object({ rows: z.array(findSignalView) });
