import type { RegistryWriter } from '#store/registry/registry.ts';
import { EVERY_LIBRARY } from './account.ts';
import { hashPassword, readablePassword } from './password.ts';

export interface FirstAdmin {
  readonly name: string;
  /** Kept nowhere: shown once, by whoever started us. */
  readonly password: string;
}

/** At the very first start, when there is no account yet; `undefined` ever after. */
export async function addFirstAdmin(
  registry: Pick<RegistryWriter, 'users' | 'putUser'>,
  mustChangePassword: boolean,
): Promise<FirstAdmin | undefined> {
  if (registry.users().length > 0) return undefined;
  const password = readablePassword();
  registry.putUser({
    name: 'admin',
    role: 'admin',
    libraries: [EVERY_LIBRARY],
    passwordHash: await hashPassword(password),
    mustChangePassword,
  });
  return { name: 'admin', password };
}
