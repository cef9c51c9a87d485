/**
 * A sweep: somebody went along shelves with a wand, or a robot did, and this is what stood there in which order. The engine
 * makes one such row per session, live while it runs; screens and reports read the same row.
 */
import { z } from 'zod';
import { barcode, libraryKey, placeId, readerId } from './ids.ts';

/** Names one sweep within its library; the edge, or whoever uploads it, makes it up. */
export const sweepSession = z
  .string()
  .max(64)
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/, 'letters, digits, inner dots, hyphens and underscores');

export const sweepFindingKind = z.enum([
  /** Stands on the right shelf (or on one as good) in the wrong order: put it behind `after`. */
  'move',
  /** Belongs on another shelf; `home` says where. */
  'wrong-shelf',
  /** The whole shelf was swept from the wrong end, or stands the wrong way round: one line for all its books. */
  'reversed',
  /** Its call number cannot be read, so nobody can say where it belongs on the shelf. */
  'unparsable',
  /** A tag that no copy of the catalogue has. */
  'unknown',
  /** A tag that was never programmed. */
  'blank',
  /** The tag names another library as its owner. */
  'foreign',
  /** Stands at the end of a shelf and belongs to the beginning of the next one, or the other way round. Not wrong, but worth knowing. */
  'shelf-end',
]);
export type SweepFindingKind = z.infer<typeof sweepFindingKind>;

export const sweepFinding = z.object({
  /** Stable within the sweep. */
  id: z.string().max(200),
  kind: sweepFindingKind,
  /** `null` for a whole shelf, and for a tag of no known copy. */
  barcode: barcode.nullable(),
  /** `epc:…`, `uid:…` or `tid:…`; `null` for a whole shelf. */
  tag: z.string().nullable(),
  /** Shelf where it was heard; `null` when nobody knows which one that was. */
  place: placeId.nullable(),
  /** `move`: barcode of the book to put it behind, `null` = to the front. The moves in their order put the row in order. */
  after: barcode.nullable(),
  /** Shelves where it belongs, if not here. */
  home: z.array(placeId).max(64),
  /** `move`: how many books it is away from where it belongs. */
  distance: z.number().min(0).nullable(),
  /** 0 to 1. */
  certainty: z.number().min(0).max(1),
  /** For people, in English: e.g. why a call number cannot be read, or which ISIL a foreign tag names. */
  detail: z.string().max(200).nullable(),
});
export type SweepFinding = z.infer<typeof sweepFinding>;

/** One shelf of a sweep, in the order in which they were swept. */
export const sweptShelf = z.object({
  /** `null`: heard before any shelf was known. */
  place: placeId.nullable(),
  /** Copies that should stand here, as far as catalogue and plan know. */
  expected: z.int().min(0),
  /** Of those, how many were heard (here or elsewhere in the sweep). */
  read: z.int().min(0),
  /** Everything that was heard here, also what does not belong; without what only shone over from a shelf beside it. */
  heard: z.int().min(0),
  /** Heard here, and standing on a shelf beside it as far as we can tell. */
  shoneOver: z.int().min(0),
  fromMs: z.number(),
  toMs: z.number(),
  isReversed: z.boolean(),
});
export type SweptShelf = z.infer<typeof sweptShelf>;

/** The longest lists a sweep keeps; the counts beside them are whole. */
export const SWEEP_FINDINGS_MAX = 500;
export const SWEEP_NOT_FOUND_MAX = 2000;

export const sweepRow = z.object({
  library: libraryKey,
  session: sweepSession,
  /** The reader that heard it; for an upload its name there. */
  wand: readerId,
  source: z.enum(['wand', 'upload']),
  /** Where the person said it would be, when there was a word about it. */
  target: placeId.nullable(),
  startedMs: z.number(),
  /** The newest read. */
  lastMs: z.number(),
  /** `null` while it goes on. */
  endedMs: z.number().nullable(),
  /** Over how many books the order of reading is uncertain; 0: exact. */
  positionError: z.number().min(0),
  tagsRead: z.int().min(0),
  itemsRead: z.int().min(0),
  /** Books whose order could be judged, and of those the ones that stand right. */
  judged: z.int().min(0),
  kept: z.int().min(0),
  shelves: z.array(sweptShelf).max(2000),
  /** The surest first. */
  findings: z.array(sweepFinding).max(SWEEP_FINDINGS_MAX),
  findingCount: z.int().min(0),
  notFound: z.array(z.object({ barcode, place: placeId })).max(SWEEP_NOT_FOUND_MAX),
  notFoundCount: z.int().min(0),
});
export type SweepRow = z.infer<typeof sweepRow>;

/** How strongly a wand hears a tag that somebody looks for. */
export const findSignal = z.object({
  library: libraryKey,
  wand: readerId,
  /** `epc:…`, `uid:…` or `tid:…`. */
  tag: z.string(),
  atMs: z.number(),
  /** `null` from a reader that does not measure it. */
  rssiDbm: z.number().nullable(),
  /** 0 to 100, for a bar and a tone; made from the power, or from how often it was heard. */
  percent: z.number().min(0).max(100),
});
export type FindSignal = z.infer<typeof findSignal>;
