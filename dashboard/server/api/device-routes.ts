import { z } from 'zod';
import { type Devices, devices } from '#contract/wire/rest.ts';
import { devicesOf } from '#dashboard/server/devices.ts';
import type { Sources } from '#dashboard/server/sources.ts';
import { EVERYONE, inLibrary } from './paging.ts';
import { type Route, route, type Table } from './route.ts';

/** As a table: one line per antenna, since that is what somebody walks to. */
const antennaTable: Table = {
  row: z.object({
    gateway: z.string(),
    gatewayState: z.string(),
    reader: z.string(),
    readerState: z.string(),
    antenna: z.number(),
    readPoint: z.string(),
    state: z.string(),
    lastHeardAt: z.string().nullable(),
  }),
  rows: (reply) =>
    (reply as Devices).gateways.flatMap((gateway) =>
      gateway.readers.flatMap((reader) =>
        reader.antennas.map((antenna) => ({
          gateway: gateway.id,
          gatewayState: gateway.state,
          reader: reader.id,
          readerState: reader.state,
          ...antenna,
        })),
      ),
    ),
};

export function deviceRoutes(sources: Sources): Route[] {
  return [
    route({
      method: 'get',
      path: '/libraries/{library}/devices',
      summary: 'Gateways, readers, antennas, sensors, refusals and our own parts, with their state',
      access: EVERYONE,
      params: inLibrary,
      reply: devices,
      table: antennaTable,
      handle: ({ params }) => devicesOf(sources, params.library),
    }),
  ];
}
