/** People's accounts. A new account gets a password that is printed once and changed at the first sign-in. */
import { localAdmin } from '#dashboard/server/local-admin.ts';
import { type Command, text } from './command.ts';
import { parseCommand } from './device-command.ts';
import { say } from './terminal.ts';

const HELP = `Usage: shelfwise user add NAME --role staff|facilities|admin --libraries KEY[,KEY…] [--password WORD] [--data FOLDER]
       shelfwise user password NAME [--data FOLDER]
       shelfwise user list [--data FOLDER]
       shelfwise user remove NAME [--data FOLDER]

"add" prints the first password once, unless --password gave one. "password" is for somebody who has lost theirs: it
prints a new first password and ends their sessions. A first password must be changed at the first sign-in.
"list" prints JSON. All of it works while the dashboard runs on the same data folder, and when it does not.

Options:
  --role ROLE            what the account may do
  --libraries KEY,KEY    which libraries it sees; '*' is every one, those of tomorrow too
  --password WORD        the first password (12 characters or more); everybody on this machine can read it here
  --data FOLDER          the data folder of the centre (default .data)`;

/** What a person needs to hand on. */
function outcome(action: string | undefined, name: string, answer: Readonly<Record<string, unknown>>): string {
  if (action === 'list') return JSON.stringify(answer['rows'], null, 2);
  if (action === 'remove') return `account ${name} is removed`;
  const password = answer['password'];
  return typeof password === 'string'
    ? `name                             ${name}\nfirst password (shown only now)  ${password}`
    : `name  ${name}\nthe password is the one you gave; it must be changed at the first sign-in`;
}

export const userCommand: Command = {
  name: 'user',
  summary: 'add, list or remove an account, or give it a new password',
  help: HELP,
  wordsMax: 2,
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
    say(outcome(action, name ?? '', answer));
    return 0;
  },
};
