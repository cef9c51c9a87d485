/** Passwords of SLIX tags, presented when the profile names them. */
import { err, ok, type Result } from '#contract/result.ts';
import type { HfField } from './hf-tag.ts';
import type { TagFault, TagWork } from './tag-work.ts';
import { trying } from './tries.ts';

export type HfPassword = 'read' | 'write' | 'eas-afi';

/** A silent tag may have refused: only the field's edge is worth a second try. */
const TRIES_MAX = 2;

/**
 * Nothing is presented that the profile does not name, that the reader cannot present, or that this tag has refused
 * before. A tag that knows no passwords needs none.
 */
export async function presentHfPasswords(
  { access, uid, signal }: HfField,
  wanted: readonly HfPassword[],
  { profile, secrets }: TagWork,
): Promise<Result<void, TagFault>> {
  if (access.presentPassword === undefined) return ok(undefined);
  const names = {
    read: profile.hf.passwords.read,
    write: profile.hf.passwords.write,
    'eas-afi': profile.hf.passwords.easAfi,
  };
  for (const which of wanted) {
    const name = names[which];
    if (name === undefined) continue;
    const tag = `uid:${uid}`;
    const password = secrets.find(tag, name);
    if (!password.ok) return err({ code: password.error, detail: name });
    const shown = await trying(
      signal,
      TRIES_MAX,
      async () => access.presentPassword?.(uid, which, password.value) ?? ok(undefined),
    );
    if (shown.ok || shown.error.code === 'not-supported') continue;
    if (shown.error.code === 'wrong-password') secrets.refused(tag, name);
    return err({ code: shown.error.code, detail: `password ${name}: ${shown.error.detail}` });
  }
  return ok(undefined);
}
