/**
 * A capture on disk: one JSON object a line. The first says what was captured, each following one is a piece of the
 * wire in its order:
 *
 *     {"capture":1,"driver":"3m","link":"serial:///dev/ttyUSB0?baud=19200","antennas":[1],"settings":{},"startedAt":"2026-…"}
 *     {"ms":12.4,"from":"gateway","hex":"D60005FE0005FA40"}
 *     {"ms":15.0,"from":"reader","hex":"D60007FE00000500C97B"}
 *     {"ms":480.2,"from":"reader","withheld":"may be a patron card","bytes":30}
 *
 * `ms` counts from the start of the capture.
 */
import { z } from 'zod';
import { AppError } from '#contract/errors.ts';

export const captureHead = z.looseObject({
  capture: z.literal(1),
  driver: z.string().max(32),
  link: z.string().max(300),
  antennas: z.array(z.int().min(1).max(1024)).min(1).max(1024),
  settings: z.record(z.string(), z.unknown()),
  startedAt: z.iso.datetime(),
});
export type CaptureHead = z.infer<typeof captureHead>;

const from = z.enum(['reader', 'gateway']);
const ms = z.number().min(0);
const hex = z.string().regex(/^(?:[0-9A-Fa-f]{2})+$/, 'hexadecimal digits, two for each byte');

export const captureEntry = z.union([
  z.looseObject({ ms, from, hex }),
  z.looseObject({ ms, from, withheld: z.string().max(200), bytes: z.int().min(0) }),
]);
export type CaptureEntry = z.infer<typeof captureEntry>;

/** Reads one line. Errors: API_BAD_INPUT with the line's number and what would fit. */
export function parseCaptureLine<Value>(schema: z.ZodType<Value>, text: string, number: number): Value {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error: unknown) {
    throw new AppError('API_BAD_INPUT', `line ${number} of the capture is no JSON`, { number }, { cause: error });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const what = z.prettifyError(parsed.error);
  throw new AppError('API_BAD_INPUT', `line ${number} of the capture does not fit: ${what}`, { number });
}
