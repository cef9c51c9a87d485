/** Programming a UHF tag: its EPC memory is all that library formats use here. */
import { hasOwner } from '#contract/domain/tag-profile.ts';
import type { Result } from '#contract/result.ts';
import { toHex } from '#contract/hex.ts';
import type { CommandArgs, WriteTagResult, WrittenContent } from '#contract/wire/commands.ts';
import type { UhfTagAccess } from '#gateway/drivers/tag-access.ts';
import type { CommandOutcome } from './command-desk.ts';
import { chooseContent, toWritten } from './hf-write.ts';
import { faulty, refused, type TagWork } from './tag-work.ts';
import type { TornWrite } from './torn-writes.ts';
import { noteRefusal, setUhfSecurity, uhfField } from './uhf-commands.ts';
import { encodeEpc, readEpc } from './uhf-formats.ts';
import { readEpcMemory, writeEpcMemory, type EpcMemory, type UhfField, type UhfWrite } from './uhf-tag.ts';
import type { Fault } from './tries.ts';

type WriteArgs = CommandArgs<'write-tag'>;

export async function writeUhfTag(access: UhfTagAccess, args: WriteArgs, work: TagWork): Promise<CommandOutcome> {
  const { tag } = args;
  const opened = uhfField(access, tag, work);
  if (!opened.ok) return faulty(opened.error);
  const field = opened.value;
  const torn = work.torn.find(tag);
  const memory = await findMemory(field, torn);
  if (!memory.ok) {
    noteRefusal(tag, memory.error, work);
    return faulty(memory.error);
  }
  const reading = readEpc(memory.value);
  const isTorn =
    torn !== undefined && reading.kind !== 'item' && toHex(torn.before.subarray(2)) !== toHex(memory.value.epc);
  const chosen = chooseContent(isTorn ? { kind: 'torn', torn } : reading, args);
  if (!chosen.ok) return refused(chosen.error.code, chosen.error.detail);
  const format = args.format ?? work.profile.uhf.format;
  if (format === null) return refused('format-unknown', 'the profile names no UHF format');
  const { ownerIsil } = work.profile;
  const isWithOwner = ownerIsil !== null && hasOwner(format);
  const content: WrittenContent = { ...(isWithOwner && { isil: ownerIsil }), ...chosen.value };
  const encoded = encodeEpc(format, content, work.profile.uhf);
  if (!encoded.ok) return refused(encoded.error.code, encoded.error.detail);

  const previous = reading.kind === 'item' ? toWritten(reading.content) : torn?.previous;
  const note = { before: toBytes(memory.value), after: toBytes(encoded.value), content, previous };
  work.torn.note(tag, note);
  const written = await writeEpcMemory(field, memory.value, encoded.value);
  if (written.outcome.ok) work.torn.clear(tag);
  // Whoever finds it half written finds it under the name it has now.
  else for (const name of [written.name, written.otherName ?? written.name]) work.torn.note(`epc:${name}`, note);
  const result = describe(tag, { format, content, written, encoded: encoded.value });
  if (!written.outcome.ok) {
    noteRefusal(tag, written.outcome.error, work);
    return faulty(written.outcome.error, result.isTorn ? result : undefined);
  }
  return args.secured === undefined
    ? { outcome: 'done', result }
    : secure({ ...field, epc: written.name }, encoded.value, { result, secured: args.secured }, work);
}

/** A tag that was left half written answers under one of the names between the old and the new one. */
async function findMemory(field: UhfField, torn: TornWrite | undefined): Promise<Result<EpcMemory, Fault>> {
  const direct = await readEpcMemory(field);
  if (direct.ok || torn === undefined || direct.error.code !== 'no-tag') return direct;
  for (const name of namesBetween(torn)) {
    const found = await readEpcMemory(field, name);
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
