/** One line of work: what the physical side and the catalogue, or the ILS, disagree about. */
import { z } from 'zod';
import { ilsStatusName } from './ils-status.ts';

export const workKind = z.enum([
  /** Somebody waits for it and it still stands somewhere else than where it is to be fetched. */
  'pull',
  /** It stands on a trolley, in a return slot, on a desk, or on the hold shelf beyond its time, and belongs on a shelf. */
  'reshelve',
  'misshelved',
  /** Silent long enough at a home that was listened to: somebody should look. */
  'search',
  /** Looked for as often as the library wants, and not found. */
  'missing',
  'untagged',
  /** It should have been heard and never was, or it was found by hand where the antenna listens. */
  'dead-tag',
  /** By the ILS it is lent, in transit, lost or withdrawn; it stands on a shelf. */
  'on-loan-on-shelf',
  /** By the ILS it is available; nobody has heard it for days, and its home cannot be judged well enough to call for a search. */
  'unseen',
  /** The owner written on the tag is another library. */
  'foreign',
  'security-mismatch',
  'tag-conflict',
  /** A whole run of items stands some shelves further on: one question instead of many lines. */
  'home-shift',
  /** A loan or return at a kiosk that could not be brought to an end by itself: the library's own system must be looked at. */
  'lending',
]);
export type WorkKind = z.infer<typeof workKind>;

/** What staff say about a line. `done`: whatever the line asked for. `found` and `not-found` answer a search. */
export const workOutcome = z.enum(['done', 'found', 'not-found']);
export type WorkOutcome = z.infer<typeof workOutcome>;

/** Why a loan or return came to no end. */
export const lendingRule = z.enum([
  /** Lent without the library's system, which refuses it now. */
  'loan-refused',
  /** Lent without the library's system, in whose books somebody else has it. */
  'lent-to-another',
  'return-refused',
  /** Something newer is known of the copy: telling the older step would undo it. */
  'overtaken',
  /** Nobody can tell any more whose loan it was: the branch's key was changed, or its file is damaged. */
  'patron-lost',
  /** The tag could not be set or read back; the loan or return stands. */
  'security-not-set',
  /** The library's system gave no clear answer as often as it may be asked. */
  'unanswered',
]);

export const workRule = z.enum([
  'outside-home',
  'hold-on-shelf',
  'hold-expired',
  'waits-on-trolley',
  'waits-in-return-slot',
  'waits-on-desk',
  'waits-elsewhere',
  'silent-at-home',
  'search-rounds-done',
  'no-tag-known',
  'never-heard',
  'found-but-silent',
  'ils-says-gone',
  'available-but-unseen',
  'other-owner',
  'secured-on-loan',
  'unsecured-in-stock',
  'two-items-one-tag',
  'barcode-disagrees',
  'two-tags-one-part',
  'run-moved',
  ...lendingRule.options,
]);
export type WorkRule = z.infer<typeof workRule>;

/** Why the line is there, in data: a screen makes the sentence in the reader's language. `null` where it says nothing. */
export const workReason = z.object({
  rule: workRule,
  /** What the ILS says, if that is part of the reason. */
  ilsStatus: ilsStatusName.nullable().default(null),
  dueAt: z.iso.datetime().nullable().default(null),
  /** Where a hold is fetched: a place id, or the name the ILS has for it. */
  pickupPlace: z.string().nullable().default(null),
  expiresAt: z.iso.datetime().nullable().default(null),
  lastSeenAt: z.iso.datetime().nullable().default(null),
  /** Where it was last shown, for what is silent now. */
  lastPlace: z.string().nullable().default(null),
  /** Hours in which every antenna of the home listened, heard the neighbours and not this one. */
  hoursListened: z.number().nullable().default(null),
  /** Search rounds done, and how many the library wants. */
  rounds: z.number().nullable().default(null),
  roundsWanted: z.number().nullable().default(null),
  /** The tag in question: `uid:…`, `epc:…`. */
  tag: z.string().nullable().default(null),
  security: z.enum(['secured', 'unsecured']).nullable().default(null),
  ownerIsil: z.string().nullable().default(null),
  /** Barcodes of all copies concerned, e.g. of both that one tag claims. */
  items: z.array(z.string()).max(40).default([]),
  tags: z.array(z.string()).max(40).default([]),
  /** `lending`: the kiosk, slot or terminal. */
  station: z.string().nullable().default(null),
  /** `home-shift`: by how many shelves, negative towards the start. */
  shelves: z.number().nullable().default(null),
});
export type WorkReason = z.infer<typeof workReason>;

/** A reason of which only what it says is given. */
export type WorkReasonParts = Partial<WorkReason> & Pick<WorkReason, 'rule'>;

/** The row as the engine makes it and the state keeps it; the key is (library, kind, subject). */
export interface WorkEntryRow {
  readonly library: string;
  readonly kind: WorkKind;
  /** Barcode of the item, or the key of a tag where no item of the catalogue is meant (`foreign`), or where a tag is in question. */
  readonly subject: string;
  /** The copy the line is about; null when the catalogue has none. */
  readonly item: string | null;
  /** Where to go; null when nobody knows. */
  readonly place: string | null;
  readonly sinceMs: number;
  readonly confidence: number | null;
  readonly reason: WorkReasonParts;
  readonly tickedOffMs: number | null;
  readonly outcome: WorkOutcome | null;
}

/** A line that changed: as it is now, or `null` when it is gone. */
export interface WorkChange {
  readonly library: string;
  readonly kind: WorkKind;
  readonly subject: string;
  readonly row: WorkEntryRow | null;
}
