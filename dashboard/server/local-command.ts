/** What an operator on the host can ask for, the same whether the dashboard runs or not. */
import { z } from 'zod';
import type { Clock } from '#contract/clock.ts';
import { deviceId, libraryKey } from '#contract/domain/ids.ts';
import { deviceKind, newUser, userName } from '#contract/wire/rest-admin.ts';
import type { RegistryWriter } from '#store/registry/registry.ts';
import { addUser, endUser, HOST_OPERATOR, listUsers, renewPassword } from './accounts/users.ts';
import { addDevice, listDevices, removeDevice } from './registered-devices.ts';

export const localCommand = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('device-add'), library: libraryKey, id: deviceId, deviceKind }),
  z.strictObject({ kind: z.literal('device-remove'), library: libraryKey, id: deviceId }),
  z.strictObject({ kind: z.literal('device-list'), library: libraryKey }),
  z.strictObject({ kind: z.literal('user-add'), ...newUser.shape }),
  z.strictObject({ kind: z.literal('user-remove'), name: userName }),
  z.strictObject({ kind: z.literal('user-password'), name: userName }),
  z.strictObject({ kind: z.literal('user-list') }),
  z.strictObject({
    kind: z.literal('library-add'),
    key: libraryKey,
    name: z.string().min(1).max(200),
    isil: z.string().max(32).nullable(),
    timeZone: z.string().refine(isTimeZone, 'an IANA time zone such as Europe/Berlin'),
  }),
  z.strictObject({ kind: z.literal('library-list') }),
]);
export type LocalCommand = z.infer<typeof localCommand>;

/** JSON; the shapes are those of the same routes over HTTP. */
export type LocalAnswer = Readonly<Record<string, unknown>>;

/** Errors: as the functions behind it. */
export async function carryOut(
  command: LocalCommand,
  { registry, clock }: { readonly registry: RegistryWriter; readonly clock: Clock },
): Promise<LocalAnswer> {
  switch (command.kind) {
    case 'device-add':
      return { ...addDevice(registry, clock, { library: command.library, id: command.id, kind: command.deviceKind }) };
    case 'device-remove':
      removeDevice(registry, command.library, command.id);
      return {};
    case 'device-list':
      return { ...listDevices(registry, command.library) };
    case 'user-add': {
      const { name, role, libraries, password } = command;
      return { ...(await addUser(registry, HOST_OPERATOR, { name, role, libraries, password })) };
    }
    case 'user-remove':
      endUser(registry, HOST_OPERATOR, command.name);
      return {};
    case 'user-password':
      return { ...(await renewPassword(registry, command.name)) };
    case 'user-list':
      return { ...listUsers(registry, HOST_OPERATOR) };
    case 'library-add': {
      const { key, name, isil, timeZone } = command;
      registry.putLibrary({ key, name, isil, timeZone });
      return { key };
    }
    case 'library-list':
      return { rows: registry.libraries() };
  }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
