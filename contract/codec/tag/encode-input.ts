/**
 * What the encoders of tag formats share: checking what a person wrote, and saying what is wrong with it.
 *
 * Source: none; a matter of this project.
 */
import { z } from 'zod';
import type { EncodeError } from '#contract/codec/format.ts';
import { err, ok, type Result } from '#contract/result.ts';

/** Size of a tag's memory. More than 8 KiB is on no library tag. */
export const memorySize = z.int().min(0).max(8192);

/** A value that cannot be written: `path` names the field. */
export function badValue(path: string, detail: string): { readonly ok: false; readonly error: EncodeError } {
  return err({ code: 'bad-value', path, detail });
}

/** Fails for the first field of `given` that is there and differs from what the other fields make of it. */
export function checkDerived(
  given: Readonly<Record<string, unknown>>,
  derived: Readonly<Record<string, unknown>>,
  source: string,
): Result<undefined, EncodeError> {
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const expected = JSON.stringify(derived[key]) as string | undefined;
    if (JSON.stringify(value) !== expected) {
      return badValue(key, `must be ${expected ?? 'absent'} as ${source} says; change that, or leave this out`);
    }
  }
  return ok(undefined);
}

/** Fills `bytes` with zeros up to `memoryBytes`, if that is given. */
export function fillMemory(bytes: Uint8Array, memoryBytes: number | undefined): Result<Uint8Array, EncodeError> {
  if (memoryBytes === undefined) return ok(bytes);
  if (bytes.length > memoryBytes) {
    return badValue('memoryBytes', `must be ${bytes.length} or more: so many bytes the fields take`);
  }
  const memory = new Uint8Array(memoryBytes);
  memory.set(bytes);
  return ok(memory);
}

/** What stands behind the last field: nothing for zeros, which `memoryBytes` brings back. */
export function restField(rest: Uint8Array): Uint8Array | undefined {
  return rest.every((value) => value === 0) ? undefined : rest;
}
