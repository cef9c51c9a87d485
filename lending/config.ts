/** Settings of the lending role: whose branch, which library system, what is allowed without it. */
import { z } from 'zod';
import { libraryKey } from '#contract/domain/ids.ts';
import { parseDoorAddress } from '#contract/wire/local-door.ts';
import { ilsConfig } from '#lending/ils/open-ils.ts';
import { sip2Server } from '#lending/ils/sip2-ils.ts';
import { offlineRules } from '#lending/queue/offline-rules.ts';

const proxy = z.strictObject({
  /** Loopback unless somebody decides otherwise: SIP2 sends card numbers in the clear. */
  host: z.string().min(1).default('127.0.0.1'),
  /** 0 takes any free one. */
  port: z.int().min(0).max(65_535).default(6001),
  tls: z.strictObject({ certFile: z.string().min(1), keyFile: z.string().min(1) }).optional(),
  /** The library system that the terminals were pointed at before. */
  upstream: sip2Server,
  terminalsMax: z.int().min(1).max(1000).default(64),
  /** A kiosk says something at least every few minutes; one that lost its power never does again. */
  idleMs: z.int().min(10_000).max(86_400_000).default(900_000),
  /** On the terminal's screen whenever a person is needed. */
  deskText: z.string().min(1).max(120).default('Please see the desk.'),
});

export const lendingConfig = z.strictObject({
  library: libraryKey,
  /** lending.db lives here; one box, one folder. */
  folder: z.string().min(1),
  /** Encrypts the cards of loans that wait: 32 bytes as 64 hexadecimal digits. No default: a known key is none. */
  key: z.string().regex(/^[0-9a-fA-F]{64}$/, '64 hexadecimal digits'),
  ils: ilsConfig,
  offline: offlineRules.prefault({}),
  /** A request without an answer is taken for over after this, and looked for. */
  unclearMs: z.int().min(0).max(600_000).default(15_000),
  /** How often the library system is asked for news: holds, and changes where it can tell. */
  newsMs: z.int().min(10_000).max(86_400_000).default(300_000),
  /** The local door of the gateway on this box. */
  gateway: z
    .strictObject({
      address: z
        .string()
        .refine((text) => parseDoorAddress(text) !== undefined, 'tcp://127.0.0.1:PORT or unix:///PATH'),
      secret: z.string().min(16).max(256),
    })
    .optional(),
  proxy: proxy.optional(),
  /** Where Alma sends its webhooks. */
  webhook: z
    .strictObject({
      host: z.string().min(1).default('127.0.0.1'),
      port: z.int().min(0).max(65_535),
      secret: z.string().min(8).max(256),
    })
    .optional(),
  health: z.strictObject({ host: z.string().min(1).default('127.0.0.1'), port: z.int().min(0).max(65_535) }).optional(),
});
export type LendingConfig = z.infer<typeof lendingConfig>;
