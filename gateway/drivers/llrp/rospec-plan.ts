/** What the reader is told to do, from settings and the reader's own capabilities. Pure. */
import type { AntennaConfiguration } from '#contract/codec/llrp/antenna-configuration.ts';
import type { RegulatoryCapabilities, UhfBand } from '#contract/codec/llrp/capabilities-regulatory.ts';
import { EVENT_TYPE, NO_CONFIG, type ReaderConfig } from '#contract/codec/llrp/reader-config.ts';
import type { TagReportContent } from '#contract/codec/llrp/report-spec.ts';
import { AIR_PROTOCOL_C1G2, type Rospec } from '#contract/codec/llrp/rospec.ts';
import { inventoryExtensions, reportExtensions } from '#gateway/drivers/llrp/impinj.ts';
import type { LlrpSettings } from '#gateway/drivers/llrp/settings.ts';

/** We delete all others first, so any number above 0 does. */
export const ROSPEC_ID = 1;

/** No more than presence needs: every field costs bytes in every report. */
const REPORT_CONTENT: TagReportContent = {
  rospecId: false,
  specIndex: false,
  inventoryParameterSpecId: false,
  antennaId: true,
  channelIndex: false,
  peakRssi: true,
  firstSeen: true,
  lastSeen: true,
  seenCount: true,
  accessSpecId: false,
  c1g2: { crc: false, pc: true, xpc: false },
  custom: [],
};

/** Impinj's modes that choose among the others; not every firmware lists them. */
const AUTOMATIC_MODE_MIN = 1000;

/** What of the reader's own words the plan depends on. */
export interface PlanFacts {
  readonly regulatory: RegulatoryCapabilities | undefined;
  /** The reader has opened its Impinj extensions. */
  readonly hasImpinj: boolean;
}

/** Why settings cannot be planned for this reader, with what it offers; undefined when all is well. */
export function findMisfit(settings: LlrpSettings, uhf: UhfBand | undefined): string | undefined {
  const { modeId, frequencyKhz, impinj, powerDbm, channelIndex, hopTableId } = settings;
  const hasChannel = [frequencyKhz, channelIndex, hopTableId].some((value) => value !== undefined);
  if (hasChannel && powerDbm === undefined) return 'needs powerDbm beside a channel: LLRP sets both in one';
  if (uhf === undefined) return undefined;
  const modes = uhf.rfModes.map((mode) => mode.modeId);
  const isAutomatic = modeId !== undefined && modeId >= AUTOMATIC_MODE_MIN;
  if (modeId !== undefined && !isAutomatic && modes.length > 0 && !modes.includes(modeId)) {
    return `has no RF mode ${modeId}; its modes are ${modes.join(', ')}`;
  }
  const channels = uhf.fixedFrequenciesKhz ?? [];
  const wanted = [...(frequencyKhz === undefined ? [] : [frequencyKhz]), ...(impinj?.fixedFrequenciesKhz ?? [])];
  const missing = wanted.find((khz) => !channels.includes(khz));
  if (missing === undefined) return undefined;
  return `has no fixed channel at ${missing} kHz; ${channels.length === 0 ? 'it has none' : `its channels are ${channels.join(', ')}`}`;
}

/** One AISpec for each antenna, round and round, so that the end of each is one opportunity to be read there. */
export function planRospec(antennas: readonly number[], settings: LlrpSettings, facts: PlanFacts): Rospec {
  const { impinj } = settings;
  const custom = facts.hasImpinj && impinj !== undefined ? reportExtensions(impinj) : [];
  return {
    id: ROSPEC_ID,
    priority: 0,
    state: 'disabled',
    boundary: { start: { kind: 'immediate' }, stop: { kind: 'null' } },
    specs: antennas.map((antennaId) => ({
      kind: 'aispec',
      antennaIds: [antennaId],
      stop: { kind: 'duration', durationMs: settings.dwellMs },
      inventories: [
        {
          id: 1,
          airProtocol: AIR_PROTOCOL_C1G2,
          antennas: [planAntenna(antennaId, settings, facts)],
          custom: [],
        },
      ],
      custom: [],
    })),
    report: { trigger: 'n-tags-or-aispec-end', n: settings.reportTags, content: REPORT_CONTENT, custom },
  };
}

function planAntenna(antennaId: number, settings: LlrpSettings, facts: PlanFacts): AntennaConfiguration {
  const uhf = facts.regulatory?.uhf;
  const { impinj, modeId, tariNs } = settings;
  const powerDbm = settings.antennaPowerDbm[antennaId] ?? settings.powerDbm;
  const powerIndex = nearestPowerIndex(powerDbm, uhf);
  const channels = (impinj?.fixedFrequenciesKhz ?? []).map((khz) => channelOf(khz, uhf));
  return {
    antennaId,
    ...(powerIndex !== undefined && { transmitter: { ...planChannel(settings, uhf), powerIndex } }),
    inventory: {
      stateAware: false,
      filters: [],
      ...(modeId !== undefined && { rfControl: { modeId, tariNs } }),
      singulation: { session: settings.session, population: settings.population, transitMs: 0 },
      custom: facts.hasImpinj && impinj !== undefined ? inventoryExtensions(impinj, channels) : [],
    },
    custom: [],
  };
}

/** Hopping readers take a table and no channel, the others a channel and no table. */
function planChannel(settings: LlrpSettings, uhf: UhfBand | undefined): { hopTableId: number; channelIndex: number } {
  const { hopTableId, channelIndex, frequencyKhz } = settings;
  const isHopping = uhf?.isHopping === true;
  const fixedChannel = frequencyKhz === undefined ? 1 : channelOf(frequencyKhz, uhf);
  return {
    hopTableId: hopTableId ?? (isHopping ? (uhf.hopTables[0]?.id ?? 1) : 0),
    channelIndex: channelIndex ?? (isHopping ? 0 : fixedChannel),
  };
}

/** 1-based; 0 = none of the table's, which `findMisfit` has said. */
function channelOf(frequencyKhz: number, uhf: UhfBand | undefined): number {
  return 1 + (uhf?.fixedFrequenciesKhz ?? []).indexOf(frequencyKhz);
}

/** Index of the power level nearest to the wish; the lower of two. Undefined without a wish or a table. */
export function nearestPowerIndex(powerDbm: number | undefined, uhf: UhfBand | undefined): number | undefined {
  if (powerDbm === undefined || uhf === undefined) return undefined;
  const levels = uhf.powerLevels.toSorted((a, b) => a.powerDbm - b.powerDbm);
  let nearest = levels[0];
  for (const level of levels) {
    if (nearest && Math.abs(level.powerDbm - powerDbm) < Math.abs(nearest.powerDbm - powerDbm)) nearest = level;
  }
  return nearest?.index;
}

/** From the most to the least we ask for: readers differ in which events they know, and refuse all for one. */
export function planConfigs(
  settings: LlrpSettings,
  { canHold, gpiCount }: { canHold: boolean; gpiCount: number },
): readonly ReaderConfig[] {
  const keepalive = { kind: 'periodic', periodMs: settings.keepaliveMs } as const;
  const hold = canHold ? { holdOnReconnect: true } : {};
  // A port that is not enabled tells of no change.
  const gpis = Array.from({ length: gpiCount }, (_, i) => ({ port: i + 1, enabled: true, state: 'unknown' }) as const);
  const events = (types: readonly number[]): NonNullable<ReaderConfig['events']> =>
    types.map((eventType) => ({ eventType, enabled: true }));
  const { antenna, aispec, exception, gpi, rospec, bufferLevel } = EVENT_TYPE;
  const all = events([gpi, rospec, bufferLevel, exception, aispec, antenna]);
  return [
    ...(gpiCount > 0 ? [{ ...NO_CONFIG, keepalive, ...hold, gpis, events: all }] : []),
    { ...NO_CONFIG, keepalive, ...hold, events: all },
    { ...NO_CONFIG, keepalive, ...hold, events: events([exception, aispec, antenna]) },
    { ...NO_CONFIG, keepalive, events: events([antenna]) },
    { ...NO_CONFIG, keepalive },
  ];
}
