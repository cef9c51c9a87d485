/**
 * Lines of the TSL ASCII protocol for the bench tool; one line is one frame.
 *
 * Source: TSL ASCII protocol 2.5 (asciiprotocol.com).
 */
import { z } from 'zod';
import type { EncodeError, Format } from '#contract/codec/format.ts';
import { fromJson, hexBytes, toJson } from '#contract/codec/format-json.ts';
import { frameProblem, serialSplitter } from '#contract/codec/serial-framer.ts';
import { TSL_HEADERS } from '#contract/codec/tsl/headers.table.ts';
import { decodeTslLine, encodeTslLine, LINE_BYTES_MAX, TSL_SHAPE } from '#contract/codec/tsl/line.ts';
import { err, ok, type Result } from '#contract/result.ts';

const end = z.enum(['crlf', 'lf']).default('crlf');
const ascii = z.string().regex(/^[\x20-\x7e]*$/, 'printable ASCII');
const value = z.union([
  z.strictObject({ epc: z.string().regex(/^(?:[0-9A-F]{2})+$/, 'upper-case hexadecimal digits, two for each byte') }),
  z.strictObject({ rssiDbm: z.int().min(-999).max(999) }),
  // eslint-disable-next-line no-control-regex -- a barcode may hold control characters
  z.strictObject({ barcode: z.string().regex(/^[\x00-\x7f]*$/, 'ASCII') }),
  // eslint-disable-next-line no-control-regex -- what a reader sends is not always printable; one line is checked below
  z.strictObject({ text: z.string().regex(/^[\x00-\x7f]*$/, 'ASCII') }),
]);

const line = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('blank'), end }),
  z.strictObject({
    kind: z.literal('command'),
    command: z.string().regex(/^[a-z]{2}$/, 'two letters'),
    rest: ascii,
    end,
  }),
  z.strictObject({
    kind: z.literal('field'),
    header: z.string().regex(/^[A-Z]{2}$/, 'two capital letters'),
    name: z.string().optional(),
    gap: z.int().min(0).max(8).default(1),
    value,
    end,
  }),
  z.strictObject({ kind: z.literal('raw'), data: hexBytes(), end }),
]);

function encode(given: unknown): Result<Uint8Array, EncodeError> {
  const checked = fromJson(line, given);
  if (!checked.ok) return checked;
  const written = encodeTslLine(checked.value);
  const problem = frameProblem(TSL_SHAPE, written);
  if (problem === undefined && written.length <= LINE_BYTES_MAX) return ok(written);
  return err({ code: 'bad-value', path: '', detail: `one line of at most ${LINE_BYTES_MAX} bytes` });
}

export const tslFormat: Format = {
  name: 'tsl',
  summary: 'lines of the TSL ASCII protocol (handhelds), commands and responses',
  notation: 'text',
  decode(bytes) {
    const problem = frameProblem(TSL_SHAPE, bytes);
    if (problem !== undefined) return err(problem);
    const read = decodeTslLine(bytes);
    const name = read.kind === 'field' ? TSL_HEADERS[read.header] : undefined;
    return ok(toJson({ ...read, ...(name !== undefined && { name }) }));
  },
  encode,
  split: () => serialSplitter(TSL_SHAPE),
};
