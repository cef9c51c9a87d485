/**
 * Messages that come in several forms: the first layout that the bytes fit to the last one is it; bytes that fit none
 * are shown as `data`. The forms of one message must have different names, since these tell which one is written.
 */
import type { EncodeError, JsonObject } from '#contract/codec/format.ts';
import { fitsNames, hexRest, readLayout, writeLayout, type Layout } from '#contract/codec/layout.ts';
import { err, type Result } from '#contract/result.ts';

const RAW: Layout = [hexRest('data')];

/** The fields of `bytes` in the first form that they have, else `data`. */
export function readForms(forms: readonly Layout[], bytes: Uint8Array): JsonObject {
  for (const form of [...forms, RAW]) {
    const fields = readLayout(form, bytes);
    if (fields !== undefined) return fields;
  }
  return {};
}

/** The bytes of `fields`, in the form that has their names. */
export function writeForms(forms: readonly Layout[], fields: JsonObject): Result<Uint8Array, EncodeError> {
  const all = [...forms, RAW];
  const form = all.find((one) => fitsNames(one, fields));
  if (form !== undefined) return writeLayout(form, fields);
  const wanted = all.map((one) => one.map(({ name }) => name).join(', ') || 'nothing');
  return err({ code: 'bad-value', path: '', detail: `these fields: ${[...new Set(wanted)].join('; or: ')}` });
}
