/**
 * One loan, return or renewal on its way to the ILS, as the ledger keeps it.
 *
 *     intended --> sent --> confirmed | refused
 *        |          \--answer lost--> unclear --looked--> confirmed | undone
 *        |                                \--the reader has left with it--> queued
 *        \--ILS away, by the library's rules--> queued --looked, sent--> confirmed | task
 *
 *     security of its tag:  none | pending --> verified | task
 *
 * Every arrow is one transaction. What is open at a start is walked on by recover.ts and replay.ts.
 */
import { z } from 'zod';
import type { lendingRule } from '#contract/domain/work-entry.ts';

export const entryKind = z.enum(['loan', 'return', 'renew']);
export type EntryKind = z.infer<typeof entryKind>;

export const entryState = z.enum([
  'intended',
  'sent',
  'unclear',
  /** It has happened, and the ILS does not know it yet. */
  'queued',
  'confirmed',
  'refused',
  /** It was never told to anybody and is not in the ILS. */
  'undone',
  /** A person must look. */
  'task',
]);
export type EntryState = z.infer<typeof entryState>;

export const securityState = z.enum(['none', 'pending', 'verified', 'task']);
export type SecurityState = z.infer<typeof securityState>;

/** What a person must look at; each is a line of the work list. */
export type TaskCode = z.infer<typeof lendingRule>;

export interface Entry {
  readonly n: number;
  /** Our own transaction id, a UUID. */
  readonly id: string;
  readonly kind: EntryKind;
  readonly item: string;
  /** The kiosk, slot or terminal. */
  readonly station: string;
  readonly atMs: number;
  readonly dueAtMs: number | null;
  readonly state: EntryState;
  /** Somebody was told so and has gone: it cannot be undone, only told to the ILS. */
  readonly hasHappened: boolean;
  readonly tries: number;
  readonly nextAtMs: number;
  /** The card's number; undefined for a return, and where it cannot be decrypted any more. */
  readonly card: string | undefined;
  readonly security: SecurityState;
  /** Where the tag lies, and which it is. */
  readonly pad: string | null;
  readonly tag: string | null;
}
