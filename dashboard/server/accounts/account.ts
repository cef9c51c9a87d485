import type { LibraryRow, UserRow } from '#store/registry/registry.ts';
import type { Role } from '#contract/wire/rest.ts';

/** Scope of an account that may see every library, those of tomorrow too. */
export const EVERY_LIBRARY = '*';

/** Whoever is signed in, as the routes and the live rooms see them. */
export interface Account {
  readonly name: string;
  readonly role: Role;
  readonly libraries: readonly string[];
  readonly mustChangePassword: boolean;
  readonly tokenSha256: string;
  readonly expiresMs: number;
  readonly csrfToken: string;
}

export function maySeeLibrary(scope: Pick<UserRow, 'libraries'>, library: string): boolean {
  return scope.libraries.includes(library) || scope.libraries.includes(EVERY_LIBRARY);
}

export function visibleLibraries(scope: Pick<UserRow, 'libraries'>, all: readonly LibraryRow[]): readonly LibraryRow[] {
  return all.filter((library) => maySeeLibrary(scope, library.key));
}

/** Nobody hands on more than they have. */
export function mayGrant(giver: Pick<UserRow, 'libraries'>, libraries: readonly string[]): boolean {
  return libraries.every((library) => maySeeLibrary(giver, library));
}
