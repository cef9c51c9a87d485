import { useMemo } from 'react';
import type { CommandView } from '#contract/wire/rest-commands.ts';
import { getJson, sendJson } from '#dashboard/web/api/http.ts';
import { paths } from '#dashboard/web/api/paths.ts';
import { useSession } from '#dashboard/web/app/session.tsx';
import { followCommand } from './follow-command.ts';

/** Something asked of a device; ends with the command's outcome, or throws what the server refused. */
export type Asked = (onStep: (view: CommandView) => void) => Promise<CommandView>;

export interface CommandLine {
  /** Posts what is asked, and follows the command that comes back. */
  readonly ask: (path: string, body: unknown) => Asked;
  /** The same where only the command's id comes back. */
  readonly askById: (path: string, body: unknown) => Asked;
}

const wait = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

export function useCommandLine(): CommandLine {
  const { library, session } = useSession();
  const { csrfToken } = session;
  return useMemo(() => {
    const look = (id: string): Promise<CommandView> => getJson<CommandView>(paths.command(library, id));
    const send = <T>(path: string, body: unknown): Promise<T> => sendJson<T>(path, { method: 'POST', csrfToken, body });
    return {
      ask: (path, body) => async (onStep) => followCommand(await send<CommandView>(path, body), { look, wait }, onStep),
      askById: (path, body) => async (onStep) => {
        const { command } = await send<{ command: string }>(path, body);
        return followCommand(await look(command), { look, wait }, onStep);
      },
    };
  }, [library, csrfToken]);
}
