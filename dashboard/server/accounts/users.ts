/** Accounts as an administrator maintains them, over HTTP or from the command line. */
import { AppError } from '#contract/errors.ts';
import type { NewUser, Users } from '#contract/wire/rest-admin.ts';
import type { RegistryWriter, UserRow } from '#store/registry/registry.ts';
import { EVERY_LIBRARY, mayGrant } from './account.ts';
import { hashPassword, readablePassword } from './password.ts';

type UserStore = Pick<RegistryWriter, 'user' | 'users' | 'putUser' | 'libraries'>;

/** What the one who asks may hand on; the command line on the host may everything. */
export type Giver = Pick<UserRow, 'libraries'>;
export const HOST_OPERATOR: Giver = { libraries: [EVERY_LIBRARY] };

/**
 * The registry keeps every name for good: an account that has ended has no password that could be right and no library,
 * so that a name in an old log never comes to mean somebody else by itself.
 */
const ENDED = { passwordHash: '', libraries: [] as readonly string[] };

export function isEnded(user: UserRow): boolean {
  return user.passwordHash === ENDED.passwordHash;
}

export function listUsers(registry: UserStore, giver: Giver): Users {
  const rows = registry
    .users()
    .filter((user) => !isEnded(user) && mayGrant(giver, user.libraries))
    .map(({ name, role, libraries, mustChangePassword }) => ({
      name,
      role,
      libraries: [...libraries],
      mustChangePassword,
    }));
  return { rows };
}

/** Errors: `API_CONFLICT` (the name is taken), `API_FORBIDDEN`, `API_NOT_FOUND` (no such library). */
export async function addUser(
  registry: UserStore,
  giver: Giver,
  wanted: NewUser,
): Promise<{ readonly name: string; readonly password: string | null }> {
  if (!mayGrant(giver, wanted.libraries)) {
    throw new AppError('API_FORBIDDEN', 'Nobody can hand on a library that is not among theirs.');
  }
  const known = new Set([EVERY_LIBRARY, ...registry.libraries().map((library) => library.key)]);
  const unknown = wanted.libraries.find((library) => !known.has(library));
  if (unknown !== undefined) throw new AppError('API_NOT_FOUND', `There is no library ${unknown}.`);

  const password = wanted.password ?? readablePassword();
  const passwordHash = await hashPassword(password);
  const taken = registry.user(wanted.name);
  if (taken !== undefined && !isEnded(taken)) {
    throw new AppError('API_CONFLICT', `There is an account ${wanted.name} already.`);
  }
  const { name, role, libraries } = wanted;
  registry.putUser({ name, role, libraries, passwordHash, mustChangePassword: true });
  return { name, password: wanted.password === undefined ? password : null };
}

/**
 * A new first password for somebody who has lost theirs. Whoever still knows the old one is signed out; a running dashboard
 * also has to be told, so that its open connections end. Errors: `API_NOT_FOUND`.
 */
export async function renewPassword(
  registry: UserStore & Pick<RegistryWriter, 'removeSessions'>,
  name: string,
): Promise<{ readonly name: string; readonly password: string }> {
  const password = readablePassword();
  const passwordHash = await hashPassword(password);
  const user = registry.user(name);
  if (user === undefined || isEnded(user)) throw new AppError('API_NOT_FOUND', 'There is no such account.');
  registry.putUser({ ...user, passwordHash, mustChangePassword: true });
  registry.removeSessions({ user: name });
  return { name, password };
}

/** Errors: `API_NOT_FOUND`, `API_CONFLICT` (the last administrator). */
export function endUser(registry: UserStore, giver: Giver, name: string): void {
  const user = registry.user(name);
  if (user === undefined || isEnded(user) || !mayGrant(giver, user.libraries)) {
    throw new AppError('API_NOT_FOUND', 'There is no such account.');
  }
  const isAdmin = (other: UserRow): boolean => other.role === 'admin' && !isEnded(other);
  if (isAdmin(user) && !registry.users().some((other) => isAdmin(other) && other.name !== name)) {
    throw new AppError('API_CONFLICT', 'The last administrator cannot be removed.');
  }
  registry.putUser({ ...user, ...ENDED });
}
