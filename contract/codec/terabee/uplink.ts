/**
 * Uplinks of the Terabee People Counting L-XL over LoRaWAN.
 *
 *     port 1   | in u32 | out u32 | flags u8 |, big-endian; every frame carries the device's health
 *     port 101 | points u8 | x 7 bits, y 6 bits, ... right-aligned in the bytes |: the counting area
 *     others   | command u8 | value | or, as an acknowledgement, | FF | command u8 | FF = refused |
 *
 * Source: Terabee "People Counting L-XL LoRaWAN" payload decoder; The Things Network device repository, vendor/terabee.
 */
import type { CodecError } from '#contract/codec/codec-error.ts';
import type { Json } from '#contract/codec/format.ts';
import { healthOf, type SensorMessage } from '#contract/codec/space-sensor/reading.ts';
import { toHex } from '#contract/hex.ts';

export const TERABEE_PORT = 1;
const AREA_PORT = 101;
const ACKNOWLEDGE = 0xff;

const FLAGS = ['TPC_STOPPED', 'TPC_STUCK', 'MULTI_DEV_ISSUE', 'WIFI_AP_ENABLED'] as const;

/** Commands by port and id, and how the value of the answer reads. */
const COMMANDS: Readonly<Record<string, readonly [name: string, value?: (bytes: DataView) => Json | undefined]>> = {
  '2.1': ['CMD_CNT_RST'],
  '2.2': [
    'CMD_CNT_GET',
    (v) => (v.byteLength < 8 ? undefined : { count_in: v.getUint32(0), count_out: v.getUint32(4) }),
  ],
  '2.130': ['CMD_CNT_SET'],
  '3.1': ['CMD_DEV_RBT'],
  '3.2': ['CMD_TPC_RST'],
  '4.1': ['CMD_GET_VER_PEOPLE_COUNTING', versionOf],
  '4.2': ['CMD_GET_VER_WEB_GUI', versionOf],
  '4.3': ['CMD_GET_VER_LORA_AGENT', versionOf],
  '4.4': ['CMD_GET_VER_ACCESS_POINT', versionOf],
  '4.5': ['CMD_GET_VER_UPDATER_WEB_GUI', versionOf],
  '4.6': ['CMD_GET_VER_FAN_SERVICE', versionOf],
  '5.1': ['CMD_GET_AP_STATE', (v) => (v.byteLength < 1 ? undefined : { state: v.getUint8(0) })],
  '5.129': ['CMD_SET_AP_STATE'],
  '6.1': ['CMD_FORCE_REJOIN'],
  '7.1': ['CMD_FORCE_TIME_SYNC'],
  '100.1': ['CMD_GET_HEIGHT', (v) => (v.byteLength < 2 ? undefined : { mounting_height: v.getUint16(0) })],
  '100.129': ['CMD_SET_HEIGHT'],
  '100.2': ['CMD_GET_REVERSE', (v) => (v.byteLength < 1 ? undefined : { direction: v.getUint8(0) })],
  '100.130': ['CMD_SET_REVERSE'],
  '100.3': ['CMD_GET_PUSH_PERIOD', (v) => (v.byteLength < 2 ? undefined : { push_period_min: v.getUint16(0) })],
  '100.131': ['CMD_SET_PUSH_PERIOD'],
  '102.0': ['CMD_SET_AREA_PTS'],
};

/** One frame; without a port it is taken for the counting one. */
export function decodeTerabee(payload: Uint8Array, port: number = TERABEE_PORT): SensorMessage {
  if (port === TERABEE_PORT) return counts(payload);
  return port === AREA_PORT ? area(payload) : command(payload, port);
}

function counts(payload: Uint8Array): SensorMessage {
  const view = viewOf(payload);
  const values: Record<string, Json> = {};
  if (payload.length >= 4) values['count_in'] = view.getUint32(0);
  if (payload.length >= 8) values['count_out'] = view.getUint32(4);
  const flow = {
    kind: 'flow',
    channel: '1',
    ...(payload.length >= 4 && { totalIn: view.getUint32(0) }),
    ...(payload.length >= 8 && { totalOut: view.getUint32(4) }),
    totalBits: 32,
  } as const;
  const readings = payload.length >= 4 ? [flow] : [];
  const flags = payload[8];
  if (flags === undefined) return { values, readings, error: cut(payload.length - (payload.length % 4)) };
  const set = FLAGS.filter((_, i) => ((flags >> i) & 1) === 1);
  values['flags'] = Object.fromEntries(set.map((flag) => [flag, 1]));
  // An open access point is a matter of care, not of counting; it is told all the same.
  const health = healthOf(set.map((flag) => flag.toLowerCase().replaceAll('_', '-')));
  const rest = payload.subarray(9);
  return {
    values,
    readings: [...readings, health],
    ...(rest.length > 0 && { unknown: { offset: 9, hex: toHex(rest) } }),
  };
}

function command(payload: Uint8Array, port: number): SensorMessage {
  const [first, second, third] = payload;
  const isAcknowledge = first === ACKNOWLEDGE;
  const id = isAcknowledge ? second : first;
  if (id === undefined) return { values: {}, readings: [], error: cut(0) };
  const known = COMMANDS[`${port}.${id}`];
  if (known === undefined) {
    const detail = `no command ${id} on port ${port}`;
    return { values: {}, readings: [], error: { code: 'unknown-type', offsetBytes: 0, detail } };
  }
  const [name, read] = known;
  const success = !isAcknowledge || third !== ACKNOWLEDGE;
  const value = isAcknowledge ? undefined : read?.(viewOf(payload.subarray(1)));
  const cmd = { name, id, success, ...(value !== undefined && { value }) };
  const isCut = !isAcknowledge && read !== undefined && value === undefined;
  return { values: { cmd }, readings: [], ...(isCut && { error: cut(1) }) };
}

/** x has 7 bits and y 6; the bits are padded at the front. */
function area(payload: Uint8Array): SensorMessage {
  const [count, ...bytes] = payload;
  if (count === undefined || bytes.length !== Math.ceil((count * 13) / 8)) {
    const detail = `${bytes.length} bytes are not ${count ?? 0} points`;
    return { values: {}, readings: [], error: { code: 'bad-length', offsetBytes: 0, detail } };
  }
  const bits = bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const from = bits.length - count * 13;
  const points = Array.from({ length: count }, (_, i) => {
    const point = bits.slice(from + i * 13, from + (i + 1) * 13);
    return { x: Number.parseInt(point.slice(0, 7), 2), y: Number.parseInt(point.slice(7), 2) };
  });
  const value = { nb_of_points: count, points };
  return { values: { cmd: { name: 'CMD_GET_AREA_PTS', id: null, success: true, value } }, readings: [] };
}

function versionOf(bytes: DataView): Json | undefined {
  if (bytes.byteLength < 3) return undefined;
  return { software_version: [0, 1, 2].map((i) => bytes.getUint8(i)).join('.') };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function cut(offsetBytes: number): CodecError {
  return { code: 'truncated', offsetBytes, detail: 'the frame is cut off' };
}
