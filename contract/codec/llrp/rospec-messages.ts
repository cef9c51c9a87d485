/**
 * ADD, DELETE, START, STOP, ENABLE, DISABLE and GET ROSPECS (20..26) with their responses (30..36).
 *
 * All but ADD and GET carry one u32 ROSpecID, where 0 means every ROSpec (not for START and STOP).
 *
 * Source: EPCglobal Low Level Reader Protocol 1.1, sections 11.1 and 17.1.
 */
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
import { readRospec, ROSPEC, writeRospec, type Rospec } from '#contract/codec/llrp/rospec.ts';
import { isStatus, missingStatus, readStatus, writeStatus, type LlrpStatus } from '#contract/codec/llrp/status.ts';

export interface AddRospec extends MessageBase {
  readonly kind: 'add-rospec';
  readonly rospec: Rospec;
}

export interface GetRospecsResponse extends MessageBase {
  readonly kind: 'get-rospecs-response';
  readonly status: LlrpStatus;
  readonly rospecs: readonly Rospec[];
}

export type RospecMessage =
  | AddRospec
  | StatusMessage<'add-rospec-response'>
  | IdMessage<'delete-rospec'>
  | StatusMessage<'delete-rospec-response'>
  | IdMessage<'start-rospec'>
  | StatusMessage<'start-rospec-response'>
  | IdMessage<'stop-rospec'>
  | StatusMessage<'stop-rospec-response'>
  | IdMessage<'enable-rospec'>
  | StatusMessage<'enable-rospec-response'>
  | IdMessage<'disable-rospec'>
  | StatusMessage<'disable-rospec-response'>
  | EmptyMessage<'get-rospecs'>
  | GetRospecsResponse;

const NO_ROSPEC: Rospec = {
  id: 0,
  priority: 0,
  state: 'disabled',
  boundary: { start: { kind: 'null' }, stop: { kind: 'null' } },
  specs: [],
};

const ADD_ROSPEC: MessageCodec<AddRospec> = {
  type: 20,
  kind: 'add-rospec',
  decode(fields, base) {
    for (const { type, body } of fields.parameters()) {
      if (type === ROSPEC) return { kind: 'add-rospec', ...base, rospec: readRospec(body) };
    }
    fields.fail('bad-value', 'ADD_ROSPEC without a ROSpec');
    return { kind: 'add-rospec', ...base, rospec: NO_ROSPEC };
  },
  encode(message, out) {
    writeRospec(out, message.rospec);
  },
};

const GET_ROSPECS_RESPONSE: MessageCodec<GetRospecsResponse> = {
  type: 36,
  kind: 'get-rospecs-response',
  decode(fields, base) {
    let status: LlrpStatus | undefined;
    const rospecs: Rospec[] = [];
    for (const { type, body } of fields.parameters()) {
      if (isStatus(type)) status = readStatus(body);
      else if (type === ROSPEC) rospecs.push(readRospec(body));
    }
    return { kind: 'get-rospecs-response', ...base, status: status ?? missingStatus(fields), rospecs };
  },
  encode(message, out) {
    writeStatus(out, message.status);
    for (const rospec of message.rospecs) writeRospec(out, rospec);
  },
};

export const ROSPEC_MESSAGES: readonly MessageCodec<RospecMessage>[] = [
  ADD_ROSPEC,
  statusMessage(30, 'add-rospec-response'),
  idMessage(21, 'delete-rospec'),
  statusMessage(31, 'delete-rospec-response'),
  idMessage(22, 'start-rospec'),
  statusMessage(32, 'start-rospec-response'),
  idMessage(23, 'stop-rospec'),
  statusMessage(33, 'stop-rospec-response'),
  idMessage(24, 'enable-rospec'),
  statusMessage(34, 'enable-rospec-response'),
  idMessage(25, 'disable-rospec'),
  statusMessage(35, 'disable-rospec-response'),
  emptyMessage(26, 'get-rospecs'),
  GET_ROSPECS_RESPONSE,
];
