/** REST shapes of what administrators maintain: accounts, devices, the catalogue. */
import { z } from 'zod';
import { deviceId, libraryKey } from '#contract/domain/ids.ts';
import { role } from './rest.ts';

/** A name to sign in with. */
export const userName = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._@-]*$/u, 'letters, digits and . _ @ -, beginning with a letter or digit');

/** Long rather than odd: length is what makes a password hard to guess. */
export const newPassword = z.string().min(12).max(200);

/** `*` is every library, those of tomorrow too. */
export const libraryScope = z.union([libraryKey, z.literal('*')]);

export const users = z.object({
  rows: z.array(z.object({ name: z.string(), role, libraries: z.array(z.string()), mustChangePassword: z.boolean() })),
});
export type Users = z.infer<typeof users>;

export const newUser = z.strictObject({
  name: userName,
  role,
  libraries: z.array(libraryScope).min(1).max(100),
  /** Left out, one is made up and answered once. */
  password: newPassword.optional(),
});
export type NewUser = z.infer<typeof newUser>;

/** The password is `null` when the administrator chose it. Whoever signs in with it must change it first. */
export const userAdded = z.object({ name: z.string(), password: z.string().nullable() });

export const passwordChange = z.strictObject({ current: z.string().min(1).max(200), next: newPassword });

export const deviceKind = z.enum(['gateway', 'sensor']);
export type DeviceKind = z.infer<typeof deviceKind>;

export const registeredDevices = z.object({
  rows: z.array(z.object({ id: deviceId, kind: deviceKind, isEnabled: z.boolean(), createdAt: z.iso.datetime() })),
});
export type RegisteredDevices = z.infer<typeof registeredDevices>;

export const newDevice = z.strictObject({ id: deviceId, kind: deviceKind });

/** The only time the secret is ever shown. */
export const deviceAdded = z.object({ id: deviceId, username: z.string(), secret: z.string() });
export type DeviceAdded = z.infer<typeof deviceAdded>;

export const refusedRow = z.object({ line: z.int(), field: z.string(), message: z.string() });

export const importReport = z.object({
  /** Version of the catalogue that is valid from now on; `null` when the file was only checked. */
  version: z.int().nullable(),
  accepted: z.int(),
  refusedCount: z.int(),
  /** The first hundred. */
  refused: z.array(refusedRow),
});
export type ImportReport = z.infer<typeof importReport>;
