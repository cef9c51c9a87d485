/** Commands about tags on an HF reader. */
import { securityOfHf } from '#contract/domain/tag-profile.ts';
import { err, ok, type Result } from '#contract/result.ts';
import { toHex } from '#contract/hex.ts';
import {
  TAGS_LISTED_MAX,
  type CommandArgs,
  type FoundTag,
  type ListTagsResult,
  type ReadTagResult,
  type SecurityMarks,
  type SetSecurityResult,
} from '#contract/wire/commands.ts';
import type { HfTagAccess } from '#gateway/drivers/tag-access.ts';
import type { CommandOutcome } from './command-desk.ts';
import { setHfSecurity } from './hf-security.ts';
import { readHfMemory, START_BLOCKS, type HfField, type HfMemory } from './hf-tag.ts';
import { presentHfPasswords } from './hf-passwords.ts';
import { readMemory, type TagReading } from './tag-formats.ts';
import { faulty, refused, type TagWork } from './tag-work.ts';
import { TRIES, trying, type Fault } from './tries.ts';

export function hfField(access: HfTagAccess, tag: string, { signal }: TagWork): HfField | undefined {
  return tag.startsWith('uid:') ? { access, signal, uid: tag.slice('uid:'.length) } : undefined;
}

/** All that lies there; a tag that cannot be read may be a patron's card, so it is counted and not told. */
export async function listHfTags(access: HfTagAccess, work: TagWork): Promise<CommandOutcome> {
  const uids = await inventory(access, work.signal);
  if (!uids.ok) return faulty(uids.error);
  const tags: FoundTag[] = [];
  let [patronCards, unread] = [0, 0];
  for (const uid of uids.value) {
    const found = await readStart({ access, uid, signal: work.signal });
    if (!found.ok) {
      if (found.error.code === 'reader-away') return faulty(found.error);
      unread += 1;
    } else if (found.value.reading.kind === 'patron-card') patronCards += 1;
    else if (tags.length < TAGS_LISTED_MAX) {
      tags.push(await describe({ access, uid, signal: work.signal }, found.value.reading, work));
    }
  }
  const result: ListTagsResult = { tags, patronCards, unread };
  return { outcome: 'done', result };
}

/** A tag that one inventory missed may be in the next. */
async function inventory(access: HfTagAccess, signal: AbortSignal): Promise<Result<readonly string[], Fault>> {
  const uids = new Set<string>();
  let fault: Fault | undefined;
  let hasHeard = false;
  for (let round = 0; round < TRIES.inventory && !signal.aborted; round += 1) {
    const found = await trying(signal, TRIES.inventory, () => access.inventory());
    if (!found.ok) {
      fault = found.error;
      if (fault.code === 'reader-away') break;
      continue;
    }
    hasHeard = true;
    for (const { uid } of found.value) uids.add(uid);
  }
  if (!hasHeard) return err(fault ?? { code: 'unanswered', detail: 'no inventory in time' });
  return ok([...uids].sort());
}

interface Start {
  readonly memory: HfMemory;
  readonly reading: TagReading;
}

/** As much of the memory as it takes to know what the tag is. */
export async function readStart(field: HfField): Promise<Result<Start, Fault>> {
  const start = await readHfMemory(field, START_BLOCKS);
  if (!start.ok) return start;
  const reading = readMemory(start.value.data);
  if (reading.kind === 'item' || reading.kind === 'patron-card') return ok({ memory: start.value, reading });
  const whole = await readHfMemory(field);
  if (!whole.ok) return whole;
  return ok({ memory: whole.value, reading: await identify(field, whole.value) });
}

/** Formats without a checksum are told by what stands beside them: DSFID and AFI. */
export async function identify(field: HfField, memory: HfMemory): Promise<TagReading> {
  const { access, uid, signal } = field;
  const alone = readMemory(memory.data, { dsfid: memory.dsfid });
  if (alone.kind !== 'other') return alone;
  const afi = await trying(signal, TRIES.read, () => access.readAfi(uid));
  const seen = memory.dsfid === undefined ? await trying(signal, TRIES.inventory, () => access.inventory()) : undefined;
  const dsfid = seen?.ok === true ? seen.value.find((tag) => tag.uid === uid)?.dsfid : memory.dsfid;
  return readMemory(memory.data, { dsfid, afi: afi.ok ? afi.value : undefined });
}

async function describe(field: HfField, reading: TagReading, work: TagWork): Promise<FoundTag> {
  const standing = reading.kind === 'item' ? 'item' : reading.kind === 'blank' ? 'blank' : 'other';
  return {
    tag: `uid:${field.uid}`,
    standing,
    ...(reading.kind === 'item' && { content: reading.content }),
    security: await readMarks(field, work),
  };
}

async function readMarks({ access, uid, signal }: HfField, { profile }: TagWork): Promise<SecurityMarks> {
  const afi = await trying(signal, TRIES.read, () => access.readAfi(uid));
  const eas = profile.hf.usesEas
    ? await trying(signal, TRIES.read, async () => access.isEasOn?.(uid) ?? NO_EAS)
    : undefined;
  const marks = { ...(afi.ok && { afi: afi.value }), ...(eas?.ok === true && { isEasOn: eas.value }) };
  return { state: securityOfHf(marks, profile.hf), ...marks };
}

const NO_EAS = err({ code: 'not-supported', detail: 'the reader knows no EAS' } as const);

/** As many as an answer carries. */
const BESIDE_TOLD_MAX = 64;

export async function readHfTag(
  access: HfTagAccess,
  { tag }: CommandArgs<'read-tag'>,
  work: TagWork,
): Promise<CommandOutcome> {
  const field = hfField(access, tag, work);
  if (field === undefined) return refused('args-invalid', 'an HF reader wants uid:');
  const opened = await presentHfPasswords(field, ['read'], work);
  if (!opened.ok) return faulty(opened.error);
  const memory = await readHfMemory(field);
  if (!memory.ok) return faulty(memory.error);
  const { data, blockBytes, locked, isWhole, dsfid } = memory.value;
  const reading = await identify(field, memory.value);
  if (reading.kind === 'patron-card') return refused('patron-card');
  const result: ReadTagResult = {
    ...(await describe(field, reading, work)),
    recognised: reading.recognised,
    ...(reading.kind === 'item' && reading.beside.length > 0 && { beside: reading.beside.slice(0, BESIDE_TOLD_MAX) }),
    ...(dsfid !== undefined && { dsfid }),
    memory: {
      blockBytes,
      data: toHex(data),
      lockedBlocks: locked.flatMap((isLocked, block) => (isLocked ? [block] : [])),
      isWhole,
    },
  };
  return { outcome: 'done', result };
}

export async function secureHfTag(
  access: HfTagAccess,
  { tag, secured }: CommandArgs<'set-security'>,
  work: TagWork,
): Promise<CommandOutcome> {
  const field = hfField(access, tag, work);
  if (field === undefined) return refused('args-invalid', 'an HF reader wants uid:');
  const start = await readStart(field);
  if (!start.ok) return faulty(start.error);
  const { reading } = start.value;
  if (reading.kind === 'patron-card') return refused('patron-card');
  const done = await setHfSecurity(field, secured, work);
  if (!done.ok) return faulty(done.error);
  const result: SetSecurityResult = {
    tag,
    newTag: tag,
    secured,
    steps: [...done.value],
    ...(reading.kind === 'item' && { content: reading.content }),
  };
  return securityOutcome(result);
}

/** Done only if every mark was read back; some of them is partial, none is what hindered the first. */
export function securityOutcome(result: SetSecurityResult): CommandOutcome {
  const failed = result.steps.filter(({ isDone }) => !isDone);
  const [first] = failed;
  if (first === undefined) return { outcome: 'done', result };
  const code = failed.length < result.steps.length ? 'partial' : (first.code ?? 'write-failed');
  return { outcome: 'failed', code, result };
}
