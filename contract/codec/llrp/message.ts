/**
 * Every LLRP message we speak, in both directions: what a client sends is what a reader simulator reads.
 *
 * Messages are told apart by `kind`. A type we do not know is kept whole as `unknown`, never refused: a reader may be
 * newer than we are.
 *
 * Source: EPCglobal Low Level Reader Protocol 1.1, section 17.1.
 */
import { assert } from '#contract/assert.ts';
import type { CodecError } from '#contract/codec/codec-error.ts';
import { ACCESS_SPEC_MESSAGES, type AccessSpecMessage } from '#contract/codec/llrp/access-spec-messages.ts';
import { CAPABILITIES_MESSAGES, type CapabilitiesMessage } from '#contract/codec/llrp/capabilities-messages.ts';
import { CONFIG_MESSAGES, type ConfigMessage } from '#contract/codec/llrp/config-messages.ts';
import { CUSTOM_MESSAGE, type CustomMessage } from '#contract/codec/llrp/custom.ts';
import { FieldReader, type Fault } from '#contract/codec/llrp/field-reader.ts';
import { FieldWriter } from '#contract/codec/llrp/field-writer.ts';
import { decodeHeader, encodeHeader, HEADER_BYTES } from '#contract/codec/llrp/header.ts';
import { LINK_MESSAGES, type LinkMessage } from '#contract/codec/llrp/link-messages.ts';
import type { MessageBase, MessageCodec } from '#contract/codec/llrp/message-codec.ts';
import { READER_EVENT_NOTIFICATION, type ReaderEventNotification } from '#contract/codec/llrp/reader-events.ts';
import { REPORT_MESSAGES, type ReportMessage } from '#contract/codec/llrp/report-messages.ts';
import { ROSPEC_MESSAGES, type RospecMessage } from '#contract/codec/llrp/rospec-messages.ts';
import { err, ok, type Result } from '#contract/result.ts';

/** A message of a type we do not know, as it came. */
export interface UnknownMessage extends MessageBase {
  readonly kind: 'unknown';
  readonly type: number;
  readonly body: Uint8Array;
}

type KnownMessage =
  | LinkMessage
  | CapabilitiesMessage
  | ConfigMessage
  | RospecMessage
  | AccessSpecMessage
  | ReportMessage
  | ReaderEventNotification
  | CustomMessage;

export type LlrpMessage = KnownMessage | UnknownMessage;

const CODECS: readonly MessageCodec<KnownMessage>[] = [
  ...LINK_MESSAGES,
  ...CAPABILITIES_MESSAGES,
  ...CONFIG_MESSAGES,
  ...ROSPEC_MESSAGES,
  ...ACCESS_SPEC_MESSAGES,
  ...REPORT_MESSAGES,
  READER_EVENT_NOTIFICATION,
  CUSTOM_MESSAGE,
];

const CODEC_BY_TYPE = new Map(CODECS.map((codec) => [codec.type, codec]));
const CODEC_BY_KIND = new Map(CODECS.map((codec) => [codec.kind, codec]));

/**
 * Reads one whole message as the framer cut it.
 *
 * Errors: those of the header; `bad-length` (the header does not match the bytes, or a parameter its container);
 * `truncated`, `bad-value`, `unknown-type` (the body cannot be read; the connection is still good: count it, go on).
 */
export function decodeMessage(bytes: Uint8Array): Result<LlrpMessage, CodecError> {
  const header = decodeHeader(bytes);
  if (!header.ok) return header;
  const { type, version, messageId, lengthBytes } = header.value;
  if (lengthBytes !== bytes.length) {
    return err({ code: 'bad-length', offsetBytes: 2, detail: `${lengthBytes} announced, ${bytes.length} given` });
  }

  const codec = CODEC_BY_TYPE.get(type);
  if (codec === undefined) {
    return ok({ kind: 'unknown', version, messageId, type, body: bytes.slice(HEADER_BYTES) });
  }
  const fault: Fault = { error: undefined };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const message = codec.decode(new FieldReader(view, HEADER_BYTES, bytes.length, fault), { version, messageId });
  return fault.error === undefined ? ok(message) : err(fault.error);
}

/** Inverse of {@link decodeMessage}. Values out of range are a fault of ours and end in an assertion. */
export function encodeMessage(message: LlrpMessage): Uint8Array {
  const out = new FieldWriter();
  out.put(new Uint8Array(HEADER_BYTES));
  const type = writeBody(out, message);
  const bytes = out.finish();
  const { version, messageId } = message;
  bytes.set(encodeHeader({ version, type, lengthBytes: bytes.length, messageId }));
  return bytes;
}

function writeBody(out: FieldWriter, message: LlrpMessage): number {
  if (message.kind === 'unknown') {
    out.put(message.body);
    return message.type;
  }
  const codec = CODEC_BY_KIND.get(message.kind);
  assert(codec !== undefined, 'every kind of message has a codec');
  codec.encode(message, out);
  return codec.type;
}
