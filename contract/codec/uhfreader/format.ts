/**
 * Frames of the UHFReader families for the bench tool.
 *
 * A frame does not say which way it goes. The broadcast address is a command's. Else a frame is shown as the answer that
 * is written with exactly these bytes, else as such a command, else as an answer that failed, else with its raw data: so
 * a setting of 0 (05 00 76 00) is shown as the answer "done" that it equals to the byte.
 *
 * Source: UHFReader288MP User's Manual V1.14; UHFReader18 User's Manual V2.0.
 */
import { z } from 'zod';
import type { CodecError } from '#contract/codec/codec-error.ts';
import type { EncodeError, Format, JsonObject } from '#contract/codec/format.ts';
import { byteField, fromJson, hexBytes, sameBytes, toJson } from '#contract/codec/format-json.ts';
import { frameProblem, serialSplitter } from '#contract/codec/serial-framer.ts';
import { FAMILY_18 } from '#contract/codec/uhfreader/family-18.table.ts';
import { FAMILY_288 } from '#contract/codec/uhfreader/family-288.table.ts';
import type { Body } from '#contract/codec/uhfreader/fields.ts';
import {
  ADDRESS_ANY,
  DATA_BYTES_MAX,
  encodeFrame,
  openFrame,
  UHFREADER_SHAPE,
  type UhfreaderFrame,
} from '#contract/codec/uhfreader/framer.ts';
import {
  answerCodes,
  answerData,
  commandData,
  readAnswer,
  readCommand,
  type Content,
  type Family,
  type Named,
} from '#contract/codec/uhfreader/message.ts';
import { STATUS } from '#contract/codec/uhfreader/status.ts';
import { err, ok, type Result } from '#contract/result.ts';

type Direction = 'answer' | 'command';

const PLAIN: Readonly<Record<string, Readonly<Record<string, z.ZodType>>>> = {
  status: { command: byteField, status: byteField },
  'tag-error': { command: byteField, tagError: byteField },
  other: { command: byteField, status: byteField, data: hexBytes() },
};

const envelope = z.looseObject({
  direction: z.enum(['answer', 'command', 'unknown']),
  address: byteField,
  kind: z.string().optional(),
});

const raw = z.strictObject({
  direction: z.literal('unknown'),
  address: byteField,
  command: byteField,
  data: hexBytes().refine(({ length }) => length <= DATA_BYTES_MAX, `at most ${DATA_BYTES_MAX} bytes`),
});

function formatOf(name: string, summary: string, family: Family): Format {
  const codes = answerCodes(family);

  function decode(bytes: Uint8Array): Result<JsonObject, CodecError> {
    const problem = frameProblem(UHFREADER_SHAPE, bytes);
    if (problem !== undefined) return err(problem);
    const frame = openFrame(bytes);
    const answer =
      frame.address === ADDRESS_ANY ? undefined : shown(readAnswer(family.answers, frame), 'answer', frame);
    const command = shown(readCommand(family.commands, frame), 'command', frame);
    const { address, code, data } = frame;
    return ok(
      (isCertain(answer) ? answer : (command ?? doubtful(answer, code))) ??
        toJson({ direction: 'unknown', address, command: code, data }),
    );
  }

  /** Of a code that no reader of the family has, not even the status is known to be one. */
  function doubtful(answer: JsonObject | undefined, code: number): JsonObject | undefined {
    return codes.has(code) || code === 0 ? answer : undefined;
  }

  /** Only what is written back as it came. */
  function shown(named: Named | undefined, direction: Direction, frame: UhfreaderFrame): JsonObject | undefined {
    if (named === undefined) return undefined;
    const { code, data } = contentOf(direction, named);
    if (code !== frame.code || !sameBytes(data, frame.data)) return undefined;
    return toJson({ direction, address: frame.address, ...named });
  }

  function contentOf(direction: Direction, named: Named): Content {
    return direction === 'answer' ? answerData(family.answers, named) : commandData(family.commands, named);
  }

  function isCertain(answer: JsonObject | undefined): boolean {
    if (answer === undefined) return false;
    if (answer['kind'] === 'status') return answer['status'] === STATUS.ok && codes.has(Number(answer['command']));
    return typeof answer['kind'] === 'string' && !(answer['kind'] in PLAIN);
  }

  function encode(value: unknown): Result<Uint8Array, EncodeError> {
    const given = fromJson(envelope, value);
    if (!given.ok) return given;
    const { direction, address, kind = '' } = given.value;
    if (direction === 'unknown') {
      const plain = fromJson(raw, value);
      return plain.ok ? ok(encodeFrame({ ...plain.value, code: plain.value.command })) : plain;
    }
    const schema = schemaOf(direction, kind);
    if (schema === undefined) return err({ code: 'bad-value', path: 'kind', detail: kindsOf(direction) });
    const checked = fromJson(schema, value);
    if (!checked.ok) return checked;
    const content = contentOf(direction, checked.value);
    if (content.data.length > DATA_BYTES_MAX) {
      const detail = `too long for a frame: ${content.data.length} bytes behind the command, at most ${DATA_BYTES_MAX}`;
      return err({ code: 'bad-value', path: '', detail });
    }
    return ok(encodeFrame({ address, ...content }));
  }

  function schemaOf(direction: Direction, kind: string): z.ZodType<Named> | undefined {
    const head = { direction: z.literal(direction), address: byteField, kind: z.literal(kind) };
    if (direction === 'command') {
      const row = ownRow(family.commands, kind);
      return row && schemaOfBody(head, row.body);
    }
    const row = ownRow(family.answers, kind);
    if (row !== undefined) return schemaOfBody({ ...head, status: z.literal(row.statuses) }, row.body);
    const plain = ownRow(PLAIN, kind);
    return plain && z.strictObject({ ...head, ...plain });
  }

  function kindsOf(direction: Direction): string {
    const kinds =
      direction === 'command' ? Object.keys(family.commands) : [...Object.keys(family.answers), ...Object.keys(PLAIN)];
    return `one of ${kinds.join(', ')}`;
  }

  return { name, summary, notation: 'hex', decode, encode, split: () => serialSplitter(UHFREADER_SHAPE) };
}

/** No names that every object has. */
function ownRow<Row>(rows: Readonly<Record<string, Row>>, kind: string): Row | undefined {
  return Object.hasOwn(rows, kind) ? rows[kind] : undefined;
}

function schemaOfBody(head: Readonly<Record<string, z.ZodType>>, body: Body<object>): z.ZodType<Named> {
  const schema = z.strictObject({ ...head, ...body.shape }).superRefine((value, context) => {
    const message = body.check?.(value);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });
  return schema as unknown as z.ZodType<Named>;
}

export const uhfreader288Format = formatOf(
  'uhfreader288',
  'frames of UHFReader288 and UHFEx10 readers, UHF',
  FAMILY_288,
);

export const uhfreader18Format = formatOf('uhfreader18', 'frames of UHFReader18 and CF-RU5102 readers, UHF', FAMILY_18);
