/**
 * The JSON that readers speak, as values and back: whole numbers beyond 2^53 (nanosecond times, serial numbers) become
 * decimal text instead of losing their last digits.
 *
 * Source: RFC 8259 (JSON).
 */
import type { CodecError } from '#contract/codec/codec-error.ts';
import type { EncodeError, Json, JsonObject } from '#contract/codec/format.ts';
import { isJsonSpace, JSON_DEPTH_MAX } from '#contract/codec/json-scanner.ts';
import { JSON_VALUE_BYTES_MAX, JsonSplitter } from '#contract/codec/json-splitter.ts';
import { err, ok, type Result } from '#contract/result.ts';

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const UTF8_BYTES = new TextEncoder();

/** A text, which is passed over, or a number. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * All values in `bytes`, with or without anything between them. None for blanks alone: a sign of life.
 *
 * Errors: `truncated` (no byte, or cut within a value), `bad-value` (not JSON, or not UTF-8), `bad-length` (a value beyond
 * JSON_VALUE_BYTES_MAX).
 */
export function readJsonValues(bytes: Uint8Array): Result<readonly Json[], CodecError> {
  if (bytes.length === 0) return err({ code: 'truncated', offsetBytes: 0, detail: 'no byte' });
  if (bytes.every(isJsonSpace)) return ok([]);
  const splitter = new JsonSplitter(JSON_VALUE_BYTES_MAX);
  const values: Json[] = [];
  for (const piece of [...splitter.feed(bytes), ...splitter.end()]) {
    if (piece.kind === 'fault') return err(piece.error);
    const value = parseJson(piece.bytes);
    if (value === undefined) {
      return err({ code: 'bad-value', offsetBytes: piece.offsetBytes, detail: 'this text is not UTF-8' });
    }
    values.push(value);
  }
  return ok(values);
}

function parseJson(bytes: Uint8Array): Json | undefined {
  try {
    return JSON.parse(UTF8.decode(bytes).replaceAll(TOKEN, safeToken)) as Json;
  } catch {
    return undefined;
  }
}

function safeToken(token: string): string {
  if (token.startsWith('"')) return token;
  const number = Number(token);
  const isKept = Number.isFinite(number) && (!/^-?\d+$/.test(token) || Number.isSafeInteger(number));
  return isKept ? token : `"${token}"`;
}

/** The text of one value, without blanks. Errors: nested too deeply to be written. */
export function writeJson(value: Json): Result<Uint8Array, EncodeError> {
  if (depthOf(value) > JSON_DEPTH_MAX) {
    return err({ code: 'bad-value', path: '', detail: `nested deeper than ${JSON_DEPTH_MAX} levels` });
  }
  return ok(UTF8_BYTES.encode(JSON.stringify(value)));
}

/** Level by level and not by recursion: what comes in from outside may be as deep as it likes. */
function depthOf(value: unknown): number {
  let level: unknown[] = [value];
  for (let depth = 0; ; depth += 1) {
    level = level.flatMap((one): unknown[] => (typeof one === 'object' && one !== null ? Object.values(one) : []));
    if (level.length === 0 || depth > JSON_DEPTH_MAX) return depth;
  }
}

/** An object, and no array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object without some of its fields. */
export function omitFields(value: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
}

/** A value in a sentence: texts as they are, anything else as JSON. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined ? '' : JSON.stringify(value);
}
