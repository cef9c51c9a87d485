/**
 * ADD, DELETE, ENABLE, DISABLE and GET ACCESSSPECS (40..44) with their responses (50..54).
 *
 * All but ADD and GET carry one u32 AccessSpecID, where 0 means every AccessSpec.
 *
 * Source: EPCglobal Low Level Reader Protocol 1.1, sections 12.1 and 17.1.
 */
import { ACCESS_SPEC, readAccessSpec, writeAccessSpec, type AccessSpec } from '#contract/codec/llrp/access-spec.ts';
import {
  emptyMessage,
  idMessage,
  statusMessage,
  type EmptyMessage,
  type IdMessage,
  type MessageBase,
  type MessageCodec,
  type StatusMessage,
} from '#contract/codec/llrp/message-codec.ts';
import { isStatus, missingStatus, readStatus, writeStatus, type LlrpStatus } from '#contract/codec/llrp/status.ts';

export interface AddAccessSpec extends MessageBase {
  readonly kind: 'add-access-spec';
  readonly accessSpec: AccessSpec;
}

export interface GetAccessSpecsResponse extends MessageBase {
  readonly kind: 'get-access-specs-response';
  readonly status: LlrpStatus;
  readonly accessSpecs: readonly AccessSpec[];
}

export type AccessSpecMessage =
  | AddAccessSpec
  | StatusMessage<'add-access-spec-response'>
  | IdMessage<'delete-access-spec'>
  | StatusMessage<'delete-access-spec-response'>
  | IdMessage<'enable-access-spec'>
  | StatusMessage<'enable-access-spec-response'>
  | IdMessage<'disable-access-spec'>
  | StatusMessage<'disable-access-spec-response'>
  | EmptyMessage<'get-access-specs'>
  | GetAccessSpecsResponse;

const NO_ACCESS_SPEC: AccessSpec = {
  id: 0,
  antennaId: 0,
  airProtocol: 0,
  active: false,
  rospecId: 0,
  operationsMax: 0,
  targets: [],
  ops: [],
  custom: [],
};

const ADD_ACCESS_SPEC: MessageCodec<AddAccessSpec> = {
  type: 40,
  kind: 'add-access-spec',
  decode(fields, base) {
    for (const { type, body } of fields.parameters()) {
      if (type === ACCESS_SPEC) return { kind: 'add-access-spec', ...base, accessSpec: readAccessSpec(body) };
    }
    fields.fail('bad-value', 'ADD_ACCESSSPEC without an AccessSpec');
    return { kind: 'add-access-spec', ...base, accessSpec: NO_ACCESS_SPEC };
  },
  encode(message, out) {
    writeAccessSpec(out, message.accessSpec);
  },
};

const GET_ACCESS_SPECS_RESPONSE: MessageCodec<GetAccessSpecsResponse> = {
  type: 54,
  kind: 'get-access-specs-response',
  decode(fields, base) {
    let status: LlrpStatus | undefined;
    const accessSpecs: AccessSpec[] = [];
    for (const { type, body } of fields.parameters()) {
      if (isStatus(type)) status = readStatus(body);
      else if (type === ACCESS_SPEC) accessSpecs.push(readAccessSpec(body));
    }
    return { kind: 'get-access-specs-response', ...base, status: status ?? missingStatus(fields), accessSpecs };
  },
  encode(message, out) {
    writeStatus(out, message.status);
    for (const accessSpec of message.accessSpecs) writeAccessSpec(out, accessSpec);
  },
};

export const ACCESS_SPEC_MESSAGES: readonly MessageCodec<AccessSpecMessage>[] = [
  ADD_ACCESS_SPEC,
  statusMessage(50, 'add-access-spec-response'),
  idMessage(41, 'delete-access-spec'),
  statusMessage(51, 'delete-access-spec-response'),
  idMessage(42, 'enable-access-spec'),
  statusMessage(52, 'enable-access-spec-response'),
  idMessage(43, 'disable-access-spec'),
  statusMessage(53, 'disable-access-spec-response'),
  emptyMessage(44, 'get-access-specs'),
  GET_ACCESS_SPECS_RESPONSE,
];
