/**
 * What the engine concluded, with its evidence. Facts are numbered per library without gaps; screens, the fact log and
 * third parties all read the same rows. "Last seen" is state, not a fact.
 */
import { z } from 'zod';
import { ilsStatusName } from './ils-status.ts';
import { libraryKey } from './ids.ts';
import { workKind, workOutcome } from './work-entry.ts';

export const factKind = z.enum([
  /** `subject` is an item; `to` the place. */
  'item-arrived',
  'item-moved',
  'item-departed',
  /** `subject` is an item that stands on a shelf outside its home; `to` is that shelf. */
  'item-misshelved',
  /** The item is back at home, left the wrong shelf, or its home was changed to fit. */
  'item-shelved-right',
  /** A member of staff ticked the line off; `to` is the place it was ticked off at. */
  'item-ticked-off',
  /** `subject` is a zone; `level` holds people. */
  'zone-level',
  /** `subject` is a read point; `state` its new state. */
  'antenna-state',
  /** A line of the work list (`work`) was put up, or came back; `subject` is the item, or what the line is about. */
  'work-raised',
  /** What the line said is no longer so. */
  'work-cleared',
  'work-ticked-off',
  /** `subject` is an item that was taken from the shelf `from` and put back at `to` without a loan. */
  'in-house-use',
  /** `subject` is a gate; `gate` says what sounded there, or what left without a loan. */
  'gate-event',
]);
export type FactKind = z.infer<typeof factKind>;

export const gateEvent = z.object({
  /** `alarmed-though-lent`: the mark on the tag was not opened. `left-without-loan`: nothing sounded, and the ILS knows no loan. */
  finding: z.enum(['alarm', 'alarmed-though-lent', 'left-without-loan']),
  /** The copy; null where the catalogue knows none of this tag. */
  item: z.string().nullable(),
  tag: z.string(),
  direction: z.enum(['in', 'out']).nullable(),
  /** By which the gate decided. */
  rule: z.string(),
  ilsStatus: ilsStatusName,
});
export type GateEvent = z.infer<typeof gateEvent>;

export const fact = z.object({
  /** Number within the library, from 1, without gaps. */
  n: z.int().min(1),
  library: libraryKey,
  at: z.iso.datetime(),
  /** Offset of the journal entry that led to it. */
  entry: z.int().min(0),
  kind: factKind,
  subject: z.string(),
  from: z.string().nullable().optional(),
  to: z.string().nullable().optional(),
  /** 0 to 1. */
  confidence: z.number().min(0).max(1).optional(),
  level: z
    .object({ people: z.number().nullable(), low: z.number().nullable(), high: z.number().nullable() })
    .optional(),
  state: z.enum(['live', 'unscheduled', 'blind', 'dead']).optional(),
  /** The line of the work list that the fact is about. */
  work: z
    .object({
      kind: workKind,
      subject: z.string(),
      /** What of the reason says something; the fields are those of the work list. */
      reason: z.record(z.string(), z.unknown()),
      outcome: workOutcome.nullable(),
    })
    .optional(),
  /** What happened at a gate. Never who. */
  gate: gateEvent.optional(),
  evidence: z.object({
    rule: z.string(),
    /** Best first; weight 0 to 1; events are ids `gateway:epoch:seq:index`. */
    competitors: z.array(z.object({ place: z.string(), weight: z.number(), events: z.array(z.string()) })).max(8),
  }),
});
export type Fact = z.infer<typeof fact>;
