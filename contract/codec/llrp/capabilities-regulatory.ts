/**
 * What the law of the place allows the reader: powers, frequencies, RF modes.
 *
 *     143 | country u16 (ISO 3166 numeric) | standard u16 | 144? | Custom* |
 *     144 | 145* | 146 | 328* | 365? |
 *     145 | index u16 | power i16, 1/100 dBm |
 *     146 | hopping: bit 7 of u8 | 147* or 148? |
 *     147 | id u8 | reserved u8 | n u16, n x kHz u32 |       148 | n u16, n x kHz u32 |
 *     328 | 329* |
 *     329 | mode id u32 | bit 7 divide ratio 64/3, bit 6 conformance tested, of u8 | M u8 | forward u8 | mask u8 |
 *         | backscatter bit/s u32 | PIE x 1000 u32 | tari min, max, step ns 3 x u32 |
 *     365 (1.1) | survey from kHz u32 | to kHz u32 |
 *
 * Source: EPCglobal Low Level Reader Protocol 1.1, sections 10.2.4, 17.2.3.4 and 17.3.1.1.2.
 */
import { CUSTOM_PARAMETER, readCustom, writeCustom, type CustomParameter } from '#contract/codec/llrp/custom.ts';
import type { FieldReader } from '#contract/codec/llrp/field-reader.ts';
import type { FieldWriter } from '#contract/codec/llrp/field-writer.ts';

export const REGULATORY_CAPABILITIES = 143;
const UHF_BAND = 144;
const POWER_LEVEL = 145;
const FREQUENCY_INFORMATION = 146;
const HOP_TABLE = 147;
const FIXED_TABLE = 148;
const RF_MODE_TABLE = 328;
const RF_MODE = 329;
const SURVEY_FREQUENCIES = 365;

export interface PowerLevel {
  /** What RFTransmitter's `powerIndex` refers to; a table of its own in every reader. */
  readonly index: number;
  readonly powerDbm: number;
}

export interface HopTable {
  readonly id: number;
  readonly frequenciesKhz: readonly number[];
}

export interface RfMode {
  /** What C1G2RFControl's `modeId` refers to. Impinj's modes from 1000 up are fictitious: their numbers mean nothing. */
  readonly modeId: number;
  readonly divideRatio: '8' | '64/3';
  readonly isConformanceTested: boolean;
  /** 0 FM0, 1 Miller 2, 2 Miller 4, 3 Miller 8. */
  readonly modulation: number;
  /** Number of the standard; sources disagree on which end of the list is PR-ASK, so nothing should depend on it. */
  readonly forwardModulation: number;
  /** 0 unknown, 1 single, 2 multi, 3 dense interrogator. */
  readonly spectralMask: number;
  /** Impinj reports the link frequency instead. */
  readonly backscatterBitsPerSecond: number;
  readonly pieRatioThousandths: number;
  readonly tariNsMin: number;
  readonly tariNsMax: number;
  readonly tariNsStep: number;
}

export interface UhfBand {
  readonly powerLevels: readonly PowerLevel[];
  readonly isHopping: boolean;
  readonly hopTables: readonly HopTable[];
  /** Absent where the reader hops. ChannelIndex is the 1-based place. */
  readonly fixedFrequenciesKhz?: readonly number[];
  readonly rfModes: readonly RfMode[];
  readonly surveyKhz?: { readonly from: number; readonly to: number };
}

export interface RegulatoryCapabilities {
  /** ISO 3166 numeric; 0 = not said. */
  readonly countryCode: number;
  /** 0 = not said, 1 = FCC part 15, 2 = ETSI 302 208, ... as in the standard. */
  readonly communicationsStandard: number;
  readonly uhf?: UhfBand;
  readonly custom: readonly CustomParameter[];
}

/** Reads the value of a RegulatoryCapabilities parameter. */
export function readRegulatory(body: FieldReader): RegulatoryCapabilities {
  const countryCode = body.u16();
  const communicationsStandard = body.u16();
  let uhf: UhfBand | undefined;
  const custom: CustomParameter[] = [];
  for (const { type, body: value } of body.parameters()) {
    if (type === UHF_BAND) uhf = readUhfBand(value);
    else if (type === CUSTOM_PARAMETER) custom.push(readCustom(value));
  }
  return { countryCode, communicationsStandard, ...(uhf && { uhf }), custom };
}

function readUhfBand(body: FieldReader): UhfBand {
  const powerLevels: PowerLevel[] = [];
  const rfModes: RfMode[] = [];
  let frequencies: ReturnType<typeof readFrequencies> = { isHopping: false, hopTables: [] };
  let surveyKhz: UhfBand['surveyKhz'];
  for (const { type, body: value } of body.parameters()) {
    if (type === POWER_LEVEL) powerLevels.push({ index: value.u16(), powerDbm: value.i16() / 100 });
    else if (type === FREQUENCY_INFORMATION) frequencies = readFrequencies(value);
    else if (type === RF_MODE_TABLE) {
      for (const mode of value.parameters()) if (mode.type === RF_MODE) rfModes.push(readRfMode(mode.body));
    } else if (type === SURVEY_FREQUENCIES) surveyKhz = { from: value.u32(), to: value.u32() };
  }
  return { powerLevels, ...frequencies, rfModes, ...(surveyKhz && { surveyKhz }) };
}

function readFrequencies(body: FieldReader): Pick<UhfBand, 'isHopping' | 'hopTables' | 'fixedFrequenciesKhz'> {
  const isHopping = body.u8() >= 0x80;
  const hopTables: HopTable[] = [];
  let fixedFrequenciesKhz: readonly number[] | undefined;
  for (const { type, body: value } of body.parameters()) {
    if (type === HOP_TABLE) {
      const id = value.u8();
      value.u8();
      hopTables.push({ id, frequenciesKhz: readKhz(value) });
    } else if (type === FIXED_TABLE) fixedFrequenciesKhz = readKhz(value);
  }
  return { isHopping, hopTables, ...(fixedFrequenciesKhz && { fixedFrequenciesKhz }) };
}

function readKhz(body: FieldReader): number[] {
  return body.list(body.u16(), () => body.u32());
}

function readRfMode(body: FieldReader): RfMode {
  const modeId = body.u32();
  const flags = body.u8();
  return {
    modeId,
    divideRatio: (flags & 0x80) === 0 ? '8' : '64/3',
    isConformanceTested: (flags & 0x40) !== 0,
    modulation: body.u8(),
    forwardModulation: body.u8(),
    spectralMask: body.u8(),
    backscatterBitsPerSecond: body.u32(),
    pieRatioThousandths: body.u32(),
    tariNsMin: body.u32(),
    tariNsMax: body.u32(),
    tariNsStep: body.u32(),
  };
}

/** Writes one RegulatoryCapabilities parameter. */
export function writeRegulatory(out: FieldWriter, regulatory: RegulatoryCapabilities): void {
  const { uhf } = regulatory;
  out.tlv(REGULATORY_CAPABILITIES, () => {
    out.u16(regulatory.countryCode);
    out.u16(regulatory.communicationsStandard);
    if (uhf !== undefined) {
      out.tlv(UHF_BAND, () => {
        writeUhfBand(out, uhf);
      });
    }
    writeCustom(out, regulatory.custom);
  });
}

function writeUhfBand(out: FieldWriter, uhf: UhfBand): void {
  const { surveyKhz } = uhf;
  for (const { index, powerDbm } of uhf.powerLevels) {
    out.tlv(POWER_LEVEL, () => {
      out.u16(index);
      out.i16(Math.round(powerDbm * 100));
    });
  }
  out.tlv(FREQUENCY_INFORMATION, () => {
    writeFrequencies(out, uhf);
  });
  out.tlv(RF_MODE_TABLE, () => {
    for (const mode of uhf.rfModes) writeRfMode(out, mode);
  });
  if (surveyKhz === undefined) return;
  out.tlv(SURVEY_FREQUENCIES, () => {
    out.u32(surveyKhz.from);
    out.u32(surveyKhz.to);
  });
}

function writeFrequencies(out: FieldWriter, uhf: UhfBand): void {
  const { fixedFrequenciesKhz } = uhf;
  out.u8(uhf.isHopping ? 0x80 : 0);
  for (const { id, frequenciesKhz } of uhf.hopTables) {
    out.tlv(HOP_TABLE, () => {
      out.u8(id);
      out.u8(0);
      writeKhz(out, frequenciesKhz);
    });
  }
  if (fixedFrequenciesKhz === undefined) return;
  out.tlv(FIXED_TABLE, () => {
    writeKhz(out, fixedFrequenciesKhz);
  });
}

function writeKhz(out: FieldWriter, frequenciesKhz: readonly number[]): void {
  out.u16(frequenciesKhz.length);
  for (const khz of frequenciesKhz) out.u32(khz);
}

function writeRfMode(out: FieldWriter, mode: RfMode): void {
  out.tlv(RF_MODE, () => {
    out.u32(mode.modeId);
    out.flags(8, [mode.divideRatio === '64/3', mode.isConformanceTested]);
    out.u8(mode.modulation);
    out.u8(mode.forwardModulation);
    out.u8(mode.spectralMask);
    out.u32(mode.backscatterBitsPerSecond);
    out.u32(mode.pieRatioThousandths);
    out.u32(mode.tariNsMin);
    out.u32(mode.tariNsMax);
    out.u32(mode.tariNsStep);
  });
}
