import { z } from 'zod';

/**
 * Names that become topic levels, room names and file names: lower case, digits and hyphens only, so that no wildcard,
 * separator or prototype key can hide in one.
 */
const SLUG = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/** The key of a library, chosen once. Its ISIL is data beside it, since an ISIL may hold `/` and `:`. */
export const libraryKey = z
  .string()
  .max(32)
  .regex(/^[a-z0-9-]{1,32}$/, 'a to z, 0 to 9 and hyphens, at most 32');

/** A gateway or a third-party sensor on our broker. */
export const deviceId = z.string().max(64).regex(SLUG, 'a to z, 0 to 9 and inner hyphens, at most 64');

/** A reader within the library. */
export const readerId = deviceId;

/** A node of the plan. Stable and opaque: it survives renaming and moving the furniture. */
export const placeId = z.string().max(64).regex(SLUG, 'a to z, 0 to 9 and inner hyphens, at most 64');

/** The named place where one antenna listens. */
export const readPointId = placeId;

/** A door or stair that joins two zones. */
export const lineId = placeId;

// eslint-disable-next-line no-control-regex -- control characters are what the pattern keeps out
const NO_CONTROLS = /^[^\u0000-\u001f\u007f]+$/;

/** A barcode: what the owner prints on the item. Kept as text, since leading zeros matter. */
export const barcode = z.string().min(1).max(64).regex(NO_CONTROLS, 'no control characters');

/** `epc:3034…`, `uid:E004…` or `tid:E280…`: upper-case hex behind the name of the memory it came from. */
export const tagKey = z.string().regex(/^(?:epc|uid|tid):[0-9A-F]{2,124}$/, 'epc:, uid: or tid: and upper-case hex');

/** The broker name under which a device of a library signs in; also its MQTT client id. */
export function deviceUsername(library: string, device: string): string {
  return `${library}:${device}`;
}

/** Inverse of {@link deviceUsername}; `undefined` for anything that is not exactly such a name. */
export function parseDeviceUsername(name: string): { readonly library: string; readonly device: string } | undefined {
  const colon = name.indexOf(':');
  if (colon < 0) return undefined;
  const library = libraryKey.safeParse(name.slice(0, colon));
  const device = deviceId.safeParse(name.slice(colon + 1));
  return library.success && device.success ? { library: library.data, device: device.data } : undefined;
}
