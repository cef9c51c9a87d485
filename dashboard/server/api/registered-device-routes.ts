import { deviceId } from '#contract/domain/ids.ts';
import { deviceAdded, newDevice, registeredDevices } from '#contract/wire/rest-admin.ts';
import { addDevice, listDevices, removeDevice } from '#dashboard/server/registered-devices.ts';
import type { Sources } from '#dashboard/server/sources.ts';
import { ADMIN, inLibrary } from './paging.ts';
import { type Route, route } from './route.ts';

const path = '/libraries/{library}/devices/registered';

/** Which gateways and sensors may sign in at the broker. */
export function registeredDeviceRoutes({ registry, clock }: Sources): Route[] {
  return [
    route({
      method: 'get',
      path,
      summary: 'Devices that may sign in at the broker',
      access: ADMIN,
      params: inLibrary,
      reply: registeredDevices,
      handle: ({ params }) => listDevices(registry, params.library),
    }),
    route({
      method: 'post',
      path,
      summary: 'Add a device; its secret is answered once',
      access: ADMIN,
      params: inLibrary,
      body: newDevice,
      reply: deviceAdded,
      handle: ({ params, body }) => addDevice(registry, clock, { ...params, ...body }),
    }),
    route({
      method: 'delete',
      path: `${path}/{device}`,
      summary: 'Remove a device: it can no longer sign in',
      access: ADMIN,
      params: inLibrary.extend({ device: deviceId }),
      reply: null,
      handle({ params }) {
        removeDevice(registry, params.library, params.device);
      },
    }),
  ];
}
