/**
 * Programming an HF tag: what stands there is looked at first, only blocks that differ are written, all is read back.
 *
 *     read -> whose is it? -> encode -> note what will be written -> write, read back -> forget the note -> DSFID, security
 */
import { hasOwner, type TagProfile } from '#contract/domain/tag-profile.ts';
import { err, ok, type Result } from '#contract/result.ts';
import type { CommandArgs, CommandCode, ReadContent, WrittenContent, WriteTagResult } from '#contract/wire/commands.ts';
import type { HfTagAccess } from '#gateway/drivers/tag-access.ts';
import type { CommandOutcome } from './command-desk.ts';
import { hfField, identify, securityOutcome } from './hf-commands.ts';
import { presentHfPasswords } from './hf-passwords.ts';
import { setHfSecurity } from './hf-security.ts';
import { changedBlocks, readHfMemory, writeHfBlocks, writeMark, type HfField, type HfMemory } from './hf-tag.ts';
import { encodeMemory, readMemory, type Image, type TagReading } from './tag-formats.ts';
import { faulty, refused, type TagWork } from './tag-work.ts';
import { isSame, isTornBy, type TornWrite } from './torn-writes.ts';
import type { Fault } from './tries.ts';

type Standing = TagReading | { readonly kind: 'torn'; readonly torn: TornWrite };
type WriteArgs = CommandArgs<'write-tag'>;

export async function writeHfTag(access: HfTagAccess, args: WriteArgs, work: TagWork): Promise<CommandOutcome> {
  const { tag } = args;
  const field = hfField(access, tag, work);
  if (field === undefined) return refused('args-invalid', 'an HF reader wants uid:');
  const opened = await presentHfPasswords(field, ['read', 'write'], work);
  if (!opened.ok) return faulty(opened.error);
  const memory = await readHfMemory(field);
  if (!memory.ok) return faulty(memory.error);

  const torn = work.torn.find(tag);
  const standing = await standingOf(field, memory.value, torn);
  const chosen = chooseContent(standing, args);
  if (!chosen.ok) return refused(chosen.error.code, chosen.error.detail);
  const lost = standing.kind === 'item' && args.overwrite !== true ? standing.beside : [];
  if (lost.length > 0) return refused('elements-lost', lost.join(', '));
  const format = args.format ?? work.profile.hf.format;
  const content = withDefaults(chosen.value, format, work.profile);
  const { data, blockBytes } = memory.value;
  const encoded = encodeMemory(format, content, { memoryBytes: data.length, blockBytes });
  if (!encoded.ok) return refused(encoded.error.code, encoded.error.detail);

  const previous = standing.kind === 'item' ? toWritten(standing.content) : torn?.previous;
  const image = fill(encoded.value.bytes, memory.value);
  const written = await write(field, memory.value, { image, content, previous }, work);
  const result = describe(tag, { format, image, dsfid: encoded.value.dsfid, written, content });
  if (!written.outcome.ok) return faulty(written.outcome.error, written.isTorn ? result : undefined);
  return finish(field, args, { result, encoded: encoded.value, memory: memory.value }, work);
}

async function standingOf(field: HfField, memory: HfMemory, torn: TornWrite | undefined): Promise<Standing> {
  const { data, blockBytes } = memory;
  const reading = await identify(field, memory);
  if (reading.kind === 'item' || torn === undefined) return reading;
  // Before the verdict "perhaps a patron's card": what was begun here was none.
  const isAsBefore = isSame(data.subarray(0, torn.before.length), torn.before);
  return !isAsBefore && isTornBy(torn, data, blockBytes) ? { kind: 'torn', torn } : reading;
}

/** Whose tag it is decides whether it may be written, and with what. */
export function chooseContent(
  standing: Standing,
  { content, overwrite = false }: Pick<WriteArgs, 'content' | 'overwrite'>,
): Result<WrittenContent, { readonly code: CommandCode; readonly detail: string }> {
  switch (standing.kind) {
    case 'patron-card':
      return err({ code: 'patron-card', detail: 'not touched' });
    case 'blank':
    case 'other':
      if (content === undefined) return err({ code: 'nothing-to-keep', detail: 'name the content' });
      if (standing.kind === 'other' && !overwrite) return err({ code: 'tag-not-blank', detail: 'not touched' });
      return ok(content);
    case 'item':
    case 'torn': {
      const there = standing.kind === 'torn' ? standing.torn.content : toWritten(standing.content);
      if (content === undefined) return ok(there);
      if (!overwrite && !isSameItem(there, content)) {
        return err({ code: 'other-item', detail: `it carries ${there.itemId}` });
      }
      return ok(content);
    }
  }
}

/** The same barcode of another owner is another item. */
function isSameItem(a: WrittenContent, b: WrittenContent): boolean {
  return a.itemId === b.itemId && (a.isil === undefined || b.isil === undefined || a.isil === b.isil);
}

/** What was read, as it can be written. Parts "0 of 0", as some writers say for a single one, are 1 of 1. */
export function toWritten({ itemId, isil, usage, part, parts }: ReadContent): WrittenContent {
  const isSet = part !== undefined && parts !== undefined && part >= 1 && parts >= part;
  return {
    itemId,
    ...(isil !== undefined && { isil }),
    ...(usage !== undefined && { usage }),
    ...(isSet && { part, parts }),
  };
}

function withDefaults(content: WrittenContent, format: string, { ownerIsil, usage }: TagProfile): WrittenContent {
  return { ...(ownerIsil !== null && hasOwner(format) && { isil: ownerIsil }), usage, ...content };
}

/** Zeros to the end of the memory, so that nothing of an earlier, longer content is read on; locked blocks stay. */
function fill(bytes: Uint8Array, { data, blockBytes, locked }: HfMemory): Uint8Array {
  const usedBlocks = Math.ceil(bytes.length / blockBytes);
  const image = new Uint8Array(Math.max(usedBlocks, Math.floor(data.length / blockBytes)) * blockBytes);
  image.set(bytes);
  for (let block = usedBlocks; block * blockBytes < image.length; block += 1) {
    if (locked[block] === true)
      image.set(data.subarray(block * blockBytes, (block + 1) * blockBytes), block * blockBytes);
  }
  return image;
}

interface Written {
  readonly changed: number;
  readonly isTorn: boolean;
  readonly outcome: Result<void, Fault>;
}

async function write(
  field: HfField,
  memory: HfMemory,
  wanted: {
    readonly image: Uint8Array;
    readonly content: WrittenContent;
    readonly previous: WrittenContent | undefined;
  },
  { torn }: TagWork,
): Promise<Written> {
  const tag = `uid:${field.uid}`;
  const { image, content, previous } = wanted;
  const isLocked = changedBlocks(memory.data, image, memory.blockBytes).some((block) => memory.locked[block] === true);
  if (!isLocked) torn.note(tag, { before: memory.data, after: image, content, previous });
  const { changed, tried, outcome } = await writeHfBlocks(field, memory, image);
  if (outcome.ok) torn.clear(tag);
  return { changed: changed.length, isTorn: !outcome.ok && tried > 0, outcome };
}

function describe(
  tag: string,
  {
    format,
    image,
    dsfid,
    written,
    content,
  }: {
    readonly format: string;
    readonly image: Uint8Array;
    readonly dsfid: number | undefined;
    readonly written: Written;
    readonly content: WrittenContent;
  },
): WriteTagResult {
  const reading = readMemory(image, { dsfid });
  return {
    tag,
    newTag: tag,
    format,
    content: reading.kind === 'item' ? reading.content : { format, confidence: 0, ...content },
    isWritten: written.outcome.ok,
    changed: written.changed,
    isTorn: written.isTorn,
  };
}

/** The content is on the tag; DSFID and security are told for themselves. */
async function finish(
  field: HfField,
  args: WriteArgs,
  { result, encoded, memory }: { readonly result: WriteTagResult; readonly encoded: Image; readonly memory: HfMemory },
  work: TagWork,
): Promise<CommandOutcome> {
  const isProfileFormat = result.format === work.profile.hf.format;
  const wanted = isProfileFormat ? work.profile.hf.dsfid : (encoded.dsfid ?? null);
  const dsfid = wanted === null ? undefined : await setDsfid(field, wanted, memory.dsfid);
  const told: WriteTagResult = { ...result, ...(dsfid && { dsfid }) };
  const isLost = dsfid?.isDone === false && dsfid.code !== 'not-supported';
  if (args.secured === undefined) {
    return isLost ? { outcome: 'failed', code: 'partial', result: told } : { outcome: 'done', result: told };
  }
  const { secured } = args;
  const marks = await setHfSecurity(field, secured, work);
  if (!marks.ok) {
    const { code, detail } = marks.error;
    return { outcome: 'failed', code: 'partial', detail: `security: ${code}: ${detail}`.slice(0, 300), result: told };
  }
  const steps = [...marks.value];
  const outcome = securityOutcome({ tag: told.tag, newTag: told.newTag, secured, steps });
  const all: WriteTagResult = { ...told, security: { secured, steps } };
  if (outcome.outcome !== 'done' || isLost) return { outcome: 'failed', code: 'partial', result: all };
  return { outcome: 'done', result: all };
}

/** Most pads cannot write it; then the tag keeps the one it has, and the content is told by its checksum. */
async function setDsfid(
  field: HfField,
  wanted: number,
  known: number | undefined,
): Promise<NonNullable<WriteTagResult['dsfid']>> {
  if (known === wanted) return { wanted, isDone: true };
  const { access, uid } = field;
  if (access.writeDsfid === undefined) return { wanted, isDone: false, code: 'not-supported' };
  const done = await writeMark(field, wanted, {
    write: async () => access.writeDsfid?.(uid, wanted) ?? ok(undefined),
    read: () => readDsfid(field),
  });
  return { wanted, isDone: done.ok, ...(!done.ok && { code: done.error.code }) };
}

async function readDsfid({ access, uid }: HfField): Promise<Result<number, Fault>> {
  const info = await access.systemInformation?.(uid);
  if (info?.ok === true && info.value.dsfid !== undefined) return ok(info.value.dsfid);
  const found = await access.inventory();
  if (!found.ok) return found;
  const dsfid = found.value.find((tag) => tag.uid === uid)?.dsfid;
  return dsfid === undefined ? err({ code: 'no-tag', detail: 'DSFID not told' }) : ok(dsfid);
}
