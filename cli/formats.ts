/** Every format of the bench tool: what the drivers speak, and what stands on tags. */
import type { Format } from '#contract/codec/format.ts';
import { AppError } from '#contract/errors.ts';
import { WIRE_FORMATS } from '#gateway/drivers/registry.ts';

export const FORMATS: readonly Format[] = [...WIRE_FORMATS];

/** The table for `--list`. */
export function formatTable(): string {
  const widest = Math.max(...FORMATS.map(({ name }) => name.length));
  return FORMATS.map(({ name, summary }) => `${name.padEnd(widest)}  ${summary}`).join('\n');
}

/** Errors: `API_BAD_INPUT` with the names there are. */
export function findFormat(name: string | undefined): Format {
  const format = FORMATS.find((candidate) => candidate.name === name);
  if (format !== undefined) return format;
  const names = FORMATS.map((candidate) => candidate.name).join(', ');
  const problem = name === undefined ? 'which format?' : `there is no format "${name}"`;
  throw new AppError('API_BAD_INPUT', `${problem} One of: ${names}`);
}
