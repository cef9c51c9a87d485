/**
 * Every decoder of a third-party sensor by the name that the plan and the command line use.
 *
 * Source: the table itself has none; each decoder names its own.
 */
import { decodeTbhv, decodeTbms, TBHV_PORT, TBMS_PORT } from '#contract/codec/browan/tabs.ts';
import { decodeButlr } from '#contract/codec/butlr/event.ts';
import type { CodecError } from '#contract/codec/codec-error.ts';
import { decodeElsys } from '#contract/codec/elsys/uplink.ts';
import { decodeMilesight } from '#contract/codec/milesight/uplink.ts';
import {
  MILESIGHT_DEVICES,
  type SensorDecoder,
  type SensorFamily,
} from '#contract/codec/space-sensor/decoder-names.table.ts';
import type { SensorMessage } from '#contract/codec/space-sensor/reading.ts';
import { unwrapUplink } from '#contract/codec/space-sensor/unwrap.ts';
import { decodeTerabee, TERABEE_PORT } from '#contract/codec/terabee/uplink.ts';
import { decodeXovis } from '#contract/codec/xovis/push.ts';
import { err, ok, type Result } from '#contract/result.ts';

/** The bytes as they came, and the LoRaWAN port where it is known. */
type Decode = (bytes: Uint8Array, port: number | undefined) => Result<SensorMessage, CodecError>;

const BY_FAMILY: Readonly<Record<Exclude<SensorFamily, 'milesight'>, Decode>> = {
  'browan-tbms': onPort(TBMS_PORT, decodeTbms),
  'browan-tbhv': onPort(TBHV_PORT, decodeTbhv),
  // The maker lets the port be set; settings come on the next one.
  elsys: (bytes) => kept(decodeElsys(bytes)),
  terabee: (bytes, port) => kept(decodeTerabee(bytes, port ?? TERABEE_PORT)),
  xovis: decodeXovis,
  butlr: decodeButlr,
};

export interface DecodedSensor extends SensorMessage {
  /** When the network server took it in, where it says; ISO 8601, UTC. */
  readonly receivedAt?: string;
  readonly frameCounter?: number;
}

/**
 * One message of a sensor, wrapped by a network server or as the device sent it. What could be read before a fault is kept,
 * with the fault in `error`.
 *
 * Errors: the codec error when nothing at all could be read.
 */
export function decodeSensor(
  decoder: SensorDecoder,
  bytes: Uint8Array,
  typedPort?: number,
): Result<DecodedSensor, CodecError> {
  const uplink = unwrapUplink(bytes);
  const payload = uplink?.payload ?? bytes;
  const port = typedPort ?? uplink?.fPort;
  const device = MILESIGHT_DEVICES.find((candidate) => `milesight-${candidate}` === decoder);
  const message =
    device === undefined
      ? BY_FAMILY[decoder as keyof typeof BY_FAMILY](payload, port)
      : kept(decodeMilesight(device, payload));
  if (!message.ok) return message;
  const { receivedAt, frameCounter } = uplink ?? {};
  return ok({
    ...message.value,
    ...(receivedAt !== undefined && { receivedAt }),
    ...(frameCounter !== undefined && { frameCounter }),
  });
}

function onPort(expected: number, decode: (bytes: Uint8Array) => SensorMessage): Decode {
  return (bytes, port) => {
    if (port === undefined || port === expected) return kept(decode(bytes));
    return err({
      code: 'unsupported',
      offsetBytes: 0,
      detail: `port ${port}: this sensor measures on port ${expected}`,
    });
  };
}

/** A message of which nothing could be read is an error. */
function kept(message: SensorMessage): Result<SensorMessage, CodecError> {
  if (Object.keys(message.values).length > 0) return ok(message);
  if (message.error !== undefined) return err(message.error);
  const { offset = 0, hex = '' } = message.unknown ?? {};
  if (hex === '') return err({ code: 'truncated', offsetBytes: 0, detail: 'no byte' });
  return err({
    code: 'unknown-type',
    offsetBytes: offset,
    detail: `nothing that this sensor sends: ${hex.slice(0, 64)}`,
  });
}
