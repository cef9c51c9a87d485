/** People's accounts. A new account gets a password that is printed once and changed at the first sign-in. */
import { localAdmin } from '#dashboard/server/local-admin.ts';
import { type Command, text } from './command.ts';
import { parseCommand } from './device-command.ts';
import { say } from './terminal.ts';

const HELP = `Usage: shelfwise user add NAME --role staff|facilities|admin --libraries KEY[,KEY…] [--password WORD] [--data FOLDER]
       shelfwise user list [--data FOLDER]
       shelfwise user remove NAME [--data FOLDER]

"add" prints the first password, which must be changed at the first sign-in. Works while the dashboard runs and when
it does not.`;

export const userCommand: Command = {
  name: 'user',
  summary: 'add, list or remove an account',
  help: HELP,
  options: {
    role: { type: 'string' },
    libraries: { type: 'string' },
    password: { type: 'string' },
    data: { type: 'string' },
  },
  run: async (typed) => {
    const [action, name] = typed.words;
    const kind = `user-${action ?? ''}`;
    const password = text(typed, 'password');
    const libraries = text(typed, 'libraries')?.split(',') ?? [];
    const asked =
      action === 'add'
        ? { kind, name, role: text(typed, 'role'), libraries, ...(password === undefined ? {} : { password }) }
        : { kind, ...(action === 'list' ? {} : { name }) };
    const answer = await localAdmin.call(text(typed, 'data') ?? '.data', parseCommand(asked, HELP));
    say(JSON.stringify(answer['rows'] ?? answer, null, 2));
    return 0;
  },
};
