/**
 * Whether a sensor's payload is what its decoder can read. The bytes are kept as they came in any case, so that a decoder
 * can be mended and the journal replayed; but somebody should know today that nothing is counted.
 */
import { decodeSensor } from '#contract/codec/space-sensor/decoders.ts';
import type { Plan, Sensor } from '#contract/domain/plan.ts';
import type { DeviceDirectory } from '#broker/access/device-directory.ts';
import type { Principal } from '#broker/access/principal.ts';

/** A plan may be some megabytes of JSON; a new one is noticed within this time. */
const PLAN_FOR_MS = 10_000;

/** What is wrong with the payload, in a few words; `undefined` when it can be read, or nobody knows the sensor. */
export type SensorCheck = (sender: Principal, payload: Uint8Array) => string | undefined;

/** Keeps the sensors of each library's plan for a while. */
export function createSensorCheck(directory: Pick<DeviceDirectory, 'ask'>, uptimeMs: () => number): SensorCheck {
  const known = new Map<string, { readonly sensors: ReadonlyMap<string, Sensor>; readonly untilMs: number }>();

  const sensorsOf = (library: string): ReadonlyMap<string, Sensor> => {
    const kept = known.get(library);
    if (kept !== undefined && uptimeMs() < kept.untilMs) return kept.sensors;
    const plan: Plan | undefined = directory.ask((registry) => registry.plan(library))?.answer;
    const sensors = new Map((plan?.sensors ?? []).map((sensor) => [sensor.id, sensor]));
    known.set(library, { sensors, untilMs: uptimeMs() + PLAN_FOR_MS });
    return sensors;
  };

  return ({ library, device }, payload) => {
    const sensor = sensorsOf(library).get(device);
    return sensor === undefined ? undefined : problemOf(sensor, payload);
  };
}

/** A message that is cut off or holds unknown channels counts as far as it goes. */
function problemOf(sensor: Sensor, payload: Uint8Array): string | undefined {
  const decoded = decodeSensor(sensor.decoder, payload);
  return decoded.ok ? undefined : decoded.error.detail;
}
