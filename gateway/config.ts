/** Settings of a gateway: who it is, where the broker is, and which readers it reads. */
import { z } from 'zod';
import { deviceId, libraryKey, readerId, readPointId } from '#contract/domain/ids.ts';
import { tagSecretName } from '#contract/domain/tag-profile.ts';
import { TAG_SECRET, TAG_SECRET_WORDS } from '#gateway/commands/tag-secrets.ts';
import { gateSettings } from '#gateway/gate/gate-settings.ts';
import { DRIVER_KINDS, findDriver } from '#gateway/drivers/registry.ts';
import { parseLinkAddress } from '#gateway/links/open-link.ts';
import { parseDoorAddress } from '#contract/wire/local-door.ts';

const antenna = z.strictObject({
  /** The reader's port, from 1. */
  antenna: z.int().min(1).max(1024),
  readPoint: readPointId,
});

/** `passwordFile` names a file that holds the password; it is read at each connection. */
const credentials = z
  .strictObject({
    username: z.string().min(1).max(256).optional(),
    password: z.string().min(1).max(1024).optional(),
    passwordFile: z.string().min(1).optional(),
  })
  .refine((one) => one.password === undefined || one.passwordFile === undefined, 'password or passwordFile, not both');

export const readerConfig = z
  .strictObject({
    id: readerId,
    driver: z.string(),
    /** tcp://host:port or serial:///dev/ttyUSB0?baud=19200&parity=none */
    link: z.string(),
    /** For links with a sign-in (mqtt, http, webhook); never in the address, which is logged and shown. */
    credentials: credentials.optional(),
    /** In the order in which they are scanned. */
    antennas: z.array(antenna).min(1).max(1024),
    /** Given for a handheld that somebody carries along shelves: its reads get a position, and silence concludes nothing. */
    wand: z
      .strictObject({
        /**
         * Beginnings of the numbers of shelf tags, upper-case hex. It is the library's numbering, so it holds without the
         * centre and whatever the plan becomes. Without it the plan's own list says afterwards which reads were shelf tags.
         */
        shelfTags: z
          .array(z.string().regex(/^[0-9A-F]{4,124}$/, 'at least four digits, upper-case hex'))
          .max(100)
          .default([]),
        /** Nothing read for so long ends a sweep. */
        silenceMs: z.int().min(2000).max(600_000).default(30_000),
      })
      .optional(),
    /** Given for a reader whose antennas stand at an exit: it decides there, by itself, what may go through. */
    gate: gateSettings.optional(),
    /** What can be set depends on the driver: see the `settings.ts` of each. */
    settings: z.record(z.string(), z.unknown()).default({}),
  })
  .superRefine((value, context) => {
    const problem = (path: string, message: string): void => {
      context.addIssue({ code: 'custom', path: [path], message });
    };
    const driver = findDriver(value.driver);
    if (driver === undefined) problem('driver', `one of ${DRIVER_KINDS.join(', ')}`);
    const settings = driver?.checkSettings(value.settings);
    if (settings?.ok === false) problem('settings', settings.error);
    const link = parseLinkAddress(value.link);
    if (!link.ok) problem('link', link.error);
    const ports = value.antennas.map((one) => one.antenna);
    if (new Set(ports).size < ports.length) problem('antennas', 'each antenna once');
  });
export type ReaderConfig = z.infer<typeof readerConfig>;

export const gatewayConfig = z
  .strictObject({
    id: deviceId,
    library: libraryKey,
    broker: z.url({ protocol: /^mqtts?$/ }),
    /** What `device add` printed. No default: an open gateway is worse than none. */
    secret: z.string().min(16).max(256),
    /** The outbox lives here; one gateway, one folder. */
    folder: z.string().min(1),
    readers: z.array(readerConfig).max(256),
    /** Passwords of tags (eight hex digits) or texts they follow from, by the names that the library's tag profile uses. */
    tagSecrets: z.record(tagSecretName, z.string().regex(TAG_SECRET, TAG_SECRET_WORDS)).default({}),
    /** The same as a folder with a file for each password. */
    tagSecretsFolder: z.string().min(1).optional(),
    outbox: z
      .strictObject({
        /** About 250 bytes a sighting: 1 GiB holds some four million, a week of a busy branch. */
        bytesMax: z.int().min(1_000_000).max(1_000_000_000_000).default(1_073_741_824),
        ageDaysMax: z.number().min(0.01).max(365).default(30),
      })
      .prefault({}),
    /** Batches on their way without a PUBACK: 32 fill a line of 100 ms there and back at 300 batches a second. */
    windowMax: z.int().min(1).max(1000).default(32),
    /** The door for the lending role on this box. */
    local: z
      .strictObject({
        /** tcp://127.0.0.1:7411, or unix:///run/shelfwise/gateway.sock; never another machine. */
        listen: z
          .string()
          .refine((text) => parseDoorAddress(text) !== undefined, 'tcp://127.0.0.1:PORT or unix:///PATH'),
        secret: z.string().min(16).max(256),
      })
      .optional(),
    health: z
      .strictObject({ host: z.string().min(1).default('127.0.0.1'), port: z.int().min(0).max(65_535) })
      .optional(),
  })
  .superRefine(({ readers }, context) => {
    const twice = (values: readonly string[]): string | undefined => values.find((one, at) => values.indexOf(one) < at);
    const id = twice(readers.map((one) => one.id));
    if (id !== undefined) context.addIssue({ code: 'custom', path: ['readers'], message: `reader ${id} stands twice` });
    const link = twice(readers.map((one) => one.link));
    if (link !== undefined)
      context.addIssue({ code: 'custom', path: ['readers'], message: `link ${link} stands twice` });
  });
export type GatewayConfig = z.infer<typeof gatewayConfig>;
