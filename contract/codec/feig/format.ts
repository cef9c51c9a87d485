/**
 * Frames of the FEIG OBID readers for the bench tool.
 *
 * A frame does not say which way it goes. It is shown as the question or the answer whose layout it has to the last byte;
 * where it has both (a question of one byte, an answer of nothing but its status), COM-ADR FF makes it a question, since
 * readers answer with their own address; any other address makes it an answer. What has neither layout is shown with its
 * raw body.
 *
 * Source: see frame.ts, messages.table.ts, host-answers.ts and buffer.ts.
 */
import { z } from 'zod';
import type { CodecError } from '#contract/codec/codec-error.ts';
import { readAnswerFields, writeAnswerFields } from '#contract/codec/feig/answer-fields.ts';
import {
  ADDRESS_ANY,
  BODY_BYTES_MAX,
  encodeFrame,
  FEIG_SHAPE,
  openFrame,
  type FeigFrame,
} from '#contract/codec/feig/frame.ts';
import { MESSAGES } from '#contract/codec/feig/messages.table.ts';
import { readQuestion, writeQuestion } from '#contract/codec/feig/question.ts';
import type { EncodeError, Format, JsonObject } from '#contract/codec/format.ts';
import { byteField, fromJson, hexBytes } from '#contract/codec/format-json.ts';
import { frameProblem, serialSplitter } from '#contract/codec/serial-framer.ts';
import { toHex } from '#contract/hex.ts';
import { err, ok, type Result } from '#contract/result.ts';

function decode(bytes: Uint8Array): Result<JsonObject, CodecError> {
  const problem = frameProblem(FEIG_SHAPE, bytes);
  if (problem !== undefined) return err(problem);
  const { form, address, command, body } = openFrame(bytes);
  const head = { form, address };
  const question = readQuestion(command, body);
  const answer = question !== undefined && address === ADDRESS_ANY ? undefined : readAnswerFields(command, body);
  if (answer !== undefined) return ok({ direction: 'answer', ...head, ...answer });
  if (question === undefined) return ok({ direction: 'unknown', ...head, command, body: toHex(body) });
  return ok({ direction: 'question', kind: question.message.kind, ...head, ...question.fields });
}

const KINDS = MESSAGES.map(({ kind }) => kind);
const head = { form: z.enum(['standard', 'advanced']), address: byteField };
const anyFrame = z.discriminatedUnion('direction', [
  z.looseObject({ direction: z.literal('question'), kind: z.enum(KINDS), ...head }),
  z.looseObject({ direction: z.literal('answer'), kind: z.string(), ...head }),
  z.strictObject({ direction: z.literal('unknown'), ...head, command: byteField, body: hexBytes() }),
]);

function encode(value: unknown): Result<Uint8Array, EncodeError> {
  const given = fromJson(anyFrame, value);
  if (!given.ok) return given;
  const { form, address } = given.value;
  const parts = frameParts(given.value);
  if (!parts.ok) return parts;
  const bytesMax = BODY_BYTES_MAX[form];
  if (parts.value.body.length > bytesMax) {
    return err({ code: 'bad-value', path: 'form', detail: `the ${form} form holds ${bytesMax} bytes of body` });
  }
  return ok(encodeFrame({ form, address, ...parts.value }));
}

/** What every frame has, beside the fields of its kind. */
const HEAD_NAMES: ReadonlySet<string> = new Set(['direction', 'kind', 'form', 'address']);

function frameParts(given: z.infer<typeof anyFrame>): Result<Pick<FeigFrame, 'command' | 'body'>, EncodeError> {
  if (given.direction === 'unknown') return ok({ command: given.command, body: given.body });
  const { direction, kind } = given;
  const fields = Object.fromEntries(Object.entries(given).filter(([name]) => !HEAD_NAMES.has(name))) as JsonObject;
  if (direction === 'answer') return writeAnswerFields(kind, fields);
  const message = MESSAGES.find((one) => one.kind === kind);
  if (message === undefined) return err({ code: 'bad-value', path: 'kind', detail: `one of: ${KINDS.join(', ')}` });
  const body = writeQuestion(message, fields);
  return body.ok ? ok({ command: message.command, body: body.value }) : body;
}

export const feigFormat: Format = {
  name: 'feig',
  summary: 'frames of the FEIG OBID readers (ISO host, standard and advanced), HF and UHF',
  notation: 'hex',
  decode,
  encode,
  split: () => serialSplitter(FEIG_SHAPE),
};
