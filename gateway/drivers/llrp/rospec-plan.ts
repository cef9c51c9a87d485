/** What the reader is told to do, from settings and the reader's own capabilities. Pure. */
import type { AntennaConfiguration } from '#contract/codec/llrp/antenna-configuration.ts';
import type { RegulatoryCapabilities, UhfBand } from '#contract/codec/llrp/capabilities-regulatory.ts';
import { EVENT_TYPE, NO_CONFIG, type ReaderConfig } from '#contract/codec/llrp/reader-config.ts';
import type { TagReportContent } from '#contract/codec/llrp/report-spec.ts';
import { AIR_PROTOCOL_C1G2, type Rospec } from '#contract/codec/llrp/rospec.ts';
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

/** One AISpec for each antenna, round and round, so that the end of each is one opportunity to be read there. */
export function planRospec(
  antennas: readonly number[],
  settings: LlrpSettings,
  regulatory: RegulatoryCapabilities | undefined,
): Rospec {
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
          antennas: [planAntenna(antennaId, settings, regulatory?.uhf)],
          custom: [],
        },
      ],
      custom: [],
    })),
    report: { trigger: 'n-tags-or-aispec-end', n: settings.reportTags, content: REPORT_CONTENT, custom: [] },
  };
}

function planAntenna(antennaId: number, settings: LlrpSettings, uhf: UhfBand | undefined): AntennaConfiguration {
  const powerIndex = nearestPowerIndex(settings.powerDbm, uhf);
  return {
    antennaId,
    ...(powerIndex !== undefined && {
      transmitter: {
        hopTableId: settings.hopTableId ?? (uhf?.isHopping === true ? (uhf.hopTables[0]?.id ?? 1) : 0),
        channelIndex: settings.channelIndex ?? (uhf?.isHopping === true ? 0 : 1),
        powerIndex,
      },
    }),
    inventory: {
      stateAware: false,
      filters: [],
      ...(settings.modeId !== undefined && { rfControl: { modeId: settings.modeId, tariNs: 0 } }),
      singulation: { session: settings.session, population: settings.population, transitMs: 0 },
      custom: [],
    },
    custom: [],
  };
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
export function planConfigs(settings: LlrpSettings, canHold: boolean): readonly ReaderConfig[] {
  const keepalive = { kind: 'periodic', periodMs: settings.keepaliveMs } as const;
  const hold = canHold ? { holdOnReconnect: true } : {};
  const events = (types: readonly number[]): NonNullable<ReaderConfig['events']> =>
    types.map((eventType) => ({ eventType, enabled: true }));
  const { antenna, aispec, exception, gpi, rospec, bufferLevel } = EVENT_TYPE;
  return [
    { ...NO_CONFIG, keepalive, ...hold, events: events([gpi, rospec, bufferLevel, exception, aispec, antenna]) },
    { ...NO_CONFIG, keepalive, ...hold, events: events([exception, aispec, antenna]) },
    { ...NO_CONFIG, keepalive, events: events([antenna]) },
    { ...NO_CONFIG, keepalive },
  ];
}
