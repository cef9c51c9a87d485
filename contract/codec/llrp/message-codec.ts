/**
 * What one row of the message table is, and the three shapes that most LLRP messages share: no body at all, a body of
 * one LLRPStatus, or a body of one id.
 *
 * Source: EPCglobal Low Level Reader Protocol 1.1, section 17.1, binary encoding of messages.
 */
import type { FieldReader } from '#contract/codec/llrp/field-reader.ts';
import type { FieldWriter } from '#contract/codec/llrp/field-writer.ts';
import type { LlrpVersion } from '#contract/codec/llrp/header.ts';
import { readStatusParameter, writeStatus, type LlrpStatus } from '#contract/codec/llrp/status.ts';

/** In every message: which protocol version it was sent in, and the number that pairs a request with its response. */
export interface MessageBase {
  readonly version: LlrpVersion;
  readonly messageId: number;
}

/** How the body of one message type is read and written. Faults go into the reader, so `decode` always returns. */
export interface MessageCodec<Message extends { readonly kind: string }> {
  readonly type: number;
  readonly kind: Message['kind'];
  decode(fields: FieldReader, base: MessageBase): Message;
  encode(message: Message, out: FieldWriter): void;
}

/** A message that says all by its type. */
export interface EmptyMessage<Kind extends string> extends MessageBase {
  readonly kind: Kind;
}

/** A response that only says how it went. */
export interface StatusMessage<Kind extends string> extends MessageBase {
  readonly kind: Kind;
  readonly status: LlrpStatus;
}

/** A request about one ROSpec or AccessSpec; id 0 means all of them. */
export interface IdMessage<Kind extends string> extends MessageBase {
  readonly kind: Kind;
  readonly id: number;
}

/** Row for a message without a body. */
export function emptyMessage<Kind extends string>(type: number, kind: Kind): MessageCodec<EmptyMessage<Kind>> {
  return { type, kind, decode: (_fields, base) => ({ kind, ...base }), encode: () => undefined };
}

/** Row for a response of one LLRPStatus. */
export function statusMessage<Kind extends string>(type: number, kind: Kind): MessageCodec<StatusMessage<Kind>> {
  return {
    type,
    kind,
    decode: (fields, base) => ({ kind, ...base, status: readStatusParameter(fields) }),
    encode: (message, out) => {
      writeStatus(out, message.status);
    },
  };
}

/** Row for a request that names one spec. */
export function idMessage<Kind extends string>(type: number, kind: Kind): MessageCodec<IdMessage<Kind>> {
  return {
    type,
    kind,
    decode: (fields, base) => ({ kind, ...base, id: fields.u32() }),
    encode: (message, out) => {
      out.u32(message.id);
    },
  };
}
