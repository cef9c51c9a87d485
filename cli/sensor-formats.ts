/** The bench tool, reading sensors of space: one message a line, as the device or its network server sent it. */
import type { CodecError } from '#contract/codec/codec-error.ts';
import {
  MILESIGHT_DEVICES,
  SENSOR_FAMILIES,
  type SensorDecoder,
  type SensorFamily,
} from '#contract/codec/space-sensor/decoder-names.table.ts';
import { decodeSensor } from '#contract/codec/space-sensor/decoders.ts';
import { AppError } from '#contract/errors.ts';
import { err, ok, type Result } from '#contract/result.ts';
import { toObservations } from '#contract/wire/sensor-observations.ts';

const SUMMARIES: Readonly<Record<SensorFamily, string>> = {
  milesight: `Milesight counters, presence and air sensors: --device ${MILESIGHT_DEVICES.join(', ')}`,
  'browan-tbms': 'Browan TBMS100, motion',
  'browan-tbhv': 'Browan TBHV110, air quality',
  elsys: 'Elsys ERS, EMS and kin',
  terabee: 'Terabee People Counting L-XL',
  xovis: 'Xovis data push, firmware 5 (JSON)',
  butlr: 'Butlr webhook events (JSON)',
};

export const SENSOR_FORMATS = SENSOR_FAMILIES.map((name) => ({ name, summary: SUMMARIES[name] }));

export interface ShownMessage {
  /** One JSON object. */
  readonly text: string;
  /** Something could not be read, though what stands before it is there. */
  readonly isWhole: boolean;
}

export interface SensorFormat {
  readonly name: SensorFamily;
  show(bytes: Uint8Array): Result<ShownMessage, CodecError>;
}

const PORT_MAX = 255;

/**
 * `device` and `port` as typed. Undefined: no sensor has this name.
 *
 * Errors: `API_BAD_INPUT` for a device or a port that does not exist.
 */
export function findSensorFormat(
  name: string | undefined,
  typed: { readonly device: string | undefined; readonly port: string | undefined },
): SensorFormat | undefined {
  const family = SENSOR_FAMILIES.find((candidate) => candidate === name);
  if (family === undefined) return undefined;
  const decoder = decoderOf(family, typed.device?.toLowerCase());
  const port = typed.port === undefined ? undefined : portOf(typed.port);
  const sensor = typed.device?.toLowerCase() ?? family;
  return { name: family, show: (bytes) => show(decoder, bytes, { sensor, port }) };
}

function decoderOf(family: SensorFamily, device: string | undefined): SensorDecoder {
  if (family !== 'milesight') return family;
  const known = MILESIGHT_DEVICES.find((candidate) => candidate === device);
  if (known !== undefined) return `milesight-${known}`;
  const problem = device === undefined ? 'which device?' : `there is no device "${device}" of milesight.`;
  throw new AppError('API_BAD_INPUT', `${problem} --device takes one of: ${MILESIGHT_DEVICES.join(', ')}`);
}

function portOf(typed: string): number {
  const port = Number(typed);
  if (/^\d+$/.test(typed) && port <= PORT_MAX) return port;
  throw new AppError('API_BAD_INPUT', `--port takes a LoRaWAN port from 0 to ${PORT_MAX}, not "${typed}"`);
}

/** Lines and places are named as the device names its channels: what they mean stands in a plan. */
function show(
  decoder: SensorDecoder,
  bytes: Uint8Array,
  { sensor, port }: { readonly sensor: string; readonly port: number | undefined },
): Result<ShownMessage, CodecError> {
  const decoded = decodeSensor(decoder, bytes, port);
  if (!decoded.ok) return err(decoded.error);
  const { values, readings, unknown, error, receivedAt, frameCounter } = decoded.value;
  const observations = toObservations(readings, {
    sensor,
    lineOf: (line) => ({ line, reversed: false }),
    placeOf: (place) => place,
    receivedAt: receivedAt ?? null,
    source: 'raw',
    ...(frameCounter !== undefined && { frame: frameCounter }),
  });
  const fault = error && { code: error.code, message: error.detail, offset: error.offsetBytes };
  return ok({ text: JSON.stringify({ values, observations, unknown, error: fault }), isWhole: error === undefined });
}
