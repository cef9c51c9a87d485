import { z } from 'zod';

const influx = z.strictObject({
  kind: z.literal('influxdb'),
  url: z.url({ protocol: /^https?$/ }),
  database: z.string().min(1).max(64),
  username: z.string().max(64).optional(),
  password: z.string().max(200).optional(),
});

/** Settings of the dashboard: what an operator may choose at the start. */
export const dashboardConfig = z.strictObject({
  /** Loopback unless someone decides otherwise: a library's network is not a safe default. */
  host: z.string().min(1).default('127.0.0.1'),
  /** 0 takes any free port. */
  port: z.int().min(0).max(65_535).default(8080),
  /** The address people type, behind a proxy; decides whether cookies are for https only. */
  publicUrl: z.url({ protocol: /^https?$/ }).optional(),
  /** Reverse proxies in front whose `x-forwarded-for` is believed; 0 believes nobody. */
  proxies: z.int().min(0).max(5).default(0),
  /** The data folder shared with broker and engine. */
  folder: z.string().min(1),
  /** The built web application. */
  web: z.string().min(1).default('dist/web'),
  /** One working day; people at a shared desk sign out by themselves. */
  sessionHours: z.number().positive().max(720).default(12),
  secureCookies: z.enum(['auto', 'always', 'never']).default('auto'),
  /** The first password ends up on a terminal or in a container's log, so it should not live long. */
  firstAdminMustChangePassword: z.boolean().default(true),
  signIn: z
    .strictObject({
      /** Attempts from one address in 15 minutes: a whole reading room may share one address. */
      attemptsPerAddress: z.int().min(1).default(100),
      /** Wrong passwords for one name before it is locked. */
      failuresPerName: z.int().min(1).default(10),
      lockMinutes: z.number().positive().default(15),
    })
    .prefault({}),
  history: z
    .discriminatedUnion('kind', [z.strictObject({ kind: z.literal('embedded') }), influx])
    .prefault({ kind: 'embedded' }),
});
export type DashboardConfig = z.infer<typeof dashboardConfig>;
