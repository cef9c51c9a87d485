/** Between a codec's values and the JSON of the bench tool: bytes as hex, and faults with the path of the field. */
import { z } from 'zod';
import type { EncodeError, Json, JsonObject } from '#contract/codec/format.ts';
import { fromHex, toHex } from '#contract/hex.ts';
import { err, ok, type Result } from '#contract/result.ts';

/** Plain JSON of a decoded value: bytes become hex, absent fields are left out. */
export function toJson(value: object): JsonObject {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, field]: [string, unknown]) =>
      field === undefined ? [] : [[key, fieldToJson(field)]],
    ),
  );
}

function fieldToJson(value: unknown): Json {
  if (value instanceof Uint8Array) return toHex(value);
  if (Array.isArray(value)) return value.map((one: unknown) => fieldToJson(one));
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'object' && value !== null) return toJson(value);
  return value as Json;
}

/** A hex text as its bytes; `bytes` fixes how many. */
export function hexBytes(bytes?: number): z.ZodType<Uint8Array> {
  const wanted = bytes === undefined ? 'hexadecimal digits, two for each byte' : `${2 * bytes} hexadecimal digits`;
  return z.string().transform((text, context): Uint8Array => {
    const read = fromHex(text);
    if (read !== undefined && (bytes === undefined || read.length === bytes)) return read;
    context.addIssue({ code: 'custom', message: wanted });
    return z.NEVER;
  });
}

/** Hex text of `bytes` bytes that stays text, in upper case. */
export function hexText(bytes: number): z.ZodType<string> {
  return hexBytes(bytes).transform((read) => toHex(read));
}

export const byteField = z.int().min(0).max(0xff);
export const wordField = z.int().min(0).max(0xffff);

/** Checks outside JSON against a schema; the first fault with its path. */
export function fromJson<Value>(schema: z.ZodType<Value>, value: unknown): Result<Value, EncodeError> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  const fault = issue === undefined ? undefined : nearest(issue, []);
  return err({ code: 'bad-value', path: fault?.path.join('.') ?? '', detail: fault?.message ?? 'does not fit' });
}

interface Fault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Of a choice that nothing fits, the first fault of the choice with the fewest: the others are about other things. */
function nearest(issue: z.core.$ZodIssue, above: readonly PropertyKey[]): Fault {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys') return { path: [...path, issue.keys[0] ?? ''], message: issue.message };
  if (issue.code !== 'invalid_union') return { path, message: issue.message };
  const fewest = Math.min(...issue.errors.map(({ length }) => length));
  const [first] = issue.errors.find(({ length }) => length === fewest) ?? [];
  return first === undefined ? { path, message: issue.message } : nearest(first, path);
}

/** Whether two byte arrays hold the same. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
