/**
 * Uplinks as ChirpStack publishes them in JSON: over MQTT on `application/{id}/device/{devEui}/event/up` (`rx` in old
 * installations), and over its HTTP integration with `?event=up`.
 *
 *     4 | {"time", "deviceInfo": {"applicationId", "deviceName", "devEui", …}, "fCnt", "fPort", "data": base64, "object"?}
 *     3 | {"applicationID", "deviceName", "devEUI": hex or base64, "fCnt", "fPort", "data": base64, "objectJSON"?, "rxInfo": [{"time"}]}
 *
 * Source: ChirpStack documentation, "Event types" (version 4); chirpstack-api, integration.proto (versions 3 and 4).
 */
import { decodeBase64 } from '#contract/codec/base64.ts';
import type { Json, JsonObject } from '#contract/codec/format.ts';
import { isJsonObject } from '#contract/codec/json-values.ts';
import { isoTime, numberIn, objectIn, objectsIn, textIn } from '#contract/codec/space-sensor/json.ts';
import { toHex } from '#contract/hex.ts';

export interface LoraUplink {
  /** 16 upper-case hexadecimal digits, where the server says. */
  readonly devEui?: string;
  /** ISO 8601, UTC, milliseconds; absent where no server clock is in it. */
  readonly receivedAt?: string;
  readonly fPort?: number;
  readonly frameCounter?: number;
  readonly payload: Uint8Array;
  /** What the network server made of it. Its decoders have faults: only for devices that we do not know. */
  readonly decoded?: JsonObject;
}

/** Undefined: not a message of ChirpStack. */
export function readChirpStack(message: JsonObject): LoraUplink | undefined {
  const info = objectIn(message, 'deviceInfo');
  const devEui = textIn(info, 'devEui') ?? textIn(message, 'devEUI') ?? textIn(message, 'devEui');
  const data = message['data'] ?? '';
  if (devEui === undefined || typeof data !== 'string' || numberIn(message, 'fPort') === undefined) return undefined;
  const receivedAt =
    isoTime(message['time']) ??
    isoTime(message['publishedAt']) ??
    objectsIn(message, 'rxInfo').flatMap((one) => isoTime(one['time']) ?? [])[0];
  const decoded = objectOf(message['object']) ?? objectOf(message['objectJSON']);
  return {
    devEui: hexEui(devEui),
    ...(receivedAt !== undefined && { receivedAt }),
    ...fields(message),
    payload: decodeBase64(data),
    ...(decoded !== undefined && { decoded }),
  };
}

function fields(message: JsonObject): Pick<LoraUplink, 'fPort' | 'frameCounter'> {
  const fPort = numberIn(message, 'fPort');
  const frameCounter = numberIn(message, 'fCnt');
  return { ...(fPort !== undefined && { fPort }), ...(frameCounter !== undefined && { frameCounter }) };
}

/** Version 3 writes the bytes of the EUI as base64 when its marshaler is protobuf's. */
function hexEui(text: string): string {
  return /^[0-9a-f]{16}$/i.test(text) ? text.toUpperCase() : toHex(decodeBase64(text));
}

function objectOf(value: Json | undefined): JsonObject | undefined {
  if (isJsonObject(value)) return value;
  if (typeof value !== 'string' || value === '') return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    return isJsonObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
