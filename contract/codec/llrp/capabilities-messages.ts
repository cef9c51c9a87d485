/**
 * GET_READER_CAPABILITIES (1) and its response (11).
 *
 *     1  | what u8 | Custom* |
 *     11 | LLRPStatus | 137? | 142? | 143? | 327? | Custom* |
 *
 * Source: EPCglobal Low Level Reader Protocol 1.1, sections 10.1 and 17.1.
 */
import {
  C1G2_CAPABILITIES,
  GENERAL_CAPABILITIES,
  LLRP_CAPABILITIES,
  readC1g2Capabilities,
  readGeneral,
  readLlrpCapabilities,
  writeC1g2Capabilities,
  writeGeneral,
  writeLlrpCapabilities,
  type C1g2Capabilities,
  type GeneralCapabilities,
  type LlrpCapabilities,
} from '#contract/codec/llrp/capabilities-general.ts';
import {
  readRegulatory,
  REGULATORY_CAPABILITIES,
  writeRegulatory,
  type RegulatoryCapabilities,
} from '#contract/codec/llrp/capabilities-regulatory.ts';
import { CUSTOM_PARAMETER, readCustom, writeCustom, type CustomParameter } from '#contract/codec/llrp/custom.ts';
import type { FieldReader } from '#contract/codec/llrp/field-reader.ts';
import type { MessageBase, MessageCodec } from '#contract/codec/llrp/message-codec.ts';
import { isStatus, missingStatus, readStatus, writeStatus, type LlrpStatus } from '#contract/codec/llrp/status.ts';

const REQUESTED = ['all', 'general', 'llrp', 'regulatory', 'c1g2'] as const;

export interface GetReaderCapabilities extends MessageBase {
  readonly kind: 'get-reader-capabilities';
  readonly requested: (typeof REQUESTED)[number];
  readonly custom: readonly CustomParameter[];
}

export interface GetReaderCapabilitiesResponse extends MessageBase {
  readonly kind: 'get-reader-capabilities-response';
  readonly status: LlrpStatus;
  readonly general?: GeneralCapabilities;
  readonly llrp?: LlrpCapabilities;
  readonly regulatory?: RegulatoryCapabilities;
  readonly c1g2?: C1g2Capabilities;
  readonly custom: readonly CustomParameter[];
}

export type CapabilitiesMessage = GetReaderCapabilities | GetReaderCapabilitiesResponse;

const GET_READER_CAPABILITIES: MessageCodec<GetReaderCapabilities> = {
  type: 1,
  kind: 'get-reader-capabilities',
  decode(fields, base) {
    const requested = fields.oneOf(REQUESTED);
    const custom: CustomParameter[] = [];
    for (const { type, body } of fields.parameters()) if (type === CUSTOM_PARAMETER) custom.push(readCustom(body));
    return { kind: 'get-reader-capabilities', ...base, requested, custom };
  },
  encode(message, out) {
    out.oneOf(REQUESTED, message.requested);
    writeCustom(out, message.custom);
  },
};

const GET_READER_CAPABILITIES_RESPONSE: MessageCodec<GetReaderCapabilitiesResponse> = {
  type: 11,
  kind: 'get-reader-capabilities-response',
  decode: (fields, base) => ({ kind: 'get-reader-capabilities-response', ...base, ...readResponse(fields) }),
  encode(message, out) {
    writeStatus(out, message.status);
    if (message.general !== undefined) writeGeneral(out, message.general);
    if (message.llrp !== undefined) writeLlrpCapabilities(out, message.llrp);
    if (message.regulatory !== undefined) writeRegulatory(out, message.regulatory);
    if (message.c1g2 !== undefined) writeC1g2Capabilities(out, message.c1g2);
    writeCustom(out, message.custom);
  },
};

function readResponse(fields: FieldReader): Omit<GetReaderCapabilitiesResponse, 'kind' | keyof MessageBase> {
  let status: LlrpStatus | undefined;
  let general: GeneralCapabilities | undefined;
  let llrp: LlrpCapabilities | undefined;
  let regulatory: RegulatoryCapabilities | undefined;
  let c1g2: C1g2Capabilities | undefined;
  const custom: CustomParameter[] = [];
  for (const { type, body } of fields.parameters()) {
    if (isStatus(type)) status = readStatus(body);
    else if (type === GENERAL_CAPABILITIES) general = readGeneral(body);
    else if (type === LLRP_CAPABILITIES) llrp = readLlrpCapabilities(body);
    else if (type === REGULATORY_CAPABILITIES) regulatory = readRegulatory(body);
    else if (type === C1G2_CAPABILITIES) c1g2 = readC1g2Capabilities(body);
    else if (type === CUSTOM_PARAMETER) custom.push(readCustom(body));
  }
  return {
    status: status ?? missingStatus(fields),
    ...(general && { general }),
    ...(llrp && { llrp }),
    ...(regulatory && { regulatory }),
    ...(c1g2 && { c1g2 }),
    custom,
  };
}

export const CAPABILITIES_MESSAGES: readonly MessageCodec<CapabilitiesMessage>[] = [
  GET_READER_CAPABILITIES,
  GET_READER_CAPABILITIES_RESPONSE,
];
