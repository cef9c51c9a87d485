/** The check in front of every route: who is it, may they, and did the request come from our own page. */
import type { RequestHandler } from 'express';
import { AppError } from '#contract/errors.ts';
import type { Access } from '#contract/wire/open-api.ts';
import type { Role } from '#contract/wire/rest.ts';
import type { Route } from '#dashboard/server/api/route.ts';
import { type Account, maySeeLibrary } from './account.ts';
import { isSameToken, type Sessions } from './sessions.ts';

/** What somebody with a password they were given may do before they have chosen their own. */
const BEFORE_PASSWORD_CHANGE: ReadonlySet<string> = new Set(['/session', '/session/password']);

export function createDoor(sessions: Sessions): (route: Route) => RequestHandler {
  return ({ operation }) =>
    (request, response, next) => {
      if (operation.access === 'public') {
        next();
        return;
      }
      const account = sessions.accountOf(request.headers.cookie);
      if (account === undefined) throw new AppError('API_UNAUTHENTICATED', 'Sign in, or sign in again.');
      if (operation.method !== 'get' && !isSameToken(request.get('x-csrf-token'), account.csrfToken)) {
        throw new AppError('API_FORBIDDEN', 'The x-csrf-token header does not belong to this session.');
      }
      if (account.mustChangePassword && !BEFORE_PASSWORD_CHANGE.has(operation.path)) {
        throw new AppError('API_FORBIDDEN', 'Choose a password of your own first.');
      }
      const library = request.params['library'];
      checkRights(account, operation.access, typeof library === 'string' ? library : undefined);
      response.locals['account'] = account;
      next();
    };
}

/** The same answer for a library that does not exist and one of somebody else. */
export function checkRights(account: Account, access: Access, library: string | undefined): void {
  if (Array.isArray(access) && !(access as readonly Role[]).includes(account.role)) {
    throw new AppError('API_FORBIDDEN', `This needs one of the roles ${(access as readonly Role[]).join(', ')}.`);
  }
  if (library !== undefined && !maySeeLibrary(account, library)) {
    throw new AppError('API_FORBIDDEN', 'This library is not among yours.');
  }
}
