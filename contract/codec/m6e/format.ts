/**
 * Frames of the ThingMagic modules for the bench tool.
 *
 * Source: MercuryAPI, serial_reader.c and serial_reader_l3.c.
 */
import { z } from 'zod';
import type { CodecError } from '#contract/codec/codec-error.ts';
import type { EncodeError, Format, JsonObject } from '#contract/codec/format.ts';
import { byteField, fromJson, wordField } from '#contract/codec/format-json.ts';
import { many, only, uint, type Layout } from '#contract/codec/layout.ts';
import { readForms, writeForms } from '#contract/codec/layout-forms.ts';
import {
  COMMAND_DATA_MAX,
  encodeFrame,
  isCommandLength,
  M6E_COMMAND_SHAPE,
  M6E_RESPONSE_SHAPE,
  M6E_SHAPE,
  openFrame,
  RESPONSE_DATA_MAX,
} from '#contract/codec/m6e/frame.ts';
import { MESSAGES, OPCODE, type Message } from '#contract/codec/m6e/messages.table.ts';
import { recordForms } from '#contract/codec/m6e/tag-record.ts';
import { frameProblem, serialSplitter } from '#contract/codec/serial-framer.ts';
import { err, ok, type Result } from '#contract/result.ts';

const OTHER = 'other';
const TAG_BUFFER = 0x29;
const MULTI_SELECT = 0x88;

const BY_OPCODE: ReadonlyMap<number, Message> = new Map(MESSAGES.map((message) => [message.opcode, message]));
const BY_KIND: ReadonlyMap<string, Message> = new Map(MESSAGES.map((message) => [message.kind, message]));

const head = z.looseObject({
  direction: z.literal(['command', 'response']),
  kind: z
    .string()
    .refine((kind) => kind === OTHER || BY_KIND.has(kind), `one of: ${OTHER}, ${[...BY_KIND.keys()].join(', ')}`),
});
const opcodeOf = z.looseObject({ opcode: byteField });
const statusOf = z.looseObject({ status: wordField });

/** The forms of an answer that holds tags depend on its metadata flags. */
function tagForms(opcode: number, metadataFlags: number): readonly Layout[] {
  const records = recordForms(metadataFlags);
  const flags = only('metadataFlags', 16, metadataFlags);
  if (opcode === TAG_BUFFER) {
    return records.length === 0 ? [] : [[flags, uint('readOptions', 8), uint('tagCount', 8), many('tags', ...records)]];
  }
  const stream = [uint('option', 8), uint('searchFlags', 16), flags, only('responseType', 8, 1)];
  const multiSelect = only('multiSelect', 8, MULTI_SELECT);
  return records.flatMap((record) => [
    [...stream, ...record],
    [multiSelect, ...stream, ...record],
  ]);
}

/** Where the flags of such an answer stand. */
function flagsIn(opcode: number, data: Uint8Array): number | undefined {
  const at = opcode === TAG_BUFFER ? 0 : data[0] === MULTI_SELECT ? 4 : 3;
  const [high, low] = data.subarray(at, at + 2);
  return high === undefined || low === undefined ? undefined : high * 0x100 + low;
}

function responseForms(message: Message, flags: unknown): readonly Layout[] {
  const { opcode, response } = message;
  if ((opcode !== OPCODE.readMultiple && opcode !== TAG_BUFFER) || typeof flags !== 'number') return response;
  return [...tagForms(opcode, flags), ...response];
}

function decode(bytes: Uint8Array): Result<JsonObject, CodecError> {
  const problem = frameProblem(shapeFor(bytes), bytes);
  if (problem !== undefined) return err(problem);
  const { opcode, status, data } = openFrame(bytes);
  const message = BY_OPCODE.get(opcode);
  const way = status === undefined ? { direction: 'command' } : { direction: 'response' };
  const state = status === undefined ? {} : { status };
  if (message === undefined) return ok({ ...way, kind: OTHER, opcode, ...state, ...readForms([], data) });
  const forms = status === undefined ? message.command : responseForms(message, flagsIn(opcode, data));
  return ok({ ...way, kind: message.kind, ...state, ...readForms(forms, data) });
}

function shapeFor(bytes: Uint8Array): typeof M6E_SHAPE {
  if (isCommandLength(bytes)) return M6E_COMMAND_SHAPE;
  return isCommandLength(bytes.subarray(0, -2)) ? M6E_RESPONSE_SHAPE : M6E_SHAPE;
}

function encode(value: unknown): Result<Uint8Array, EncodeError> {
  const given = fromJson(head, value);
  if (!given.ok) return given;
  const { direction, kind, ...fields } = given.value;
  const message = BY_KIND.get(kind);
  const own = message === undefined ? fromJson(opcodeOf, fields) : ok({ opcode: message.opcode });
  if (!own.ok) return own;
  const state = direction === 'response' ? fromJson(statusOf, fields) : ok({ status: undefined });
  if (!state.ok) return state;
  const { opcode } = own.value;
  const { status } = state.value;
  const rest = without(fields, [
    ...(message === undefined ? ['opcode'] : []),
    ...(status === undefined ? [] : ['status']),
  ]);
  const data = writeForms(formsOf(message, status, rest), rest);
  if (!data.ok) return data;
  const max = status === undefined ? COMMAND_DATA_MAX : RESPONSE_DATA_MAX;
  if (data.value.length > max) return err({ code: 'bad-value', path: '', detail: `at most ${max} bytes of data` });
  return ok(encodeFrame({ opcode, status, data: data.value }));
}

function formsOf(message: Message | undefined, status: number | undefined, fields: JsonObject): readonly Layout[] {
  if (message === undefined) return [];
  return status === undefined ? message.command : responseForms(message, fields['metadataFlags']);
}

function without(fields: object, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}

export const m6eFormat: Format = {
  name: 'm6e',
  summary: 'frames of ThingMagic and JADAK modules (M6e, M7e), UHF',
  notation: 'hex',
  decode,
  encode,
  split: () => serialSplitter(M6E_SHAPE),
};
