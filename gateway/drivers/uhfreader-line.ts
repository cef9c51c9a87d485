/** What the UHFReader families share in asking: how a command ended, and commands that only set something. */
import { STATUS } from '#contract/codec/uhfreader/status.ts';
import { AppError } from '#contract/errors.ts';
import type { AskLine } from '#gateway/drivers/ask-line.ts';

/** An answer of any of the families. */
export interface AnyAnswer {
  readonly kind: string;
  readonly command?: number;
  readonly status?: number;
}

/** How a command that gives no data ended; undefined for anything else. */
export function statusOf(answer: AnyAnswer, code: number): number | undefined {
  const { kind, command, status } = answer;
  if (kind === 'tag-error') return command === code ? STATUS.tagError : undefined;
  if (kind !== 'status' && kind !== 'other') return undefined;
  return command === code || isIllegal(answer) ? status : undefined;
}

/** An unknown command is answered with command 0. */
function isIllegal({ command, status }: AnyAnswer): boolean {
  return command === 0 && status === STATUS.illegalCommand;
}

/** A command that is done or refused. Errors: those of asking; DRV_READER_REFUSED. */
export async function setting<Command extends { readonly kind: string }, Answer extends AnyAnswer>(
  line: AskLine<Command, Answer>,
  code: number,
  command: Command,
): Promise<void> {
  const answer = await line.ask(command, (candidate) => statusOf(candidate, code) !== undefined);
  const status = answer === undefined ? undefined : statusOf(answer, code);
  if (status === STATUS.ok) return;
  const why = status === undefined ? 'did not answer' : `refused with status ${status}`;
  const sentence = `${line.name} ${why} to the command ${command.kind}`;
  throw new AppError(status === undefined ? 'DRV_READER_SILENT' : 'DRV_READER_REFUSED', sentence, { link: line.name });
}
