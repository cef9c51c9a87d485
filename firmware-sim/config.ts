/** Settings of the simulation when it runs alone, beside a gateway in another process or container. */
import { z } from 'zod';
import { deviceId, libraryKey } from '#contract/domain/ids.ts';
import { SITE_NAMES } from './sites.ts';

const port = z.int().min(0).max(65_535);

export const simConfig = z.strictObject({
  library: libraryKey.default('demo'),
  /** The same seed always builds the same library. */
  seed: z.int().min(0).default(1),
  /** Which readers stand where: `multi-vendor` has one of each family, `multi-vendor-pairs` two. */
  site: z.enum(SITE_NAMES).default('standard'),
  /** Gets `plan.json`, `items.json`, `gateway.yaml` and the snapshot of the run. */
  folder: z.string().min(1),
  /** Where the readers listen. */
  host: z.string().min(1).default('127.0.0.1'),
  /** The name under which a gateway reaches that host; goes into the links of `gateway.yaml`. */
  announcedHost: z.string().min(1).optional(),
  /**
   * Readers take this port and the ones behind it, one each: 13 in all in the standard site, where the desk reader has the
   * last one. The broker that some families publish to comes behind them. 0 = any free ones.
   */
  firstPort: port.default(5084),
  /** Truth over HTTP. No sign-in: keep it on an inner network. */
  http: z.strictObject({ host: z.string().min(1).default('127.0.0.1'), port: port.default(8090) }).prefault({}),
  /** The library's own system over SIP2; none when nothing is said. Anybody may sign in: keep it on an inner network. */
  ils: z.strictObject({ host: z.string().min(1).default('127.0.0.1'), port: port.default(6001) }).optional(),
  /** Where the people counters publish, e.g. `mqtt://broker:1883`; without it they stay silent. */
  brokerUrl: z.url({ protocol: /^mqtts?$/ }).optional(),
  /** Secret of each people counter, as `shelfwise device add` printed it. */
  deviceSecrets: z.record(deviceId, z.string().min(1)).default({}),
  /** A folder with a file per people counter, named like the device: what `device add --secret-file` wrote. */
  deviceSecretsFolder: z.string().min(1).optional(),
  /** Who the gateway is that `gateway.yaml` is written for, and where it finds the broker. */
  gateway: z
    .strictObject({
      id: deviceId.default('gw-main'),
      broker: z.url({ protocol: /^mqtts?$/ }).default('mqtt://127.0.0.1:1883'),
    })
    .prefault({}),
  dwellMs: z.int().min(50).max(10_000).default(540),
  sensorPeriodMs: z.int().min(1000).max(3_600_000).default(10_000),
  /** Power cuts by chance, for training. */
  faults: z
    .strictObject({ everyMs: z.int().min(1000).default(600_000), forMs: z.int().min(100).default(30_000) })
    .optional(),
  /** How often the run is put away, so that a restart goes on where it was. */
  snapshotPeriodMs: z.int().min(1000).default(30_000),
});
export type SimConfig = z.infer<typeof simConfig>;
