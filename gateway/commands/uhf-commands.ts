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
import { faulty, refused, type TagFault, type TagWork } from './tag-work.ts';
import { mayCarryMark, readEpc, readUhfSecurity, type HeardMemory } from './uhf-formats.ts';
import { readEpcMemory, readWords, writeEpcMemory, type EpcMemory, type UhfField } from './uhf-tag.ts';
import type { Fault } from './tries.ts';

/** The TID of a library tag: 6 words with a serial number, 2 at least. */
const TID_WORDS = [6, 2] as const;
/** User memory is read in steps until it ends. */
const USER_WORDS = 8;
const USER_WORDS_MAX = 512;
const FEW_TRIES = 3;

/** The access password is presented with each access, where the profile names one. */
export function uhfField(access: UhfTagAccess, tag: string, work: TagWork): Result<UhfField, TagFault> {
  const epc = tag.startsWith('epc:') ? tag.slice('epc:'.length) : '';
  const name = work.profile.uhf.passwords.access;
  const field = { access, signal: work.signal, epc, password: undefined };
  if (name === undefined) return ok(field);
  const password = work.secrets.find(tag, name);
  if (password === 'secret-missing' || password === 'wrong-password') return err({ code: password, detail: name });
  return ok({ ...field, password });
}

/** A password that was refused is not tried on this tag again. */
export function noteRefusal(tag: string, { code }: { readonly code: string }, { profile, secrets }: TagWork): void {
  const name = profile.uhf.passwords.access;
  if (code === 'wrong-password' && name !== undefined) secrets.refused(tag, name);
}

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
  const field = uhfField(access, tag, work);
  if (!field.ok) return faulty(field.error);
  const memory = await readEpcMemory(field.value);
  if (!memory.ok) {
    noteRefusal(tag, memory.error, work);
    return faulty(memory.error);
  }
  const tid = await readTid(field.value);
  const user = await readUser(field.value);
  const result: ReadTagResult = {
    ...describeUhf(tag, memory.value, work),
    banks: {
      pc: memory.value.pc.toString(16).toUpperCase().padStart(4, '0'),
      epc: toHex(memory.value.epc),
      ...(tid !== undefined && { tid: toHex(tid) }),
      ...(user.length > 0 && { user: toHex(user) }),
    },
  };
  return { outcome: 'done', result };
}

async function readTid(field: UhfField): Promise<Uint8Array | undefined> {
  for (const count of TID_WORDS) {
    const got = await readWords(field, { name: field.epc, bank: GEN2_BANK.tid, firstWord: 0, count }, FEW_TRIES);
    if (got.ok) return got.value;
  }
  return undefined;
}

async function readUser(field: UhfField): Promise<Uint8Array> {
  const words: Uint8Array[] = [];
  for (let firstWord = 0; firstWord < USER_WORDS_MAX; firstWord += USER_WORDS) {
    const where = { name: field.epc, bank: GEN2_BANK.user, firstWord, count: USER_WORDS };
    const got = await readWords(field, where, FEW_TRIES);
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
  const field = uhfField(access, tag, work);
  if (!field.ok) return faulty(field.error);
  const memory = await readEpcMemory(field.value);
  if (!memory.ok) {
    noteRefusal(tag, memory.error, work);
    return faulty(memory.error);
  }
  const done = await setUhfSecurity(field.value, memory.value, secured, work);
  if (!done.ok) return faulty(done.error);
  const reading = readEpc(memory.value);
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
  if (!outcome.ok) noteRefusal(`epc:${field.epc}`, outcome.error, work);
  return ok({ name, step: { mark: security, isDone: outcome.ok, ...(!outcome.ok && { code: outcome.error.code }) } });
}
