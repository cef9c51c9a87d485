/**
 * What the device itself can do: general capabilities (137), LLRP capabilities (142), C1G2 capabilities (327).
 *
 *     137 | antennas u16 | flags u16: can set antenna properties, has UTC clock | maker PEN u32 | model u32 |
 *         | firmware: length u16, UTF-8 | 139* | 149* | 141 | 140* | 363? |
 *     139 | index u16 | dB below the most sensitive u16 |      149 | antenna u16 | index from u16 | index to u16 |
 *     141 | GPIs u16 | GPOs u16 |    140 | antenna u16 | n u16, n x protocol u8 |    363 (1.1) | dBm i16 |
 *     142 | flags u8 | priorities u8 | client op timeout ms u16 | limits 5 x u32 |
 *     327 | flags u8 | filters in a query u16, 0 = no limit |
 *
 * Source: EPCglobal Low Level Reader Protocol 1.1, sections 10.2, 17.2.3.1, 17.2.3.2 and 17.3.1.1.1.
 */
import type { FieldReader } from '#contract/codec/llrp/field-reader.ts';
import type { FieldWriter } from '#contract/codec/llrp/field-writer.ts';

export const GENERAL_CAPABILITIES = 137;
export const LLRP_CAPABILITIES = 142;
export const C1G2_CAPABILITIES = 327;
const SENSITIVITY = 139;
const ANTENNA_PROTOCOLS = 140;
const GPIO = 141;
const SENSITIVITY_RANGE = 149;
const MAXIMUM_SENSITIVITY = 363;

export interface GeneralCapabilities {
  readonly antennas: number;
  readonly canSetAntennaProperties: boolean;
  /** False: all times of this reader are uptimes. */
  readonly hasUtcClock: boolean;
  /** IANA private enterprise number of the maker. */
  readonly vendorId: number;
  readonly model: number;
  readonly firmware: string;
  readonly sensitivities: readonly { readonly index: number; readonly belowMaximumDb: number }[];
  readonly sensitivityRanges: readonly {
    readonly antennaId: number;
    readonly indexFrom: number;
    readonly indexTo: number;
  }[];
  readonly gpiCount: number;
  readonly gpoCount: number;
  readonly antennaProtocols: readonly { readonly antennaId: number; readonly protocols: readonly number[] }[];
  readonly maximumSensitivityDbm?: number;
}

export interface LlrpCapabilities {
  readonly canSurvey: boolean;
  readonly canWarnOfFullBuffer: boolean;
  readonly canAskClientForOps: boolean;
  readonly canSingulateStateAware: boolean;
  readonly canHoldEventsAndReports: boolean;
  readonly prioritiesMax: number;
  readonly clientOpTimeoutMs: number;
  /** 0 = no limit, here and below. */
  readonly rospecsMax: number;
  readonly specsPerRospecMax: number;
  readonly inventoriesPerAispecMax: number;
  readonly accessSpecsMax: number;
  readonly opsPerAccessSpecMax: number;
}

export interface C1g2Capabilities {
  readonly canBlockErase: boolean;
  readonly canBlockWrite: boolean;
  readonly canBlockPermalock: boolean;
  readonly canRecommission: boolean;
  readonly canUmiMethod2: boolean;
  readonly canXpc: boolean;
  readonly filtersPerQueryMax: number;
}

/** Reads the value of a GeneralDeviceCapabilities parameter. */
export function readGeneral(body: FieldReader): GeneralCapabilities {
  const antennas = body.u16();
  const flags = body.u16();
  const vendorId = body.u32();
  const model = body.u32();
  const firmware = body.text();
  const tables = readGeneralTables(body);
  return {
    antennas,
    canSetAntennaProperties: (flags & 0x8000) !== 0,
    hasUtcClock: (flags & 0x4000) !== 0,
    vendorId,
    model,
    firmware,
    ...tables,
  };
}

type GeneralTables = Pick<
  GeneralCapabilities,
  'sensitivities' | 'sensitivityRanges' | 'gpiCount' | 'gpoCount' | 'antennaProtocols' | 'maximumSensitivityDbm'
>;

function readGeneralTables(body: FieldReader): GeneralTables {
  const sensitivities: { index: number; belowMaximumDb: number }[] = [];
  const sensitivityRanges: { antennaId: number; indexFrom: number; indexTo: number }[] = [];
  const antennaProtocols: { antennaId: number; protocols: number[] }[] = [];
  let gpio = { gpiCount: 0, gpoCount: 0 };
  let maximumSensitivityDbm: number | undefined;
  for (const { type, body: value } of body.parameters()) {
    if (type === SENSITIVITY) sensitivities.push({ index: value.u16(), belowMaximumDb: value.u16() });
    else if (type === SENSITIVITY_RANGE) {
      sensitivityRanges.push({ antennaId: value.u16(), indexFrom: value.u16(), indexTo: value.u16() });
    } else if (type === GPIO) gpio = { gpiCount: value.u16(), gpoCount: value.u16() };
    else if (type === ANTENNA_PROTOCOLS) {
      antennaProtocols.push({ antennaId: value.u16(), protocols: value.list(value.u16(), () => value.u8()) });
    } else if (type === MAXIMUM_SENSITIVITY) maximumSensitivityDbm = value.i16();
  }
  return {
    sensitivities,
    sensitivityRanges,
    ...gpio,
    antennaProtocols,
    ...(maximumSensitivityDbm !== undefined && { maximumSensitivityDbm }),
  };
}

/** Writes one GeneralDeviceCapabilities parameter. */
export function writeGeneral(out: FieldWriter, general: GeneralCapabilities): void {
  out.tlv(GENERAL_CAPABILITIES, () => {
    out.u16(general.antennas);
    out.flags(16, [general.canSetAntennaProperties, general.hasUtcClock]);
    out.u32(general.vendorId);
    out.u32(general.model);
    out.text(general.firmware);
    for (const { index, belowMaximumDb } of general.sensitivities)
      writeWords(out, SENSITIVITY, [index, belowMaximumDb]);
    for (const { antennaId, indexFrom, indexTo } of general.sensitivityRanges) {
      writeWords(out, SENSITIVITY_RANGE, [antennaId, indexFrom, indexTo]);
    }
    writeWords(out, GPIO, [general.gpiCount, general.gpoCount]);
    for (const { antennaId, protocols } of general.antennaProtocols) {
      out.tlv(ANTENNA_PROTOCOLS, () => {
        out.u16(antennaId);
        out.u16(protocols.length);
        for (const protocol of protocols) out.u8(protocol);
      });
    }
    const { maximumSensitivityDbm } = general;
    if (maximumSensitivityDbm === undefined) return;
    out.tlv(MAXIMUM_SENSITIVITY, () => {
      out.i16(maximumSensitivityDbm);
    });
  });
}

function writeWords(out: FieldWriter, type: number, words: readonly number[]): void {
  out.tlv(type, () => {
    for (const word of words) out.u16(word);
  });
}

/** Reads the value of an LLRPCapabilities parameter. */
export function readLlrpCapabilities(body: FieldReader): LlrpCapabilities {
  const flags = body.u8();
  return {
    canSurvey: (flags & 0x80) !== 0,
    canWarnOfFullBuffer: (flags & 0x40) !== 0,
    canAskClientForOps: (flags & 0x20) !== 0,
    canSingulateStateAware: (flags & 0x10) !== 0,
    canHoldEventsAndReports: (flags & 0x08) !== 0,
    prioritiesMax: body.u8(),
    clientOpTimeoutMs: body.u16(),
    rospecsMax: body.u32(),
    specsPerRospecMax: body.u32(),
    inventoriesPerAispecMax: body.u32(),
    accessSpecsMax: body.u32(),
    opsPerAccessSpecMax: body.u32(),
  };
}

/** Writes one LLRPCapabilities parameter. */
export function writeLlrpCapabilities(out: FieldWriter, capabilities: LlrpCapabilities): void {
  out.tlv(LLRP_CAPABILITIES, () => {
    out.flags(8, [
      capabilities.canSurvey,
      capabilities.canWarnOfFullBuffer,
      capabilities.canAskClientForOps,
      capabilities.canSingulateStateAware,
      capabilities.canHoldEventsAndReports,
    ]);
    out.u8(capabilities.prioritiesMax);
    out.u16(capabilities.clientOpTimeoutMs);
    out.u32(capabilities.rospecsMax);
    out.u32(capabilities.specsPerRospecMax);
    out.u32(capabilities.inventoriesPerAispecMax);
    out.u32(capabilities.accessSpecsMax);
    out.u32(capabilities.opsPerAccessSpecMax);
  });
}

/** Reads the value of a C1G2LLRPCapabilities parameter. */
export function readC1g2Capabilities(body: FieldReader): C1g2Capabilities {
  const flags = body.u8();
  return {
    canBlockErase: (flags & 0x80) !== 0,
    canBlockWrite: (flags & 0x40) !== 0,
    canBlockPermalock: (flags & 0x20) !== 0,
    canRecommission: (flags & 0x10) !== 0,
    canUmiMethod2: (flags & 0x08) !== 0,
    canXpc: (flags & 0x04) !== 0,
    filtersPerQueryMax: body.u16(),
  };
}

/** Writes one C1G2LLRPCapabilities parameter. */
export function writeC1g2Capabilities(out: FieldWriter, capabilities: C1g2Capabilities): void {
  out.tlv(C1G2_CAPABILITIES, () => {
    out.flags(8, [
      capabilities.canBlockErase,
      capabilities.canBlockWrite,
      capabilities.canBlockPermalock,
      capabilities.canRecommission,
      capabilities.canUmiMethod2,
      capabilities.canXpc,
    ]);
    out.u16(capabilities.filtersPerQueryMax);
  });
}
