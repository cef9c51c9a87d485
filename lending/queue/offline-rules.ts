/** What the library allows while its own system is away. */
import { z } from 'zod';
import type { RefusalCode } from '#lending/ils/port.ts';

/** ISO 28560-1, type of usage: 0 is undefined, 1 is for circulation; the others are not lent without a person or the ILS. */
const USAGES_FOR_LOAN: readonly number[] = [0, 1];
const usage = z.string().regex(/^1\.(?:\d|1[0-5])$/, 'class and refinement, such as 1.3');

export const offlineRules = z.strictObject({
  isEnabled: z.boolean().default(true),
  /** Loans of one card that may wait for the ILS. */
  loansPerPatronMax: z.int().min(0).max(1000).default(10),
  daysUntilDue: z.int().min(1).max(365).default(14),
  /** A session that did not begin while the ILS was there: its card cannot be checked. */
  newSessions: z.boolean().default(false),
  /** A list of holds older than this is no list: nothing is lent that somebody may wait for. 0: the list does not matter. */
  holdsAgeHoursMax: z.number().min(0).max(8760).default(48),
  /** Refinements of the type of usage on the tag (ISO 28560-1, 1.3 to 1.5) that forbid a loan or a return without the ILS. */
  usagesNotLent: z.array(usage).max(16).default(['1.3', '1.5']),
  usagesNotReturned: z.array(usage).max(16).default(['1.4', '1.5']),
  /** Only what looks like this is taken for a copy: a card laid on the reader is not lent. */
  itemPattern: z.string().max(200).refine(isPattern, 'a regular expression').default('^[!-~ ]{1,64}$'),
});
export type OfflineRules = z.infer<typeof offlineRules>;

/** What a tag says its copy is for; a tag that says nothing is for loan. */
export interface TagUsage {
  readonly usage: number;
  readonly sub?: number | undefined;
}

export interface OfflineQuestion {
  readonly item: string;
  readonly usage?: TagUsage | undefined;
  readonly isSessionKnown: boolean;
  /** Loans of this card that wait already, this copy not counted. */
  readonly waitingLoans: number;
  readonly isHeld: boolean;
  /** Undefined if the list was never fetched. */
  readonly holdsAgeMs: number | undefined;
}

const HOUR_MS = 3_600_000;

/** Undefined where the loan may be made; else why not. */
export function offlineRefusal(rules: OfflineRules, question: OfflineQuestion): RefusalCode | undefined {
  if (!rules.isEnabled) return 'staff-needed';
  if (!question.isSessionKnown && !rules.newSessions) return 'staff-needed';
  if (!new RegExp(rules.itemPattern, 'u').test(question.item)) return 'item-unknown';
  if (question.usage !== undefined && !USAGES_FOR_LOAN.includes(question.usage.usage)) return 'item-not-for-loan';
  if (isListed(rules.usagesNotLent, question.usage)) return 'staff-needed';
  if (question.isHeld) return 'item-on-hold';
  const isListOld = question.holdsAgeMs === undefined || question.holdsAgeMs > rules.holdsAgeHoursMax * HOUR_MS;
  if (rules.holdsAgeHoursMax > 0 && isListOld) return 'staff-needed';
  return question.waitingLoans >= rules.loansPerPatronMax ? 'loan-limit' : undefined;
}

/** The same for a return. */
export function offlineReturnRefusal(
  rules: OfflineRules,
  { item, usage: told }: Pick<OfflineQuestion, 'item' | 'usage'>,
): RefusalCode | undefined {
  if (!rules.isEnabled || isListed(rules.usagesNotReturned, told)) return 'staff-needed';
  return new RegExp(rules.itemPattern, 'u').test(item) ? undefined : 'item-unknown';
}

function isListed(list: readonly string[], told: TagUsage | undefined): boolean {
  return told?.sub !== undefined && list.includes(`${told.usage}.${told.sub}`);
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}
