/** Builds a gateway and wires it: readers -> presence -> outbox -> broker. */
import { join } from 'node:path';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import type { Clock } from '#contract/clock.ts';
import { once, type RunningRole } from '#contract/role.ts';
import type { TagProfile } from '#contract/domain/tag-profile.ts';
import type { Observation } from '#contract/wire/observation.ts';
import { isCommandKind } from '#contract/wire/commands.ts';
import { parseDoorAddress } from '#contract/wire/local-door.ts';
import { notice, type GatewayStatus } from '#contract/wire/status.ts';
import { systemSleep } from '#gateway/backoff.ts';
import { createCommandDesk, type CommandOutcome } from '#gateway/commands/command-desk.ts';
import { createExecutor } from '#gateway/commands/execute-command.ts';
import { openProfileKeeper, type ProfileKeeper } from '#gateway/commands/profile-keeper.ts';
import { createTagSecrets, readSecretsFolder } from '#gateway/commands/tag-secrets.ts';
import { createTornWrites } from '#gateway/commands/torn-writes.ts';
import type { GatewayConfig } from '#gateway/config.ts';
import { openDoor, type Door, type DoorOptions } from '#gateway/local/door.ts';
import { addGauges, createMetrics, type GatewayMetrics } from '#gateway/metrics.ts';
import { Outbox } from '#gateway/outbox/outbox.ts';
import { startReaderPipeline, type ReaderPipeline } from '#gateway/pipeline/reader-pipeline.ts';
import { Uplink } from '#gateway/uplink/uplink.ts';
import { startHealthServer, type HealthServer } from '#store/observe/health-server.ts';

export interface GatewayDeps {
  readonly log: Logger;
  readonly clock: Clock;
  readonly metrics?: Registry;
  /** Of the program, for the status. */
  readonly version?: string;
}

export interface RunningGateway extends RunningRole {
  readonly status: () => GatewayStatus;
  readonly healthPort: number | undefined;
  /** Of the door for the lending role, where it is a TCP port. */
  readonly doorPort: number | undefined;
}

/** A box without a battery wakes up in 1970; any time after this has been set by somebody. */
const CLOCK_SET_MS = Date.UTC(2026, 0, 1);
const DAY_MS = 86_400_000;

/** Errors: STO_UNAVAILABLE (another gateway has the folder), CFG_PORT_TAKEN, CFG_UNREADABLE, CFG_INVALID (tag secrets). */
export async function startGateway(config: GatewayConfig, deps: GatewayDeps): Promise<RunningGateway> {
  const { clock } = deps;
  const log = deps.log.child({ role: 'gateway', gateway: config.id });
  const registry = deps.metrics ?? new Registry();
  const metrics = createMetrics(registry);
  const about = { startedAt: new Date(clock.nowMs()).toISOString(), ...(deps.version && { version: deps.version }) };
  const chance = Math.random;
  const secrets = {
    ...(config.tagSecretsFolder !== undefined && readSecretsFolder(config.tagSecretsFolder)),
    ...config.tagSecrets,
  };
  const outbox = new Outbox({
    path: join(config.folder, 'outbox.db'),
    clock,
    log,
    bytesMax: config.outbox.bytesMax,
    ageMsMax: config.outbox.ageDaysMax * DAY_MS,
    isClockSynced: () => clock.nowMs() > CLOCK_SET_MS,
  });
  const pipelines = new Map<string, ReaderPipeline>();
  const profiles = openProfileKeeper({
    path: join(config.folder, 'tag-profile.json'),
    log,
    onApplied: () => {
      uplink.statusChanged();
    },
  });
  const status = (): GatewayStatus => describe(clock.nowMs(), about, { outbox, pipelines, profiles });
  const execute = createExecutor({
    reader: (id) => pipelines.get(id),
    profile: () => profiles.profile,
    secrets: createTagSecrets(secrets, outbox, clock),
    torn: createTornWrites(outbox, clock),
  });
  const onAnswered = (kind: string | undefined, { outcome }: CommandOutcome): void => {
    metrics.commands.inc({ kind: kind !== undefined && isCommandKind(kind) ? kind : 'other', outcome });
  };
  const desk = createCommandDesk({ outbox, clock, log, execute, onAnswered });
  const uplink = new Uplink({
    library: config.library,
    gateway: config.id,
    broker: config.broker,
    secret: config.secret,
    windowMax: config.windowMax,
    outbox,
    clock,
    log,
    sleep: systemSleep,
    chance,
    status,
    onMessage: (channel, payload) => {
      if (channel === 'commands') {
        desk.take(payload).catch((error: unknown) => {
          // The broker sends it again until it is answered.
          log.error({ err: error }, 'command could not be noted');
        });
      } else if (channel === 'config') profiles.take(payload);
      else takeNotice(payload, { log, metrics });
    },
  });
  const emit = (observations: readonly Observation[]): void => {
    for (const { kind } of observations) metrics.observations.inc({ kind });
    outbox.add(observations);
  };
  const onStatus = (): void => {
    uplink.statusChanged();
  };
  uplink.start();
  for (const reader of config.readers) {
    const { folder } = config;
    const profile = (): TagProfile => profiles.profile;
    const options = {
      config: reader,
      folder,
      clock,
      log,
      sleep: systemSleep,
      chance,
      metrics,
      profile,
      emit,
      onStatus,
    };
    pipelines.set(reader.id, startReaderPipeline(options));
  }
  addGauges(registry, {
    outboxDepth: () => outbox.stats.depth,
    outboxBytes: () => outbox.stats.bytes,
    outboxDropped: () => outbox.stats.dropped,
    isOnline: () => uplink.isOnline,
    readersLive: () => [...pipelines.values()].filter((one) => one.status.state === 'live').length,
    pairs: () => [...pipelines.values()].reduce((sum, one) => sum + one.counts.pairs, 0),
  });
  let health: HealthServer | undefined;
  let door: Door | undefined;
  const close = once(async () => {
    await health?.close();
    await door?.close();
    await Promise.all([...pipelines.values()].map((pipeline) => pipeline.close()));
    desk.close();
    outbox.flush();
    await uplink.close();
    outbox.close();
  });
  try {
    door = await openLocalDoor(config, { outbox, clock, log, execute, onAnswered });
    // Ready without a broker as well: what is read meanwhile is kept.
    if (config.health !== undefined) {
      health = await startHealthServer({ ...config.health, registry, isReady: () => true });
    }
  } catch (error: unknown) {
    await close();
    throw error;
  }
  return { close, status, healthPort: health?.port, doorPort: door?.port };
}

async function openLocalDoor(
  { id, local }: GatewayConfig,
  parts: Pick<DoorOptions, 'outbox' | 'clock' | 'log' | 'execute' | 'onAnswered'>,
): Promise<Door | undefined> {
  const address = local && parseDoorAddress(local.listen);
  return address && openDoor({ ...parts, address, secret: local.secret, gateway: id });
}

function describe(
  nowMs: number,
  about: Pick<GatewayStatus, 'startedAt' | 'version'>,
  parts: { outbox: Outbox; pipelines: ReadonlyMap<string, ReaderPipeline>; profiles: ProfileKeeper },
): GatewayStatus {
  const { depth, bytes, dropped, oldestAt } = parts.outbox.stats;
  return {
    state: 'online',
    at: new Date(nowMs).toISOString(),
    ...about,
    outbox: { depth, bytes, dropped, oldestAt: oldestAt === undefined ? null : new Date(oldestAt).toISOString() },
    readers: [...parts.pipelines.values()].map((pipeline) => pipeline.status),
    applied: { tagProfile: parts.profiles.profile.version },
  };
}

/** Refusals of the broker are for people. */
function takeNotice(
  payload: Uint8Array,
  { log, metrics }: { readonly log: Logger; readonly metrics: GatewayMetrics },
): void {
  metrics.notices.inc();
  const text = new TextDecoder().decode(payload.subarray(0, NOTICE_BYTES_MAX));
  let parsed;
  try {
    parsed = notice.safeParse(JSON.parse(text)).data;
  } catch {
    // Shown as it came.
  }
  log.warn({ notice: parsed ?? text }, 'broker refused something of this gateway');
}

const NOTICE_BYTES_MAX = 4096;
