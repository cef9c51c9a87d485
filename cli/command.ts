import type { ParseArgsConfig } from 'node:util';

/** What was typed behind a command: options by name, and the words that are no option. */
export interface Arguments {
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly words: readonly string[];
}

/** One command of the command line. `run` ends with the exit status. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** How it is called, what its options mean, an example. */
  readonly help: string;
  readonly options: NonNullable<ParseArgsConfig['options']>;
  run(typed: Arguments): Promise<number>;
}

/** The value of a text option; `undefined` when it was not given. */
export function text(typed: Arguments, name: string): string | undefined {
  const value = typed.values[name];
  return typeof value === 'string' ? value : undefined;
}
