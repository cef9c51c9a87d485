/** "Ask a reader to do something": commands, their outcome, and who asked. */
import { z } from 'zod';
import { AppError } from '#contract/errors.ts';
import type { CommandKind } from '#contract/wire/commands.ts';
import {
  commandLine,
  commandList,
  commandRequest,
  commandView,
  type CommandRequest,
} from '#contract/wire/rest-commands.ts';
import { addCommand, viewCommand, viewCommands } from '#dashboard/server/commands.ts';
import type { Sources } from '#dashboard/server/sources.ts';
import { inLibrary, pageLimit, STAFF } from './paging.ts';
import { type Route, route, type Table } from './route.ts';
import { need } from './session-routes.ts';

/** What a desk asks as long as it is open. */
const LOOK_KIND: CommandKind = 'list-tags';

/** What touches a reader as a whole is not for every desk. */
const ADMIN_KINDS: ReadonlySet<CommandKind> = new Set(['start-scan', 'stop-scan', 'capture']);

const commandTable: Table = {
  row: commandLine,
  rows: (reply) => (reply as z.infer<typeof commandList>).rows,
};

export function commandRoutes(sources: Sources): Route[] {
  return [
    route({
      method: 'post',
      path: '/libraries/{library}/commands',
      summary: 'Ask a reader to do something; start-scan, stop-scan and capture need the role admin',
      access: STAFF,
      params: inLibrary,
      body: commandRequest,
      reply: commandView,
      handle({
        params: { library },
        body,
        account,
      }: {
        params: { library: string };
        body: CommandRequest;
        account: Parameters<typeof need>[0];
      }) {
        const { name, role } = need(account);
        if (ADMIN_KINDS.has(body.kind) && role !== 'admin') {
          throw new AppError('API_FORBIDDEN', `${body.kind} needs the role admin.`);
        }
        const { kind, target, args, seconds } = body;
        return addCommand(sources, { library, kind, target, args, seconds, askedBy: name });
      },
    }),
    route({
      method: 'get',
      path: '/libraries/{library}/commands',
      summary:
        'Commands with their outcome, newest first; looks at what lies on a reader (list-tags) only with all=true',
      access: STAFF,
      params: inLibrary,
      query: z.object({
        limit: pageLimit(50, 500),
        cursor: z.coerce.number().int().min(1).optional(),
        /** `list-tags` too, of which an open desk sends one a second; kept for an hour. */
        all: z.enum(['true', 'false']).optional(),
      }),
      reply: commandList,
      table: commandTable,
      handle({ params: { library }, query }) {
        const found = sources.registry.commandsBefore(library, {
          seq: query.cursor ?? Number.MAX_SAFE_INTEGER,
          limit: query.limit + 1,
          ...(query.all !== 'true' && { without: LOOK_KIND }),
        });
        const page = found.slice(0, query.limit);
        const next = found.length > query.limit ? String(page.at(-1)?.seq ?? 1) : null;
        return { rows: viewCommands(sources, library, page), next };
      },
    }),
    route({
      method: 'get',
      path: '/libraries/{library}/commands/{command}',
      summary: 'One command with its outcome',
      access: STAFF,
      params: inLibrary.extend({ command: z.string().min(1).max(64) }),
      reply: commandView,
      handle: ({ params }) => viewCommand(sources, params.library, params.command),
    }),
  ];
}
