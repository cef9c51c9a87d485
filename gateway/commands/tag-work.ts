/** What every command about tags is given, and the words of its outcome. */
import type { TagProfile } from '#contract/domain/tag-profile.ts';
import type { CommandCode } from '#contract/wire/commands.ts';
import type { CommandOutcome } from './command-desk.ts';
import type { TagSecrets } from './tag-secrets.ts';
import type { TornWrites } from './torn-writes.ts';
import type { Fault } from './tries.ts';

export interface TagWork {
  readonly profile: TagProfile;
  readonly secrets: TagSecrets;
  readonly torn: TornWrites;
  readonly signal: AbortSignal;
}

/** A fault of the tag, or a password that the gateway was not given. */
export type TagFault = Fault | { readonly code: 'secret-missing'; readonly detail: string };

const DETAIL_CHARS_MAX = 300;

export function refused(code: CommandCode, detail?: string): CommandOutcome {
  return { outcome: 'refused', code, ...(detail !== undefined && { detail: detail.slice(0, DETAIL_CHARS_MAX) }) };
}

const REFUSALS: ReadonlySet<TagFault['code']> = new Set([
  'locked',
  'wrong-password',
  'not-supported',
  'no-such-block',
  'secret-missing',
]);

/** What the tag will never do is refused; what it did not do this time has failed. */
export function faulty({ code, detail }: TagFault, result?: unknown): CommandOutcome {
  const outcome = REFUSALS.has(code) && result === undefined ? 'refused' : 'failed';
  return { outcome, code, detail: detail.slice(0, DETAIL_CHARS_MAX), ...(result !== undefined && { result }) };
}
