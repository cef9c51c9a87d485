/** The security marks of an HF tag: AFI, EAS, or both, as the library's profile says. */
import { afiFor } from '#contract/domain/tag-profile.ts';
import { err, ok, type Result } from '#contract/result.ts';
import type { SecurityStep } from '#contract/wire/commands.ts';
import { writeMark, type HfField } from './hf-tag.ts';
import { presentHfPasswords } from './hf-passwords.ts';
import type { TagFault, TagWork } from './tag-work.ts';
import type { Fault } from './tries.ts';

/** One step for each mark, in the order of writing. Errors: nothing was touched. */
export async function setHfSecurity(
  field: HfField,
  secured: boolean,
  work: TagWork,
): Promise<Result<readonly SecurityStep[], TagFault>> {
  const { access, uid } = field;
  const { afi: meaning, usesEas } = work.profile.hf;
  if (meaning === null && !usesEas) return err({ code: 'not-supported', detail: 'the profile names no security mark' });
  const opened = await presentHfPasswords(field, ['eas-afi'], work);
  if (!opened.ok) return opened;
  const steps: SecurityStep[] = [];
  if (meaning !== null) {
    const afi = afiFor(secured, meaning);
    const done = await writeMark(field, afi, {
      write: () => access.writeAfi(uid, afi),
      read: () => access.readAfi(uid),
    });
    steps.push(step('afi', done));
  }
  if (usesEas) steps.push(step('eas', await setEas(field, secured)));
  return ok(steps);
}

const NO_EAS = err({ code: 'not-supported', detail: 'the reader knows no EAS' } as const);

async function setEas(field: HfField, isOn: boolean): Promise<Result<void, Fault>> {
  const { access, uid } = field;
  if (access.setEas === undefined || access.isEasOn === undefined) return NO_EAS;
  return writeMark(field, isOn, {
    write: async () => access.setEas?.(uid, isOn) ?? NO_EAS,
    read: async () => access.isEasOn?.(uid) ?? NO_EAS,
  });
}

function step(mark: SecurityStep['mark'], done: Result<void, Fault>): SecurityStep {
  return { mark, isDone: done.ok, ...(!done.ok && { code: done.error.code }) };
}
