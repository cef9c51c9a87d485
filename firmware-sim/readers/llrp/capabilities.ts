/** What a simulated reader says about itself: a 16-port ETSI reader with a power table in half decibels. */
import type { GetReaderCapabilitiesResponse } from '#contract/codec/llrp/capabilities-messages.ts';
import type { RfMode } from '#contract/codec/llrp/capabilities-regulatory.ts';
import { AIR_PROTOCOL_C1G2 } from '#contract/codec/llrp/rospec.ts';
import { STATUS_OK } from '#contract/codec/llrp/status.ts';

/** No maker: drivers must get along without vendor extensions. */
const VENDOR_ID = 0;
const POWER_MIN_DBM = 10;
const POWER_STEP_DB = 0.5;
const POWER_LEVELS = 41;
/** The four channels of the lower European band. */
const ETSI_KHZ = [865_700, 866_300, 866_900, 867_500];

type Capabilities = Omit<GetReaderCapabilitiesResponse, 'kind' | 'version' | 'messageId'>;

/** All capabilities of a reader with so many ports. */
export function capabilitiesOf(antennas: number): Capabilities {
  const ports = Array.from({ length: antennas }, (_, i) => i + 1);
  return {
    status: STATUS_OK,
    general: {
      antennas,
      canSetAntennaProperties: false,
      hasUtcClock: true,
      vendorId: VENDOR_ID,
      model: 16,
      firmware: 'shelfwise-simulator 1.1',
      sensitivities: [{ index: 1, belowMaximumDb: 0 }],
      sensitivityRanges: [],
      gpiCount: 0,
      gpoCount: 0,
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
      accessSpecsMax: 0,
      opsPerAccessSpecMax: 0,
    },
    regulatory: {
      countryCode: 276,
      communicationsStandard: 2,
      uhf: {
        powerLevels: Array.from({ length: POWER_LEVELS }, (_, i) => ({
          index: i + 1,
          powerDbm: POWER_MIN_DBM + i * POWER_STEP_DB,
        })),
        isHopping: false,
        hopTables: [],
        fixedFrequenciesKhz: ETSI_KHZ,
        rfModes: [mode(1, 3, 80_000), mode(2, 2, 160_000), mode(4, 0, 320_000)],
      },
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
