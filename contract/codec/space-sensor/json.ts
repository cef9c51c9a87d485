/**
 * Looking into JSON of devices and services that may hold anything.
 *
 * Source: RFC 8259 (JSON), RFC 3339 (times).
 */
import type { CodecError } from '#contract/codec/codec-error.ts';
import type { Json, JsonObject } from '#contract/codec/format.ts';
import { isJsonObject, readJsonValues } from '#contract/codec/json-values.ts';
import { isoOfMs } from '#contract/codec/space-sensor/reading.ts';
import { err, ok, type Result } from '#contract/result.ts';

/** The one JSON value of a message. Errors: as `readJsonValues`, and `bad-length` for more than one. */
export function readOneJson(bytes: Uint8Array): Result<Json, CodecError> {
  const read = readJsonValues(bytes);
  if (!read.ok) return read;
  const [value, ...more] = read.value;
  if (value === undefined) return err({ code: 'truncated', offsetBytes: 0, detail: 'no JSON in it' });
  if (more.length > 0) return err({ code: 'bad-length', offsetBytes: 0, detail: 'more than one JSON value' });
  return ok(value);
}

/** The object under `name`, or an empty one. */
export function objectIn(object: JsonObject, name: string): JsonObject {
  const value = object[name];
  return isJsonObject(value) ? value : {};
}

/** The objects of the list under `name`; anything else is left out. */
export function objectsIn(object: JsonObject, name: string): readonly JsonObject[] {
  const value = object[name];
  return Array.isArray(value) ? (value as readonly Json[]).filter((entry) => isJsonObject(entry)) : [];
}

/** A text that says something; numbers become text, since ids come as either. */
export function textIn(object: JsonObject, name: string): string | undefined {
  const value = object[name];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A finite number. */
export function numberIn(object: JsonObject, name: string): number | undefined {
  const value = object[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** A whole number that can be a count of people. */
export function countIn(object: JsonObject, name: string): number | undefined {
  const value = numberIn(object, name);
  return value !== undefined && Number.isInteger(value) && value >= 0 && value <= COUNT_MAX ? value : undefined;
}

/** As the wire contract bounds counts. */
const COUNT_MAX = 4_294_967_295;

/** Later than this Unix times are in milliseconds: as seconds it would be the year 5138. */
const SECONDS_MAX = 100_000_000_000;
const WITH_OFFSET = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/i;

/** A time as RFC 3339 text (with its offset: without one nobody knows when it was) or as Unix seconds or milliseconds. */
export function isoTime(value: Json | undefined): string | undefined {
  if (typeof value === 'number') return isoOfMs(value < SECONDS_MAX ? value * 1000 : value);
  return typeof value === 'string' && WITH_OFFSET.test(value) ? isoOfMs(Date.parse(value)) : undefined;
}
