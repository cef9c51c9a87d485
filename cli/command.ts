import type { ParseArgsConfig } from 'node:util';
import { AppError } from '#contract/errors.ts';

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
  /** How many words that are no option may follow; none without it. */
  readonly wordsMax?: number;
  readonly run: (typed: Arguments) => Promise<number>;
}

/** The number behind an option. Errors: `API_BAD_INPUT`, naming the option. */
export function wholeNumber(typed: Arguments, name: string, max: number): number | undefined {
  const given = text(typed, name);
  if (given === undefined) return undefined;
  const value = Number(given);
  if (/^\d+$/.test(given) && value <= max) return value;
  throw new AppError('API_BAD_INPUT', `--${name} takes a whole number from 0 to ${max}, not "${given}"`);
}

/** The value of a text option; `undefined` when it was not given. */
export function text(typed: Arguments, name: string): string | undefined {
  const value = typed.values[name];
  return typeof value === 'string' ? value : undefined;
}

/** What was thrown, as an error. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
