/** Commands about tags on a UHF reader. */
import { withSecurity } from '#contract/codec/uhf-library/security.ts';
import { afiFor } from '#contract/domain/tag-profile.ts';
import { fromHex, toHex } from '#contract/hex.ts';
import { err, ok, type Result } from '#contract/result.ts';
import {
  TAGS_LISTED_MAX,
  type CommandArgs,
  type FoundTag,
  type ListTagsResult,
  type ReadTagResult,
  type SecurityStep,
  type SetSecurityResult,
} from '#contract/wire/commands.ts';
import { GEN2_BANK, type UhfTagAccess } from '#gateway/drivers/tag-access.ts';
import type { CommandOutcome } from './command-desk.ts';
import { securityOutcome } from './hf-commands.ts';
import type { HeardTag } from './reader-port.ts';
import type { TagReading } from './tag-formats.ts';
import { faulty, refused, type TagWork } from './tag-work.ts';
import { mayCarryMark, readEpc, readUhfSecurity, type HeardMemory } from './uhf-formats.ts';
import { noteRefusal, openUhfTag } from './uhf-open.ts';
import { readTid, readWords, writeEpcMemory, type EpcMemory, type UhfField } from './uhf-tag.ts';
import { TRIES, type Fault } from './tries.ts';

/** User memory is read in steps until it ends. */
const USER_WORDS = 8;
const USER_WORDS_MAX = 512;

/** What was heard within the last seconds: a UHF reader scans all the time. */
export function listUhfTags(heard: readonly HeardTag[], work: TagWork): CommandOutcome {
  const tags = heard.slice(0, TAGS_LISTED_MAX).map(({ epc, pc, antenna, rssiDbm }): FoundTag => {
    const memory = {
      epc: fromHex(epc) ?? new Uint8Array(0),
      pc: pc === undefined ? undefined : Number.parseInt(pc, 16),
    };
    return {
      ...describeUhf(`epc:${epc}`, memory, work),
      antenna,
      ...(rssiDbm !== undefined && { rssiDbm }),
    };
  });
  const result: ListTagsResult = { tags, patronCards: 0, unread: 0 };
  return { outcome: 'done', result };
}

function describeUhf(tag: string, memory: HeardMemory, work: TagWork): FoundTag {
  const reading: TagReading = readEpc(memory);
  const standing = reading.kind === 'item' || reading.kind === 'blank' ? reading.kind : 'other';
  return {
    tag,
    standing,
    ...(reading.kind === 'item' && { content: reading.content }),
    security: readUhfSecurity(memory, work.profile.uhf),
  };
}

export async function readUhfTag(
  access: UhfTagAccess,
  { tag }: CommandArgs<'read-tag'>,
  work: TagWork,
): Promise<CommandOutcome> {
  const opened = await openUhfTag(access, { tag }, work);
  if (!opened.ok) return faulty(opened.error);
  const { field, memory } = opened.value;
  const tid = await readTid(field);
  const user = await readUser(field);
  const known = readEpc(memory);
  const result: ReadTagResult = {
    ...describeUhf(tag, memory, work),
    ...(known.kind !== 'patron-card' && { recognised: known.recognised }),
    banks: {
      pc: memory.pc.toString(16).toUpperCase().padStart(4, '0'),
      epc: toHex(memory.epc),
      ...(tid !== undefined && { tid: toHex(tid) }),
      ...(user.length > 0 && { user: toHex(user) }),
    },
  };
  return { outcome: 'done', result };
}

async function readUser(field: UhfField): Promise<Uint8Array> {
  const words: Uint8Array[] = [];
  for (let firstWord = 0; firstWord < USER_WORDS_MAX; firstWord += USER_WORDS) {
    const where = { name: field.epc, bank: GEN2_BANK.user, firstWord, count: USER_WORDS };
    const got = await readWords(field, where, TRIES.few);
    if (!got.ok) break;
    words.push(got.value);
  }
  return Uint8Array.from(words.flatMap((piece) => [...piece]));
}

export async function secureUhfTag(
  access: UhfTagAccess,
  { tag, secured }: CommandArgs<'set-security'>,
  work: TagWork,
): Promise<CommandOutcome> {
  if (work.profile.uhf.security === 'none') return refused('not-supported', 'the profile names no security mark');
  const opened = await openUhfTag(access, { tag }, work);
  if (!opened.ok) return faulty(opened.error);
  const { field, memory } = opened.value;
  const done = await setUhfSecurity(field, memory, secured, work);
  if (!done.ok) return faulty(done.error);
  const reading = readEpc(memory);
  const result: SetSecurityResult = {
    tag,
    newTag: `epc:${done.value.name}`,
    secured,
    steps: [done.value.step],
    ...(reading.kind === 'item' && { content: reading.content }),
  };
  return securityOutcome(result);
}

/** One word is written: the tag either has the new mark or the old one. Errors: nothing was touched. */
export async function setUhfSecurity(
  field: UhfField,
  memory: EpcMemory,
  secured: boolean,
  work: TagWork,
): Promise<Result<{ readonly name: string; readonly step: SecurityStep }, Fault>> {
  const { security, afi } = work.profile.uhf;
  if (security === 'none') return err({ code: 'not-supported', detail: 'the profile names no security mark' });
  const afis = { secured: afiFor(true, afi), unsecured: afiFor(false, afi) };
  const change = mayCarryMark(memory, work.profile.uhf) ? withSecurity(memory, secured, security, afis) : undefined;
  if (change === undefined) return err({ code: 'not-supported', detail: 'no library tag by the profile' });
  const wanted = { epc: change.tag.epc, pc: change.tag.pc ?? memory.pc };
  const { name, outcome } = await writeEpcMemory(field, memory, wanted);
  if (!outcome.ok) noteRefusal(field, outcome.error, work);
  return ok({ name, step: { mark: security, isDone: outcome.ok, ...(!outcome.ok && { code: outcome.error.code }) } });
}
