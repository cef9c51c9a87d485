/**
 * What the fields of a Milesight sensor mean. The names say it, so one reading serves every device, and the rows of its
 * history too.
 *
 * Children (`line_1_child_total_in`) are a part of everybody and not counted again; dwell times and the matrix of flows
 * between regions stay in the values.
 *
 * Source: Milesight SensorDecoders, README of each device (names, units, widths).
 */
import type { Json, JsonObject } from '#contract/codec/format.ts';
import {
  healthOf,
  isoOfSeconds,
  WHOLE_DEVICE,
  type EnvironmentReading,
  type FlowReading,
  type LevelReading,
  type SpaceReading,
} from '#contract/codec/space-sensor/reading.ts';

/** The readings of a message: those of now first, then the rows of its history at their own time. */
export function milesightReadings(values: JsonObject): readonly SpaceReading[] {
  const history = (values['history'] ?? []) as readonly JsonObject[];
  return [...rowReadings(values), ...healthReadings(values), ...history.flatMap(rowReadings)];
}

function rowReadings(row: JsonObject): readonly SpaceReading[] {
  const seconds = numberOf(row['timestamp']);
  const at = seconds === undefined ? undefined : isoOfSeconds(seconds);
  const readings = [...flowReadings(row), ...levelReadings(row), ...environmentReadings(row)];
  return at === undefined ? readings : readings.map((reading) => ({ ...reading, at }));
}

/** Names of the four numbers of a line, and how wide its totals are. */
type LineNames = readonly [
  channel: string,
  names: Readonly<Record<'in' | 'out' | 'totalIn' | 'totalOut', string>>,
  totalBits: number,
];

const names = (period: string, total: string): LineNames[1] => ({
  in: `${period}in`,
  out: `${period}out`,
  totalIn: `${total}in`,
  totalOut: `${total}out`,
});

const LINES: readonly LineNames[] = [
  ...['1', '2', '3', '4'].map((line): LineNames => [line, names(`line_${line}_period_`, `line_${line}_total_`), 32]),
  ['1', names('periodic_counter_', 'total_counter_'), 32],
  ['1', names('period_', 'total_'), 16],
  ['1', names('people_', 'people_total_'), 16],
  ['2', { ...names('line_', ''), totalIn: '', totalOut: '' }, 16],
];

function flowReadings(row: JsonObject): readonly FlowReading[] {
  return LINES.flatMap(([channel, fields, totalBits]) => {
    const counts = Object.entries(fields).flatMap(([key, name]) => {
      const count = numberOf(row[name]);
      return count === undefined || count < 0 ? [] : [[key, count] as const];
    });
    return counts.length === 0 ? [] : [{ kind: 'flow', channel, ...Object.fromEntries(counts), totalBits }];
  });
}

function levelReadings(row: JsonObject): readonly LevelReading[] {
  const levels: LevelReading[] = [];
  const add = (channel: string, people: number | null, occupied: number | null): void => {
    levels.push({ kind: 'level', channel, people, occupied });
  };
  for (const [name, value] of Object.entries(row)) {
    if (typeof value !== 'number') continue;
    const region = /^region_(?<number>\d+)(?<count>_count)?$/.exec(name)?.groups;
    if (region !== undefined) {
      const isCount = region['count'] !== undefined;
      add(region['number'] ?? '', isCount ? value : null, isCount ? null : value);
    } else if (name === 'people_count_all') add(WHOLE_DEVICE, value, null);
    else if (name === 'occupancy' || name === 'pir') add(WHOLE_DEVICE, null, value > 1 ? null : value);
  }
  return levels;
}

const ENVIRONMENT: Readonly<Record<string, readonly [quantity: string, unit: string]>> = {
  temperature: ['temperature', '°C'],
  humidity: ['humidity', '%'],
  co2: ['co2', 'ppm'],
  pressure: ['pressure', 'hPa'],
  // As the device is set: an index or µg/m³; only the values say which.
  tvoc: ['tvoc', 'level'],
  hcho: ['hcho', 'mg/m³'],
  o3: ['o3', 'ppm'],
  pm2_5: ['pm2.5', 'µg/m³'],
  pm10: ['pm10', 'µg/m³'],
  light_level: ['light', 'level'],
  daylight: ['light', 'bright'],
  illuminance: ['light', 'lx'],
};
/** Of the VS370 `illuminance` is a code: dim, bright, or switched off. */
const LIGHT_CODES: ReadonlySet<Json | undefined> = new Set([0, 1, 254]);
const SWITCHED_OFF = 254;
/** What the air sensors send while a part of them is not ready. */
const NOT_READY = 0xffff;

function environmentReadings(row: JsonObject): readonly EnvironmentReading[] {
  return Object.entries(ENVIRONMENT).flatMap(([name, [quantity, unit]]): readonly EnvironmentReading[] => {
    const value = numberOf(row[name]);
    if (value === undefined) return [];
    if (name === 'illuminance' && LIGHT_CODES.has(value) && row['occupancy'] !== undefined) {
      return [{ kind: 'environment', quantity, value: value === SWITCHED_OFF ? null : value, unit: 'bright' }];
    }
    return [{ kind: 'environment', quantity, value: value === NOT_READY ? null : value, unit }];
  });
}

/** What the kinds of event of the VS360 mean. */
const EVENT_FLAGS: readonly string[] = ['counting-anomaly', 'node-without-response', 'misaligned'];
/** Of the VS350 and VS351: the device itself is too hot. */
const HIGH_TEMPERATURE = 3;

function healthReadings(values: JsonObject): readonly SpaceReading[] {
  const flags: string[] = [];
  const events = (values['event'] ?? []) as readonly JsonObject[];
  const said = events.length > 0 || Object.keys(values).some((name) => name.endsWith('_occlusion_alarm'));
  const latest = new Map(events.map((event) => [event['type'], event['status']]));
  for (const [type, status] of latest) {
    if (status === 1) flags.push(EVENT_FLAGS[Number(type)] ?? `event-${Number(type)}`);
  }
  for (const [name, value] of Object.entries(values)) {
    if (name.endsWith('_occlusion_alarm') && value === 1) flags.push(`${name.replace('_occlusion_alarm', '')}-covered`);
  }
  if (values['reset_event'] === 1) flags.push('reset');
  if (values['temperature_alarm'] === HIGH_TEMPERATURE) flags.push('high-temperature');
  const batteries = ['battery', 'battery_main', 'battery_node'].flatMap((name) => numberOf(values[name]) ?? []);
  // Above 100 there is no battery but a cable.
  const percents = batteries.filter((percent) => percent <= 100);
  if (!said && flags.length === 0 && batteries.length === 0) return [];
  return [healthOf(flags, percents.length === 0 ? {} : { percent: Math.min(...percents) })];
}

function numberOf(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
