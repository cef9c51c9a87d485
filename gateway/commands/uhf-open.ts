/**
 * Finding one UHF tag, and whether it takes the access password that the profile names. A tag fresh from its maker has
 * none, and a Gen2 tag falls silent at a password that is not its own: it is then worked on without one, as far as it
 * lets anybody.
 */
import { ok, type Result } from '#contract/result.ts';
import type { UhfTagAccess } from '#gateway/drivers/tag-access.ts';
import type { TagFault, TagWork } from './tag-work.ts';
import { TRIES, trying, type Fault } from './tries.ts';
import { accessPassword } from './uhf-password.ts';
import { readEpcMemory, type EpcMemory, type UhfField } from './uhf-tag.ts';

export interface OpenTag {
  /** With the password, if the tag takes it. */
  readonly field: UhfField;
  readonly memory: EpcMemory;
}

/** So often it answered without the password and not with it: at the field's edge both fail alike. */
const SILENT_MAX = 3;

/** `firstEpc`: what it answered with before a write that was cut off. */
export async function openUhfTag(
  access: UhfTagAccess,
  { tag, firstEpc }: { readonly tag: string; readonly firstEpc?: string },
  work: TagWork,
): Promise<Result<OpenTag, TagFault>> {
  const epc = tag.startsWith('epc:') ? tag.slice('epc:'.length) : '';
  const plain: UhfField = { access, signal: work.signal, epc, firstEpc: firstEpc ?? epc, password: undefined };
  const password = await accessPassword(plain, work);
  if (!password.ok) return password;
  return password.value === undefined ? openWith(plain) : tryPassword(plain, password.value, work);
}

function openWith(field: UhfField): Promise<Result<OpenTag, Fault>> {
  return trying(field.signal, TRIES.read, () => openOnce(field));
}

async function openOnce(field: UhfField): Promise<Result<OpenTag, Fault>> {
  const memory = await readEpcMemory(field, field.epc);
  return memory.ok ? ok({ field, memory: memory.value }) : memory;
}

async function tryPassword(plain: UhfField, password: Uint8Array, work: TagWork): Promise<Result<OpenTag, Fault>> {
  const field = { ...plain, password };
  let silent = 0;
  const found = await trying(plain.signal, TRIES.read, async () => {
    const opened = await openOnce(field);
    if (opened.ok || opened.error.code === 'wrong-password') return opened;
    const without = await openOnce(plain);
    if (without.ok) silent += 1;
    return silent >= SILENT_MAX ? without : opened;
  });
  if (found.ok || found.error.code !== 'wrong-password') return found;
  noteRefusal(field, found.error, work);
  return openWith(plain);
}

/** A password that was refused is not tried on this tag again. */
export function noteRefusal(
  { firstEpc, password }: UhfField,
  { code }: { readonly code: string },
  { profile, secrets }: TagWork,
): void {
  const name = profile.uhf.passwords.access;
  if (code === 'wrong-password' && name !== undefined && password !== undefined)
    secrets.refused(`epc:${firstEpc}`, name);
}
