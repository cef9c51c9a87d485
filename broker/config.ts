/** Settings of the broker. Where it listens, where it keeps its files, and how much a stranger may cost. */
import { z } from 'zod';

const limits = z.strictObject({
  /** Each socket costs about 16 KB before sign-in and up to 300 KB while a large batch arrives: 3 GB at worst. */
  socketsMax: z.int().min(1).max(100_000).default(10_000),
  /** A branch behind one address may hold some dozens of gateways; more is one client that opens and forgets. */
  socketsPerAddressMax: z.int().min(1).max(100_000).default(256),
  /** From the open socket to an accepted CONNECT: a healthy client needs two round trips, and all is over within 5 s. */
  connectTimeoutMs: z.int().min(100).max(60_000).default(4_000),
  /** A silent client is dropped after 1.5 times what it asked for: no more than half an hour. */
  keepaliveSecondsMax: z.int().min(10).max(18_000).default(1_200),
  /** Wrong secrets in a minute for one name from one address; a gateway with an old secret reaches this in seconds. */
  failuresPerNameMax: z.int().min(1).max(1_000).default(5),
  /** Wrong names and secrets in a minute from one address, whatever the name; a whole branch may share one. */
  failuresPerAddressMax: z.int().min(1).max(10_000).default(60),
  /** How long a name or an address waits after that. */
  lockoutMs: z.int().min(1_000).max(3_600_000).default(60_000),
});

const retention = z.strictObject({
  /** What every consumer has taken in is still kept this long, for replays and for a second look. */
  keepDays: z.number().min(0).max(3_650).default(7),
  /** The demo's 5,000 tags write 12 to 18 MB a minute: 4 GiB hold about five hours of it, and weeks of a few readers. */
  bytesMax: z
    .int()
    .min(1_048_576)
    .max(Number.MAX_SAFE_INTEGER)
    .default(4 * 1024 ** 3),
  everyMs: z.int().min(100).max(86_400_000).default(3_600_000),
});

export const brokerConfig = z.strictObject({
  /** Loopback unless somebody decides otherwise: without TLS a secret crosses the network in the clear. */
  host: z.string().min(1).default('127.0.0.1'),
  /** 0 takes any free port. */
  port: z.int().min(0).max(65_535).default(1883),
  /** PEM files; with them only TLS is spoken on the port. */
  tls: z.strictObject({ certFile: z.string().min(1), keyFile: z.string().min(1) }).optional(),
  /** The data folder: journal.db and broker.db are written here, registry.db and state.db are read. */
  folder: z.string().min(1),
  limits: limits.prefault({}),
  retention: retention.prefault({}),
  health: z.strictObject({ host: z.string().min(1).default('127.0.0.1'), port: z.int().min(0).max(65_535) }).optional(),
});
export type BrokerConfig = z.infer<typeof brokerConfig>;
export type BrokerLimits = BrokerConfig['limits'];
