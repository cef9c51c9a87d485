/**
 * The access password of one UHF tag: the secret that the profile names, or what follows from it and the tag.
 *
 * One that follows from the EPC stays with the tag when its EPC changes, and nobody could work it out again: such a
 * change is refused above this file (`isPasswordKept`).
 */
import { createHash } from 'node:crypto';
import { derivePassword, deriveSmartfreqPassword, type Hash } from '#contract/codec/uhf-library/security.ts';
import type { AccessDerivation } from '#contract/domain/tag-profile.ts';
import { fromHex } from '#contract/hex.ts';
import { err, ok, type Result } from '#contract/result.ts';
import { GEN2_BANK } from '#gateway/drivers/tag-access.ts';
import type { TagFault, TagWork } from './tag-work.ts';
import { isSame } from './torn-writes.ts';
import { TRIES } from './tries.ts';
import { readWords, type UhfField } from './uhf-tag.ts';

const sha512: Hash = (bytes) => Uint8Array.from(createHash('sha512').update(bytes).digest());
const sha1: Hash = (bytes) => Uint8Array.from(createHash('sha1').update(bytes).digest());

/** With a serial number. A shorter TID is the same on many tags. */
const TID_WORDS = 6;

/** None where the profile names none, this tag has refused it before, or it has no TID to derive it from. */
export async function accessPassword(
  field: UhfField,
  { profile, secrets }: TagWork,
): Promise<Result<Uint8Array | undefined, TagFault>> {
  const { access: name, accessFrom } = profile.uhf.passwords;
  if (name === undefined) return ok(undefined);
  const key = `epc:${field.firstEpc}`;
  const found = accessFrom === undefined ? secrets.find(key, name) : secrets.findText(key, name);
  if (!found.ok) return found.error === 'wrong-password' ? ok(undefined) : err({ code: found.error, detail: name });
  const secret = found.value;
  if (typeof secret !== 'string') return ok(secret);
  if (accessFrom !== 'tid') return ok(derive(accessFrom, fromHex(field.firstEpc) ?? new Uint8Array(0), secret));
  const where = { name: field.epc, bank: GEN2_BANK.tid, firstWord: 0, count: TID_WORDS };
  const tid = await readWords(field, where, TRIES.read);
  if (tid.ok) return ok(derive(accessFrom, tid.value, secret));
  const hasNone = tid.error.code === 'no-such-block' || tid.error.code === 'read-failed';
  return hasNone ? ok(undefined) : tid;
}

function derive(from: AccessDerivation | undefined, number: Uint8Array, secret: string): Uint8Array {
  return from === 'smartfreq' ? deriveSmartfreqPassword(number, secret, sha1) : derivePassword(number, secret, sha512);
}

/** Whether the tag's password can still be worked out when it has that EPC. */
export function isPasswordKept({ password, firstEpc }: UhfField, epc: Uint8Array, work: TagWork): boolean {
  const { access: name, accessFrom } = work.profile.uhf.passwords;
  if (password === undefined || name === undefined || accessFrom === undefined || accessFrom === 'tid') return true;
  const secret = work.secrets.findText(`epc:${firstEpc}`, name);
  return secret.ok && isSame(derive(accessFrom, epc, secret.value), password);
}
