/** Devices that may sign in at the broker, as an administrator maintains them, over HTTP or from the command line. */
import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '#contract/clock.ts';
import { deviceUsername } from '#contract/domain/ids.ts';
import { AppError } from '#contract/errors.ts';
import type { DeviceAdded, DeviceKind, RegisteredDevices } from '#contract/wire/rest-admin.ts';
import type { RegistryWriter } from '#store/registry/registry.ts';

type DeviceStore = Pick<RegistryWriter, 'device' | 'devices' | 'putDevice' | 'removeDevice' | 'libraries'>;

export function listDevices(registry: DeviceStore, library: string): RegisteredDevices {
  const rows = registry.devices(library).map(({ id, kind, isEnabled, createdAtMs }) => ({
    id,
    kind,
    isEnabled,
    createdAt: new Date(createdAtMs).toISOString(),
  }));
  return { rows };
}

/** 256 random bits, of which only the SHA-256 is kept. Errors: `API_CONFLICT`, `API_NOT_FOUND` (no such library). */
export function addDevice(
  registry: DeviceStore,
  clock: Clock,
  wanted: { readonly library: string; readonly id: string; readonly kind: DeviceKind },
): DeviceAdded {
  const { library, id, kind } = wanted;
  if (!registry.libraries().some(({ key }) => key === library)) {
    throw new AppError('API_NOT_FOUND', `There is no library ${library}.`);
  }
  if (registry.device(library, id) !== undefined) {
    throw new AppError('API_CONFLICT', `There is a device ${id} already. Remove it first to give it a new secret.`);
  }
  const secret = randomBytes(32).toString('base64url');
  const secretSha256 = createHash('sha256').update(secret).digest('hex');
  registry.putDevice({ library, id, kind, secretSha256, isEnabled: true, createdAtMs: clock.nowMs() });
  return { id, username: deviceUsername(library, id), secret };
}

/** Errors: `API_NOT_FOUND`. */
export function removeDevice(registry: DeviceStore, library: string, id: string): void {
  if (!registry.removeDevice(library, id)) throw new AppError('API_NOT_FOUND', `There is no device ${id}.`);
}
