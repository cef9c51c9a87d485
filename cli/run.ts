/** Finds the command that was typed, reads its options and runs it; every failure becomes a sentence and a status. */
import { parseArgs } from 'node:util';
import { AppError } from '#contract/errors.ts';
import type { Command } from './command.ts';
import { captureCommand } from './capture-command.ts';
import { decodeCommand } from './decode-command.ts';
import { deviceCommand } from './device-command.ts';
import { encodeCommand } from './encode-command.ts';
import { libraryCommand } from './library-command.ts';
import { locateCommand } from './locate-command.ts';
import { replayCommand } from './replay-command.ts';
import {
  brokerCommand,
  dashboardCommand,
  engineCommand,
  gatewayCommand,
  lendingCommand,
  simCommand,
} from './role-commands.ts';
import { callNumbersCommand, shelfCheckCommand } from './shelf-commands.ts';
import { complain, say } from './terminal.ts';
import { upCommand } from './up-command.ts';
import { userCommand } from './user-command.ts';
import { version } from './version.ts';

export const COMMANDS: readonly Command[] = [
  upCommand,
  gatewayCommand,
  lendingCommand,
  brokerCommand,
  engineCommand,
  dashboardCommand,
  simCommand,
  libraryCommand,
  deviceCommand,
  userCommand,
  decodeCommand,
  encodeCommand,
  captureCommand,
  replayCommand,
  callNumbersCommand,
  shelfCheckCommand,
  locateCommand,
];

function overview(): string {
  const widest = Math.max(...COMMANDS.map((command) => command.name.length));
  const rows = COMMANDS.map((command) => `  ${command.name.padEnd(widest)}  ${command.summary}`);
  return [
    'shelfwise: smart shelves and RFID for libraries',
    '',
    'Usage: shelfwise COMMAND [options]',
    '',
    ...rows,
    '',
    'shelfwise COMMAND --help says more about each; shelfwise --version says which this is.',
  ].join('\n');
}

/** Runs what was typed. Status 0: done; 1: it failed; 2: what was typed does not fit. */
export async function runCommandLine(typed: readonly string[]): Promise<number> {
  const [name, ...rest] = typed;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    say(overview());
    return name === undefined ? 2 : 0;
  }
  if (name === '--version' || name === '-v') {
    say(version());
    return 0;
  }
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command === undefined) {
    complain(`There is no command "${name}".\n\n${overview()}`);
    return 2;
  }
  let parsed;
  try {
    parsed = parseArgs({
      args: [...rest],
      options: { ...command.options, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    });
  } catch (error: unknown) {
    complain(`${error instanceof Error ? error.message : String(error)}\n\n${command.help}`);
    return 2;
  }
  if (parsed.values.help === true) {
    say(command.help);
    return 0;
  }
  const surplus = parsed.positionals[command.wordsMax ?? 0];
  if (surplus !== undefined) {
    complain(`"${surplus}" is one word too many.\n\n${command.help}`);
    return 2;
  }
  try {
    return await command.run({
      values: parsed.values,
      words: parsed.positionals,
    });
  } catch (error: unknown) {
    complain(sentence(error));
    return error instanceof AppError && error.code === 'API_BAD_INPUT' ? 2 : 1;
  }
}

/** An error of ours is its sentence; anything else is a fault of ours, and its stack helps whoever mends it. */
function sentence(error: unknown): string {
  if (!(error instanceof AppError)) return error instanceof Error ? (error.stack ?? error.message) : String(error);
  const faults = error.facts['faults'];
  if (error.code !== 'CFG_INVALID' || !Array.isArray(faults)) return error.message;
  const rows = (faults as { path: string; message: string }[]).map(
    (fault) => `  ${fault.path || '(whole)'}: ${fault.message}`,
  );
  const file = error.facts['file'];
  const where = typeof file === 'string' ? file : 'the configuration';
  return [`CFG_INVALID: ${where} has ${rows.length} fault${rows.length === 1 ? '' : 's'}:`, ...rows].join('\n');
}
