/**
 * Messages about the connection itself: protocol version, keepalive, errors, closing.
 *
 *     GET_SUPPORTED_VERSION 46 | (always sent in version 2)
 *     ..._RESPONSE 56          | current version u8 | highest version u8 | LLRPStatus, last |
 *     SET_PROTOCOL_VERSION 47  | version u8 |
 *
 * Source: EPCglobal Low Level Reader Protocol 1.1, sections 9 (version negotiation), 14 (keepalive, errors, closing)
 * and 17.1 (binary encoding of messages).
 */
import {
  emptyMessage,
  statusMessage,
  type EmptyMessage,
  type MessageBase,
  type MessageCodec,
  type StatusMessage,
} from '#contract/codec/llrp/message-codec.ts';
import { readStatusParameter, writeStatus, type LlrpStatus } from '#contract/codec/llrp/status.ts';

export interface GetSupportedVersionResponse extends MessageBase {
  readonly kind: 'get-supported-version-response';
  /** 1 = LLRP 1.0.1, 2 = LLRP 1.1; kept as a number, since a newer reader may support more than we speak. */
  readonly currentVersion: number;
  readonly highestVersion: number;
  readonly status: LlrpStatus;
}

export interface SetProtocolVersion extends MessageBase {
  readonly kind: 'set-protocol-version';
  readonly protocolVersion: number;
}

export type LinkMessage =
  | EmptyMessage<'get-supported-version'>
  | GetSupportedVersionResponse
  | SetProtocolVersion
  | StatusMessage<'set-protocol-version-response'>
  | EmptyMessage<'keepalive'>
  | EmptyMessage<'keepalive-ack'>
  | StatusMessage<'error-message'>
  | EmptyMessage<'close-connection'>
  | StatusMessage<'close-connection-response'>;

const GET_SUPPORTED_VERSION_RESPONSE: MessageCodec<GetSupportedVersionResponse> = {
  type: 56,
  kind: 'get-supported-version-response',
  decode: (fields, base) => ({
    kind: 'get-supported-version-response',
    ...base,
    currentVersion: fields.u8(),
    highestVersion: fields.u8(),
    status: readStatusParameter(fields),
  }),
  encode(message, out) {
    out.u8(message.currentVersion);
    out.u8(message.highestVersion);
    writeStatus(out, message.status);
  },
};

const SET_PROTOCOL_VERSION: MessageCodec<SetProtocolVersion> = {
  type: 47,
  kind: 'set-protocol-version',
  decode: (fields, base) => ({ kind: 'set-protocol-version', ...base, protocolVersion: fields.u8() }),
  encode(message, out) {
    out.u8(message.protocolVersion);
  },
};

export const LINK_MESSAGES: readonly MessageCodec<LinkMessage>[] = [
  emptyMessage(46, 'get-supported-version'),
  GET_SUPPORTED_VERSION_RESPONSE,
  SET_PROTOCOL_VERSION,
  statusMessage(57, 'set-protocol-version-response'),
  emptyMessage(62, 'keepalive'),
  emptyMessage(72, 'keepalive-ack'),
  statusMessage(100, 'error-message'),
  emptyMessage(14, 'close-connection'),
  statusMessage(4, 'close-connection-response'),
];
