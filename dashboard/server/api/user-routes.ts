import { z } from 'zod';
import { newUser, userAdded, userName, users } from '#contract/wire/rest-admin.ts';
import type { Sessions } from '#dashboard/server/accounts/sessions.ts';
import { addUser, endUser, listUsers } from '#dashboard/server/accounts/users.ts';
import type { RegistryWriter } from '#store/registry/registry.ts';
import { ADMIN } from './paging.ts';
import { type Route, route } from './route.ts';
import { need } from './session-routes.ts';

/** Accounts: an administrator sees and gives only what lies within their own libraries. */
export function userRoutes(registry: RegistryWriter, sessions: Sessions): Route[] {
  return [
    route({
      method: 'get',
      path: '/users',
      summary: 'Accounts',
      access: ADMIN,
      reply: users,
      handle: ({ account }) => listUsers(registry, need(account)),
    }),
    route({
      method: 'post',
      path: '/users',
      summary: 'Add an account; a password that is made up is answered once',
      access: ADMIN,
      body: newUser,
      reply: userAdded,
      handle: ({ account, body }) => addUser(registry, need(account), body),
    }),
    route({
      method: 'delete',
      path: '/users/{name}',
      summary: 'End an account and its sessions',
      access: ADMIN,
      params: z.object({ name: userName }),
      reply: null,
      handle({ account, params }) {
        endUser(registry, need(account), params.name);
        sessions.endAllOf(params.name);
      },
    }),
  ];
}
