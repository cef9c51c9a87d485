/**
 * A frame of a reader that speaks JSON: one event, an array of events, or several values in a row with or without line
 * ends. The same for every such family; the family says what one event is.
 *
 *     {"form": "array" | "object" | "sequence" | "blank", "events": […], "keepalive"?: true}
 *
 * A frame without an event (an empty array, a bare line end) is a sign of life. Of several arrays in a row only the events
 * are kept, so that what was decoded is encoded as one sequence.
 *
 * Source: none of its own; each family names the source of its events.
 */
import { z } from 'zod';
import type { CodecError } from '#contract/codec/codec-error.ts';
import type { EncodeError, Json, JsonObject } from '#contract/codec/format.ts';
import { fromJson } from '#contract/codec/format-json.ts';
import { readJsonValues, writeJson } from '#contract/codec/json-values.ts';
import { err, ok, type Result } from '#contract/result.ts';

const FORMS = ['array', 'object', 'sequence', 'blank'] as const;
type Form = (typeof FORMS)[number];

/** One event of a family, both ways; neither ever throws. */
export interface EventCodec {
  decode(value: Json): JsonObject;
  encode(value: unknown): { readonly written: Json } | { readonly path: string; readonly detail: string };
}

/** What `decode` of the family made of each event, in order. */
export interface DecodedFrame {
  readonly form: Form;
  readonly events: readonly JsonObject[];
}

/** Errors: those of `readJsonValues`. */
export function decodeEvents(codec: EventCodec, bytes: Uint8Array): Result<DecodedFrame, CodecError> {
  const values = readJsonValues(bytes);
  if (!values.ok) return values;
  const [first] = values.value;
  if (first === undefined) return ok({ form: 'blank', events: [] });
  const events = values.value.flatMap((value) => (isList(value) ? value : [value])).map((value) => codec.decode(value));
  if (values.value.length === 1) return ok({ form: isList(first) ? 'array' : 'object', events });
  return ok({ form: events.length > 1 ? 'sequence' : 'array', events });
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** As the bench tool prints it. */
export function frameToJson({ form, events }: DecodedFrame): JsonObject {
  return { form, events, ...(events.length === 0 && { keepalive: true }) };
}

const frame = z.object({
  form: z.enum(FORMS).default('array'),
  events: z.array(z.unknown()).max(100_000),
});

/** Inverse of {@link frameToJson} after {@link decodeEvents}; the same message, not the same blanks. */
export function encodeEvents(codec: EventCodec, value: unknown): Result<Uint8Array, EncodeError> {
  const given = fromJson(frame, value);
  if (!given.ok) return given;
  const { form, events } = given.value;
  const written: Json[] = [];
  for (const [index, event] of events.entries()) {
    const one = codec.encode(event);
    if ('path' in one) {
      const path = `events.${index}${one.path === '' ? '' : `.${one.path}`}`;
      return err({ code: 'bad-value', path, detail: one.detail });
    }
    written.push(one.written);
  }
  return join(form, written);
}

function join(form: Form, written: readonly Json[]): Result<Uint8Array, EncodeError> {
  const [first] = written;
  switch (form) {
    case 'blank':
      if (first !== undefined) return err({ code: 'bad-value', path: 'form', detail: 'blank has no events' });
      return ok(LINE_END);
    case 'array':
      return writeJson(written);
    case 'object':
      if (first === undefined || written.length > 1) {
        return err({ code: 'bad-value', path: 'events', detail: 'an object is exactly one event' });
      }
      return isWritable(first) ? writeJson(first) : err(NO_FRAME);
    case 'sequence':
      return joinLines(written);
  }
}

function joinLines(written: readonly Json[]): Result<Uint8Array, EncodeError> {
  const bytes: number[] = [];
  for (const value of written) {
    // A bare word is no frame of its own; within an array it may stand.
    const line = writeJson(isWritable(value) ? value : [value]);
    if (!line.ok) return line;
    for (const byte of [...line.value, ...LINE_END]) bytes.push(byte);
  }
  return ok(Uint8Array.from(bytes));
}

function isWritable(value: Json): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const LINE_END = Uint8Array.of(0x0d, 0x0a);
const NO_FRAME: EncodeError = {
  code: 'bad-value',
  path: 'events.0.raw',
  detail: 'an object; other values need an array',
};
