/**
 * The settings of a reader, as both SET_READER_CONFIG and the response to GET_READER_CONFIG carry them.
 *
 *     218 Identification | 0 MAC as EUI-64, 1 EPC u8 | length u16, bytes |
 *     221 AntennaProperties | connected: bit 7 of u8 | antenna u16 | gain i16, 1/100 dBi |
 *     222 see `antenna-configuration.ts`        237 see `report-spec.ts`
 *     244 events | 245* |     245 | event u16 | enabled: bit 7 of u8 |
 *     239 AccessReportSpec | trigger u8 |       217 configuration state u32
 *     220 KeepaliveSpec | 0 none, 1 periodic u8 | ms u32 |
 *     225 GPI | port u16 | enabled: bit 7 of u8 | 0 low, 1 high, 2 unknown u8 |
 *     219 GPO | port u16 | high: bit 7 of u8 |
 *     226 EventsAndReports | hold on reconnect: bit 7 of u8 |
 *
 * Source: EPCglobal Low Level Reader Protocol 1.1, sections 13.2 and 17.2.6.
 */
import {
  ANTENNA_CONFIGURATION,
  readAntennaConfiguration,
  writeAntennaConfiguration,
  type AntennaConfiguration,
} from '#contract/codec/llrp/antenna-configuration.ts';
import { CUSTOM_PARAMETER, readCustom, writeCustom, type CustomParameter } from '#contract/codec/llrp/custom.ts';
import type { FieldReader } from '#contract/codec/llrp/field-reader.ts';
import type { FieldWriter } from '#contract/codec/llrp/field-writer.ts';
import {
  readRoReportSpec,
  RO_REPORT_SPEC,
  writeRoReportSpec,
  type RoReportSpec,
} from '#contract/codec/llrp/report-spec.ts';

const CONFIGURATION_STATE = 217;
const IDENTIFICATION = 218;
const GPO_WRITE_DATA = 219;
const KEEPALIVE_SPEC = 220;
const ANTENNA_PROPERTIES = 221;
const GPI_PORT_STATE = 225;
const EVENTS_AND_REPORTS = 226;
const ACCESS_REPORT_SPEC = 239;
const EVENT_NOTIFICATION_SPEC = 244;
const EVENT_NOTIFICATION_STATE = 245;

const IDENTIFICATION_KINDS = ['mac-eui64', 'epc'] as const;
const KEEPALIVE_KINDS = ['none', 'periodic'] as const;
const GPI_STATES = ['low', 'high', 'unknown'] as const;
const ACCESS_REPORT_TRIGGERS = ['with-rospec-report', 'end-of-access-spec'] as const;

/** Numbers of the events that a client can turn on and off. */
export const EVENT_TYPE = {
  hopping: 0,
  gpi: 1,
  rospec: 2,
  bufferLevel: 3,
  exception: 4,
  rfSurvey: 5,
  aispec: 6,
  aispecWithSingulation: 7,
  antenna: 8,
  specLoop: 9,
} as const;

export interface ReaderConfig {
  readonly identification?: { readonly kind: (typeof IDENTIFICATION_KINDS)[number]; readonly id: Uint8Array };
  readonly antennaProperties: readonly {
    readonly antennaId: number;
    readonly connected: boolean;
    readonly gainDbi: number;
  }[];
  readonly antennaConfigurations: readonly AntennaConfiguration[];
  /** `eventType` is one of {@link EVENT_TYPE}. */
  readonly events?: readonly { readonly eventType: number; readonly enabled: boolean }[];
  readonly roReport?: RoReportSpec;
  readonly accessReportTrigger?: (typeof ACCESS_REPORT_TRIGGERS)[number];
  /** Changes whenever any setting changes. Only in answers. */
  readonly configurationState?: number;
  readonly keepalive?: { readonly kind: (typeof KEEPALIVE_KINDS)[number]; readonly periodMs: number };
  readonly gpis: readonly {
    readonly port: number;
    readonly enabled: boolean;
    readonly state: (typeof GPI_STATES)[number];
  }[];
  readonly gpos: readonly { readonly port: number; readonly high: boolean }[];
  readonly holdOnReconnect?: boolean;
  readonly custom: readonly CustomParameter[];
}

/** A configuration that says nothing; spread it and set what matters. */
export const NO_CONFIG: ReaderConfig = {
  antennaProperties: [],
  antennaConfigurations: [],
  gpis: [],
  gpos: [],
  custom: [],
};

type Writable<Type> = { -readonly [Name in keyof Type]: Type[Name] };
type Draft = Writable<
  Omit<ReaderConfig, 'antennaProperties' | 'antennaConfigurations' | 'gpis' | 'gpos' | 'custom'>
> & {
  antennaProperties: ReaderConfig['antennaProperties'][number][];
  antennaConfigurations: AntennaConfiguration[];
  gpis: ReaderConfig['gpis'][number][];
  gpos: ReaderConfig['gpos'][number][];
  custom: CustomParameter[];
};

/** An empty configuration for {@link readConfigParameter} to fill. */
export function draftConfig(): Draft {
  return { antennaProperties: [], antennaConfigurations: [], gpis: [], gpos: [], custom: [] };
}

/** Reads one setting into `draft`; what it does not know it leaves alone. */
export function readConfigParameter(draft: Draft, type: number, body: FieldReader): void {
  switch (type) {
    case IDENTIFICATION:
      draft.identification = { kind: body.oneOf(IDENTIFICATION_KINDS), id: body.take(body.u16()) };
      return;
    case ANTENNA_PROPERTIES: {
      const connected = body.u8() >= 0x80;
      draft.antennaProperties.push({ antennaId: body.u16(), connected, gainDbi: body.i16() / 100 });
      return;
    }
    case ANTENNA_CONFIGURATION:
      draft.antennaConfigurations.push(readAntennaConfiguration(body));
      return;
    case EVENT_NOTIFICATION_SPEC:
      draft.events = readEvents(body);
      return;
    case RO_REPORT_SPEC:
      draft.roReport = readRoReportSpec(body);
      return;
    case ACCESS_REPORT_SPEC:
      draft.accessReportTrigger = body.oneOf(ACCESS_REPORT_TRIGGERS);
      return;
    case CONFIGURATION_STATE:
      draft.configurationState = body.u32();
      return;
    case KEEPALIVE_SPEC:
      draft.keepalive = { kind: body.oneOf(KEEPALIVE_KINDS), periodMs: body.u32() };
      return;
    case GPI_PORT_STATE:
      draft.gpis.push({ port: body.u16(), enabled: body.u8() >= 0x80, state: body.oneOf(GPI_STATES) });
      return;
    case GPO_WRITE_DATA:
      draft.gpos.push({ port: body.u16(), high: body.u8() >= 0x80 });
      return;
    case EVENTS_AND_REPORTS:
      draft.holdOnReconnect = body.u8() >= 0x80;
      return;
    case CUSTOM_PARAMETER:
      draft.custom.push(readCustom(body));
  }
}

function readEvents(body: FieldReader): { eventType: number; enabled: boolean }[] {
  const events: { eventType: number; enabled: boolean }[] = [];
  for (const { type, body: value } of body.parameters()) {
    if (type === EVENT_NOTIFICATION_STATE) events.push({ eventType: value.u16(), enabled: value.u8() >= 0x80 });
  }
  return events;
}

/** Writes all settings, in the order of GET_READER_CONFIG_RESPONSE. */
export function writeConfig(out: FieldWriter, config: ReaderConfig): void {
  writeIdentification(out, config);
  writeAntennas(out, config);
  writeEvents(out, config);
  if (config.roReport !== undefined) writeRoReportSpec(out, config.roReport);
  writeScalars(out, config);
  writePorts(out, config);
  if (config.holdOnReconnect !== undefined) writeFlag(out, EVENTS_AND_REPORTS, config.holdOnReconnect);
  writeCustom(out, config.custom);
}

function writeIdentification(out: FieldWriter, { identification }: ReaderConfig): void {
  if (identification === undefined) return;
  out.tlv(IDENTIFICATION, () => {
    out.oneOf(IDENTIFICATION_KINDS, identification.kind);
    out.u16(identification.id.length);
    out.put(identification.id);
  });
}

function writeAntennas(out: FieldWriter, config: ReaderConfig): void {
  for (const { antennaId, connected, gainDbi } of config.antennaProperties) {
    out.tlv(ANTENNA_PROPERTIES, () => {
      out.u8(connected ? 0x80 : 0);
      out.u16(antennaId);
      out.i16(Math.round(gainDbi * 100));
    });
  }
  for (const antenna of config.antennaConfigurations) writeAntennaConfiguration(out, antenna);
}

function writeEvents(out: FieldWriter, { events }: ReaderConfig): void {
  if (events === undefined) return;
  out.tlv(EVENT_NOTIFICATION_SPEC, () => {
    for (const { eventType, enabled } of events) {
      out.tlv(EVENT_NOTIFICATION_STATE, () => {
        out.u16(eventType);
        out.u8(enabled ? 0x80 : 0);
      });
    }
  });
}

function writeScalars(out: FieldWriter, config: ReaderConfig): void {
  const { accessReportTrigger, configurationState, keepalive } = config;
  if (accessReportTrigger !== undefined) {
    out.tlv(ACCESS_REPORT_SPEC, () => {
      out.oneOf(ACCESS_REPORT_TRIGGERS, accessReportTrigger);
    });
  }
  if (configurationState !== undefined) {
    out.tlv(CONFIGURATION_STATE, () => {
      out.u32(configurationState);
    });
  }
  if (keepalive !== undefined) {
    out.tlv(KEEPALIVE_SPEC, () => {
      out.oneOf(KEEPALIVE_KINDS, keepalive.kind);
      out.u32(keepalive.periodMs);
    });
  }
}

function writePorts(out: FieldWriter, config: ReaderConfig): void {
  for (const { port, enabled, state } of config.gpis) {
    out.tlv(GPI_PORT_STATE, () => {
      out.u16(port);
      out.u8(enabled ? 0x80 : 0);
      out.oneOf(GPI_STATES, state);
    });
  }
  for (const { port, high } of config.gpos) {
    out.tlv(GPO_WRITE_DATA, () => {
      out.u16(port);
      out.u8(high ? 0x80 : 0);
    });
  }
}

function writeFlag(out: FieldWriter, type: number, flag: boolean): void {
  out.tlv(type, () => {
    out.u8(flag ? 0x80 : 0);
  });
}
