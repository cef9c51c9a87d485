/**
 * Uplinks of the Elsys ERS and EMS families (and of every other Elsys sensor: the types are one list).
 *
 *     | type u8 | data | ... numbers are big-endian
 *
 * Every type has a fixed length, so one that says nothing to us is passed over whole: the thermal image is 65 bytes long.
 * Settings (3E) fill the rest of their message. A type that no document names has no known length.
 *
 * Source: Elsys sensor payload document; elsys.js of The Things Network device repository, vendor/elsys.
 */
import type { Json, JsonObject } from '#contract/codec/format.ts';
import { layoutOf, readLayout } from '#contract/codec/space-sensor/fields.ts';
import {
  healthOf,
  WHOLE_DEVICE,
  type EnvironmentReading,
  type SensorMessage,
  type SpaceReading,
} from '#contract/codec/space-sensor/reading.ts';
import { toHex } from '#contract/hex.ts';

/** By type; names as the maker's decoder has them. */
const TYPES: Readonly<Record<number, string>> = {
  0x01: 'temperature:i16/10',
  0x02: 'humidity:u8',
  0x03: 'x:i8 y:i8 z:i8',
  0x04: 'light:u16',
  0x05: 'motion:u8',
  0x06: 'co2:u16',
  0x07: 'vdd:u16',
  0x08: 'analog1:u16',
  0x09: 'lat:u24 long:u24',
  0x0a: 'pulse1:u16',
  0x0b: 'pulseAbs:u32',
  0x0c: 'externalTemperature:i16/10',
  0x0d: 'digital:u8',
  0x0e: 'distance:u16',
  0x0f: 'accMotion:u8',
  0x10: 'irInternalTemperature:i16/10 irExternalTemperature:i16/10',
  0x11: 'occupancy:u8',
  0x12: 'waterleak:u8',
  0x14: 'pressure:i32/1000',
  0x15: 'soundPeak:u8 soundAvg:u8',
  0x16: 'pulse2:u16',
  0x17: 'pulseAbs2:u32',
  0x18: 'analog2:u16',
  0x19: 'externalTemperature2:i16/10',
  0x1a: 'digital2:u8',
  0x1b: 'analogUv:i32',
  0x1c: 'tvoc:u16',
  0x3d: 'debug:hex4',
};
const GRID_EYE = 0x13;
const GRID_EYE_PIXELS = 64;
const SETTINGS = 0x3e;
const EXTERNAL_2 = 'externalTemperature2';

type Values = Record<string, Json>;

/** Reads a message as far as its types are known. */
export function decodeElsys(payload: Uint8Array): SensorMessage {
  const data = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const values: Values = {};
  let at = 0;
  while (at < payload.length) {
    const type = payload[at] ?? 0;
    const text = TYPES[type];
    if (type === SETTINGS) {
      values['settings'] = toHex(payload.subarray(at + 1));
      break;
    }
    if (text === undefined && type !== GRID_EYE) {
      return finish(values, { unknown: { offset: at, hex: toHex(payload.subarray(at)) } });
    }
    const bytes = text === undefined ? 1 + GRID_EYE_PIXELS : layoutOf(text).bytes;
    if (at + 1 + bytes > payload.length) {
      const detail = `type ${type} has ${bytes} bytes, ${payload.length - at - 1} are left`;
      return finish(values, { error: { code: 'truncated', offsetBytes: at, detail } });
    }
    if (text === undefined) values['grideye'] = gridEye(payload.subarray(at + 1, at + 1 + bytes));
    else take(values, text, { data, at: at + 1 });
    at += 1 + bytes;
  }
  return finish(values, {});
}

/** A reference temperature, and of each pixel how much warmer it is, in tenths of a degree. */
function gridEye([reference = 0, ...pixels]: Uint8Array): readonly number[] {
  return pixels.map((pixel) => reference + pixel / 10);
}

/** Several probes on one wire come as the same type again and are a list then. */
function take(values: Values, text: string, from: { readonly data: DataView; readonly at: number }): void {
  const before = values[EXTERNAL_2];
  readLayout(layoutOf(text), { ...from, isLittle: false }, values);
  if (before !== undefined && text.startsWith(EXTERNAL_2)) {
    values[EXTERNAL_2] = [before, values[EXTERNAL_2] ?? null].flat();
  }
}

const ENVIRONMENT: readonly (readonly [name: string, quantity: string, unit: string])[] = [
  ['temperature', 'temperature', '°C'],
  ['humidity', 'humidity', '%'],
  ['light', 'light', 'lx'],
  ['co2', 'co2', 'ppm'],
  ['tvoc', 'tvoc', 'ppb'],
  ['pressure', 'pressure', 'hPa'],
  ['soundPeak', 'noise-peak', 'dB'],
  ['soundAvg', 'noise', 'dB'],
  ['motion', 'motion-count', 'count'],
];

/** Of type 11: empty, perhaps somebody (the PIR alone), somebody there. */
const PENDING = 1;
const OCCUPIED = 2;
const LOW_BATTERY_MV = 3100;

function finish(values: JsonObject, rest: Pick<SensorMessage, 'error' | 'unknown'>): SensorMessage {
  const readings: SpaceReading[] = ENVIRONMENT.flatMap(([name, quantity, unit]): readonly EnvironmentReading[] => {
    const value = values[name];
    return typeof value === 'number' ? [{ kind: 'environment', quantity, value, unit }] : [];
  });
  const occupancy = values['occupancy'];
  if (typeof occupancy === 'number') {
    const occupied = occupancy === PENDING || occupancy > OCCUPIED ? null : occupancy / OCCUPIED;
    readings.push({ kind: 'level', channel: WHOLE_DEVICE, people: null, occupied });
  }
  for (const [name, channel] of [
    ['pulseAbs', '1'],
    ['pulseAbs2', '2'],
  ] as const) {
    const totalIn = values[name];
    if (typeof totalIn === 'number') readings.push({ kind: 'flow', channel, totalIn, totalBits: 32 });
  }
  const vdd = values['vdd'];
  if (typeof vdd === 'number') {
    readings.push(healthOf(vdd < LOW_BATTERY_MV ? ['low-battery'] : [], { volts: vdd / 1000 }));
  }
  return { values, readings, ...rest };
}
