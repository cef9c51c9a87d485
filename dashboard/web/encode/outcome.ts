/** What became of a command, and what to do about it. Two dozen reasons come down to a dozen errands. */
import type { CommandView } from '#contract/wire/rest-commands.ts';
import { writtenOf } from './results.ts';

const ADVICE = {
  'unknown-command': 'update',
  'unknown-target': 'reader',
  'args-invalid': 'update',
  'not-supported': 'otherReader',
  busy: 'wait',
  'reader-away': 'reader',
  'no-tag': 'flat',
  unanswered: 'flat',
  'read-failed': 'flat',
  'write-failed': 'newTag',
  locked: 'newTag',
  'no-such-block': 'newTag',
  'wrong-password': 'admin',
  'secret-missing': 'admin',
  'patron-card': 'card',
  'tag-not-blank': 'overwrite',
  'other-item': 'overwrite',
  'elements-lost': 'overwrite',
  'nothing-to-keep': 'programme',
  'format-unknown': 'admin',
  'content-invalid': 'admin',
  'not-verified': 'flat',
  partial: 'partial',
  interrupted: 'again',
  internal: 'update',
  // States in which no reason came.
  expired: 'again',
  silent: 'reader',
} as const;

export type Reason = keyof typeof ADVICE;
export type Advice = (typeof ADVICE)[Reason] | 'torn';

export const REASONS = Object.keys(ADVICE) as readonly Reason[];

export interface Outcome {
  readonly meaning: 'fine' | 'look' | 'act';
  /** `null` when it was done, or for a reason newer than this page: then the server's own words are shown. */
  readonly reason: Reason | null;
  readonly advice: Advice | null;
}

const DONE: Outcome = { meaning: 'fine', reason: null, advice: null };

export function outcomeOf(view: CommandView): Outcome {
  if (view.state === 'done') return DONE;
  const reason = reasonOf(view);
  // What is on the tag is right, and something beside it is not.
  const written = writtenOf(view);
  const meaning = written?.isWritten === true ? 'look' : 'act';
  if (written?.isTorn === true) return { meaning, reason, advice: 'torn' };
  return { meaning, reason, advice: reason === null ? null : ADVICE[reason] };
}

function reasonOf({ state, code }: CommandView): Reason | null {
  if (state === 'unanswered') return 'silent';
  if (code === null) return state === 'expired' ? 'expired' : null;
  return Object.hasOwn(ADVICE, code) ? (code as Reason) : null;
}
