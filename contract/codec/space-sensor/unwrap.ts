/**
 * From what arrives to what the device sent: uplinks of The Things Stack and ChirpStack are unwrapped, a gateway's plain
 * JSON with the payload in hex or base64 too, and anything else is the device's own bytes.
 *
 * Source: The Things Stack "Data Formats"; ChirpStack "Event types"; the plain form is what the MQTT integrations of LoRaWAN
 * gateways with a built-in server send (Milesight gateway user guide: `{"devEUI", "fPort", "fCnt", "data"}`).
 */
import { readChirpStack, type LoraUplink } from '#contract/codec/chirpstack/uplink.ts';
import { isJsonObject, readJsonValues } from '#contract/codec/json-values.ts';
import { objectIn } from '#contract/codec/space-sensor/json.ts';
import { decodeUplink, UPLINK_CHARACTERS_MAX } from '#contract/codec/things-stack/uplink.ts';

const OPEN_BRACE = 0x7b;

/** Undefined: no uplink of a network server that we know; the bytes are the device's own. */
export function unwrapUplink(bytes: Uint8Array): LoraUplink | undefined {
  if (bytes[0] !== OPEN_BRACE || bytes.length > UPLINK_CHARACTERS_MAX) return undefined;
  const json = readJsonValues(bytes);
  const value = json.ok ? json.value[0] : undefined;
  if (!isJsonObject(value)) return undefined;
  if (value['uplink_message'] === undefined) return readChirpStack(value);
  const uplink = decodeUplink(new TextDecoder().decode(bytes));
  if (!uplink.ok) return undefined;
  const { devEui, receivedAt, fPort, frameCounter, payload } = uplink.value;
  const decoded = objectIn(objectIn(value, 'uplink_message'), 'decoded_payload');
  return {
    ...(devEui !== undefined && { devEui }),
    receivedAt,
    fPort,
    frameCounter,
    payload,
    ...(Object.keys(decoded).length > 0 && { decoded }),
  };
}
