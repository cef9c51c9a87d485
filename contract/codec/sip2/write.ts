/**
 * Writes SIP2 messages. A value that would end its field or its message is refused, never cleaned: a barcode with a bar
 * in it is an attack or a misread, and both would reach the library's books as something else.
 *
 * Source: 3M Standard Interchange Protocol 2.00, "Message format" and "Error detection".
 */
import { concatBytes } from '#contract/bytes.ts';
import type { EncodeError } from '#contract/codec/format.ts';
import { bytesOf, type Sip2Charset } from '#contract/codec/sip2/charset.ts';
import { sip2Checksum } from '#contract/codec/sip2/checksum.ts';
import { FIELDS_MAX, MESSAGE_BYTES_MAX, type Sip2Draft } from '#contract/codec/sip2/message.ts';
import { SIP2_LAYOUTS, type FixedField } from '#contract/codec/sip2/messages.table.ts';
import { FIELD_ID } from '#contract/codec/sip2/read.ts';
import { err, ok, type Result } from '#contract/result.ts';

/**
 * One message without its end mark. With a `sequence` it carries `AY`; with `checksumValid` other than null it carries
 * `AZ`, always the right one.
 *
 * Errors: `bad-value` with the field's path.
 */
export function writeSip2(draft: Sip2Draft, charset: Sip2Charset): Result<Uint8Array, EncodeError> {
  const layout = SIP2_LAYOUTS.get(draft.code);
  if (layout === undefined) return refuse('code', `there is no message ${JSON.stringify(draft.code)}`);
  const unknown = Object.keys(draft.fixed).find((name) => !layout.fixed.some((field) => field.name === name));
  if (unknown !== undefined) return refuse(`fixed.${unknown}`, `message ${draft.code} has no such part`);
  if (draft.fields.length > FIELDS_MAX) return refuse('fields', `a message has at most ${FIELDS_MAX} fields`);

  let text = draft.code;
  for (const field of layout.fixed) {
    const value = Object.hasOwn(draft.fixed, field.name) ? draft.fixed[field.name] : undefined;
    const problem = fixedProblem(field, value);
    if (value === undefined || problem !== undefined) return refuse(`fixed.${field.name}`, problem ?? 'is missing');
    text += value;
  }
  for (const [index, [id, value]] of draft.fields.entries()) {
    const problem = fieldProblem(id, value);
    if (problem !== undefined) return refuse(`fields.${index}`, problem);
    text += `${id}${value}|`;
  }
  const { sequence } = draft;
  if (sequence !== null && !(Number.isInteger(sequence) && sequence >= 0 && sequence <= 9)) {
    return refuse('sequence', 'one digit, 0 to 9, or null');
  }
  if (sequence !== null) text += `AY${sequence}`;
  return toWire(draft.checksumValid === null ? text : `${text}AZ`, draft, charset);
}

/** The bytes of `text` and, where it ends in `AZ`, its checksum. */
function toWire(text: string, draft: Sip2Draft, charset: Sip2Charset): Result<Uint8Array, EncodeError> {
  const written = bytesOf(text, charset);
  if ('missing' in written) {
    // Not which one: it may be of a password.
    const at = draft.fields.findIndex(([, value]) => value.includes(written.missing));
    return refuse(`fields.${at}`, `a character that ${charset} does not have`);
  }
  const whole =
    draft.checksumValid === null
      ? written.bytes
      : concatBytes([written.bytes, new TextEncoder().encode(sip2Checksum(written.bytes))]);
  if (whole.length <= MESSAGE_BYTES_MAX) return ok(whole);
  return refuse('', `a message has at most ${MESSAGE_BYTES_MAX} bytes`);
}

function fixedProblem({ width, isDate, mayHoldBar }: FixedField, value: string | undefined): string | undefined {
  const isShortDate = isDate === true && value !== undefined && /^\d{8} ?\d{6}$/.test(value);
  if (value?.length !== width && !isShortDate) return `${width} characters`;
  if (!/^[\x20-\x7e]*$/.test(value)) return 'printable ASCII';
  return mayHoldBar !== true && value.includes('|') ? 'no bar' : undefined;
}

/** Why a field cannot be written; undefined where it can. */
export function fieldProblem(id: string, value: string): string | undefined {
  if (!FIELD_ID.test(id)) return `a field's name is two letters or digits`;
  if (id === 'AY' || id === 'AZ') return 'AY and AZ are written from "sequence" and "checksumValid"';
  // eslint-disable-next-line no-control-regex -- a line end would begin a message, a NUL end one
  const strange = /[|\u0000-\u001f\u007f]/.exec(value)?.[0];
  if (strange === undefined) return undefined;
  return strange === '|' ? `${id}: a bar would end the field` : `${id}: a control character would end the message`;
}

function refuse(path: string, detail: string): Result<never, EncodeError> {
  return err({ code: 'bad-value', path, detail });
}
