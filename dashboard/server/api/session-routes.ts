/** Signing in and out, and changing the password. */
import type { CookieOptions, RequestHandler, Response } from 'express';
import { rateLimit } from 'express-rate-limit';
import { AppError } from '#contract/errors.ts';
import { passwordChange } from '#contract/wire/rest-admin.ts';
import { credentials, session, type Session } from '#contract/wire/rest.ts';
import { type Account, visibleLibraries } from '#dashboard/server/accounts/account.ts';
import type { LockOut } from '#dashboard/server/accounts/lock-out.ts';
import { hashPassword, verifyPassword } from '#dashboard/server/accounts/password.ts';
import { SESSION_COOKIE, type Sessions } from '#dashboard/server/accounts/sessions.ts';
import type { RegistryWriter, UserRow } from '#store/registry/registry.ts';
import { badInput } from './problem.ts';
import { type Route, route } from './route.ts';

const ADDRESS_WINDOW_MS = 15 * 60_000;

export interface SessionRouteDeps {
  readonly registry: Pick<RegistryWriter, 'user' | 'putUser' | 'libraries'>;
  readonly sessions: Sessions;
  readonly lockOut: LockOut;
  readonly attemptsPerAddress: number;
  /** Whether the cookie is for https only; `auto` looks at the connection. */
  readonly isSecure: (response: Response) => boolean;
}

export function sessionRoutes(deps: SessionRouteDeps): Route[] {
  return [
    route({
      method: 'post',
      path: '/session',
      summary: 'Sign in',
      access: 'public',
      before: [perAddress(deps.attemptsPerAddress)],
      body: credentials,
      reply: session,
      async handle({ body, response }) {
        const user = await checkCredentials(deps, body);
        const { token, account } = deps.sessions.begin(user);
        response.cookie(SESSION_COOKIE, token, {
          ...cookieOptions(deps, response),
          expires: new Date(account.expiresMs),
        });
        return describe(deps, account);
      },
    }),
    route({
      method: 'get',
      path: '/session',
      summary: 'Who is signed in',
      access: 'signed-in',
      reply: session,
      handle: ({ account }) => describe(deps, need(account)),
    }),
    route({
      method: 'delete',
      path: '/session',
      summary: 'Sign out',
      access: 'signed-in',
      reply: null,
      handle({ account, response }) {
        deps.sessions.end(need(account).tokenSha256);
        response.clearCookie(SESSION_COOKIE, cookieOptions(deps, response));
      },
    }),
    route({
      method: 'post',
      path: '/session/password',
      summary: 'Change the password; every other session of the account ends',
      access: 'signed-in',
      body: passwordChange,
      reply: null,
      async handle({ body, account: signedIn }) {
        const account = need(signedIn);
        await checkCredentials(deps, { name: account.name, password: body.current }, 'API_FORBIDDEN');
        if (body.next === body.current) {
          throw badInput('Choose another password.', [{ path: 'body.next', message: 'the same as now' }]);
        }
        const passwordHash = await hashPassword(body.next);
        // Read again: hashing takes a while, and an administrator may have changed the account meanwhile.
        const user = deps.registry.user(account.name);
        if (user === undefined) throw new AppError('API_UNAUTHENTICATED', 'This account has ended.');
        deps.registry.putUser({ ...user, passwordHash, mustChangePassword: false });
        deps.sessions.endAllOf(account.name, account);
      },
    }),
  ];
}

/** One answer for a wrong name, a wrong password and an account that has ended, after the same work. */
async function checkCredentials(
  deps: SessionRouteDeps,
  given: { readonly name: string; readonly password: string },
  refusal: 'API_UNAUTHENTICATED' | 'API_FORBIDDEN' = 'API_UNAUTHENTICATED',
): Promise<UserRow> {
  const lockedSeconds = deps.lockOut.lockedSeconds(given.name);
  if (lockedSeconds > 0) {
    throw new AppError('API_TOO_MANY', 'Too many wrong passwords for this name. Wait a while.', {
      retryAfterSeconds: lockedSeconds,
    });
  }
  // Counted before the slow check, so that a hundred guesses at once are a hundred guesses.
  deps.lockOut.failed(given.name);
  const user = deps.registry.user(given.name);
  if (!(await verifyPassword(user?.passwordHash, given.password)) || user === undefined) {
    throw new AppError(refusal, 'The name or the password is wrong.');
  }
  deps.lockOut.succeeded(given.name);
  return user;
}

function perAddress(attemptsMax: number): RequestHandler {
  return rateLimit({
    windowMs: ADDRESS_WINDOW_MS,
    limit: attemptsMax,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    skipSuccessfulRequests: true,
    handler: () => {
      throw new AppError('API_TOO_MANY', 'Too many attempts from this address. Wait a quarter of an hour.');
    },
  });
}

function describe({ registry }: SessionRouteDeps, account: Account): Session {
  const libraries = visibleLibraries(account, registry.libraries()).map(({ key, name, timeZone }) => ({
    key,
    name,
    timeZone,
  }));
  const { name, role, mustChangePassword, csrfToken } = account;
  return { name, role, libraries, mustChangePassword, csrfToken };
}

function cookieOptions(deps: SessionRouteDeps, response: Response): CookieOptions {
  return { httpOnly: true, sameSite: 'lax', secure: deps.isSecure(response), path: '/' };
}

/** The door lets nobody in without an account; this tells the compiler. */
export function need(account: Account | undefined): Account {
  if (account === undefined) throw new AppError('API_UNAUTHENTICATED', 'Sign in first.');
  return account;
}
