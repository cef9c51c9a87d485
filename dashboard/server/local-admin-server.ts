/** The end of the local socket inside the running dashboard: who may open it (file mode 0600) may administer. */
import { chmod, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer } from 'node:http';
import express from 'express';
import type { Logger } from 'pino';
import type { Clock } from '#contract/clock.ts';
import type { RegistryWriter } from '#store/registry/registry.ts';
import type { Sessions } from './accounts/sessions.ts';
import { badInput, fieldFaults, problemHandler } from './api/problem.ts';
import { carryOut, localCommand } from './local-command.ts';
import { localSocketPath } from './local-admin.ts';

interface Deps {
  readonly registry: RegistryWriter;
  readonly sessions: Sessions;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Returns the way to stop it. A socket that cannot be made costs the command line its way in, and nothing else. */
export async function startLocalAdmin(folder: string, deps: Deps): Promise<() => Promise<void>> {
  const path = localSocketPath(folder);
  const app = express();
  app.disable('x-powered-by');
  app.post('/', express.json({ limit: 65_536 }), async (request, response) => {
    const parsed = localCommand.safeParse(request.body);
    if (!parsed.success) throw badInput('The command does not fit.', fieldFaults('command', parsed.error));
    const answer = await carryOut(parsed.data, deps);
    const { kind } = parsed.data;
    if (kind === 'user-remove' || kind === 'user-password') deps.sessions.endAllOf(parsed.data.name);
    response.json(answer);
  });
  app.use(problemHandler(deps.log));

  const server = createServer(app);
  try {
    // We hold the writer's lock of the registry, so a socket that is left over belongs to nobody.
    await rm(path, { force: true });
    // The socket is made inside `listen`, so that nobody else can open it even for a moment.
    const umask = process.umask(0o177);
    server.listen(path);
    process.umask(umask);
    await once(server, 'listening');
    await chmod(path, 0o600);
  } catch (error: unknown) {
    deps.log.warn({ err: error, path }, 'local administration is not available');
    server.close();
    return () => Promise.resolve();
  }
  return async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
}
