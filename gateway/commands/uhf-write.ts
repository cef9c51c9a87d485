/** Programming a UHF tag: its EPC memory is all that library formats use here. */
import { hasOwner } from '#contract/domain/tag-profile.ts';
import type { Result } from '#contract/result.ts';
import { toHex } from '#contract/hex.ts';
import type { CommandArgs, WriteTagResult, WrittenContent } from '#contract/wire/commands.ts';
import type { UhfTagAccess } from '#gateway/drivers/tag-access.ts';
import type { CommandOutcome } from './command-desk.ts';
import { chooseContent, toWritten } from './hf-write.ts';
import { faulty, refused, type TagFault, type TagWork } from './tag-work.ts';
import type { TornWrite } from './torn-writes.ts';
import { setUhfSecurity } from './uhf-commands.ts';
import { encodeEpc, isSecuredNow, readEpc } from './uhf-formats.ts';
import { noteRefusal, openUhfTag, type OpenTag } from './uhf-open.ts';
import { isPasswordKept } from './uhf-password.ts';
import { writeEpcMemory, type EpcMemory, type UhfField, type UhfWrite } from './uhf-tag.ts';

type WriteArgs = CommandArgs<'write-tag'>;

export async function writeUhfTag(access: UhfTagAccess, args: WriteArgs, work: TagWork): Promise<CommandOutcome> {
  const { tag } = args;
  const torn = work.torn.find(tag);
  const opened = await findTag(access, tag, { torn, work });
  if (!opened.ok) return faulty(opened.error);
  const { field, memory } = opened.value;
  const reading = readEpc(memory);
  const isTorn = torn !== undefined && reading.kind !== 'item' && toHex(torn.before.subarray(2)) !== toHex(memory.epc);
  const chosen = chooseContent(isTorn ? { kind: 'torn', torn } : reading, args);
  if (!chosen.ok) return refused(chosen.error.code, chosen.error.detail);
  const format = args.format ?? work.profile.uhf.format;
  if (format === null) return refused('format-unknown', 'the profile names no UHF format');
  const { ownerIsil } = work.profile;
  const isWithOwner = ownerIsil !== null && hasOwner(format);
  const content: WrittenContent = { ...(isWithOwner && { isil: ownerIsil }), ...chosen.value };
  const profile = work.profile.uhf;
  const secured = isSecuredNow(isTorn ? fromBytes(torn.before) : memory, profile);
  const encoded = encodeEpc(format, content, { profile, secured });
  if (!encoded.ok) return refused(encoded.error.code, encoded.error.detail);
  if (reading.kind !== 'blank' && !isPasswordKept(field, encoded.value.epc, work)) {
    return refused('not-supported', 'the password of the tag follows from its EPC and would be lost');
  }

  const previous = reading.kind === 'item' ? toWritten(reading.content) : torn?.previous;
  const note = { before: toBytes(memory), after: toBytes(encoded.value), content, previous };
  work.torn.note(tag, note);
  const written = await writeEpcMemory(field, memory, encoded.value);
  if (written.outcome.ok || written.changed === 0) work.torn.clear(tag);
  // Whoever finds it half written finds it under the name it has now.
  else for (const name of [written.name, written.otherName ?? written.name]) work.torn.note(`epc:${name}`, note);
  const result = describe(tag, { format, content, written, encoded: encoded.value });
  if (!written.outcome.ok) {
    noteRefusal(field, written.outcome.error, work);
    return faulty(written.outcome.error, result.isTorn ? result : undefined);
  }
  return args.secured === undefined
    ? { outcome: 'done', result }
    : secure(
        { ...field, epc: written.name, firstEpc: written.name },
        encoded.value,
        { result, secured: args.secured },
        work,
      );
}

/** A tag that was left half written answers under one of the names between the old and the new one. */
async function findTag(
  access: UhfTagAccess,
  tag: string,
  { torn, work }: { readonly torn: TornWrite | undefined; readonly work: TagWork },
): Promise<Result<OpenTag, TagFault>> {
  const before = torn === undefined ? {} : { firstEpc: toHex(torn.before.subarray(2)) };
  const direct = await openUhfTag(access, { tag, ...before }, work);
  if (direct.ok || torn === undefined || direct.error.code !== 'no-tag') return direct;
  for (const name of namesBetween(torn)) {
    const found = await openUhfTag(access, { tag: `epc:${name}`, ...before }, work);
    if (found.ok) return found;
  }
  return direct;
}

function namesBetween({ before, after }: TornWrite): string[] {
  const epc = before.slice(2);
  const names: string[] = [];
  for (let at = 0; at < epc.length && at + 2 < after.length; at += 2) {
    epc.set(after.subarray(2 + at, 4 + at), at);
    names.push(toHex(epc));
  }
  return [...new Set([...names, toHex(after.subarray(2))])];
}

function toBytes({ pc, epc }: EpcMemory): Uint8Array {
  return Uint8Array.of(pc >> 8, pc & 0xff, ...epc);
}

function fromBytes(bytes: Uint8Array): EpcMemory {
  return { pc: ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0), epc: bytes.subarray(2) };
}

function describe(
  tag: string,
  {
    format,
    content,
    written,
    encoded,
  }: {
    readonly format: string;
    readonly content: WrittenContent;
    readonly written: UhfWrite;
    readonly encoded: EpcMemory;
  },
): WriteTagResult {
  const reading = readEpc(encoded);
  return {
    tag,
    newTag: `epc:${written.name}`,
    format,
    content: reading.kind === 'item' ? reading.content : { format, confidence: 0, ...content },
    isWritten: written.outcome.ok,
    changed: written.changed,
    isTorn: !written.outcome.ok && written.changed > 0,
  };
}

async function secure(
  field: UhfField,
  memory: EpcMemory,
  { result, secured }: { readonly result: WriteTagResult; readonly secured: boolean },
  work: TagWork,
): Promise<CommandOutcome> {
  const done = await setUhfSecurity(field, memory, secured, work);
  if (!done.ok) {
    const { code, detail } = done.error;
    return { outcome: 'failed', code: 'partial', detail: `security: ${code}: ${detail}`.slice(0, 300), result };
  }
  const { name, step } = done.value;
  const all: WriteTagResult = { ...result, newTag: `epc:${name}`, security: { secured, steps: [step] } };
  return step.isDone ? { outcome: 'done', result: all } : { outcome: 'failed', code: 'partial', result: all };
}
