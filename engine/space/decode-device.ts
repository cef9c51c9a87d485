/**
 * Third-party sensors: from the vendor's message to observations of the lines and places that the plan wires them to. The
 * journal keeps the bytes, so a decoder can be mended and everything replayed.
 */
import { decodeBase64 } from '#contract/codec/base64.ts';
import { decodeSensor } from '#contract/codec/space-sensor/decoders.ts';
import { WHOLE_DEVICE } from '#contract/codec/space-sensor/reading.ts';
import type { Sensor } from '#contract/domain/plan.ts';
import { err, ok, type Result } from '#contract/result.ts';
import { observation as observationSchema, type Observation } from '#contract/wire/observation.ts';
import { toObservations } from '#contract/wire/sensor-observations.ts';

/**
 * `payloadBase64` is the message as the device or its network server sent it. Readings without a time of their own get the
 * network server's, or `receivedAtMs`. What came before a fault in the message counts.
 *
 * Errors: a sentence why nothing could be read.
 */
export function decodeDevice(
  sensor: Sensor,
  payloadBase64: string,
  receivedAtMs: number,
): Result<readonly Observation[], { detail: string }> {
  const decoded = decodeSensor(sensor.decoder, decodeBase64(payloadBase64));
  if (!decoded.ok) return err({ detail: decoded.error.detail });
  const { readings, receivedAt, frameCounter } = decoded.value;
  const places = sensor.places ?? [];
  const observations = toObservations(readings, {
    sensor: sensor.id,
    lineOf: (channel) => sensor.lines.find((entry) => String(entry.channel) === channel),
    placeOf: (channel) => places.find((entry) => String(entry.channel ?? WHOLE_DEVICE) === channel)?.place,
    receivedAt: receivedAt ?? new Date(receivedAtMs).toISOString(),
    source: 'raw',
    ...(frameCounter !== undefined && { frame: frameCounter }),
  });
  return ok(
    observations.flatMap((one) => {
      const checked = observationSchema.safeParse(one);
      return checked.success ? [checked.data] : [];
    }),
  );
}
