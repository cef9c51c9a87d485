/**
 * ROSpec (177): what a reader does over its antennas, in order. With one AISpec per antenna, the end of each AISpec is
 * exactly one opportunity to be read at that antenna.
 *
 *     177 ROSpec                  | id u32 | priority u8 | state u8 | 178 | (183, 187, 355, Custom)+ | 237? |
 *     183 AISpec                  | n u16, n x antenna u16, 0 = all | 184 | 186+ | Custom* |
 *     186 InventoryParameterSpec  | id u16 | air protocol u8, 1 = C1G2 | 222* | Custom* |
 *     355 LoopSpec (1.1)          | loops u32, 0 = for ever |
 *
 * Source: EPCglobal Low Level Reader Protocol 1.1, sections 11.2 and 17.2.4.
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
import {
  AISPEC_STOP_TRIGGER,
  readAispecStop,
  readBoundary,
  RO_BOUNDARY_SPEC,
  writeAispecStop,
  writeBoundary,
  type AispecStop,
  type RoBoundary,
} from '#contract/codec/llrp/rospec-triggers.ts';

export const ROSPEC = 177;
const AISPEC = 183;
const INVENTORY_PARAMETER_SPEC = 186;
const LOOP_SPEC = 355;

const STATES = ['disabled', 'inactive', 'active'] as const;

/** Air protocol of every UHF tag we know. */
export const AIR_PROTOCOL_C1G2 = 1;

export interface InventoryParameterSpec {
  readonly id: number;
  readonly airProtocol: number;
  readonly antennas: readonly AntennaConfiguration[];
  readonly custom: readonly CustomParameter[];
}

export interface Aispec {
  readonly kind: 'aispec';
  /** 0 = all antennas. */
  readonly antennaIds: readonly number[];
  readonly stop: AispecStop;
  readonly inventories: readonly InventoryParameterSpec[];
  readonly custom: readonly CustomParameter[];
}

/** Repeats all specs before it. */
export interface LoopSpec {
  readonly kind: 'loop';
  readonly count: number;
}

/** RFSurveySpec, a vendor's spec, or one of a later standard: kept raw, because SpecIndex counts it too. */
export interface OtherSpec {
  readonly kind: 'other';
  readonly type: number;
  readonly bytes: Uint8Array;
}

export interface Rospec {
  /** Above 0. */
  readonly id: number;
  /** 0..7, 0 is the highest. */
  readonly priority: number;
  /** Must be `disabled` in ADD_ROSPEC. */
  readonly state: (typeof STATES)[number];
  readonly boundary: RoBoundary;
  /** SpecIndex in reports is the 1-based place here. */
  readonly specs: readonly (Aispec | LoopSpec | OtherSpec)[];
  /** Absent: the reader's default reporting. */
  readonly report?: RoReportSpec;
}

/** Reads the value of a ROSpec parameter. */
export function readRospec(body: FieldReader): Rospec {
  const id = body.u32();
  const priority = body.u8();
  const state = body.oneOf(STATES);
  let boundary: RoBoundary = { start: { kind: 'null' }, stop: { kind: 'null' } };
  let report: RoReportSpec | undefined;
  const specs: (Aispec | LoopSpec | OtherSpec)[] = [];
  for (const { type, body: value } of body.parameters()) {
    if (type === RO_BOUNDARY_SPEC) boundary = readBoundary(value);
    else if (type === RO_REPORT_SPEC) report = readRoReportSpec(value);
    else if (type === AISPEC) specs.push(readAispec(value));
    else if (type === LOOP_SPEC) specs.push({ kind: 'loop', count: value.u32() });
    else specs.push({ kind: 'other', type, bytes: value.rest() });
  }
  return { id, priority, state, boundary, specs, ...(report && { report }) };
}

function readAispec(body: FieldReader): Aispec {
  const antennaIds = body.list(body.u16(), () => body.u16());
  let stop: AispecStop = { kind: 'null' };
  const inventories: InventoryParameterSpec[] = [];
  const custom: CustomParameter[] = [];
  for (const { type, body: value } of body.parameters()) {
    if (type === AISPEC_STOP_TRIGGER) stop = readAispecStop(value);
    else if (type === INVENTORY_PARAMETER_SPEC) inventories.push(readInventoryParameterSpec(value));
    else if (type === CUSTOM_PARAMETER) custom.push(readCustom(value));
  }
  return { kind: 'aispec', antennaIds, stop, inventories, custom };
}

function readInventoryParameterSpec(body: FieldReader): InventoryParameterSpec {
  const id = body.u16();
  const airProtocol = body.u8();
  const antennas: AntennaConfiguration[] = [];
  const custom: CustomParameter[] = [];
  for (const { type, body: value } of body.parameters()) {
    if (type === ANTENNA_CONFIGURATION) antennas.push(readAntennaConfiguration(value));
    else if (type === CUSTOM_PARAMETER) custom.push(readCustom(value));
  }
  return { id, airProtocol, antennas, custom };
}

/** Writes one ROSpec parameter. */
export function writeRospec(out: FieldWriter, rospec: Rospec): void {
  out.tlv(ROSPEC, () => {
    out.u32(rospec.id);
    out.u8(rospec.priority);
    out.oneOf(STATES, rospec.state);
    writeBoundary(out, rospec.boundary);
    for (const spec of rospec.specs) writeSpec(out, spec);
    if (rospec.report !== undefined) writeRoReportSpec(out, rospec.report);
  });
}

function writeSpec(out: FieldWriter, spec: Aispec | LoopSpec | OtherSpec): void {
  switch (spec.kind) {
    case 'aispec':
      writeAispec(out, spec);
      return;
    case 'loop':
      out.tlv(LOOP_SPEC, () => {
        out.u32(spec.count);
      });
      return;
    case 'other':
      out.tlv(spec.type, () => {
        out.put(spec.bytes);
      });
  }
}

function writeAispec(out: FieldWriter, spec: Aispec): void {
  out.tlv(AISPEC, () => {
    out.u16(spec.antennaIds.length);
    for (const antennaId of spec.antennaIds) out.u16(antennaId);
    writeAispecStop(out, spec.stop);
    for (const inventory of spec.inventories) {
      out.tlv(INVENTORY_PARAMETER_SPEC, () => {
        out.u16(inventory.id);
        out.u8(inventory.airProtocol);
        for (const antenna of inventory.antennas) writeAntennaConfiguration(out, antenna);
        writeCustom(out, inventory.custom);
      });
    }
    writeCustom(out, spec.custom);
  });
}
