/**
 * GET_READER_CONFIG (2), its response (12), SET_READER_CONFIG (3), its response (13).
 *
 *     2  | antenna u16, 0 = all | what u8 | GPI u16, 0 = all | GPO u16, 0 = all | Custom* |
 *     12 | LLRPStatus | settings |
 *     3  | back to factory settings first: bit 7 of u8 | settings |
 *     13 | LLRPStatus |
 *
 * Source: EPCglobal Low Level Reader Protocol 1.1, sections 13.1 and 17.1.
 */
import { CUSTOM_PARAMETER, readCustom, writeCustom, type CustomParameter } from '#contract/codec/llrp/custom.ts';
import {
  statusMessage,
  type MessageBase,
  type MessageCodec,
  type StatusMessage,
} from '#contract/codec/llrp/message-codec.ts';
import {
  draftConfig,
  readConfigParameter,
  writeConfig,
  type ReaderConfig,
} from '#contract/codec/llrp/reader-config.ts';
import { isStatus, missingStatus, readStatus, writeStatus, type LlrpStatus } from '#contract/codec/llrp/status.ts';

const REQUESTED = [
  'all',
  'identification',
  'antenna-properties',
  'antenna-configuration',
  'ro-report-spec',
  'events',
  'access-report-spec',
  'configuration-state',
  'keepalive',
  'gpi',
  'gpo',
  'hold-on-reconnect',
] as const;

export interface GetReaderConfig extends MessageBase {
  readonly kind: 'get-reader-config';
  readonly requested: (typeof REQUESTED)[number];
  /** 0 = all, for this and the ports. */
  readonly antennaId: number;
  readonly gpiPort: number;
  readonly gpoPort: number;
  readonly custom: readonly CustomParameter[];
}

export interface GetReaderConfigResponse extends MessageBase {
  readonly kind: 'get-reader-config-response';
  readonly status: LlrpStatus;
  readonly config: ReaderConfig;
}

export interface SetReaderConfig extends MessageBase {
  readonly kind: 'set-reader-config';
  readonly resetToFactory: boolean;
  readonly config: ReaderConfig;
}

export type ConfigMessage =
  GetReaderConfig | GetReaderConfigResponse | SetReaderConfig | StatusMessage<'set-reader-config-response'>;

const GET_READER_CONFIG: MessageCodec<GetReaderConfig> = {
  type: 2,
  kind: 'get-reader-config',
  decode(fields, base) {
    const antennaId = fields.u16();
    const requested = fields.oneOf(REQUESTED);
    const gpiPort = fields.u16();
    const gpoPort = fields.u16();
    const custom: CustomParameter[] = [];
    for (const { type, body } of fields.parameters()) if (type === CUSTOM_PARAMETER) custom.push(readCustom(body));
    return { kind: 'get-reader-config', ...base, requested, antennaId, gpiPort, gpoPort, custom };
  },
  encode(message, out) {
    out.u16(message.antennaId);
    out.oneOf(REQUESTED, message.requested);
    out.u16(message.gpiPort);
    out.u16(message.gpoPort);
    writeCustom(out, message.custom);
  },
};

const GET_READER_CONFIG_RESPONSE: MessageCodec<GetReaderConfigResponse> = {
  type: 12,
  kind: 'get-reader-config-response',
  decode(fields, base) {
    let status: LlrpStatus | undefined;
    const config = draftConfig();
    for (const { type, body } of fields.parameters()) {
      if (isStatus(type)) status = readStatus(body);
      else readConfigParameter(config, type, body);
    }
    return { kind: 'get-reader-config-response', ...base, status: status ?? missingStatus(fields), config };
  },
  encode(message, out) {
    writeStatus(out, message.status);
    writeConfig(out, message.config);
  },
};

const SET_READER_CONFIG: MessageCodec<SetReaderConfig> = {
  type: 3,
  kind: 'set-reader-config',
  decode(fields, base) {
    const resetToFactory = fields.u8() >= 0x80;
    const config = draftConfig();
    for (const { type, body } of fields.parameters()) readConfigParameter(config, type, body);
    return { kind: 'set-reader-config', ...base, resetToFactory, config };
  },
  encode(message, out) {
    out.u8(message.resetToFactory ? 0x80 : 0);
    writeConfig(out, message.config);
  },
};

export const CONFIG_MESSAGES: readonly MessageCodec<ConfigMessage>[] = [
  GET_READER_CONFIG,
  GET_READER_CONFIG_RESPONSE,
  SET_READER_CONFIG,
  statusMessage(13, 'set-reader-config-response'),
];
