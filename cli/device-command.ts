/** Devices that may sign in at the broker: each has a secret of its own, shown once. */
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '#contract/errors.ts';
import { deviceUsername } from '#contract/domain/ids.ts';
import { localAdmin } from '#dashboard/server/local-admin.ts';
import { localCommand, type LocalCommand } from '#dashboard/server/local-command.ts';
import { type Arguments, type Command, text } from './command.ts';
import { say } from './terminal.ts';

const HELP = `Usage: shelfwise device add LIBRARY DEVICE [--kind gateway|sensor] [--secret-file FILE] [--data FOLDER]
       shelfwise device list LIBRARY [--data FOLDER]
       shelfwise device remove LIBRARY DEVICE [--data FOLDER]

"add" prints the device's MQTT user name and its secret. The secret is kept only as a hash and is never shown again:
to give a device a new one, remove it and add it again. With --secret-file the secret is written to that file (mode
0600) and not printed; where that file exists already nothing is done, so that a start script may call this every time.
"list" prints JSON. "remove" ends the device's connection within seconds.

Works while the dashboard runs on the same data folder, and when it does not.

Options:
  --kind KIND         gateway (default) or sensor
  --secret-file FILE  write the secret there
  --data FOLDER       the data folder of the centre (default .data)`;

/** What the words say, checked by the same schema as over the local socket. */
function toCommand(typed: Arguments): LocalCommand {
  const [action, library, id] = typed.words;
  const kind = `device-${action ?? ''}`;
  const asked = { kind, library, ...(action === 'list' ? {} : { id }) };
  return parseCommand(action === 'add' ? { ...asked, deviceKind: text(typed, 'kind') ?? 'gateway' } : asked, HELP);
}

/** Errors: `API_BAD_INPUT` with the faults and the help. */
export function parseCommand(asked: unknown, help: string): LocalCommand {
  const parsed = localCommand.safeParse(asked);
  if (parsed.success) return parsed.data;
  // Of a word that is no action the schema could only list all of them, those of other commands too.
  const faults = parsed.error.issues.map((issue) =>
    issue.path[0] === 'kind' ? '' : `  ${issue.path.join('.')}: ${issue.message}\n`,
  );
  throw new AppError('API_BAD_INPUT', `that does not fit\n${faults.join('')}\n${help}`);
}

export const deviceCommand: Command = {
  name: 'device',
  summary: 'add, list or remove a gateway or sensor',
  help: HELP,
  wordsMax: 3,
  options: {
    kind: { type: 'string' },
    'secret-file': { type: 'string' },
    data: { type: 'string' },
  },
  run: async (typed) => {
    const folder = text(typed, 'data') ?? '.data';
    const secretFile = text(typed, 'secret-file');
    const command = toCommand(typed);
    if (command.kind === 'device-add' && secretFile !== undefined && existsSync(secretFile)) {
      say(`${secretFile} is there already; nothing was changed.`);
      return 0;
    }
    const answer = await localAdmin.call(folder, command);
    if (command.kind !== 'device-add') {
      say(
        command.kind === 'device-list'
          ? JSON.stringify(answer['rows'], null, 2)
          : `device ${typed.words[2] ?? ''} is removed`,
      );
      return 0;
    }
    const secret = String(answer['secret']);
    const name = deviceUsername(command.library, command.id);
    if (secretFile === undefined) {
      say(`user name (also the MQTT client id): ${name}\nsecret (shown only now):              ${secret}`);
      return 0;
    }
    mkdirSync(dirname(secretFile), { recursive: true });
    writeFileSync(secretFile, `${secret}\n`, { mode: 0o600 });
    chmodSync(secretFile, 0o600);
    say(`${name}: the secret is in ${secretFile}`);
    return 0;
  },
};
