/**
 * Commands and answers of one family, by a table that says of each its code and its fields.
 *
 * What the table does not know of an answer is still told: a `status` without data, a tag's own error, or the data as
 * they are.
 *
 * Source: UHFReader288MP User's Manual V1.14, chapters 3 and 5.
 */
import type { CodecError } from '#contract/codec/codec-error.ts';
import { ByteReader, type Body, type BodyValue } from '#contract/codec/uhfreader/fields.ts';
import { encodeFrame, openFrame, type UhfreaderFrame } from '#contract/codec/uhfreader/framer.ts';
import { STATUS } from '#contract/codec/uhfreader/status.ts';
import { err, ok, type Result } from '#contract/result.ts';

export interface CommandRow<Value = object> {
  readonly code: number;
  readonly body: Body<Value>;
}

export interface AnswerRow<Value = object> extends CommandRow<Value> {
  /** With any other status the answer has other fields, or none. */
  readonly statuses: readonly number[];
}

export interface Family {
  readonly commands: Readonly<Record<string, CommandRow>>;
  readonly answers: Readonly<Record<string, AnswerRow>>;
}

/** A row of commands. */
export function command<Value extends object>(code: number, body: Body<Value>): CommandRow<Value> {
  return { code, body };
}

/** A row of answers, with these statuses only. */
export function answer<Value extends object>(
  code: number,
  statuses: readonly number[],
  body: Body<Value>,
): AnswerRow<Value> {
  return { code, statuses, body };
}

type Kind<Of> = keyof Of & string;

export type CommandOf<Of extends Family> = {
  readonly [Each in Kind<Of['commands']>]: { readonly kind: Each } & BodyValue<Of['commands'][Each]['body']>;
}[Kind<Of['commands']>];

/** An answer whose fields the table does not know, or that has none. */
export type PlainAnswer =
  | { readonly kind: 'status'; readonly command: number; readonly status: number }
  /** Status FC: the tag refused; one of TAG_ERROR. */
  | { readonly kind: 'tag-error'; readonly command: number; readonly tagError: number }
  | { readonly kind: 'other'; readonly command: number; readonly status: number; readonly data: Uint8Array };

export type AnswerOf<Of extends Family> =
  | {
      readonly [Each in Kind<Of['answers']>]: { readonly kind: Each; readonly status: number } & BodyValue<
        Of['answers'][Each]['body']
      >;
    }[Kind<Of['answers']>]
  | PlainAnswer;

export interface Named {
  readonly kind: string;
}

/** The command in a frame; undefined when no command of the table has this form. */
export function readCommand(rows: Family['commands'], { code, data }: Content): Named | undefined {
  for (const [kind, row] of Object.entries(rows)) {
    const value = row.code === code ? readBody(row.body, data) : undefined;
    if (value !== undefined) return { kind, ...value };
  }
  return undefined;
}

/** The answer in a frame; undefined when there is not even a status. */
export function readAnswer(rows: Family['answers'], { code, data }: Content): Named | undefined {
  const [status] = data;
  if (status === undefined) return undefined;
  const rest = data.subarray(1);
  for (const [kind, row] of Object.entries(rows)) {
    const value = row.code === code && row.statuses.includes(status) ? readBody(row.body, rest) : undefined;
    const named = { kind, status, ...value };
    if (value !== undefined) return named;
  }
  return plainAnswer(code, status, rest);
}

function plainAnswer(code: number, status: number, data: Uint8Array): PlainAnswer {
  const [tagError] = data;
  if (tagError === undefined) return { kind: 'status', command: code, status };
  if (status === STATUS.tagError && data.length === 1) return { kind: 'tag-error', command: code, tagError };
  return { kind: 'other', command: code, status, data };
}

function readBody(body: Body<object>, data: Uint8Array): object | undefined {
  const from = new ByteReader(data);
  const value = body.read(from);
  return from.isExact ? value : undefined;
}

/** What a host reads in a whole frame. Errors: `truncated` (not even a status). */
export function decodeAnswer<Of extends Family>(family: Of, bytes: Uint8Array): Result<AnswerOf<Of>, CodecError> {
  const named = readAnswer(family.answers, openFrame(bytes));
  if (named === undefined)
    return err({ code: 'truncated', offsetBytes: bytes.length, detail: 'an answer has a status' });
  return ok(named as AnswerOf<Of>);
}

/** What a reader reads in a whole frame; undefined when the family has no such command, or not of this form. */
export function decodeCommand<Of extends Family>(family: Of, bytes: Uint8Array): CommandOf<Of> | undefined {
  return readCommand(family.commands, openFrame(bytes)) as CommandOf<Of> | undefined;
}

/** The whole frame of a command, ready for the line. */
export function encodeCommand<Of extends Family>(family: Of, address: number, given: CommandOf<Of>): Uint8Array {
  return encodeFrame({ address, ...commandData(family.commands, given) });
}

/** The whole frame of an answer, as a simulated reader sends it. */
export function encodeAnswer<Of extends Family>(family: Of, address: number, given: AnswerOf<Of>): Uint8Array {
  return encodeFrame({ address, ...answerData(family.answers, given) });
}

export type Content = Pick<UhfreaderFrame, 'code' | 'data'>;

/** Code and data of a command whose kind is one of the table's. */
export function commandData(rows: Family['commands'], given: Named): Content {
  const row = rows[given.kind];
  return { code: row?.code ?? 0, data: Uint8Array.from(row?.body.write(given) ?? []) };
}

/** Code, status and data of an answer whose kind is one of the table's, or a plain one. */
export function answerData(rows: Family['answers'], given: Named): Content {
  const row = rows[given.kind];
  if (row !== undefined) {
    const { status } = given as Named & { readonly status: number };
    return { code: row.code, data: Uint8Array.from([status, ...row.body.write(given)]) };
  }
  const plain = given as PlainAnswer;
  if (plain.kind === 'tag-error') {
    return { code: plain.command, data: Uint8Array.of(STATUS.tagError, plain.tagError) };
  }
  const data = plain.kind === 'other' ? plain.data : new Uint8Array(0);
  return { code: plain.command, data: Uint8Array.of(plain.status, ...data) };
}

/** Codes that answers of the family may have. */
export function answerCodes({ commands, answers }: Family): ReadonlySet<number> {
  return new Set([...Object.values(commands), ...Object.values(answers)].map(({ code }) => code));
}
