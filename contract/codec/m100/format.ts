/**
 * Frames of the M100 family for the bench tool.
 *
 * Source: M100/QM100 firmware manual V2.1 and V2.3.3.
 */
import { z } from 'zod';
import type { CodecError } from '#contract/codec/codec-error.ts';
import type { EncodeError, Format, JsonObject } from '#contract/codec/format.ts';
import { byteField, fromJson } from '#contract/codec/format-json.ts';
import { readForms, writeForms } from '#contract/codec/layout-forms.ts';
import { encodeFrame, M100_SHAPE, openFrame, PARAMETERS_MAX, TYPE } from '#contract/codec/m100/frame.ts';
import { MESSAGES, type Message } from '#contract/codec/m100/messages.table.ts';
import { frameProblem, serialSplitter } from '#contract/codec/serial-framer.ts';
import { err, ok, type Result } from '#contract/result.ts';

const DIRECTIONS = ['command', 'response', 'notice'] as const;
/** A frame with a code nobody documents. */
const OTHER = 'other';

const BY_CODE: ReadonlyMap<number, Message> = new Map(MESSAGES.map((message) => [message.code, message]));
const BY_KIND: ReadonlyMap<string, Message> = new Map(MESSAGES.map((message) => [message.kind, message]));

const head = z.looseObject({
  direction: z.literal(DIRECTIONS),
  kind: z
    .string()
    .refine((kind) => kind === OTHER || BY_KIND.has(kind), `one of: ${OTHER}, ${[...BY_KIND.keys()].join(', ')}`),
});
const code = z.looseObject({ command: byteField });

function decode(bytes: Uint8Array): Result<JsonObject, CodecError> {
  const problem = frameProblem(M100_SHAPE, bytes);
  if (problem !== undefined) return err(problem);
  const { type, command, parameters } = openFrame(bytes);
  const direction = DIRECTIONS[type];
  const message = BY_CODE.get(command);
  const fields = readForms(message?.[direction] ?? [], parameters);
  if (message === undefined) return ok({ direction, kind: OTHER, command, ...fields });
  return ok({ direction, kind: message.kind, ...fields });
}

function encode(value: unknown): Result<Uint8Array, EncodeError> {
  const given = fromJson(head, value);
  if (!given.ok) return given;
  const { direction, kind, ...rest } = given.value;
  const message = BY_KIND.get(kind);
  let command = message?.code;
  let fields = rest as JsonObject;
  if (command === undefined) {
    const other = fromJson(code, rest);
    if (!other.ok) return other;
    command = other.value.command;
    fields = Object.fromEntries(Object.entries(fields).filter(([name]) => name !== 'command'));
  }
  const parameters = writeForms(message?.[direction] ?? [], fields);
  if (!parameters.ok) return parameters;
  if (parameters.value.length > PARAMETERS_MAX) {
    return err({ code: 'bad-value', path: '', detail: `at most ${PARAMETERS_MAX} bytes of parameters` });
  }
  return ok(encodeFrame({ type: TYPE[direction], command, parameters: parameters.value }));
}

export const m100Format: Format = {
  name: 'm100',
  summary: 'frames of M100, YRM100, R200 and JRD-4035 modules (BB…7E), UHF',
  notation: 'hex',
  decode,
  encode,
  split: () => serialSplitter(M100_SHAPE),
};
