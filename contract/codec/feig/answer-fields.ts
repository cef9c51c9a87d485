/**
 * The answer in a frame as the bench tool shows it. An answer to B0 does not say to which sub-command: it is shown as the
 * one whose layout it has to the last byte, in the order inventory, system information, blocks, block security.
 *
 * Source: see host-answers.ts and buffer.ts; which statuses carry data: codes.ts.
 */
import { z } from 'zod';
import { bufferProblem, readBuffer, writeBuffer } from '#contract/codec/feig/buffer.ts';
import { COMMAND, DATA_STATUSES, STATUS } from '#contract/codec/feig/codes.ts';
import { join } from '#contract/codec/feig/cursor.ts';
import {
  readBlocks,
  readBlockSecurity,
  readInventory,
  readSystemInformation,
  tagProblem,
  writeBlocks,
  writeBlockSecurity,
  writeInventory,
  writeSystemInformation,
} from '#contract/codec/feig/host-answers.ts';
import { MESSAGES, type Message } from '#contract/codec/feig/messages.table.ts';
import type { EncodeError, JsonObject } from '#contract/codec/format.ts';
import { byteField, fromJson, hexBytes, hexText, toJson, wordField } from '#contract/codec/format-json.ts';
import { uint, type Layout } from '#contract/codec/layout.ts';
import { readForms, writeForms } from '#contract/codec/layout-forms.ts';
import { err, ok, type Result } from '#contract/result.ts';

/** What a refusal may say behind its status. */
const FAILED: Readonly<Record<number, readonly Layout[]>> = {
  [STATUS.writeError]: [[uint('failedBlock', 8)]],
  [STATUS.isoError]: [[uint('isoError', 8)], [uint('isoError', 8), uint('failedBlock', 8)]],
};
const STATUSES: ReadonlySet<number> = new Set([...Object.values(STATUS), ...DATA_STATUSES]);

/** The question of a command without sub-command: its answers are told by it. */
function messageOf(command: number): Message | undefined {
  return MESSAGES.find((message) => message.command === command && message.prefix.length === 0);
}

/** Undefined when this is no answer that a reader gives. */
export function readAnswerFields(command: number, body: Uint8Array): JsonObject | undefined {
  const [status] = body;
  const message = messageOf(command);
  if (status === undefined || message === undefined || !STATUSES.has(status)) return undefined;
  const data = body.subarray(1);
  const failed = FAILED[status];
  if (data.length === 0) return mayBeBare(message, status) ? { kind: message.kind, status } : undefined;
  if (failed !== undefined && data.length <= 2) return { kind: message.kind, status, ...readForms(failed, data) };
  if (!DATA_STATUSES.has(status)) return undefined;
  const fields = readData(message, data);
  return fields === undefined ? undefined : { kind: message.kind, status, ...fields };
}

/** An answer "done" without data, of a command that gives data, is a question of one byte. */
function mayBeBare({ answered }: Message, status: number): boolean {
  return status !== STATUS.ok || answered.length === 0;
}

function readData(message: Message, data: Uint8Array): JsonObject | undefined {
  switch (message.command) {
    case COMMAND.isoHost:
      return readHostData(data);
    case COMMAND.isoCustom:
    case COMMAND.transparent:
      return readForms([], data);
    case COMMAND.readBuffer:
    case COMMAND.readBufferAdvanced: {
      const content = readBuffer(bufferForm(message.command), data);
      return content === undefined ? undefined : toJson(content);
    }
    default: {
      const fields = readForms(message.answered, data);
      // Bytes that no form has are some question's.
      const isKnown = fields['data'] === undefined || message.answered.some((one) => one[0]?.name === 'data');
      return isKnown ? fields : undefined;
    }
  }
}

function bufferForm(command: number): 'standard' | 'advanced' {
  return command === COMMAND.readBuffer ? 'standard' : 'advanced';
}

/** First byte of every ISO 15693 UID. */
const UID_FIRST = 'E0';

function readHostData(data: Uint8Array): JsonObject {
  const tags = readInventory(data);
  if (tags !== undefined) return toJson({ tags });
  const information = readSystemInformation(data);
  if (information?.uid.startsWith(UID_FIRST) === true) return toJson({ ...information });
  const blocks = readBlocks(data);
  if (blocks !== undefined) return toJson({ blocks });
  const security = readBlockSecurity(data);
  return security === undefined ? readForms([], data) : { security };
}

const tag = z
  .strictObject({
    trType: byteField,
    dsfid: byteField.optional(),
    trInfo: byteField.optional(),
    optInfo: byteField.optional(),
    protoInfo: byteField.optional(),
    iddt: byteField.optional(),
    id: z.string().regex(/^(?:[0-9A-Fa-f]{2})*$/, 'hexadecimal digits, two for each byte'),
  })
  .superRefine((value, context) => {
    const problem = tagProblem(value);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  });
const block = z.strictObject({ security: byteField, data: hexBytes() });

const hostData = z.union(
  [
    z.strictObject({ tags: z.array(tag).max(0xff) }),
    z.strictObject({
      blocks: z
        .array(block)
        .min(1)
        .max(0xff)
        .refine(
          (blocks) => blocks.every(({ data }) => data.length === blocks[0]?.data.length && data.length <= 0xff),
          'blocks of one length, at most 255 bytes each',
        ),
    }),
    z.strictObject({
      dsfid: byteField,
      uid: hexText(8),
      afi: byteField,
      blockBytesLess1: byteField,
      blocksLess1: byteField,
      icReference: byteField,
    }),
    z.strictObject({ security: z.array(byteField).min(1).max(0xff) }),
    z.strictObject({ data: hexBytes() }),
  ],
  'tags; blocks; dsfid, uid, afi, blockBytesLess1, blocksLess1 and icReference; security; or data',
);

const dataSet = z.strictObject({
  trType: byteField.optional(),
  iddt: byteField.optional(),
  afi: byteField.optional(),
  dsfid: byteField.optional(),
  id: hexBytes().optional(),
  firstBlock: byteField.optional(),
  emptyBlocks: wordField.optional(),
  blockBytes: byteField.optional(),
  blocks: hexBytes().optional(),
  time: z.strictObject({ hour: byteField, minute: byteField, milliseconds: wordField }).optional(),
  date: z
    .strictObject({ century: byteField, year: byteField, month: byteField, day: byteField, timeZone: byteField })
    .optional(),
  antenna: byteField.optional(),
  inputs: byteField.optional(),
  state: byteField.optional(),
  mac: hexBytes(6).optional(),
  antennas: z
    .array(z.strictObject({ antenna: byteField, rssi: byteField, reserved: hexBytes(4) }))
    .max(0xff)
    .optional(),
  direction: byteField.optional(),
  rest: hexBytes()
    .refine(({ length }) => length > 0 && length < 0xf000, 'at least one byte')
    .optional(),
  length: wordField.optional(),
});
const bufferContent = z.strictObject({
  trData1: byteField,
  trData2: byteField.optional(),
  dataSets: z.array(dataSet),
});

const ANSWERING = MESSAGES.filter(({ prefix }) => prefix.length === 0);

/** The command and the body of an answer; unknown and missing fields are faults with their path. */
export function writeAnswerFields(
  kind: string,
  { status, ...fields }: JsonObject,
): Result<{ readonly command: number; readonly body: Uint8Array }, EncodeError> {
  const message = ANSWERING.find((one) => one.kind === kind);
  if (message === undefined) {
    return err({ code: 'bad-value', path: 'kind', detail: `one of: ${ANSWERING.map((one) => one.kind).join(', ')}` });
  }
  const given = byteField.safeParse(status);
  if (!given.success) return err({ code: 'bad-value', path: 'status', detail: 'a whole number from 0 to 255' });
  const data = writeData(message, given.data, fields);
  return data.ok ? ok({ command: message.command, body: join([given.data], data.value) }) : data;
}

function writeData(message: Message, status: number, fields: JsonObject): Result<Uint8Array, EncodeError> {
  if (Object.keys(fields).length === 0) return ok(new Uint8Array(0));
  const failed = FAILED[status];
  if (failed !== undefined) return writeForms(failed, fields);
  switch (message.command) {
    case COMMAND.isoHost:
      return writeHostData(fields);
    case COMMAND.readBuffer:
    case COMMAND.readBufferAdvanced:
      return writeBufferContent(bufferForm(message.command), fields);
    default:
      return writeForms(message.answered, fields);
  }
}

function writeHostData(fields: JsonObject): Result<Uint8Array, EncodeError> {
  const given = fromJson(hostData, fields);
  if (!given.ok) return given;
  const { value } = given;
  if ('tags' in value) return ok(writeInventory(value.tags));
  if ('blocks' in value) return ok(writeBlocks(value.blocks));
  if ('uid' in value) return ok(writeSystemInformation(value));
  if ('security' in value) return ok(writeBlockSecurity(value.security));
  return ok(value.data);
}

function writeBufferContent(form: 'standard' | 'advanced', fields: JsonObject): Result<Uint8Array, EncodeError> {
  const given = fromJson(bufferContent, fields);
  if (!given.ok) return given;
  const problem = bufferProblem(form, given.value);
  return problem === undefined
    ? ok(writeBuffer(form, given.value))
    : err({ code: 'bad-value', path: problem.path, detail: problem.detail });
}
