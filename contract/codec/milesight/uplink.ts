/**
 * Uplinks of the Milesight people counters, presence and air sensors, LoRaWAN port 85.
 *
 *     | channel u8 | type u8 | data | ... the table of the device says how long the data is
 *     20 CE time u32 (s since 1970) ...: a row of the past, sent late
 *
 * Reads as far as it knows: a channel that no document names has no known length, so everything behind it is `unknown`.
 * The totals of the VS13x fall to zero when the device's own scheduled reset is on: turn it off.
 *
 * Source: Milesight SensorDecoders, README and decoder of each device.
 */
import type { Json, JsonObject } from '#contract/codec/format.ts';
import { MILESIGHT_CHANNELS } from '#contract/codec/milesight/channels.table.ts';
import { milesightReadings } from '#contract/codec/milesight/readings.ts';
import type { MilesightDevice } from '#contract/codec/space-sensor/decoder-names.table.ts';
import { layoutOf, readLayout, type Layout } from '#contract/codec/space-sensor/fields.ts';
import type { SensorMessage } from '#contract/codec/space-sensor/reading.ts';
import { toHex } from '#contract/hex.ts';

/** The mask of the VS121 has 16 bits, whatever count stands before it. */
const MASK_BITS = 16;

type Values = Record<string, Json>;

/** Reads a payload as far as its channels are known. */
export function decodeMilesight(device: MilesightDevice, payload: Uint8Array): SensorMessage {
  const data = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const values: Values = {};
  const channels: Readonly<Record<string, string>> = MILESIGHT_CHANNELS[device];
  let at = 0;
  let stop: Pick<SensorMessage, 'error' | 'unknown'> = {};
  while (at < payload.length) {
    const found = channelAt(channels, payload, at);
    if (found === 'unknown') {
      stop = { unknown: { offset: at, hex: toHex(payload.subarray(at)) } };
      break;
    }
    const end = found === 'cut' ? Infinity : found.at + found.layout.bytes + (found.hasResult ? 1 : 0);
    if (found === 'cut' || end > payload.length) {
      stop = { error: { code: 'truncated', offsetBytes: at, detail: 'the data of this channel is cut off' } };
      break;
    }
    readChannel(found, data, values);
    at = end;
  }
  const named = withMakersNames(values);
  return { values: named, readings: milesightReadings(named), ...stop };
}

interface Found {
  readonly layout: Layout;
  /** Where the data begins. */
  readonly at: number;
  readonly type: number;
  /** F8: one byte behind the data says whether the setting was taken. */
  readonly hasResult: boolean;
}

function channelAt(
  channels: Readonly<Record<string, string>>,
  payload: Uint8Array,
  at: number,
): Found | 'unknown' | 'cut' {
  const [id = 0, type] = payload.subarray(at, at + 2);
  if (type === undefined) return 'cut';
  const key = [hex(id) + hex(type), familyOf(id) + hex(type)].find((candidate) => channels[candidate] !== undefined);
  const text = key === undefined ? undefined : channels[key];
  if (key === undefined || text === undefined) return 'unknown';
  const begin = { at: at + 2, type, hasResult: id === 0xf8 };
  if (text === 'sn:serial') return { ...begin, layout: layoutOf(`sn:hex${serialBytes(payload, at + 2)}`) };
  if (!text.endsWith('?')) return { ...begin, layout: layoutOf(text) };
  const head = text.slice(0, -1).trim();
  const kind = payload[at + 2 + layoutOf(head).bytes];
  if (kind === undefined) return 'cut';
  const tail = channels[`${key}.${hex(kind)}`];
  return tail === undefined ? 'unknown' : { ...begin, layout: layoutOf(`${head} _:skip1 ${tail}`) };
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');

/** Answers to settings come behind one of two ids each. */
function familyOf(id: number): string {
  if (id === 0xfe || id === 0xff) return 'rr';
  return id === 0xf8 || id === 0xf9 ? 'ee' : hex(id);
}

/** Newer VS121 have 8 bytes. A serial number has decimal digits only, and the next channel of that message begins with FF. */
function serialBytes(payload: Uint8Array, at: number): 6 | 8 {
  const isEnd = (byte: number | undefined): boolean => byte === undefined || byte === 0xff;
  return !isEnd(payload[at + 6]) && payload[at + 7] !== undefined && isEnd(payload[at + 8]) ? 8 : 6;
}

function readChannel(found: Found, data: DataView, values: Values): void {
  const from = { data, at: found.at, isLittle: true };
  const result = found.hasResult ? data.getUint8(found.at + found.layout.bytes) : 0;
  if (result === 0) readLayout(found.layout, from, values);
  else {
    const request: Values = {};
    readLayout(found.layout, from, request);
    values['device_response_result'] = { channel_type: found.type, result, request };
  }
}

/** What the maker derives from other fields: seats out of a mask, and one field with two names in its documents. */
function withMakersNames(row: JsonObject): JsonObject {
  const named: Values = {};
  for (const [name, value] of Object.entries(row)) {
    if (name === 'region_mask') {
      const count = Math.min(MASK_BITS, Number(row['region_count']));
      for (let i = 0; i < count; i += 1) named[`region_${i + 1}`] = (Number(value) >> i) & 1;
    } else if (name === 'history') {
      named[name] = (value as readonly JsonObject[]).map(withMakersNames);
    } else named[name] = value;
    // The README of the WS203 says "abnormal", its decoder says "alarm".
    if (name === 'temperature_abnormal') named['temperature_alarm'] = value;
  }
  return named;
}
