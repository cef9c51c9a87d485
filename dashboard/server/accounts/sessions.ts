/**
 * Sessions: a random 256-bit cookie of which only the hash is kept, and a CSRF token that follows from the cookie, so that
 * it needs no place of its own and dies with it.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '#contract/clock.ts';
import type { RegistryWriter, UserRow } from '#store/registry/registry.ts';
import type { Account } from './account.ts';
import { isEnded } from './users.ts';

export const SESSION_COOKIE = 'shelfwise_session';

/** What ended: one session, or those of a user (but for the one that asked). */
export type SessionsEnded =
  { readonly tokenSha256: string } | { readonly user: string; readonly exceptTokenSha256?: string | undefined };

export interface Sessions {
  begin(user: UserRow): { readonly token: string; readonly account: Account };
  /** Who the `cookie` header belongs to, judged by the account as it is now. */
  accountOf(cookieHeader: string | undefined): Account | undefined;
  /** The same by the hash of the token, for connections that were opened before. */
  accountOfHash(tokenSha256: string): Account | undefined;
  end(tokenSha256: string): void;
  /** Ends every session of a user; `keep` stays. */
  endAllOf(user: string, keep?: Account): void;
  /** Called after sessions have ended or an account has changed. Returns the way to stop it. */
  onEnded(listener: (ended: SessionsEnded) => void): () => void;
}

type SessionStore = Pick<RegistryWriter, 'user' | 'session' | 'putSession' | 'removeSession' | 'removeSessions'>;

export function createSessions(registry: SessionStore, clock: Clock, lifetimeMs: number): Sessions {
  const listeners = new Set<(ended: SessionsEnded) => void>();
  const tell = (ended: SessionsEnded): void => {
    for (const listener of listeners) listener(ended);
  };

  function accountOfHash(tokenSha256: string): Account | undefined {
    const row = registry.session(tokenSha256, clock.nowMs());
    const user = row === undefined ? undefined : registry.user(row.user);
    if (row === undefined || user === undefined || isEnded(user)) return undefined;
    return toAccount(user, tokenSha256, row.expiresMs);
  }

  return {
    begin(user) {
      const token = randomBytes(32).toString('base64url');
      const expiresMs = clock.nowMs() + lifetimeMs;
      registry.removeSessions({ expiredAtMs: clock.nowMs() });
      registry.putSession({ tokenSha256: sha256(token), user: user.name, expiresMs });
      return { token, account: toAccount(user, sha256(token), expiresMs) };
    },
    accountOf(cookieHeader) {
      const token = readCookie(cookieHeader);
      return token === undefined ? undefined : accountOfHash(sha256(token));
    },
    accountOfHash,
    end(tokenSha256) {
      registry.removeSession(tokenSha256);
      tell({ tokenSha256 });
    },
    endAllOf(user, keep) {
      registry.removeSessions({ user });
      if (keep !== undefined) {
        registry.putSession({ tokenSha256: keep.tokenSha256, user, expiresMs: keep.expiresMs });
      }
      tell({ user, exceptTokenSha256: keep?.tokenSha256 });
    },
    onEnded(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function toAccount(user: UserRow, tokenSha256: string, expiresMs: number): Account {
  const { name, role, libraries, mustChangePassword } = user;
  return { name, role, libraries, mustChangePassword, tokenSha256, expiresMs, csrfToken: csrfTokenOf(tokenSha256) };
}

/**
 * Derived from the hash, not from the token: whoever reads the registry file could compute it, but without the cookie it
 * opens nothing, and a page of another origin can read neither.
 */
function csrfTokenOf(tokenSha256: string): string {
  return createHmac('sha256', tokenSha256).update('shelfwise csrf 1').digest('base64url');
}

export function isSameToken(given: string | undefined, expected: string): boolean {
  if (given === undefined) return false;
  const a = createHash('sha256').update(given).digest();
  return timingSafeEqual(a, createHash('sha256').update(expected).digest());
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The session token of a `cookie` header; anything that is not 43 characters of base64url is no token of ours. */
function readCookie(header: string | undefined): string | undefined {
  return new RegExp(`(?:^|;\\s*)${SESSION_COOKIE}=([A-Za-z0-9_-]{43})(?:;|$)`).exec(header ?? '')?.[1];
}
