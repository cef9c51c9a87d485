/**
 * The channels of the people counters: number, type, length, and how the data reads. Data, not logic: `vs133.ts` walks.
 *
 * Source: Milesight SensorDecoders, vs-series/vs133.
 */
import type {
  CountGroup,
  Vs133Now,
  Vs133Past,
  Vs133Reading,
  Vs133Telemetry,
} from '#contract/codec/milesight/vs133-reading.ts';

/** `write` gives undefined for a reading that belongs to another channel. */
export interface Channel<Reading extends Vs133Reading | Vs133Past> {
  readonly id: number;
  readonly type: number;
  readonly bytes: number;
  read(data: DataView): Reading;
  write(reading: Vs133Reading | Vs133Past): readonly number[] | undefined;
}

const LINES = [1, 2, 3, 4] as const;
const TYPE = {
  total: 0xd2,
  period: 0xcc,
  regions: 0xe3,
  dwell: 0xe4,
  battery: 0x75,
  covered: 0xfc,
  device: 0xff,
} as const;

/** Where the channels of a group begin, and the ids of the halves of a dwell time in history. */
const GROUPS: readonly {
  readonly group: CountGroup;
  readonly firstLine: number;
  readonly regions: number;
  readonly dwell: number;
  readonly longestDwell: number;
}[] = [
  { group: 'all', firstLine: 0x03, regions: 0x0f, dwell: 0x10, longestDwell: 0x20 },
  { group: 'child', firstLine: 0x11, regions: 0x1d, dwell: 0x1e, longestDwell: 0x3c },
];

/** Facts about the device behind channel FF: type and length. */
const DEVICE_FACTS: readonly (readonly [type: number, bytes: number])[] = [
  [0x01, 1],
  [0x09, 2],
  [0x0a, 2],
  [0x0b, 1],
  [0x0f, 1],
  [0x16, 8],
  [0x1f, 4],
  [0xfe, 1],
  [0xff, 2],
];

function u16(value: number): readonly number[] {
  return [value & 0xff, (value >> 8) & 0xff];
}

function u32(value: number): readonly number[] {
  return [...u16(value & 0xffff), ...u16(value >>> 16)];
}

function totalChannel(
  group: CountGroup,
  line: number,
  at: { id: number; direction: 'in' | 'out' },
): Channel<Vs133Telemetry> {
  const { id, direction } = at;
  return {
    id,
    type: TYPE.total,
    bytes: 4,
    read: (data) => ({ kind: 'total', group, line, direction, count: data.getUint32(0, true) }),
    write: (reading) =>
      reading.kind === 'total' && reading.group === group && reading.line === line && reading.direction === direction
        ? u32(reading.count)
        : undefined,
  };
}

function periodChannel(group: CountGroup, line: number, id: number): Channel<Vs133Telemetry> {
  return {
    id,
    type: TYPE.period,
    bytes: 4,
    read: (data) => ({ kind: 'period', group, line, in: data.getUint16(0, true), out: data.getUint16(2, true) }),
    write: (reading) =>
      reading.kind === 'period' && reading.group === group && reading.line === line
        ? [...u16(reading.in), ...u16(reading.out)]
        : undefined,
  };
}

function regionsChannel(group: CountGroup, id: number): Channel<Vs133Telemetry> {
  return {
    id,
    type: TYPE.regions,
    bytes: 4,
    read: (data) => ({ kind: 'regions', group, people: [0, 1, 2, 3].map((region) => data.getUint8(region)) }),
    write: (reading) => (reading.kind === 'regions' && reading.group === group ? reading.people : undefined),
  };
}

function dwellChannel(group: CountGroup, id: number): Channel<Vs133Now> {
  return {
    id,
    type: TYPE.dwell,
    bytes: 5,
    read: (data) => ({
      kind: 'dwell',
      group,
      region: data.getUint8(0),
      average: data.getUint16(1, true),
      longest: data.getUint16(3, true),
    }),
    write: (reading) =>
      reading.kind === 'dwell' && reading.group === group
        ? [reading.region, ...u16(reading.average), ...u16(reading.longest)]
        : undefined,
  };
}

function dwellHalfChannel(group: CountGroup, id: number, half: 'average' | 'longest'): Channel<Vs133Past> {
  return {
    id,
    type: TYPE.dwell,
    bytes: 3,
    read: (data) => ({ kind: 'dwell-half', group, region: data.getUint8(0), half, dwell: data.getUint16(1, true) }),
    write: (reading) =>
      reading.kind === 'dwell-half' && reading.group === group && reading.half === half
        ? [reading.region, ...u16(reading.dwell)]
        : undefined,
  };
}

function deviceChannel(type: number, bytes: number): Channel<Vs133Now> {
  return {
    id: TYPE.device,
    type,
    bytes,
    read: (data) => ({
      kind: 'device',
      type,
      bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice(),
    }),
    write: (reading) => (reading.kind === 'device' && reading.type === type ? [...reading.bytes] : undefined),
  };
}

const BATTERY: Channel<Vs133Now> = {
  id: 0x01,
  type: TYPE.battery,
  bytes: 1,
  read: (data) => ({ kind: 'battery', percent: data.getUint8(0) }),
  write: (reading) => (reading.kind === 'battery' ? [reading.percent] : undefined),
};

const COVERED: Channel<Vs133Now> = {
  id: 0x50,
  type: TYPE.covered,
  bytes: 3,
  read: (data) => ({ kind: 'covered', node: data.getUint8(1), active: data.getUint8(2) === 1 }),
  write: (reading) => (reading.kind === 'covered' ? [0, reading.node, reading.active ? 1 : 0] : undefined),
};

const COUNTS: readonly Channel<Vs133Telemetry>[] = GROUPS.flatMap(({ group, firstLine, regions }) => [
  ...LINES.flatMap((line) => {
    const id = firstLine + 3 * (line - 1);
    return [
      totalChannel(group, line, { id, direction: 'in' }),
      totalChannel(group, line, { id: id + 1, direction: 'out' }),
      periodChannel(group, line, id + 2),
    ];
  }),
  regionsChannel(group, regions),
]);

/** Channels of the present. */
export const CHANNELS: readonly Channel<Vs133Now>[] = [
  BATTERY,
  ...COUNTS,
  ...GROUPS.map(({ group, dwell }) => dwellChannel(group, dwell)),
  COVERED,
  ...DEVICE_FACTS.map(([type, bytes]) => deviceChannel(type, bytes)),
];

/** Channels inside a history reading, known by their id alone. */
export const HISTORY_CHANNELS: readonly Channel<Vs133Past>[] = [
  ...COUNTS,
  ...GROUPS.flatMap(({ group, dwell, longestDwell }) => [
    dwellHalfChannel(group, dwell, 'average'),
    dwellHalfChannel(group, longestDwell, 'longest'),
  ]),
];
