/**
 * UTCTimestamp (128) and Uptime (129): microseconds since 1970, or since the reader started, as u64.
 *
 * A number holds whole microseconds until the year 2255; what lies above 2^53 is given as undefined, never rounded.
 *
 * Source: EPCglobal Low Level Reader Protocol 1.1, sections 17.2.2.1 and 17.2.2.2.
 */
import type { FieldReader } from '#contract/codec/llrp/field-reader.ts';
import type { FieldWriter } from '#contract/codec/llrp/field-writer.ts';

export const UTC_TIMESTAMP = 128;
export const UPTIME = 129;

/** Reads the value of either parameter. */
export function readUtc(body: FieldReader): number | undefined {
  return body.microseconds();
}

/** Writes a UTCTimestamp parameter. */
export function writeUtc(out: FieldWriter, microseconds: number): void {
  out.tlv(UTC_TIMESTAMP, () => {
    out.microseconds(microseconds);
  });
}

/** Writes an Uptime parameter. */
export function writeUptime(out: FieldWriter, microseconds: number): void {
  out.tlv(UPTIME, () => {
    out.microseconds(microseconds);
  });
}
