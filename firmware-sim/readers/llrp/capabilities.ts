/** What a simulated reader says about itself: a power table in half decibels, and the channels of its region. */
import type { AntennaConfiguration } from '#contract/codec/llrp/antenna-configuration.ts';
import type { GetReaderCapabilitiesResponse } from '#contract/codec/llrp/capabilities-messages.ts';
import { VENDOR } from '#contract/codec/llrp/custom.ts';
import type { RfMode, UhfBand } from '#contract/codec/llrp/capabilities-regulatory.ts';
import { AIR_PROTOCOL_C1G2 } from '#contract/codec/llrp/rospec.ts';
import { STATUS_OK } from '#contract/codec/llrp/status.ts';
import type { FrequencyPlan, ReaderModel } from './model.ts';

/** Hop table of a reader for America, and its number. */
const FCC_KHZ = Array.from({ length: 50 }, (_, i) => 902_750 + 500 * i);
const HOP_TABLE_ID = 1;
const ACCESS_SPECS = 16;
const OPS_PER_ACCESS_SPEC = 8;
const POWER_MIN_DBM = 10;
const POWER_STEP_DB = 0.5;
const POWER_LEVELS = 41;
/** The four channels of the lower European band. */
const ETSI_KHZ = [865_700, 866_300, 866_900, 867_500];

type Capabilities = Omit<GetReaderCapabilitiesResponse, 'kind' | 'version' | 'messageId'>;

export interface CapabilityFacts {
  readonly antennas: number;
  readonly model: ReaderModel;
  /** Tags have memory here, so there is something to access. */
  readonly hasAccess: boolean;
}

/** All capabilities of a reader. */
export function capabilitiesOf({ antennas, model, hasAccess }: CapabilityFacts): Capabilities {
  const ports = Array.from({ length: antennas }, (_, i) => i + 1);
  return {
    status: STATUS_OK,
    general: {
      antennas,
      canSetAntennaProperties: false,
      hasUtcClock: model.clock === 'utc',
      vendorId: model.maker === 'impinj' ? VENDOR.impinj : 0,
      model: 16,
      firmware: 'shelfwise-simulator 1.1',
      sensitivities: [{ index: 1, belowMaximumDb: 0 }],
      sensitivityRanges: [],
      gpiCount: model.gpis,
      gpoCount: model.gpos ?? 0,
      antennaProtocols: ports.map((antennaId) => ({ antennaId, protocols: [AIR_PROTOCOL_C1G2] })),
    },
    llrp: {
      canSurvey: false,
      canWarnOfFullBuffer: false,
      canAskClientForOps: false,
      canSingulateStateAware: false,
      canHoldEventsAndReports: true,
      prioritiesMax: 0,
      clientOpTimeoutMs: 0,
      rospecsMax: 8,
      specsPerRospecMax: 64,
      inventoriesPerAispecMax: 1,
      accessSpecsMax: hasAccess ? ACCESS_SPECS : 0,
      opsPerAccessSpecMax: hasAccess ? OPS_PER_ACCESS_SPEC : 0,
    },
    regulatory: {
      ...(model.band === 'fixed'
        ? { countryCode: 276, communicationsStandard: 2 }
        : { countryCode: 840, communicationsStandard: 1 }),
      uhf: bandOf(model.band),
      custom: [],
    },
    c1g2: {
      canBlockErase: false,
      canBlockWrite: false,
      canBlockPermalock: false,
      canRecommission: false,
      canUmiMethod2: false,
      canXpc: false,
      filtersPerQueryMax: 0,
    },
    custom: [],
  };
}

function bandOf(plan: FrequencyPlan): UhfBand {
  return {
    powerLevels: Array.from({ length: POWER_LEVELS }, (_, i) => ({
      index: i + 1,
      powerDbm: POWER_MIN_DBM + i * POWER_STEP_DB,
    })),
    isHopping: plan === 'hopping',
    ...(plan === 'fixed'
      ? { hopTables: [], fixedFrequenciesKhz: ETSI_KHZ }
      : { hopTables: [{ id: HOP_TABLE_ID, frequenciesKhz: FCC_KHZ }] }),
    rfModes: [mode(1, 3, 80_000), mode(2, 2, 160_000), mode(4, 0, 320_000)],
  };
}

/** What a client asks of the radio and this reader cannot do; undefined when it can. */
export function findRadioFault(antenna: AntennaConfiguration, plan: FrequencyPlan): string | undefined {
  const uhf = bandOf(plan);
  const { transmitter, inventory } = antenna;
  const modeId = inventory?.rfControl?.modeId;
  if (modeId !== undefined && uhf.rfModes.every((one) => one.modeId !== modeId)) return `no RF mode ${modeId}`;
  if (transmitter === undefined) return undefined;
  const { powerIndex, channelIndex, hopTableId } = transmitter;
  if (powerIndex < 1 || powerIndex > POWER_LEVELS) return `no power level ${powerIndex}`;
  if (plan === 'hopping') return hopTableId === HOP_TABLE_ID ? undefined : `no hop table ${hopTableId}`;
  return channelIndex >= 1 && channelIndex <= ETSI_KHZ.length ? undefined : `no channel ${channelIndex}`;
}

/** The part a client asked for. */
export function selectCapabilities(
  all: Capabilities,
  requested: 'all' | 'general' | 'llrp' | 'regulatory' | 'c1g2',
): Capabilities {
  if (requested === 'all') return all;
  const part = all[requested];
  return { status: all.status, custom: [], ...(part && { [requested]: part }) };
}

function mode(modeId: number, modulation: number, backscatterBitsPerSecond: number): RfMode {
  return {
    modeId,
    divideRatio: modulation === 0 ? '8' : '64/3',
    isConformanceTested: true,
    modulation,
    forwardModulation: 0,
    spectralMask: modulation === 0 ? 2 : 3,
    backscatterBitsPerSecond,
    pieRatioThousandths: 2000,
    tariNsMin: 20_000,
    tariNsMax: 20_000,
    tariNsStep: 0,
  };
}
