/**
 * Uplinks of the Browan (MerryIoT, Tabs) motion sensor TBMS100, LoRaWAN port 102, and the air quality sensor TBHV110, port
 * 103. Numbers are little-endian; the upper bits of battery, temperature and humidity are reserved.
 *
 *     TBMS100 | status u8, bit 0 occupied | battery u8: (25 + low nibble) / 10 V | board temperature u8: low 7 bits - 32 °C |
 *               time u16: minutes since the last motion | count u24: motions since the last reset
 *     TBHV110 | status u8, bit 0 trigger, bit 4 temperature or humidity changed, bit 5 IAQ changed | battery | board
 *               temperature | humidity u8: low 7 bits % | eCO2 u16 ppm | VOC u16 ppm | IAQ u16 | temperature u8
 *
 * eCO2 is reckoned from VOC and says nothing about people; it is given as `eco2`, never as CO2.
 *
 * Source: Browan TBMS100 and TBHV110 reference manuals; The Things Network device repository, vendor/browan.
 */
import type { Json } from '#contract/codec/format.ts';
import { healthOf, WHOLE_DEVICE, type SensorMessage, type SpaceReading } from '#contract/codec/space-sensor/reading.ts';
import { toHex } from '#contract/hex.ts';

export const TBMS_PORT = 102;
export const TBHV_PORT = 103;

type Values = Record<string, Json>;
/** Name, first byte, bytes, and what the bytes as one number say. */
type Field = readonly [names: readonly string[], at: number, bytes: number, read: (raw: number) => readonly number[]];

const volts = (raw: number): readonly number[] => [(25 + (raw & 0x0f)) / 10];
const degrees = (raw: number): readonly number[] => [(raw & 0x7f) - 32];
const plain = (raw: number): readonly number[] => [raw];

const TBMS: readonly Field[] = [
  [['status'], 0, 1, (raw) => [raw & 1]],
  [['battery'], 1, 1, volts],
  [['temperatureBoard'], 2, 1, degrees],
  [['time'], 3, 2, plain],
  [['count'], 5, 3, plain],
];

const TBHV: readonly Field[] = [
  [['status', 'tempHumidChanged', 'iaqChanged'], 0, 1, (raw) => [raw & 1, (raw >> 4) & 1, (raw >> 5) & 1]],
  [['battery'], 1, 1, volts],
  [['temperatureBoard'], 2, 1, degrees],
  [['humidity'], 3, 1, (raw) => [raw & 0x7f]],
  [['eco2'], 4, 2, plain],
  [['voc'], 6, 2, plain],
  [['iaq'], 8, 2, plain],
  [['temperature'], 10, 1, degrees],
];

/** The PIR is triggered, or was within its own blind time. */
export function decodeTbms(payload: Uint8Array): SensorMessage {
  const { values, ...rest } = readFields(TBMS, payload);
  const readings: SpaceReading[] = [];
  if (values['status'] !== undefined) {
    readings.push({ kind: 'level', channel: WHOLE_DEVICE, people: null, occupied: Number(values['status']) });
  }
  return { values, ...rest, readings: [...readings, ...common(values), ...activity(values)] };
}

/** The air of a room; none of it counts people. */
export function decodeTbhv(payload: Uint8Array): SensorMessage {
  const { values, ...rest } = readFields(TBHV, payload);
  const air = [
    ['temperature', 'temperature', '°C'],
    ['humidity', 'humidity', '%'],
    ['eco2', 'eco2', 'ppm'],
    ['voc', 'voc', 'ppm'],
    ['iaq', 'iaq', 'index'],
  ] as const;
  const readings = air.flatMap(([name, quantity, unit]): SpaceReading[] =>
    values[name] === undefined ? [] : [{ kind: 'environment', quantity, value: Number(values[name]), unit }],
  );
  return { values, ...rest, readings: [...readings, ...common(values)] };
}

function readFields(fields: readonly Field[], payload: Uint8Array): Omit<SensorMessage, 'readings'> {
  const values: Values = {};
  for (const [names, at, bytes, read] of fields) {
    if (at + bytes > payload.length) {
      const detail = `${payload.length} bytes: ${names.join(', ')} and what follows is cut off`;
      return { values, error: { code: 'truncated', offsetBytes: at, detail } };
    }
    let raw = 0;
    for (let i = bytes - 1; i >= 0; i -= 1) raw = raw * 0x100 + (payload[at + i] ?? 0);
    read(raw).forEach((value, i) => {
      values[names[i] ?? ''] = value;
    });
  }
  const [, at, bytes] = fields.at(-1) ?? [[], 0, 0];
  const rest = payload.subarray(at + bytes);
  return rest.length === 0 ? { values } : { values, unknown: { offset: at + bytes, hex: toHex(rest) } };
}

function common(values: Values): readonly SpaceReading[] {
  const readings: SpaceReading[] = [];
  if (values['battery'] !== undefined) {
    const battery = Number(values['battery']);
    // A lithium cell of 3.6 V is empty below this.
    readings.push(healthOf(battery < 2.8 ? ['low-battery'] : [], { volts: battery }));
  }
  return readings;
}

/** The count tells how much went on even where frames were lost. */
function activity(values: Values): readonly SpaceReading[] {
  if (values['count'] === undefined) return [];
  return [{ kind: 'environment', quantity: 'motion-count', value: Number(values['count']), unit: 'count' }];
}
