/** What the UHFReader families share in asking: their protocol, how a command ended, and what an inventory's end means. */
import { answerShape } from '#contract/codec/uhfreader/framer.ts';
import {
  answerCodes,
  decodeAnswer,
  encodeCommand,
  type AnswerOf,
  type CommandOf,
  type Family,
  type PlainAnswer,
} from '#contract/codec/uhfreader/message.ts';
import { STATUS } from '#contract/codec/uhfreader/status.ts';
import { AppError } from '#contract/errors.ts';
import { err, ok, type Result } from '#contract/result.ts';
import type { AskLine, LineProtocol } from '#gateway/drivers/ask-line.ts';
import type { AccessFault } from '#gateway/drivers/tag-access.ts';
import { faultOf, type FaultContext } from '#gateway/drivers/uhfreader-faults.ts';

/** How the driver speaks to a reader of `family` at `address`. */
export function uhfreaderProtocol<Of extends Family>(
  family: Of,
  address: number,
): LineProtocol<CommandOf<Of>, AnswerOf<Of>> {
  return {
    shape: answerShape(answerCodes(family), address),
    encode: (command) => encodeCommand(family, address, command),
    decode: (frame) => decodeAnswer(family, frame),
  };
}

export const INVENTORY = 0x01;

/** Ends of an inventory after which the opportunity to be read was there, whether or not anything was heard. */
export const INVENTORY_COMPLETE: ReadonlySet<number> = new Set([
  STATUS.ok,
  STATUS.inventoryDone,
  STATUS.inventoryTimedOut,
  STATUS.memoryFull,
  STATUS.noTag,
]);

/** The reader does not know the inventory in this form: asking again is useless. */
export const INVENTORY_REFUSED: ReadonlySet<number> = new Set([
  STATUS.wrongLength,
  STATUS.illegalCommand,
  STATUS.wrongParameter,
]);

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

/** A question about one tag, and how long it may take. */
export interface TagQuestion<Command> {
  readonly command: Command;
  readonly code: number;
  readonly context: FaultContext;
  readonly timeoutMs: number;
}

/** Asks about one tag; a refusal is a fault. Errors: those of asking. */
export async function askAboutTag<Command extends { readonly kind: string }, Answer extends AnyAnswer>(
  line: AskLine<Command, Answer>,
  { command, code, context, timeoutMs }: TagQuestion<Command>,
): Promise<Result<Answer, AccessFault>> {
  const isAnswer = (candidate: Answer): boolean =>
    candidate.kind === command.kind || statusOf(candidate, code) !== undefined;
  const answer = await line.ask(command, isAnswer, timeoutMs);
  if (answer === undefined) return err({ code: 'unanswered', detail: `no answer to ${command.kind}` });
  const isDone = !isPlain(answer) || (answer.kind === 'status' && answer.status === STATUS.ok);
  return isDone ? ok(answer) : err(faultOf(answer, context));
}

function isPlain(answer: AnyAnswer): answer is PlainAnswer {
  return answer.kind === 'status' || answer.kind === 'tag-error' || answer.kind === 'other';
}
