/**
 * SIP2 messages for the bench tool. A line is the message's text in the character set asked for.
 *
 * Source: 3M Standard Interchange Protocol 2.00.
 */
import { z } from 'zod';
import type { CodecError } from '#contract/codec/codec-error.ts';
import type { Format, JsonObject } from '#contract/codec/format.ts';
import { fromJson } from '#contract/codec/format-json.ts';
import { bytesOf, type Sip2Charset } from '#contract/codec/sip2/charset.ts';
import { Sip2Framer } from '#contract/codec/sip2/framer.ts';
import { readSip2, type ReadMessage } from '#contract/codec/sip2/read.ts';
import { writeSip2 } from '#contract/codec/sip2/write.ts';
import { err, ok, type Result } from '#contract/result.ts';

const draft = z.strictObject({
  code: z.string().regex(/^\d{2}$/, 'two digits'),
  /** Follows from the code; given back by `decode` for the eye. */
  name: z.string().optional(),
  fixed: z.record(z.string(), z.string()),
  fields: z.array(z.tuple([z.string(), z.string()])),
  sequence: z.int().min(0).max(9).nullable().default(null),
  /** Nothing said: as the sequence number, since the two belong together. */
  checksumValid: z.boolean().nullable().optional(),
});

function decode(bytes: Uint8Array, charset: Sip2Charset): Result<JsonObject, CodecError> {
  const read = readSip2(bytes, { charset });
  const message = read.ok ? inAnotherSet(bytes, charset, read.value) : read;
  if (!message.ok) return message;
  const { unreadableAt, ...parts } = message.value;
  if (unreadableAt === undefined) return ok(parts);
  return err({
    code: 'bad-value',
    offsetBytes: unreadableAt,
    detail: `a control character, or a byte that ${charset} does not have`,
  });
}

/**
 * A line that was copied from a screen is UTF-8, whatever the library's character set is. Only the checksum can tell,
 * and it does: where it does not fit the bytes as they are but fits the same text in the set, the text was meant.
 */
function inAnotherSet(bytes: Uint8Array, charset: Sip2Charset, asGiven: ReadMessage): Result<ReadMessage, CodecError> {
  if (charset === 'utf-8' || asGiven.checksumValid !== false) return ok(asGiven);
  const written = bytesOf(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes), charset);
  if ('missing' in written) return ok(asGiven);
  const asText = readSip2(written.bytes, { charset });
  return asText.ok && asText.value.checksumValid === true ? asText : ok(asGiven);
}

/** The format in one character set. */
export function sip2Format(charset: Sip2Charset): Format {
  return {
    name: 'sip2',
    summary: 'messages of SIP2 between terminals and the library system (a line is its text; see --charset)',
    notation: 'line',
    decode: (bytes) => decode(bytes, charset),
    encode(given) {
      const checked = fromJson(draft, given);
      if (!checked.ok) return checked;
      const { sequence, checksumValid = sequence === null ? null : true } = checked.value;
      return writeSip2({ ...checked.value, checksumValid }, charset);
    },
    split: () => new Sip2Framer(),
  };
}
