/**
 * Frames of the reader families from Chafon for the bench tool: what their formats share.
 *
 * A frame does not say which way it goes. The broadcast address is a command's. Else a frame is shown as the answer that
 * is written with exactly these bytes, else as such a command, else as an answer that failed, else with its raw data: so
 * a setting of 0 (05 00 76 00) is shown as the answer "done" that it equals to the byte.
 *
 * Source: UHFReader288MP User's Manual V1.14; UHFReader18 User's Manual V2.0; for the CF family see its frames.
 */
import { z } from 'zod';
import type { CodecError } from '#contract/codec/codec-error.ts';
import type { EncodeError, Format, JsonObject } from '#contract/codec/format.ts';
import { byteField, fromJson, hexBytes, sameBytes, toJson } from '#contract/codec/format-json.ts';
import { frameProblem, serialSplitter, type FrameShape } from '#contract/codec/serial-framer.ts';
import type { Body } from '#contract/codec/uhfreader/fields.ts';
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

/** How a family's frames are made. */
export interface Wire {
  readonly shape: FrameShape;
  /** What JSON holds of a frame besides its content. */
  readonly head: Readonly<Record<string, z.ZodType>>;
  /** Command codes. */
  readonly code: z.ZodType<number>;
  readonly dataBytesMax: number;
  open(bytes: Uint8Array): Content & { readonly head: object };
  /** Whether only a host sends to this address. */
  isToAll(head: object): boolean;
  /** `head` is as its schemas gave it. */
  seal(head: object, content: Content): Uint8Array;
}

/** One family of the bench tool. */
export interface TableFormatOptions {
  readonly name: string;
  readonly summary: string;
  readonly family: Family;
  readonly wire: Wire;
}

/** The format of a family whose messages stand in tables. */
export function tableFormat({ name, summary, family, wire }: TableFormatOptions): Format {
  const codes = answerCodes(family);
  const plainKinds: Readonly<Record<string, Readonly<Record<string, z.ZodType>>>> = {
    status: { command: wire.code, status: byteField },
    'tag-error': { command: wire.code, tagError: byteField },
    other: { command: wire.code, status: byteField, data: hexBytes() },
  };
  const envelope = z.looseObject({
    direction: z.enum(['answer', 'command', 'unknown']),
    kind: z.string().optional(),
  });
  const raw = z.strictObject({
    direction: z.literal('unknown'),
    ...wire.head,
    command: wire.code,
    data: hexBytes().refine(({ length }) => length <= wire.dataBytesMax, `at most ${wire.dataBytesMax} bytes`),
  });

  function decode(bytes: Uint8Array): Result<JsonObject, CodecError> {
    const problem = frameProblem(wire.shape, bytes);
    if (problem !== undefined) return err(problem);
    const frame = wire.open(bytes);
    const answer = wire.isToAll(frame.head) ? undefined : shown(readAnswer(family.answers, frame), 'answer', frame);
    const command = shown(readCommand(family.commands, frame), 'command', frame);
    const { code, data, head } = frame;
    return ok(
      (isCertain(answer) ? answer : (command ?? doubtful(answer, code))) ??
        toJson({ direction: 'unknown', ...head, command: code, data }),
    );
  }

  /** Of a code that no reader of the family has, not even the status is known to be one. */
  function doubtful(answer: JsonObject | undefined, code: number): JsonObject | undefined {
    return codes.has(code) || code === 0 ? answer : undefined;
  }

  /** Only what is written back as it came. */
  function shown(
    named: Named | undefined,
    direction: Direction,
    frame: ReturnType<Wire['open']>,
  ): JsonObject | undefined {
    if (named === undefined) return undefined;
    const { code, data } = contentOf(direction, named);
    if (code !== frame.code || !sameBytes(data, frame.data)) return undefined;
    return toJson({ direction, ...frame.head, ...named });
  }

  function contentOf(direction: Direction, named: Named): Content {
    return direction === 'answer' ? answerData(family.answers, named) : commandData(family.commands, named);
  }

  function isCertain(answer: JsonObject | undefined): boolean {
    if (answer === undefined) return false;
    if (answer['kind'] === 'status') return answer['status'] === STATUS.ok && codes.has(Number(answer['command']));
    return typeof answer['kind'] === 'string' && !(answer['kind'] in plainKinds);
  }

  function encode(value: unknown): Result<Uint8Array, EncodeError> {
    const given = fromJson(envelope, value);
    if (!given.ok) return given;
    const { direction, kind = '' } = given.value;
    if (direction === 'unknown') {
      const plain = fromJson(raw, value);
      if (!plain.ok) return plain;
      const { command: code, data } = plain.value as unknown as { command: number; data: Uint8Array };
      return ok(wire.seal(plain.value, { code, data }));
    }
    const schema = schemaOf(direction, kind);
    if (schema === undefined) return err({ code: 'bad-value', path: 'kind', detail: kindsOf(direction) });
    const checked = fromJson(schema, value);
    if (!checked.ok) return checked;
    const content = contentOf(direction, checked.value);
    if (content.data.length > wire.dataBytesMax) {
      const detail = `too long for a frame: ${content.data.length} bytes behind the command, at most ${wire.dataBytesMax}`;
      return err({ code: 'bad-value', path: '', detail });
    }
    return ok(wire.seal(checked.value, content));
  }

  function schemaOf(direction: Direction, kind: string): z.ZodType<Named> | undefined {
    const head = { direction: z.literal(direction), ...wire.head, kind: z.literal(kind) };
    if (direction === 'command') {
      const row = ownRow(family.commands, kind);
      return row && schemaOfBody(head, row.body);
    }
    const row = ownRow(family.answers, kind);
    if (row !== undefined) return schemaOfBody({ ...head, status: z.literal(row.statuses) }, row.body);
    const plain = ownRow(plainKinds, kind);
    return plain && z.strictObject({ ...head, ...plain });
  }

  function kindsOf(direction: Direction): string {
    const kinds =
      direction === 'command'
        ? Object.keys(family.commands)
        : [...Object.keys(family.answers), ...Object.keys(plainKinds)];
    return `one of ${kinds.join(', ')}`;
  }

  return { name, summary, notation: 'hex', decode, encode, split: () => serialSplitter(wire.shape) };
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
